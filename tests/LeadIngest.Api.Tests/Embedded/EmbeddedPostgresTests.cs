using System.Diagnostics;
using System.Text;
using LeadIngest.Api.Data.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadIngest.Api.Tests.Embedded;

public sealed class EmbeddedPostgresTests : IDisposable
{
    // Mode 0700: as root, the server's user may not even enter it, as in a clone below root's home.
    private readonly string _folder = Directory.CreateTempSubdirectory("leadingest-test-").FullName;

    private string Cluster => Path.Combine(_folder, "cluster");

    [Fact]
    public async Task Starts_on_an_empty_folder_and_answers()
    {
        await using var server = await StartAsync();

        Assert.Equal("UTF8", await AskAsync(server, "show server_encoding"));
        Assert.Equal("лид", await AskAsync(server, "select lower('ЛИД')"));
        Assert.Equal(("on", "on"), (await AskAsync(server, "show fsync"), await AskAsync(server, "show synchronous_commit")));
        Assert.Equal("", await AskAsync(server, "show listen_addresses"));
    }

    [Fact]
    public async Task Given_settings_win()
    {
        await using var server = await StartAsync(new Dictionary<string, string> { ["max_connections"] = "37" });

        Assert.Equal("37", await AskAsync(server, "show max_connections"));
    }

