using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Amocrm;
using LeadIngest.CrmEmulator.Bitrix24;
using LeadIngest.CrmEmulator.Doors;
using LeadIngest.CrmEmulator.Faults;
using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator;

/// <summary>amoCRM, Bitrix24 and a PBX in one small process, all in memory.</summary>
public static class Emulator
{
    /// <summary>From the command line and the environment.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var options = new EmulatorOptions();
        builder.Configuration.Bind(options);
        return Build(builder, options);
    }

    /// <summary>For tests: <c>Urls = "http://127.0.0.1:0"</c> takes a free port; read it from <c>app.Urls</c> after the start.</summary>
    public static WebApplication Build(EmulatorOptions options) => Build(WebApplication.CreateSlimBuilder(), options);

    private static WebApplication Build(WebApplicationBuilder builder, EmulatorOptions options)
    {
        var clock = new MovableClock(options.Clock ?? TimeProvider.System);
        var faults = new FaultBoard(options, clock);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(options.Urls.Split(';'));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        // A request that a fault holds must not hold up Ctrl-C.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton(new HookSender(faults, clock));
        builder.Services.AddHostedService(services => services.GetRequiredService<HookSender>());

        var app = builder.Build();
        var hooks = app.Services.GetRequiredService<HookSender>();
        var logger = app.Services.GetRequiredService<ILogger<Front>>();
        (ICrm Crm, RequestLog Log)[] crms =
        [
            (new AmocrmCrm(options, faults, hooks, clock), new RequestLog(options.RequestLogSize)),
            (new Bitrix24Crm(options, faults, hooks, clock), new RequestLog(options.RequestLogSize)),
        ];
        if (File.Exists(options.Amocrm.Past))
        {
            var past = JsonNode.Parse(File.ReadAllText(options.Amocrm.Past))?["past"] as JsonObject;
            if ((past is null ? "no object 'past'" : crms[0].Crm.At(AccountHosts.Standard(AccountHosts.Amocrm)).Remember(past)) is { } why)
                throw new InvalidOperationException($"amocrm:past: {options.Amocrm.Past} cannot be taken: {why}");
        }
        app.UseDoorsFromThisMachine();
        var fronts = crms.ToDictionary(c => c.Crm.Name, c => new Front(c.Crm, faults, c.Log, clock, logger));
        app.Use((http, next) => AccountHosts.Locate(http.Request) is (var crm, var host) ? fronts[crm].RunAsync(http, host) : next(http));
        var pbx = new Pbx.PbxCalls(options.Pbx, clock);
        app.Lifetime.ApplicationStopped.Register(pbx.Dispose);
        app.MapDoors(faults, crms, pbx, clock);
        return app;
    }
}
