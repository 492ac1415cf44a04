using LeadIngest.Api.Data.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadIngest.Resilience.Rig;

/// <summary>The database of the run: full durability, and everything that may befall it.</summary>
internal sealed class PostgresUnderTest : IAsyncDisposable
{
    private const int Stop = 19, Continue = 18;
    private readonly string _folder;
    private readonly string _address;
    private EmbeddedPostgres? _server;

    private PostgresUnderTest(string folder)
    {
        _folder = folder;
        // The socket's folder may have another name after a restart; those who connect know this link.
        _address = Path.Combine(Path.GetTempPath(), "leadingest-soak-" + Environment.ProcessId);
    }

    public static async Task<PostgresUnderTest> StartAsync(string folder, CancellationToken ct)
    {
        var postgres = new PostgresUnderTest(folder);
        await postgres.StartAsync(ct);
        return postgres;
    }

    public async Task StartAsync(CancellationToken ct)
    {
        _server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = _folder }, NullLogger.Instance, ct);
        if (Path.Exists(_address) || new FileInfo(_address).LinkTarget is not null) File.Delete(_address);
        File.CreateSymbolicLink(_address, _server.SocketFolder);
    }

    /// <summary>Stops the server in an orderly way and leaves it stopped: connections are refused.</summary>
    public async Task StopAsync()
    {
        if (_server is { } server) await server.DisposeAsync();
        _server = null;
    }

    /// <summary>kill -9 of the postmaster; its supervisor starts it again.</summary>
    /// <returns>False when it was just starting: nothing was done.</returns>
    public bool Kill() => _server is { } server && Posix.ServersIn(Cluster).Contains(server.ProcessId) && Posix.Signal(server.ProcessId, Posix.Kill);

    /// <summary>Every process of the server stands still: connections hang instead of being refused.</summary>
    public void Freeze() => Signal(Stop);

    public void Thaw() => Signal(Continue);

    /// <summary>How often the server died and came back.</summary>
    public int Restarts => _server?.Restarts ?? 0;

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder { Host = _address, Username = "leadingest", Database = database, Timeout = 5 }.ConnectionString;

    public async Task CreateDatabaseAsync(string name, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        Thaw();
        await StopAsync();
        File.Delete(_address);
    }

    private string Cluster => Path.Combine(_folder, "cluster");

    private void Signal(int signal)
    {
        foreach (var process in Posix.ServersIn(Cluster)) Posix.Signal(process, signal);
    }
}