    [Fact]
    public async Task Only_the_owner_may_enter_the_sockets_folder()
    {
        await using var server = await StartAsync();

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(server.SocketFolder));
    }

    [Fact]
    public async Task A_second_start_finds_the_data_of_the_first()
    {
        await using (var first = await StartAsync())
            await AskAsync(first, "create table kept as select 42 as answer");

        await using var second = await StartAsync();

        Assert.Equal(42, await AskAsync(second, "select answer from kept"));
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_works()
    {
        var long_ = Path.Combine(_folder, new string('d', 60), new string('e', 60));
        await using var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = long_ }, NullLogger.Instance);

        Assert.Equal(1, await AskAsync(server, "select 1"));
        Assert.InRange(Encoding.UTF8.GetByteCount(server.SocketFolder), 1, 93);
    }

    [Fact]
    public async Task A_short_open_path_keeps_the_socket_beside_the_data()
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        await using var server = await StartAsync();

        Assert.Equal(Path.Combine(_folder, "socket"), server.SocketFolder);
        Assert.Equal(1, await AskAsync(server, "select 1"));
    }

    [Fact]
    public async Task A_killed_server_comes_back_by_itself_with_everything_committed()
    {
        await using var server = await StartAsync();
        await AskAsync(server, "create table kept as select 42 as answer");
        await using var busy = new NpgsqlConnection(server.ConnectionString);
        await busy.OpenAsync();
        var query = new NpgsqlCommand("select pg_sleep(60)", busy).ExecuteNonQueryAsync();   // its backend outlives the postmaster for a while
        var killed = server.ProcessId;

        Posix.Signal(killed, Posix.Kill);

        await UntilAsync(() => server.Restarts == 1);
        Assert.Equal(42, await AskAsync(server, "select answer from kept"));
        Assert.NotEqual(killed, server.ProcessId);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => query);
    }

    [Fact]
    public async Task Killed_twice_it_comes_back_twice()
    {
        await using var server = await StartAsync();

        foreach (var time in (int[])[1, 2])
        {
            Posix.Signal(server.ProcessId, Posix.Kill);
            await UntilAsync(() => server.Restarts == time);
        }

        Assert.Equal(1, await AskAsync(server, "select 1"));
    }

    [Fact]
    public async Task A_server_left_running_by_a_killed_service_is_replaced()
    {
        var held = await HeldPostgres.StartAsync(_folder);
        await AskAsync(held.ConnectionString, "create table kept as select 42 as answer");
        await held.KillAsync();
        Assert.True(Posix.IsAlive(held.ServerId));

        await using var server = await StartAsync();

        Assert.False(Posix.IsAlive(held.ServerId));
        Assert.Equal(42, await AskAsync(server, "select answer from kept"));
        Assert.False(held.ConnectionString.Contains("/tmp/leadingest-", StringComparison.Ordinal)
            && Directory.Exists(new NpgsqlConnectionStringBuilder(held.ConnectionString).Host));
    }

    [Fact]
    public async Task A_stale_pid_file_with_a_reused_id_is_no_obstacle()
    {
        await using (await StartAsync()) { }
        await File.WriteAllTextAsync(Path.Combine(Cluster, "postmaster.pid"), $"{Environment.ProcessId}\n{Cluster}\n1\n5432\n/nowhere\n\n");

        await using var server = await StartAsync();

        Assert.Equal(1, await AskAsync(server, "select 1"));
    }

    [Fact]
    public async Task Stops_with_no_process_and_no_socket_left_and_quickly()
    {
        var server = await StartAsync();
        await using var idle = new NpgsqlConnection(server.ConnectionString);
        await idle.OpenAsync();
        Assert.NotEmpty(Posix.ServersIn(Cluster));
        var since = Stopwatch.GetTimestamp();

        await server.DisposeAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Empty(Posix.ServersIn(Cluster));
        Assert.False(File.Exists(Path.Combine(Cluster, "postmaster.pid")));
        Assert.False(File.Exists(Path.Combine(server.SocketFolder, ".s.PGSQL.5432")));
    }

    [Fact]
    public async Task The_second_service_on_one_folder_gets_one_clear_line_and_leaves_the_first_alone()
    {
        await using var server = await StartAsync();

        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => StartAsync());

        Assert.Contains("in use by another running service", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(1, await AskAsync(server, "select 1"));
    }

    [Fact]
    public async Task A_wrong_setting_is_one_clear_line_and_leaves_nothing_running()
    {
        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => StartAsync(new Dictionary<string, string> { ["max_connections"] = "many" }));

        Assert.Contains("max_connections", error.Message, StringComparison.Ordinal);
        Assert.Empty(Posix.ServersIn(Cluster));
        await using var server = await StartAsync();
        Assert.Equal(1, await AskAsync(server, "select 1"));
    }

    [Fact]
    public async Task A_folder_with_other_files_is_refused()
    {
        Directory.CreateDirectory(Cluster);
        await File.WriteAllTextAsync(Path.Combine(Cluster, "holiday.jpg"), "");

        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => StartAsync());

        Assert.Contains("holds no PostgreSQL data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_terminals_interrupt_and_the_services_secrets_do_not_reach_the_server()
    {
        Environment.SetEnvironmentVariable("LEADINGEST_TEST_SECRET", "open sesame");
        await using var server = await StartAsync();

        Assert.NotEqual(await SessionOfAsync(Environment.ProcessId), await SessionOfAsync(server.ProcessId));
        Assert.DoesNotContain("sesame", await File.ReadAllTextAsync($"/proc/{server.ProcessId}/environ"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ordinary_user_runs_it_as_himself()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            await using var server = await StartAsync();
            Assert.Equal(await UserOfAsync(Environment.ProcessId), await UserOfAsync(server.ProcessId));
            return;
        }

        // Root plays the ordinary user by becoming one; he gets his own copy of the programs, as ours may be closed to him.
        var programs = Path.Combine(_folder, "programs");
        await RunAsync("cp", "-r", AppContext.BaseDirectory, programs);
        await RunAsync("chown", "-R", "nobody", _folder);
        var program = Path.Combine(programs, Path.GetFileName(typeof(EmbeddedPostgresTests).Assembly.Location));
        await using var held = await HeldPostgres.StartAsync(Path.Combine(_folder, "data"), ["setpriv", "--reuid=nobody", "--clear-groups", "--"], program);

        Assert.Equal("65534", await UserOfAsync(held.ServerId));
        Assert.Equal(1, await AskAsync(held.ConnectionString, "select 1"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<EmbeddedPostgres> StartAsync(IReadOnlyDictionary<string, string>? settings = null) =>
        EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = _folder, Settings = settings ?? new Dictionary<string, string>() }, NullLogger.Instance);

    private static Task<object?> AskAsync(EmbeddedPostgres server, string sql) => AskAsync(server.ConnectionString, sql);

    private static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var db = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
        await using var command = db.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition()) await Task.Delay(20, limit.Token);
    }

    private static async Task<string> UserOfAsync(int processId) =>
        (await File.ReadAllLinesAsync($"/proc/{processId}/status")).First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];

    private static async Task<string> SessionOfAsync(int processId)
    {
        var stat = await File.ReadAllTextAsync($"/proc/{processId}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3];
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
