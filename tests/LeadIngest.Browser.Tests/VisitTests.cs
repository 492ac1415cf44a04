using System.Text.Json;
using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests;

/// <summary>Who visits, and when one visit ends and another begins.</summary>
public sealed class VisitTests(TrackerFixture fixture) : IClassFixture<TrackerFixture>
{
    private const string Uuid = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$";

    [Fact]
    public async Task The_first_page_tells_the_whole_visit()
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        await visitor.Context.AddCookiesAsync([
            new Cookie { Name = "_ym_uid", Value = "1700000000123456789", Url = fixture.Site.Url },
            new Cookie { Name = "_ga", Value = "GA1.2.1111111111.2222222222", Url = fixture.Site.Url }]);
        var path = fixture.Site.Page("", visitor.Tag());
        await visitor.OpenAsync(path + "?utm_source=yandex&yclid=1", "https://ya.ru/");
        var told = await visitor.ToldAsync("start");
        Assert.Matches(Uuid, Visitor.Text(told, "visitorId"));
        Assert.Matches(Uuid, Visitor.Text(told, "visitId"));
        Assert.Equal(fixture.Site.Url + path + "?utm_source=yandex&yclid=1", Visitor.Text(told, "landingPage"));
        Assert.Equal(("https://ya.ru/", "https://ya.ru/"), (Visitor.Text(told, "landingReferrer"), Visitor.Text(told, "referrer")));
        Assert.Equal(("full", "1", "True"), (Visitor.Text(told, "consent"), Visitor.Text(told, "pageViews"), Visitor.Text(told, "wantsNumbers")));
        Assert.Equal(path, told.GetProperty("pages")[0][0].GetString());
        Assert.Equal(("1700000000123456789", "1111111111.2222222222"), (Visitor.Text(told.GetProperty("clientIds"), "ym"), Visitor.Text(told.GetProperty("clientIds"), "ga")));
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task Two_tabs_are_one_visitor_and_one_visit_with_one_landing_page()
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        var first = await visitor.OpenAsync(fixture.Site.Page("", visitor.Tag()) + "?utm_source=vk");
        await visitor.ToldAsync("start");
        await Visitor.HeardAsync(first);
        var second = await visitor.OpenAsync(fixture.Site.Page("", visitor.Tag()));
        var told = await visitor.ToldAsync("page");
        Assert.Equal("2", Visitor.Text(told, "pageViews"));
        var (a, b) = (await Visitor.VisitAsync(first), await Visitor.VisitAsync(second));
        foreach (var name in (string[])["visitorId", "visitId", "landingPage"]) Assert.Equal(Visitor.Text(a, name), Visitor.Text(b, name));
        Assert.EndsWith("?utm_source=vk", Visitor.Text(b, "landingPage"));
        Assert.Single(visitor.Told, t => Visitor.Text(t, "event") == "start");
        var row = await visitor.RowAsync(v => Visitor.Text(v, "page_views") == "2");
        Assert.Equal((Visitor.Text(a, "visitId"), Visitor.Text(a, "visitorId")), (Visitor.Text(row, "id"), Visitor.Text(row, "visitor_id")));
    }

    [Theory]
    [InlineData("?utm_source=yandex&utm_campaign=a", null, "?utm_source=yandex&utm_campaign=b", null, true)]
    [InlineData("?utm_source=yandex&utm_campaign=a", null, "?utm_source=yandex&utm_campaign=a", null, false)]
    [InlineData("?utm_source=yandex", null, "", null, false)]
    [InlineData("", "https://yandex.ru/", "", "https://vk.com/", true)]
    [InlineData("", "https://yandex.ru/", "", "https://yandex.ru/search", false)]
    [InlineData("", null, "?yclid=5", null, true)]
    public async Task A_new_campaign_or_another_referrer_begins_a_new_visit_of_the_same_visitor(string tags, string? referrer, string nextTags, string? nextReferrer, bool isNew)
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        var path = fixture.Site.Page("", visitor.Tag());
        var page = await visitor.OpenAsync(path + tags, referrer);
        await visitor.ToldAsync("start");
        var before = await Visitor.VisitAsync(page);
        await page.GotoAsync("about:blank");
        await page.GotoAsync(fixture.Site.Url + path + nextTags, new() { Referer = nextReferrer });
        var after = await Visitor.VisitAsync(page);
        Assert.Equal(Visitor.Text(before, "visitorId"), Visitor.Text(after, "visitorId"));
        Assert.Equal(isNew, Visitor.Text(before, "visitId") != Visitor.Text(after, "visitId"));
    }

    [Fact]
    public async Task Half_an_hour_of_silence_ends_a_visit_and_a_beat_every_45_seconds_keeps_it()
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        var page = await visitor.NewPageAsync();
        await page.Clock.InstallAsync();
        var path = fixture.Site.Page("", visitor.Tag());
        await page.GotoAsync(fixture.Site.Url + path);
        var first = await visitor.ToldAsync("start");
        await page.Clock.RunForAsync(46_000);
        var beat = await visitor.ToldAsync("beat");
        Assert.Equal(Visitor.Text(first, "visitId"), Visitor.Text(beat, "visitId"));
        Assert.InRange(beat.GetProperty("seconds").GetInt32(), 45, 50);
        await page.GotoAsync("about:blank");
        await page.Clock.FastForwardAsync(31 * 60_000);
        await page.GotoAsync(fixture.Site.Url + path);
        var second = await visitor.ToldAsync("start", 2);
        Assert.Equal(Visitor.Text(first, "visitorId"), Visitor.Text(second, "visitorId"));
        Assert.NotEqual(Visitor.Text(first, "visitId"), Visitor.Text(second, "visitId"));
    }

    [Fact]
    public async Task Pages_of_a_single_page_site_are_counted_and_mere_queries_are_not()
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        var path = fixture.Site.Page("", visitor.Tag());
        var page = await visitor.OpenAsync(path);
        await visitor.ToldAsync("start");
        await Visitor.HeardAsync(page);
        await page.EvaluateAsync("history.pushState({}, '', '/catalog')");
        var told = await visitor.ToldAsync("page");
        Assert.Equal("2", Visitor.Text(told, "pageViews"));
        Assert.Equal(fixture.Site.Url + path, Visitor.Text(told, "referrer"));
        await page.EvaluateAsync("history.replaceState({}, '', '/catalog?sort=price')");
        await page.EvaluateAsync("location.hash = '#/item/5'");
        Assert.Equal("3", Visitor.Text(await visitor.ToldAsync("page", 2), "pageViews"));
        await page.EvaluateAsync("history.go(-2)");
        told = await visitor.ToldAsync("page", 3);
        Assert.Equal("4", Visitor.Text(told, "pageViews"));
        var row = await visitor.RowAsync(v => Visitor.Text(v, "page_views") == "4");
        foreach (var pages in (JsonElement[])[told.GetProperty("pages"), row.GetProperty("pages")])
            Assert.Equal([path, "/catalog", "/catalog", path], pages.EnumerateArray().Select(p => p[0].GetString()!));
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task Leaving_is_told_once_to_the_address_that_the_script_came_from()
    {
        var project = await fixture.CreateProjectAsync();
        await using var visitor = await fixture.VisitorAsync(project);
        fixture.Site.Beacons.Clear();
        var page = await visitor.OpenAsync(fixture.Site.Page("", visitor.Tag(service: fixture.Site.Url)));
        await Visitor.HeardAsync(page);
        await page.GotoAsync(fixture.Site.Url + fixture.Site.Page(""));
        await Visitor.UntilAsync(() => Task.FromResult(fixture.Site.Beacons.Count >= 2), "two messages");
        Assert.Equal(["start", "leave"], fixture.Site.Beacons.Select(b => Visitor.Text(b.Body, "event")!));
        // Plain text: a browser asks nobody before it sends that.
        Assert.All(fixture.Site.Beacons, b => Assert.StartsWith("text/plain", b.ContentType));
    }

    [Fact]
    public async Task A_start_that_did_not_arrive_is_told_at_the_next_occasion()
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        await visitor.LoseVisitsAsync();
        var page = await visitor.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync(fixture.Site.Url + fixture.Site.Page("", visitor.Tag()));
        await visitor.FindVisitsAsync();
        await page.Clock.RunForAsync(46_000);
        await visitor.ToldAsync("start");
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task Without_any_storage_a_page_still_has_its_visit()
    {
        var project = await fixture.CreateProjectAsync();
        await fixture.LendAsync(project, ("+74951234567", "+74950000002"));
        await using var visitor = await fixture.VisitorAsync(project);
        // A frame without an origin of its own: cookies and both storages throw.
        var inner = fixture.Site.Page("<a href='tel:+74951234567'>+7 (495) 123-45-67</a>", visitor.Tag());
        var page = await visitor.OpenAsync(fixture.Site.Page($"<iframe sandbox=allow-scripts src='{inner}'></iframe>"));
        var told = await visitor.ToldAsync("start");
        Assert.Matches(Uuid, Visitor.Text(told, "visitorId"));
        await Assertions.Expect(page.FrameLocator("iframe").Locator("a")).ToHaveTextAsync("+7 (495) 000-00-02");
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task In_a_frame_of_another_site_with_its_storage_blocked_a_lead_has_its_visit_and_the_frames_first_page()
    {
        var project = await fixture.CreateProjectAsync();
        await using var visitor = await fixture.VisitorAsync(project);
        var form = fixture.Site.Page("<form data-leadingest=send><input name=phone value='+7 916 123-45-67'><button>x</button></form>", visitor.Tag());
        var framed = await visitor.OpenAsync(fixture.Site.Page($"<iframe src='{fixture.Site.Localhost}{form}?utm_source=vk'></iframe>"));
        var told = await visitor.ToldAsync("start");
        await framed.FrameLocator("iframe").Locator("button").ClickAsync();
        await visitor.LeadsComeAsync(1);
        Assert.Equal((Visitor.Text(told, "visitId"), "vk"), (await fixture.ScalarAsync<string>("select visit_id from leads where project_id = @ProjectId", new { project.ProjectId }),
            await fixture.ScalarAsync<string>("select passport->'utm'->>'utm_source' from leads where project_id = @ProjectId", new { project.ProjectId })));
        // Blocked indeed: the framed site itself, opened in the same browser, finds nothing of it.
        var itself = await visitor.NewPageAsync();
        await itself.GotoAsync(fixture.Site.Localhost + form);
        Assert.NotEqual(Visitor.Text(told, "visitorId"), Visitor.Text(await Visitor.VisitAsync(itself), "visitorId"));
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task Subdomains_share_visitor_and_visit()
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        var path = fixture.Site.Page("", visitor.Tag());
        var page = await visitor.OpenAsync(fixture.Site.Of("www") + path + "?utm_source=vk");
        await visitor.ToldAsync("start");
        await Visitor.HeardAsync(page);
        var first = await Visitor.VisitAsync(page);
        await page.GotoAsync(fixture.Site.Of("spb") + path);
        await visitor.ToldAsync("page");
        var second = await Visitor.VisitAsync(page);
        foreach (var name in (string[])["visitorId", "visitId"]) Assert.Equal(Visitor.Text(first, name), Visitor.Text(second, name));
        var cookie = Assert.Single(await visitor.Context.CookiesAsync(), c => c.Name == "leadingest");
        Assert.Equal("." + TrackerFixture.ShopDomain, cookie.Domain);
        Assert.Equal("vk", (await visitor.RowAsync(_ => true)).GetProperty("passport").GetProperty("utm").GetProperty("utm_source").GetString());
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task A_second_copy_of_the_tag_changes_nothing()
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        var page = await visitor.OpenAsync(fixture.Site.Page("", visitor.Tag() + visitor.Tag()));
        await visitor.ToldAsync("start");
        await Visitor.HeardAsync(page);
        Assert.Equal("1", Visitor.Text(visitor.Told.First(), "pageViews"));
        await page.ReloadAsync();
        Assert.Equal("2", Visitor.Text(await visitor.ToldAsync("page"), "pageViews"));
    }
}
