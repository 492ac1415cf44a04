using System.Text.Json;
using LeadIngest.Api.Tests.Figures;

namespace LeadIngest.Api.Tests.Sites;

public class SiteInstallationTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_site_that_nothing_came_from_shows_the_line_to_paste_and_nothing_else()
    {
        var project = await api.CreateProjectAsync();
        var shown = await api.ReadAsync(project, $"/v1/sites/{project.SiteId}/installation");
        var url = new Uri(api.Client.BaseAddress!, $"/t/{project.SiteKey}.js").AbsoluteUri;
        Assert.Equal((url, $"<script async src=\"{url}\"></script>"), (shown.GetProperty("trackerUrl").GetString(), shown.GetProperty("snippet").GetString()));
        Assert.Equal((await api.ReadAsync(project, $"/v1/sites/{project.SiteId}")).GetProperty("endpoints").GetProperty("tracker").GetString(), shown.GetProperty("snippet").GetString());
        foreach (var none in new[] { "firstVisitAt", "lastVisitAt", "lastPage", "lastLeadAt" }) Assert.Equal(JsonValueKind.Null, shown.GetProperty(none).ValueKind);
        Assert.Equal((0, 0), (shown.GetProperty("visitsLastDay").GetInt32(), shown.GetProperty("leadsLastDay").GetInt32()));
    }

    [Fact]
    public async Task Visits_and_leads_of_the_site_are_shown_and_those_of_others_are_not()
    {
        var project = await api.CreateProjectAsync();
        await VisitAsync(project, project.SiteId, hours: 60, page: "/old");
        await VisitAsync(project, project.SiteId, hours: 2, page: "/цены");
        await VisitAsync(project, Guid.CreateVersion7(), hours: 1, page: "/elsewhere");
        await VisitAsync(project, project.SiteId, hours: 0, page: "/bot", isBot: true);
        var now = TimeProvider.System.GetUtcNow();
        await api.LeadAsync(project, receivedAt: now.AddHours(-30));
        await api.LeadAsync(project, receivedAt: now.AddHours(-3), status: "test");
        var shown = await api.ReadAsync(project, $"/v1/sites/{project.SiteId}/installation");
        Assert.Equal((1, "/цены", 1), (shown.GetProperty("visitsLastDay").GetInt32(), shown.GetProperty("lastPage").GetString(), shown.GetProperty("leadsLastDay").GetInt32()));
        Assert.InRange(now - shown.GetProperty("firstVisitAt").GetDateTimeOffset(), TimeSpan.FromHours(59), TimeSpan.FromHours(61));
        Assert.InRange(now - shown.GetProperty("lastVisitAt").GetDateTimeOffset(), TimeSpan.FromHours(1), TimeSpan.FromHours(3));
        Assert.InRange(now - shown.GetProperty("lastLeadAt").GetDateTimeOffset(), TimeSpan.FromHours(2.9), TimeSpan.FromHours(3.1));
    }

    [Fact]
    public async Task A_lead_of_long_ago_is_found_by_its_day()
    {
        var project = await api.CreateProjectAsync();
        var at = new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);
        await api.LeadAsync(project, receivedAt: at);
        await VisitAsync(project, project.SiteId, hours: 60, page: "/old");
        await api.CatchUpAsync(project);
        var shown = await api.ReadAsync(project, $"/v1/sites/{project.SiteId}/installation");
        Assert.Equal((at, "/old", 0), (shown.GetProperty("lastLeadAt").GetDateTimeOffset(), shown.GetProperty("lastPage").GetString(), shown.GetProperty("visitsLastDay").GetInt32()));
    }

    private Task<int> VisitAsync(TestProject project, Guid site, int hours, string page, bool isBot = false)
    {
        var at = TimeProvider.System.GetUtcNow().AddHours(-hours);
        return api.ExecuteAsync("""
            insert into visits (project_id, id, site_id, visitor_id, started_at, last_seen_at, channel, passport, pages, page_views, is_bot)
            values (@P, @Id, @Site, @Id, @At, @At, 'direct', '{"landingPage":"https://okna-plus.ru/landing"}', jsonb_build_array(jsonb_build_array('/', 1793527200), jsonb_build_array(@Page, 1793527230)), 2, @IsBot)
            """, new { P = project.ProjectId, Id = Guid.CreateVersion7(at), Site = site, At = at, Page = page, IsBot = isBot });
    }
}
