using System.Diagnostics;
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

/// <summary>The emulated amoCRM and Bitrix24 with the limits of their larger plans, as in the demo.</summary>
internal sealed class EmulatorProcess : RunningApplication
{
    private EmulatorProcess(string[] arguments) : base("LeadIngest.CrmEmulator", new Dictionary<string, string>(), [.. arguments, "--bitrix24:plan=enterprise"]) { }

    public static async Task<EmulatorProcess> StartAsync(CancellationToken ct, params string[] arguments)
    {
        var emulator = new EmulatorProcess(arguments);
        await emulator.AnswersAsync("/_state/amocrm/leads", Stopwatch.GetTimestamp(), ct);
        return emulator;
    }
}
