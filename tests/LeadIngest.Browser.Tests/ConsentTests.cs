using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests;

/// <summary>Nothing is stored or sent that the visitor has not agreed to.</summary>
public sealed class ConsentTests(TrackerFixture fixture) : IClassFixture<TrackerFixture>
{
    private const string Stored = "() => [document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(x => x)";

    [Fact]
    public async Task Off_stores_nothing_and_sends_nothing_but_the_lead_with_its_page()
    {
        var project = await fixture.CreateProjectAsync();
        await fixture.SetTrackerAsync(project, consent: "off");
        await using var visitor = await fixture.VisitorAsync(project);
        var path = fixture.Site.Page("", visitor.Tag()) + "?utm_source=yandex&utm_medium=cpc";
        var page = await visitor.OpenAsync(path, "https://ya.ru/");
        var sent = await page.EvaluateAsync<bool>("leadingest.send({ phone: '+7 916 123-45-67' }).then(o => o.ok)");
        Assert.True(sent);
        await page.EvaluateAsync("history.pushState({}, '', '/other')");
        Assert.Empty(await page.EvaluateAsync<string[]>(Stored));
        Assert.Equal(1, await visitor.LeadsAsync());
        Assert.Equal("yandex", await fixture.ScalarAsync<string>("select passport->'utm'->>'utm_source' from leads where project_id = @ProjectId", new { project.ProjectId }));
        await page.CloseAsync(new() { RunBeforeUnload = true });
        Assert.Equal([path.Split('?')[0], $"/t/{project.SiteKey}.js", $"/v1/sites/{project.SiteKey}/leads"], visitor.Asked.Where(asked => asked != "/favicon.ico"));
        Assert.Equal(0, await fixture.CountAsync("select count(*) from visits where project_id = @ProjectId", new { project.ProjectId }));
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task Essential_keeps_the_visit_to_the_tab_and_knows_no_visitor_afterwards()
    {
        var project = await fixture.CreateProjectAsync();
        await fixture.SetTrackerAsync(project, consent: "essential");
        await using var visitor = await fixture.VisitorAsync(project);
        await visitor.Context.AddCookiesAsync([new Cookie { Name = "_ym_uid", Value = "17000", Url = fixture.Site.Url }]);
        var path = fixture.Site.Page("", visitor.Tag());
        var first = await visitor.OpenAsync(path);
        var told = await visitor.ToldAsync("start");
        Assert.Null(Visitor.Text(told.GetProperty("clientIds"), "ym"));
        await Visitor.HeardAsync(first);
        await first.ReloadAsync();
        Assert.Equal(Visitor.Text(told, "visitId"), Visitor.Text(await visitor.ToldAsync("page"), "visitId"));
        Assert.Equal(["_ym_uid=17000", "leadingest"], await first.EvaluateAsync<string[]>(Stored));
        await visitor.OpenAsync(path);
        Assert.NotEqual(Visitor.Text(told, "visitorId"), Visitor.Text(await visitor.ToldAsync("start", 2), "visitorId"));
    }

    [Fact]
    public async Task A_choice_at_run_time_counts_at_once_and_on_the_next_page()
    {
        var project = await fixture.CreateProjectAsync();
        await fixture.LendAsync(project, ("+74951234567", "+74950000002"));
        await using var visitor = await fixture.VisitorAsync(project);
        var path = fixture.Site.Page("<p>+7 495 123-45-67</p>", visitor.Tag());
        var page = await visitor.OpenAsync(path);
        await Assertions.Expect(page.Locator("p")).ToHaveTextAsync("+7 495 000-00-02");
        await page.EvaluateAsync("leadingest.consent('off')");
        await Assertions.Expect(page.Locator("p")).ToHaveTextAsync("+7 495 123-45-67");
        Assert.Equal(["leadingest_consent"], await page.EvaluateAsync<string[]>(Stored));
        visitor.Asked.Clear();
        await page.ReloadAsync();
        Assert.Equal(["leadingest_consent"], await page.EvaluateAsync<string[]>(Stored));
        Assert.DoesNotContain(visitor.Asked, asked => asked.EndsWith("/visits", StringComparison.Ordinal));
        visitor.Told.Clear();
        // Nothing tells that it is the same person: the number of before still belongs to the visitor who said no.
        await fixture.LendAsync(project, ("+74951234567", "+74950000003"));
        await page.EvaluateAsync("leadingest.consent('full')");
        await visitor.ToldAsync("start");
        await Assertions.Expect(page.Locator("p")).ToHaveTextAsync("+7 495 000-00-03");
    }

    [Fact]
    public async Task Agreeing_later_keeps_the_page_that_the_visit_began_with()
    {
        var project = await fixture.CreateProjectAsync();
        await fixture.SetTrackerAsync(project, consent: "essential");
        await using var visitor = await fixture.VisitorAsync(project);
        var page = await visitor.OpenAsync(fixture.Site.Page("", visitor.Tag()) + "?utm_source=vk");
        var before = await visitor.ToldAsync("start");
        await Visitor.HeardAsync(page);
        await page.EvaluateAsync("history.pushState({}, '', '/other')");
        await visitor.ToldAsync("page");
        await page.EvaluateAsync("leadingest.consent('full')");
        var after = await visitor.ToldAsync("page", 2);
        Assert.Equal("full", Visitor.Text(after, "consent"));
        foreach (var name in (string[])["visitId", "landingPage"]) Assert.Equal(Visitor.Text(before, name), Visitor.Text(after, name));
    }
}
