using LeadIngest.Api.Data.Embedded;
using LeadIngest.Api.Demo;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadIngest.Benchmarks;

/// <summary>A private PostgreSQL with the product's own settings (fsync and synchronous_commit on), in a folder that is removed at the end.</summary>
internal sealed class PostgresUnderTest : IAsyncDisposable
{
    /// <summary>The product's settings; room only for pgbench's 64 clients beside two services.</summary>
    private static readonly Dictionary<string, string> Settings = new() { ["max_connections"] = "200" };

    private readonly string _folder;
    private readonly EmbeddedPostgres _server;

    private PostgresUnderTest(string folder, EmbeddedPostgres server) => (_folder, _server) = (folder, server);

    public string SocketFolder => _server.SocketFolder;

    /// <summary>Processor time of the server with all its sessions, in seconds.</summary>
    public double CpuSeconds => Processor.OfFamily(_server.ProcessId);

    public static async Task<PostgresUnderTest> StartAsync(string folder, CancellationToken ct)
    {
        // A run that was killed may have left one: the class stops it and we start from nothing.
        if (Directory.Exists(folder))
        {
            await using (await EmbeddedPostgres.StartAsync(new() { DataFolder = folder }, NullLogger.Instance, ct)) { }
            Directory.Delete(folder, recursive: true);
        }
        return new(folder, await EmbeddedPostgres.StartAsync(new() { DataFolder = folder, Settings = Settings }, NullLogger.Instance, ct));
    }

    /// <summary>A new empty database.</summary>
    public async Task<BenchDatabase> CreateAsync(string name, CancellationToken ct)
    {
        await using var own = new BenchDatabase("leadingest", _server);
        await own.ExecuteAsync($"create database {name}", ct);
        return new BenchDatabase(name, _server);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>One database of it, and the questions that the benchmark has.</summary>
internal sealed class BenchDatabase(string name, EmbeddedPostgres server) : IAsyncDisposable
{
    private static readonly TimeSpan PauseLimit = TimeSpan.FromSeconds(20);
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name, MaxPoolSize = 4, CommandTimeout = 300 });

    public string Name => name;

    /// <summary>Of the demo project: all rows of a run belong to it.</summary>
    public static Guid Project => DemoProject.ProjectId;

    public string ConnectionString { get; } = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString;

    public async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The rows of a query, with <paramref name="values"/> as $1, $2, …</summary>
    public async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken ct, params object[] values)
    {
        await using var command = _source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(row(reader));
        return rows;
    }

    public async Task<T> OneAsync<T>(string sql, CancellationToken ct, params object[] values) =>
        (await RowsAsync(sql, r => r.GetFieldValue<T>(0), ct, values)).Single();

    /// <summary>Stops delivery by the product's own switch and waits for calls that run, so that nothing but the next round works.</summary>
    public async Task PauseDeliveryAsync(CancellationToken ct)
    {
        await ExecuteAsync("update connections set state = 'paused'; notify connections", ct);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(PauseLimit);
        while (await OneAsync<long>("select count(*) from deliveries where state = 'sending'", limit.Token) > 0) await Task.Delay(50, limit.Token);
    }

    public Task ResumeDeliveryAsync(CancellationToken ct) => ExecuteAsync("update connections set state = 'active'; notify connections; notify deliveries", ct);

    /// <summary>Writes everything out, so that no round pays for the one before it.</summary>
    public Task CheckpointAsync(CancellationToken ct) => ExecuteAsync("checkpoint", ct);

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
