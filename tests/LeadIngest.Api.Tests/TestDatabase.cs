using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Tests;

/// <summary>A fresh, migrated database on the tests' PostgreSQL: the server of <c>LEADINGEST_TEST_DB</c>, else a private one started once per process.</summary>
/// <remarks>No server is a red run, never a skipped one.</remarks>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;

    public string ConnectionString { get; }

    private TestDatabase(string server, string name)
    {
        (_server, _name) = (server, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }

    public static async Task<TestDatabase> CreateAsync()
    {
        var server = await TestServer.ConnectionStringAsync();
        var database = new TestDatabase(server, "leadingest_" + Guid.CreateVersion7().ToString("N"));
        await OnServerAsync(server, $"create database {database._name}");
        await Migrator.ApplyAsync(database.ConnectionString, CancellationToken.None);
        return database;
    }

    public async ValueTask DisposeAsync() => await OnServerAsync(_server, $"drop database if exists {_name} with (force)");

    private static async Task OnServerAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
