using System.Globalization;
using LeadIngest.Api.Tests;
using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests;

/// <summary>The service, a client's website on another origin, and Chromium. One a test class; every test takes its own project and its own browser context.</summary>
public class TrackerFixture : ApiFixture, IAsyncLifetime
{
    /// <summary>All its subdomains lead to the client's website.</summary>
    internal const string ShopDomain = "shop.test";

    private IPlaywright _playwright = null!;

    public IBrowser Browser { get; private set; } = null!;

    internal ClientSite Site { get; private set; } = null!;

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        Site = await ClientSite.StartAsync(Client);
        await StartedAsync();
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("LEADINGEST_CHROMIUM") ?? "/usr/bin/chromium",
            // Storage of other sites is blocked for all tests: that is how most visitors' browsers are set.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server", "--test-third-party-cookie-phaseout",
                // Names of a shop with subdomains, without https: browsers lend such pages neither locks nor crypto.randomUUID.
                $"--host-resolver-rules=MAP *.{ShopDomain} 127.0.0.1"],
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

    /// <summary>The service answers, the browser is about to start.</summary>
    protected virtual Task StartedAsync() => Task.CompletedTask;

    /// <summary>A visitor's browser with nothing in its storage.</summary>
    /// <param name="project">Whose site is visited.</param>
    internal async Task<Visitor> VisitorAsync(TestProject project)
    {
        var context = await Browser.NewContextAsync().WaitAsync(TimeSpan.FromSeconds(90));
        context.SetDefaultTimeout(90_000);
        return new Visitor(this, project, context);
    }

    /// <summary>From now on the site's numbers are these, and each has a pool of one number that may stand in its place.</summary>
    internal Task LendAsync(TestProject project, params (string Own, string Lent)[] numbers) => ExecuteAsync("""
        update tracking_numbers set is_active = false where project_id = @ProjectId;
        insert into tracking_numbers (project_id, id, site_id, number, region, kind, free_at)
        select @ProjectId, gen_random_uuid(), @SiteId, n.lent, n.region, 'dynamic', clock_timestamp() - interval '1 day' from unnest(@Lent, @Regions) n (lent, region);
        update sites set replace_numbers = (select jsonb_agg(jsonb_build_object('number', n.own, 'region', n.region)) from unnest(@Own, @Regions) n (own, region))
        where project_id = @ProjectId and id = @SiteId;
        select pg_notify('sites', '')
        """, new
    {
        project.ProjectId,
        project.SiteId,
        Own = numbers.Select(n => n.Own).ToArray(),
        Lent = numbers.Select(n => n.Lent).ToArray(),
        Regions = numbers.Select((_, i) => $"r{i}").ToArray(),
    });

    internal Task SetTrackerAsync(TestProject project, string consent = "full", string forms = "mark") => ExecuteAsync(
        "update sites set tracker = jsonb_build_object('consent', @consent, 'forms', @forms) where project_id = @ProjectId; select pg_notify('sites', '')",
        new { project.ProjectId, consent, forms });

    internal static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
