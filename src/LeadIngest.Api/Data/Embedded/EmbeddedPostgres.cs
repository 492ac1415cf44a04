using System.Diagnostics;
using Npgsql;

namespace LeadIngest.Api.Data.Embedded;

/// <summary>A private PostgreSQL for this service alone: started with it, stopped with it, reached by a Unix socket only.</summary>
/// <remarks>
/// Real server programs, full durability. When the server dies it is started again; when the service was killed, the server it left
/// running is stopped first and started anew. One service per data folder: the second gets an error. Linux, and macOS without root.
/// </remarks>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const string Name = "leadingest";                         // both the superuser and the database
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(5);

    private readonly EmbeddedPostgresOptions _options;
    private readonly ClusterFolder _folder;
    private readonly PostgresBinaries _binaries;
    private readonly Dictionary<string, string> _settings;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly EventHandler _atExit;
    private Postmaster _postmaster;
    private Task _supervision = Task.CompletedTask;
    private int _disposed;

    private EmbeddedPostgres(EmbeddedPostgresOptions options, ClusterFolder folder, PostgresBinaries binaries, ILogger logger)
    {
        (_options, _folder, _binaries, _logger) = (options, folder, binaries, logger);
        _settings = new Dictionary<string, string>(EmbeddedPostgresOptions.Defaults);
        foreach (var (key, value) in options.Settings) _settings[key] = value;
        _settings["listen_addresses"] = "";
        _settings["port"] = "5432";
        _settings["unix_socket_directories"] = folder.Socket;
        ConnectionString = ConnectTo(Name).ConnectionString;
        _postmaster = Launch();
        // An ending that disposes of nothing (Environment.Exit, a failed start elsewhere) leaves no server behind either.
        _atExit = (_, _) => _postmaster.AskToStop();
        AppDomain.CurrentDomain.ProcessExit += _atExit;
    }

    /// <summary>Stays the same while this object lives, restarts of the server included.</summary>
    public string ConnectionString { get; }

    /// <summary>Holds the socket; <c>psql -h</c> takes it as the host (user and database <c>leadingest</c>).</summary>
    public string SocketFolder => _folder.Socket;

    /// <summary>Of the server's main process; another one after a restart.</summary>
    public int ProcessId => _postmaster.ProcessId;

    /// <summary>How often the server died and answered again.</summary>
    public int Restarts { get; private set; }

    /// <summary>Starts the server, making its data at first, and returns when it answers.</summary>
    /// <exception cref="EmbeddedPostgresException">It cannot run; the message is one line for the operator.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, ILogger logger, CancellationToken ct = default)
    {
        var since = Stopwatch.GetTimestamp();
        var folder = ClusterFolder.Take(options.DataFolder);
        EmbeddedPostgres? server = null;
        try
        {
            var major = folder.Major();
            var binaries = PostgresBinaries.Find(major);
            if (major is null) folder.Create(binaries, Name, logger);
            else await folder.StopOrphansAsync(options.StopTimeout, logger, ct);
            folder.Prepare();

            server = new EmbeddedPostgres(options, folder, binaries, logger);
            await server.ReadyAsync(ct);
            await server.EnsureDatabaseAsync(ct);
            server._supervision = server.SuperviseAsync();
            logger.Ready(binaries.Major, server.ProcessId, (long)Stopwatch.GetElapsedTime(since).TotalMilliseconds, folder.Cluster);
            return server;
        }
        catch
        {
            if (server is not null) await server.DisposeAsync();
            else folder.Dispose();
            throw;
        }
    }

    /// <summary>Stops the server and waits for its end. Close connection pools first: their connections are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        AppDomain.CurrentDomain.ProcessExit -= _atExit;
        await _stopping.CancelAsync();
        await _supervision;
        await _postmaster.StopAsync(_options.StopTimeout);
        await _folder.StopOrphansAsync(_options.StopTimeout, _logger, CancellationToken.None);   // leftovers of a crash a moment ago
        _folder.Dispose();
        _stopping.Dispose();
    }

    private Postmaster Launch() => Postmaster.Start(_folder, _binaries, _settings, _logger);

    /// <summary>Starts the server again whenever it dies, until we stop. Pauses double from 0.1 s to 5 s and start over after a success.</summary>
    private async Task SuperviseAsync()
    {
        var pause = FirstPause;
        var answering = true;
        try
        {
            while (true)
            {
                if (answering)
                {
                    await _postmaster.Exited.WaitAsync(_stopping.Token);
                    _logger.Died(_postmaster.ProcessId, _postmaster.Ending, (long)pause.TotalMilliseconds);
                }

                await Task.Delay(pause, _stopping.Token);
                try
                {
                    await _folder.StopOrphansAsync(_options.StopTimeout, _logger, _stopping.Token);
                    _postmaster = Launch();
                    await ReadyAsync(_stopping.Token);
                    (answering, pause) = (true, FirstPause);
                    Restarts++;
                    _logger.Ready(_binaries.Major, ProcessId, 0, _folder.Cluster);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    (answering, pause) = (false, pause * 2 < LongestPause ? pause * 2 : LongestPause);
                    _logger.RestartFailed(e.Message, (long)pause.TotalMilliseconds);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // We stop; DisposeAsync ends the server.
        }
    }

    /// <summary>Waits until the server answers a query: it may have to recover from its log first.</summary>
    private async Task ReadyAsync(CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        var socket = Path.Combine(_folder.Socket, ".s.PGSQL.5432");
        while (Stopwatch.GetElapsedTime(since) < _options.StartTimeout)
        {
            if (_postmaster.Exited.IsCompleted) throw new EmbeddedPostgresException($"PostgreSQL did not start: {await _postmaster.LastWordsAsync()}");
            if (File.Exists(socket) && await AnswersAsync(ct)) return;
            await Task.Delay(20, ct);
        }

        throw new EmbeddedPostgresException($"PostgreSQL did not answer within {_options.StartTimeout.TotalSeconds:0} s: {await _postmaster.LastWordsAsync()}");
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            await ScalarAsync("select 1", ct);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    private async Task EnsureDatabaseAsync(CancellationToken ct)
    {
        if (await ScalarAsync($"select 1 from pg_database where datname = '{Name}'", ct) is null)
            await ScalarAsync($"create database {Name}", ct);
    }

    private async Task<object?> ScalarAsync(string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(ConnectTo("postgres").ConnectionString + ";Pooling=false;Timeout=5");
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }

    private NpgsqlConnectionStringBuilder ConnectTo(string database) => new() { Host = _folder.Socket, Username = Name, Database = database };
}
