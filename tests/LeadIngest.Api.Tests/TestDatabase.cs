using Npgsql;

namespace LeadIngest.Api.Tests;

/// <summary>A fresh, migrated database on the tests' PostgreSQL: the server of <c>LEADINGEST_TEST_DB</c>, else a private one started once per process.</summary>
/// <remarks>No server is a red run, never a skipped one.</remarks>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _name;

    public string ConnectionString { get; }

    private TestDatabase(string server, string name)
    {
        _name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }

    public static async Task<TestDatabase> CreateAsync()
    {
        var database = new TestDatabase(await TestServer.ConnectionStringAsync(), "leadingest_" + Guid.CreateVersion7().ToString("N"));
        await TestServer.ExecuteAsync($"create database {database._name} template {await TestServer.TemplateAsync()}");
        return database;
    }

    public async ValueTask DisposeAsync() => await TestServer.ExecuteAsync($"drop database if exists {_name} with (force)");
}
