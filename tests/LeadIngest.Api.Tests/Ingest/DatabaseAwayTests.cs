using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using LeadIngest.Api.Data;
using LeadIngest.Api.Data.Embedded;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadIngest.Api.Tests.Ingest;

/// <summary>The service over a PostgreSQL of its own that is killed, stopped and frozen under it.</summary>
[Collection(Alone.Name)]
public sealed class DatabaseAwayTests : IAsyncLifetime, IDisposable
{
    /// <summary>The promise is two seconds. The rest is for busy cores, on which a second round of waiting (3.4 s) is seen now and then; a third (5.1 s) must not be.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("leadingest-test-").FullName;
    private readonly ConcurrentDictionary<Guid, byte> _acknowledged = new();
    private readonly ConcurrentDictionary<Guid, byte> _visits = new();
    private readonly ConcurrentBag<string> _wrong = [];
    private readonly string _siteKey = "site_" + Guid.CreateVersion7().ToString("N");
    private EmbeddedPostgres _server = null!;
    private WebApplication _app = null!;
    private HttpClient _client = null!;
    private long _taken, _refused;

    public async Task InitializeAsync()
    {
        // The server's user may enter: only then the socket lies beside the data, and the address outlives a restart.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        await StartServerAsync();
        await Migrator.ApplyAsync(_server.ConnectionString, CancellationToken.None);
        await ExecuteAsync($"""
            insert into projects (project_id, name) values ('{Guid.CreateVersion7()}', 'Окна');
            insert into sites (project_id, id, site_key, name, rate_per_second, rate_per_ip_per_minute)
            select project_id, project_id, '{_siteKey}', 'okna.ru', 100000, 100000 from projects
            """);
        _app = LeadIngestApp.Build(["--urls=http://127.0.0.1:0", "--environment=Testing", "--Logging:LogLevel:Default=None", "--Delivery:Enabled=false"], _server.ConnectionString);
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.Services.GetRequiredService<Database>().DisposeAsync();
        await _app.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Through_a_crash_a_stop_and_a_freeze_every_sender_gets_an_answer_and_no_acknowledged_lead_or_visit_is_lost()
    {
        using var done = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 12).Select(s => SendAsync(s, done.Token)).Concat(Enumerable.Range(0, 4).Select(_ => BeaconsAsync(done.Token))).ToArray();
        await GoesOnAsync();

        // kill -9; the embedded server comes back by itself.
        Signal("KILL");
        await Posts.UntilAsync(() => Task.FromResult(_server.Restarts == 1), "the server is back");
        await GoesOnAsync();

        // Stopped for longer than any time-out.
        await _server.DisposeAsync();
        await RefusesAsync();
        await AwayAnswersAsync();
        await StartServerAsync();
        await GoesOnAsync();

        // There, but silent: connections stay open and nothing answers.
        Signal("STOP", everyone: true);
        try
        {
            await RefusesAsync();
            await AwayAnswersAsync();
        }
        finally
        {
            Signal("CONT", everyone: true);
        }
        await GoesOnAsync();

        await done.CancelAsync();
        await Task.WhenAll(senders);
        Assert.Empty(_wrong);
        Assert.Subset(await StoredAsync("leads"), _acknowledged.Keys.ToHashSet());
        Assert.NotEmpty(_visits);
        Assert.Subset(await StoredAsync("visits"), _visits.Keys.ToHashSet());
    }

