namespace LeadIngest.Api.Tests;

/// <summary>The PostgreSQL server that all tests of this process share.</summary>
internal static class TestServer
{
    private static readonly Lazy<Task<string>> Server = new(StartAsync);

    public static Task<string> ConnectionStringAsync() => Server.Value;

    private static Task<string> StartAsync() => Task.FromResult(Environment.GetEnvironmentVariable("LEADINGEST_TEST_DB")
        ?? throw new InvalidOperationException("Set LEADINGEST_TEST_DB to a connection string of a PostgreSQL where databases may be created."));
}
