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
        _doors = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
    }

    public Uri Address { get; }

    /// <param name="seed">Of the dice that faults are rolled with.</param>
    /// <param name="amocrmPerSecond">The vendor's figure is 7.</param>
    public static async Task<EmulatorProcess> StartAsync(RunFolder folder, int seed, int amocrmPerSecond, CancellationToken ct)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        var process = ChildProcess.Start("LeadIngest.CrmEmulator",
            ["--urls", address.ToString(), "--seed", Text(seed), "--bitrix24:plan", "enterprise", "--amocrm:ratePerSecond", Text(amocrmPerSecond), "--requestLogSize", "1000000"],
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
    public async Task AddFaultAsync(string kind, double probability, CancellationToken ct, string crm = "both", int? ms = null, int? status = null)
    {
        using var answer = await _doors.PostAsJsonAsync("/_faults", new { crm, kind, probability, ms, status }, ct);
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