    /// <summary>What a tracker sends: an answer in time, and a 503 says when to come again.</summary>
    private async Task BeaconsAsync(CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            var (visit, since) = (Guid.CreateVersion7(), Stopwatch.GetTimestamp());
            using var answer = await _client.SendAsync($"/v1/sites/{_siteKey}/visits", Posts.Content($$"""{"event":"start","visitId":"{{visit}}"}""", "text/plain"));
            var took = Stopwatch.GetElapsedTime(since);
            if (took > Patience) _wrong.Add($"beacon: {(int)answer.StatusCode} after {took.TotalSeconds:0.0} s");
            if (answer.StatusCode == HttpStatusCode.OK) _visits[visit] = 0;
            else if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || answer.Headers.RetryAfter?.Delta is not { TotalSeconds: >= 1 and <= 10 })
                _wrong.Add($"beacon: {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
            else await Task.Delay(20, CancellationToken.None);
        }
    }

    private async Task SendAsync(int sender, CancellationToken done)
    {
        for (var i = 0; !done.IsCancellationRequested; i++)
        {
            var since = Stopwatch.GetTimestamp();
            using var answer = await _client.SendAsync($"/v1/sites/{_siteKey}/leads", Posts.Content($$"""{"phone":"+7916{{sender:00}}{{i % 100_000:00000}}"}"""));
            var took = Stopwatch.GetElapsedTime(since);
            if (took > Patience) _wrong.Add($"{(int)answer.StatusCode} after {took.TotalSeconds:0.0} s");
            if (answer.StatusCode == HttpStatusCode.Accepted)
            {
                _acknowledged[await answer.LeadIdAsync()] = 0;
                Interlocked.Increment(ref _taken);
            }
            else if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter?.Delta is { TotalSeconds: >= 1 and <= 10 })
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(20, CancellationToken.None);
            }
            else _wrong.Add($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
        }
    }

    /// <summary>Fifty more are taken: without a restart of the service.</summary>
    private async Task GoesOnAsync()
    {
        var from = Interlocked.Read(ref _taken);
        await Posts.UntilAsync(() => Task.FromResult(Interlocked.Read(ref _taken) >= from + 50), $"leads are taken: {string.Join("; ", _wrong)}");
    }

    private async Task RefusesAsync()
    {
        var from = Interlocked.Read(ref _refused);
        await Posts.UntilAsync(() => Task.FromResult(Interlocked.Read(ref _refused) >= from + 100), "leads are refused");
    }

    /// <summary>A preflight and an unheard-of site are told to come again as well, not that the service is broken.</summary>
    private async Task AwayAnswersAsync()
    {
        foreach (var key in new[] { _siteKey, "site_" + Guid.CreateVersion7().ToString("N") })
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, $"/v1/sites/{key}/leads");
            preflight.Headers.TryAddWithoutValidation("Origin", "https://okna.ru");
            using var answer = await _client.SendAsync(preflight);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);

            // A page can read that, though nobody can look up now whose page it is.
            var post = await _client.SendAsync($"/v1/sites/{key}/leads", Posts.Content("""{"phone":"+79161234567"}""", "text/plain"), ("Origin", "https://okna.ru"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, post.StatusCode);
            Assert.Equal(["https://okna.ru"], post.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.Contains("Retry-After", post.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal);
        }
    }

    private async Task StartServerAsync() => _server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions
    {
        DataFolder = Path.Combine(_folder, "pg"),
        StopTimeout = TimeSpan.FromSeconds(10),
        Settings = new Dictionary<string, string> { ["shared_buffers"] = "32MB" },
    }, NullLogger.Instance);

    /// <summary>To the server's main process, or to its children too.</summary>
    private void Signal(string signal, bool everyone = false)
    {
        var id = _server.ProcessId;
        var ids = everyone ? Children(id).Append(id) : [id];
        using var kill = Process.Start("kill", ["-" + signal, .. ids.Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        kill.WaitForExit();
    }

    private static List<int> Children(int parent)
    {
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-o", "pid=", "--ppid", $"{parent}"]) { RedirectStandardOutput = true })!;
        var ids = ps.StandardOutput.ReadToEnd().Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToList();
        ps.WaitForExit();
        return ids;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<HashSet<Guid>> StoredAsync(string table)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"select id from {table}", connection);
        await using var rows = await command.ExecuteReaderAsync();
        var stored = new HashSet<Guid>();
        while (await rows.ReadAsync()) stored.Add(rows.GetGuid(0));
        return stored;
    }
}
