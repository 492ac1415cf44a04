using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace LeadIngest.Resilience.Rig;

/// <summary>Both emulated CRMs as one process of their own, with their doors.</summary>
internal sealed class EmulatorProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private readonly ChildProcess _process;
    private readonly HttpClient _doors;

    private EmulatorProcess(ChildProcess process, Uri address)
    {
        (_process, Address) = (process, address);
        _doors = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
    }

    public Uri Address { get; }

    /// <summary>Where consent leads back to; whoever plays the browser sends it to one of the processes.</summary>
    public static string RedirectUri(string crm) => $"https://leads.example.ru/v1/crm/oauth/{crm}";

    /// <param name="seed">Of the dice that faults are rolled with.</param>
    /// <param name="amocrmPerSecond">The vendor's figure is 7.</param>
    public static async Task<EmulatorProcess> StartAsync(RunFolder folder, int seed, int amocrmPerSecond, CancellationToken ct)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        var process = ChildProcess.Start("LeadIngest.CrmEmulator",
            ["--urls", address.ToString(), "--seed", Text(seed), "--bitrix24:plan", "enterprise", "--amocrm:ratePerSecond", Text(amocrmPerSecond), "--requestLogSize", "1000000",
                "--amocrm:consent", "allow", "--amocrm:redirectUri", RedirectUri("amocrm"), "--bitrix24:consent", "allow", "--bitrix24:redirectUri", RedirectUri("bitrix24")],
            new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Soak" }, folder.Path, folder.Log("emulator"));
        var emulator = new EmulatorProcess(process, address);
        var since = Stopwatch.GetTimestamp();
        while (!await emulator.AnswersAsync(ct))
        {
            if (!process.IsRunning || Stopwatch.GetElapsedTime(since) > StartLimit) throw new SoakException($"The emulator does not answer, see {folder.Log("emulator")}.");
            await Task.Delay(50, ct);
        }
        return emulator;
    }

    /// <param name="kind">As the door names it: drop_after, status_after, hang, latency, …</param>
    /// <param name="seconds">After which it is off again; null: when cleared.</param>
    /// <param name="path">Text that a request has to contain to be hit.</param>
    /// <param name="times">So many hits, then it is off.</param>
    public async Task AddFaultAsync(string kind, double probability, CancellationToken ct, string crm = "both", int? ms = null, int? status = null,
        double? seconds = null, string? path = null, int? times = null)
    {
        using var answer = await _doors.PostAsJsonAsync("/_faults", new { crm, kind, probability, ms, status, seconds, path, times }, ct);
        answer.EnsureSuccessStatusCode();
    }

    public async Task ClearFaultsAsync(CancellationToken ct)
    {
        using var answer = await _doors.DeleteAsync(new Uri("/_faults", UriKind.Relative), ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Everything a CRM holds of one noun, in its own read shape.</summary>
    public async Task<JsonDocument> StateAsync(string crm, string noun, CancellationToken ct) =>
        await JsonDocument.ParseAsync(await _doors.GetStreamAsync(new Uri($"/_state/{crm}/{noun}", UriKind.Relative), ct), cancellationToken: ct);

    /// <summary>What became of the one-use tokens of an account.</summary>
    public async Task<LoginCounts> LoginsAsync(string crm, CancellationToken ct)
    {
        using var counts = await JsonDocument.ParseAsync(await _doors.GetStreamAsync(new Uri($"/_logins/{crm}", UriKind.Relative), ct), cancellationToken: ct);
        var root = counts.RootElement;
        var at = root.GetProperty("refreshed_at");
        return new LoginCounts(root.GetProperty("codes").GetInt32(), root.GetProperty("refreshes").GetInt32(), root.GetProperty("refused").GetInt32(), root.GetProperty("reused").GetInt32(),
            at.ValueKind == JsonValueKind.Null ? null : at.GetDateTimeOffset());
    }

    /// <summary>An administrator allows the access.</summary>
    /// <param name="url">Of the consent page, as the service gives it.</param>
    /// <returns>Path and query that the browser comes back with.</returns>
    public async Task<string> ConsentAsync(Uri url, string host, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url.PathAndQuery + (url.Host.StartsWith("www.", StringComparison.Ordinal) ? "&account=" + host : ""));
        request.Headers.Host = url.Host;
        using var answer = await _doors.SendAsync(request, ct);
        return answer.Headers.Location?.PathAndQuery ?? throw new HttpRequestException($"The consent page answered {(int)answer.StatusCode}.");
    }

    /// <returns>How many calls the CRM has seen, how many of them it refused for their rate, and how many went wrong by a fault.</returns>
    public async Task<(int Calls, int OverLimit, int Spoilt)> CallsAsync(string crm, CancellationToken ct)
    {
        using var log = await JsonDocument.ParseAsync(await _doors.GetStreamAsync(new Uri($"/_requests/{crm}", UriKind.Relative), ct), cancellationToken: ct);
        var statuses = log.RootElement.GetProperty("requests").EnumerateArray().Select(r => r.GetProperty("status").GetInt32()).ToList();
        return (log.RootElement.GetProperty("total").GetInt32(), statuses.Count(s => s is 429 or 503), statuses.Count(s => s is 0 or 499 or 500));
    }

    public void Dispose()
    {
        _doors.Dispose();
        _process.Dispose();
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            using var answer = await _doors.GetAsync(new Uri("/_faults", UriKind.Relative), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <param name="Codes">Log-ins by a person.</param>
/// <param name="Refreshes">Refresh tokens traded, whether or not the answer arrived.</param>
/// <param name="Refused">Refresh tokens that were not accepted.</param>
/// <param name="Reused">Of these, how many had a new pair that is in use: somebody used a token twice.</param>
/// <param name="RefreshedAt">When the last one was traded.</param>
internal sealed record LoginCounts(int Codes, int Refreshes, int Refused, int Reused, DateTimeOffset? RefreshedAt);
