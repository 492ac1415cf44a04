using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using LeadIngest.Api.Demo;

namespace LeadIngest.Benchmarks;

/// <summary>The service under test, with the demo project, on a database that outlives it.</summary>
internal sealed class ServiceProcess : RunningApplication
{
    private ServiceProcess(Dictionary<string, string> environment) : base("LeadIngest.Api", environment) { }

    /// <summary>From the start of the process to the first 200 of <c>/health/ready</c>.</summary>
    public TimeSpan StartToReady { get; private set; }

    public Uri Leads => new(Url, $"/v1/sites/{DemoProject.SiteKey}/leads");

    public Uri Visits => new(Url, $"/v1/sites/{DemoProject.SiteKey}/visits");

    /// <param name="connectionString">Of its database; an empty one is filled at the start.</param>
    /// <param name="emulator">The CRMs of the demo project.</param>
    /// <param name="delivers">Whether it delivers to them, as the product does.</param>
    /// <param name="settings">More settings, in the environment's spelling.</param>
    public static async Task<ServiceProcess> StartAsync(string connectionString, Uri emulator, bool delivers, CancellationToken ct,
        IReadOnlyDictionary<string, string>? settings = null)
    {
        var started = Stopwatch.GetTimestamp();
        var service = new ServiceProcess(new(settings ?? new Dictionary<string, string>())
        {
            ["ConnectionStrings__Postgres"] = connectionString,
            ["ASPNETCORE_ENVIRONMENT"] = "Demo",
            ["Demo__Enabled"] = "true",
            ["Demo__EmulatorUrl"] = emulator.AbsoluteUri,
            ["Delivery__Enabled"] = delivers ? "true" : "false",
            ["Logging__LogLevel__Default"] = "Warning",
        });
        try
        {
            service.StartToReady = await service.AnswersAsync("/health/ready", started, ct);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }
}

/// <summary>The emulated amoCRM and Bitrix24 with the limits of their larger plans, as in the demo, unless arguments say otherwise.</summary>
internal sealed class EmulatorProcess : RunningApplication
{
    private EmulatorProcess(string[] arguments) : base("LeadIngest.CrmEmulator", new Dictionary<string, string>(), ["--bitrix24:plan=enterprise", .. arguments]) { }

    public static async Task<EmulatorProcess> StartAsync(CancellationToken ct, params string[] arguments)
    {
        var emulator = new EmulatorProcess(arguments);
        await emulator.AnswersAsync("/_state/amocrm/leads", Stopwatch.GetTimestamp(), ct);
        return emulator;
    }

    /// <summary>Every call that a CRM has got so far.</summary>
    /// <param name="crm"><c>amocrm</c> or <c>bitrix24</c>.</param>
    public async Task<IReadOnlyList<CrmRequest>> RequestsAsync(string crm, CancellationToken ct)
    {
        var log = await Http.GetFromJsonAsync<JsonElement>(new Uri(Url, "/_requests/" + crm), ct);
        return [.. log.GetProperty("requests").EnumerateArray().Select(r => new CrmRequest(
            r.GetProperty("host").GetString()!, r.GetProperty("path").GetString()!, r.GetProperty("status").GetInt32(), r.GetProperty("at").GetDateTimeOffset()))];
    }

    /// <summary>What a CRM holds under a noun, <c>leads</c> for example.</summary>
    public async Task<JsonElement> HoldsAsync(string crm, string noun, CancellationToken ct) =>
        await Http.GetFromJsonAsync<JsonElement>(new Uri(Url, $"/_state/{crm}/{noun}"), ct);

    /// <summary>Every call to this CRM takes so much longer, until <see cref="HealAsync"/>.</summary>
    public async Task DelayAsync(string crm, TimeSpan time, CancellationToken ct)
    {
        using var answer = await Http.PostAsJsonAsync(new Uri(Url, "/_faults"), new { crm, kind = "latency", ms = (int)time.TotalMilliseconds }, ct);
        answer.EnsureSuccessStatusCode();
    }

    public async Task HealAsync(CancellationToken ct)
    {
        using var answer = await Http.DeleteAsync(new Uri(Url, "/_faults"), ct);
        answer.EnsureSuccessStatusCode();
    }
}

/// <summary>One call as the emulated CRM saw it.</summary>
/// <param name="Status">429 and 503 refuse a call for its rate.</param>
internal sealed record CrmRequest(string Host, string Path, int Status, DateTimeOffset At)
{
    public bool IsRefused => Status is 429 or 503;
}
