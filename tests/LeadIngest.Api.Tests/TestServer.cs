using LeadIngest.Api.Data.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadIngest.Api.Tests;

/// <summary>The PostgreSQL server that all tests of this process share: that of <c>LEADINGEST_TEST_DB</c>, else a private one that ends with the process.</summary>
internal static class TestServer
{
    private static readonly Lazy<Task<string>> Server = new(StartAsync);

    /// <summary>To the server's default database; the role may create databases.</summary>
    public static Task<string> ConnectionStringAsync() => Server.Value;

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("LEADINGEST_TEST_DB") is { Length: > 0 } given) return given;
        var folder = Path.Combine(Path.GetTempPath(), $"leadingest-tests-{Environment.ProcessId}");
        var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions
        {
            DataFolder = folder,
            // What the tests write may be lost with the machine; many fixtures hold their pools at once.
            Settings = new Dictionary<string, string> { ["fsync"] = "off", ["max_connections"] = "400", ["shared_buffers"] = "64MB", ["max_wal_size"] = "256MB" },
        }, NullLogger.Instance);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            server.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(20));
            Directory.Delete(folder, recursive: true);
        };
        return server.ConnectionString;
    }
}
