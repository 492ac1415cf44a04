using System.Globalization;
using LeadIngest.Api.Tests;
using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests;

/// <summary>The service, a client's website on another origin, and Chromium. One a test class; every test takes its own project and its own browser context.</summary>
public sealed class TrackerFixture : ApiFixture, IAsyncLifetime
{
    private IPlaywright _playwright = null!;

    public IBrowser Browser { get; private set; } = null!;

    internal ClientSite Site { get; private set; } = null!;

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        Site = await ClientSite.StartAsync();
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("LEADINGEST_CHROMIUM") ?? "/usr/bin/chromium",
            // Storage of other sites is blocked for all tests: that is how most visitors' browsers are set.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server", "--test-third-party-cookie-phaseout"],
            Timeout = 120_000,
        });
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
        await Site.DisposeAsync();
        await DisposeAsync();
    }

    /// <summary>Address of the service, without a closing slash.</summary>
    public string Service => Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

    /// <summary>A visitor's browser with nothing in its storage.</summary>
    /// <param name="project">Whose site is visited.</param>
    /// <param name="realVisits">Whether messages of the tracker go to the service; else they are answered here.</param>
    internal async Task<Visitor> VisitorAsync(TestProject project, bool realVisits = false)
    {
        var context = await Browser.NewContextAsync();
        context.SetDefaultTimeout(60_000);
        var visitor = new Visitor(this, project, context);
        if (!realVisits) await visitor.AnswerVisitsAsync();
        return visitor;
    }

    internal Task SetTrackerAsync(TestProject project, string consent = "full", string forms = "mark") => ExecuteAsync(
        "update sites set tracker = jsonb_build_object('consent', @consent, 'forms', @forms) where project_id = @ProjectId; select pg_notify('sites', '')",
        new { project.ProjectId, consent, forms });

    internal static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
