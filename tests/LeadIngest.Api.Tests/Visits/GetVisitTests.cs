namespace LeadIngest.Api.Tests.Visits;

public class GetVisitTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_visit_is_shown_with_its_pages_passport_and_leads()
    {
        var project = await api.CreateProjectAsync();
        var id = await VisitAsync(project);
        var lead = await api.LeadAsync(project);
        await api.ExecuteAsync("update leads set visit_id = @Visit where project_id = @P and id = @Lead", new { P = project.ProjectId, Lead = lead, Visit = id.ToString().ToUpperInvariant() });
        var call = await api.CallRowAsync(project);
        var called = await api.LeadAsync(project, kind: "call");
        await api.ExecuteAsync("update calls set visit_id = @Visit where id = @Call; update leads set call_id = @Call where id = @Called", new { Visit = id, Call = call, Called = called });
        await api.LeadAsync(project);

        var visit = await api.ReadAsync(project, $"/v1/visits/{id}");

        Assert.Equal(["id", "visitorId", "siteId", "siteName", "startedAt", "lastSeenAt", "passport", "pages", "pageViews", "seconds", "device", "isBot", "leadIds"], visit.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["/", "/цены"], visit.GetProperty("pages").EnumerateArray().Select(p => p.GetProperty("path").GetString()));
        Assert.Equal("2026-11-01T10:00:00+00:00", visit.GetProperty("pages")[0].GetProperty("at").GetString());
        Assert.Equal((3, 95, "mobile", false), (visit.GetProperty("pageViews").GetInt32(), visit.GetProperty("seconds").GetInt32(), visit.GetProperty("device").GetString(), visit.GetProperty("isBot").GetBoolean()));
        Assert.Equal("Яндекс.Директ", visit.GetProperty("passport").GetProperty("source").GetString());
        Assert.Equal("yandex", visit.GetProperty("passport").GetProperty("utm").GetProperty("utm_source").GetString());
        Assert.Equal(new[] { lead, called }.Order(), visit.GetProperty("leadIds").EnumerateArray().Select(l => l.GetGuid()).Order());
        // From where and with what a visitor came is not shown beside the visit.
        Assert.DoesNotContain("192.0.2.10", visit.GetRawText());
    }

    [Fact]
    public async Task A_foreign_visit_and_a_missing_one_get_the_same_404()
    {
        var (project, other) = (await api.CreateProjectAsync(), await api.CreateProjectAsync());
        await (await api.GetAsync(project, $"/v1/visits/{await VisitAsync(other)}")).ProblemAsync(404);
        await (await api.GetAsync(project, $"/v1/visits/{Guid.CreateVersion7()}")).ProblemAsync(404);
    }

    private async Task<Guid> VisitAsync(TestProject project)
    {
        var id = Guid.CreateVersion7();
        await api.ExecuteAsync("""
            insert into visits (project_id, id, site_id, visitor_id, started_at, last_seen_at, channel, source, medium, passport, pages, page_views, seconds, ip, user_agent)
            values (@P, @Id, @SiteId, @Id, now() - interval '5 minutes', now(), 'paid_search', 'Яндекс.Директ', 'cpc', @Passport::jsonb, '[["/", 1793527200], ["/цены", 1793527230]]', 3, 95, '192.0.2.10',
                'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148')
            """, new { P = project.ProjectId, Id = id, project.SiteId, Rows.Passport });
        return id;
    }
}
