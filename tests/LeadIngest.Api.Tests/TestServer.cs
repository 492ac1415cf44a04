using System.Diagnostics;
using LeadIngest.Api.Data;
using LeadIngest.Api.Data.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadIngest.Api.Tests;

/// <summary>The PostgreSQL server that all tests of this process share: that of <c>LEADINGEST_TEST_DB</c>, else a private one that ends with the process.</summary>
internal static class TestServer
{
    private const string Prefix = "leadingest-tests-";
    private static readonly Lazy<Task<string>> Server = new(StartAsync);
    private static readonly Lazy<Task<string>> Template = new(MigrateAsync);

    /// <summary>To the server's default database; the role may create databases.</summary>
    public static Task<string> ConnectionStringAsync() => Server.Value;

    /// <summary>The name of a migrated, empty database that nobody is connected to: a copy of it takes a tenth of the time of a migration.</summary>
    public static Task<string> TemplateAsync() => Template.Value;

    /// <summary>One statement that no transaction may hold, on the default database.</summary>
    public static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(await ConnectionStringAsync()) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> MigrateAsync()
    {
        var name = "leadingest_template_" + Guid.CreateVersion7().ToString("N");
        await ExecuteAsync($"create database {name}");
        await Migrator.ApplyAsync(new NpgsqlConnectionStringBuilder(await ConnectionStringAsync()) { Database = name }.ConnectionString, CancellationToken.None);
        // A server of one's own outlives the tests.
        if (GivenServer is not null) AppDomain.CurrentDomain.ProcessExit += (_, _) => ExecuteAsync($"drop database {name}").GetAwaiter().GetResult();
        return name;
    }

    private static string? GivenServer => Environment.GetEnvironmentVariable("LEADINGEST_TEST_DB") is { Length: > 0 } given ? given : null;

    private static async Task<string> StartAsync()
    {
        if (GivenServer is { } given) return given;
        foreach (var old in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*").Where(IsLeft)) Remove(old);
        var folder = Path.Combine(Path.GetTempPath(), Prefix + Environment.ProcessId);
        var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions
        {
            DataFolder = folder,
            // What the tests write may be lost with the machine; many fixtures hold their pools at once.
            Settings = new Dictionary<string, string> { ["fsync"] = "off", ["full_page_writes"] = "off", ["max_connections"] = "400", ["shared_buffers"] = "64MB", ["max_wal_size"] = "256MB" },
        }, NullLogger.Instance);
        return server.ConnectionString;
    }

    // Another test process may be tidying up the same folder.
    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
        }
    }

    // The server stops with the process, but a test host is not given the time to tidy up after it: the next run does.
    private static bool IsLeft(string folder) =>
        int.TryParse(Path.GetFileName(folder)[Prefix.Length..], out var id) && !Process.GetProcesses().Any(p => p.Id == id);
}
