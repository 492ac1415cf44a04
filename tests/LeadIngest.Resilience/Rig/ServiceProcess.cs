using System.Diagnostics;

namespace LeadIngest.Resilience.Rig;

/// <summary>The service as its own process, at one address for as many lives as it takes.</summary>
internal sealed class ServiceProcess(string name, RunFolder folder, string connectionString, Uri emulator, IReadOnlyDictionary<string, string> settings) : IDisposable
{
    public const string ApiKey = "soak-key-for-reading-the-demo-project";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(180);
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(2) };
    private ChildProcess? _process;

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort.Take()}");

    /// <summary>Of the site that the leads are posted to.</summary>
    public string SiteKey { get; set; } = "demo-site";

    public Uri LeadsAddress => new(Address, $"/v1/sites/{SiteKey}/leads");

    public ChildProcess Process => _process ?? throw new SoakException($"{name} does not run.");

    /// <summary>Starts the program without waiting for it.</summary>
    public void Launch()
    {
        _process?.Dispose();
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Soak",
            ["ASPNETCORE_URLS"] = Address.ToString(),
            ["ConnectionStrings__Postgres"] = connectionString,
            ["Crm__Emulator"] = emulator.ToString(),
            ["Demo__Enabled"] = "true",
            ["Demo__EmulatorUrl"] = emulator.ToString(),
            ["Demo__ApiKey"] = ApiKey,
        };
        foreach (var (setting, value) in settings) environment[setting] = value;
        _process = ChildProcess.Start("LeadIngest.Api", ["--Logging:LogLevel:Microsoft.AspNetCore=Warning", "--Logging:Console:FormatterOptions:TimestampFormat=HH:mm:ss.fff "], environment, folder.Path, folder.Log(name));
    }

    /// <summary>Starts the program and waits until it is ready, starting it again when it gives up because the database is away.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        Launch();
        await ReadyAsync(ct);
    }

    public async Task ReadyAsync(CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(ct))
        {
            if (Stopwatch.GetElapsedTime(since) > StartLimit) throw new SoakException($"{name} was not ready after {StartLimit.TotalSeconds} s, see {folder.Log(name)}.");
            if (!Process.IsRunning) Launch();
            await Task.Delay(50, ct);
        }
    }

    /// <summary>Whether it says that it can take leads now.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        try
        {
            using var answer = await Probe.GetAsync(new Uri(Address, "/health/ready"), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <returns>How long the process took to end after SIGTERM; null when it had to be killed.</returns>
    public async Task<TimeSpan?> StopAsync(TimeSpan patience, CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        Process.AskToStop();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            await Process.ExitedAsync(limit.Token);
            return Stopwatch.GetElapsedTime(since);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            Process.Kill();
            await Process.ExitedAsync(ct);
            return null;
        }
    }

    public async Task<string?> MetricsAsync(CancellationToken ct)
    {
        using var answer = await Probe.GetAsync(new Uri(Address, "/metrics"), ct);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(ct) : null;
    }

    public void Dispose() => _process?.Dispose();
}
