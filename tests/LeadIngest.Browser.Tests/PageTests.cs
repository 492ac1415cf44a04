using System.IO.Compression;
using System.Net;
using LeadIngest.Api.Tests;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace LeadIngest.Browser.Tests;

/// <summary>The tracker on pages as they are: strict policies, old libraries, calls before it is there.</summary>
public sealed class PageTests(TrackerFixture fixture, ITestOutputHelper output) : IClassFixture<TrackerFixture>
{
    [Fact]
    public async Task A_strict_policy_with_a_nonce_is_enough()
    {
        var project = await fixture.CreateProjectAsync();
        await fixture.LendAsync(project, ("+74951234567", "+74950000002"));
        await using var visitor = await fixture.VisitorAsync(project);
        var broken = new List<string>();
        var page = await visitor.NewPageAsync();
        page.Console += (_, message) => broken.Add(message.Text);
        await page.GotoAsync(fixture.Site.Url + fixture.Site.Page("<p>8 495 123-45-67</p><form method=post action=/handler><input name=phone value=5></form>",
            visitor.Tag("nonce=r4nd0m"), $"default-src 'none'; script-src 'nonce-r4nd0m'; connect-src {fixture.Service}; form-action 'self'; require-trusted-types-for 'script'"));
        await Assertions.Expect(page.Locator("p")).ToHaveTextAsync("8 495 000-00-02");
        fixture.Site.Posted.Clear();
        await Visitor.SoonAsync(page, "document.forms[0].requestSubmit()");
        await Visitor.UntilAsync(() => Task.FromResult(!fixture.Site.Posted.IsEmpty), "the post");
        Assert.Contains("leadingest_visit", fixture.Site.Posted.Single().Keys);
        Assert.DoesNotContain(broken, text => text.Contains("Content Security Policy", StringComparison.Ordinal));
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task Calls_made_before_the_script_is_there_are_honoured()
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        var page = await visitor.OpenAsync(fixture.Site.Page("", """
            <script>
              window.leadingest = window.leadingest || [];
              leadingest.push(['send', { name: 'Анна', phone: '+7 916 123-45-67' }]);
              leadingest.push(li => li.send({ email: 'anna@example.ru' }).then(o => window.second = o.ok));
              leadingest.push(['nothing', 1]);
              leadingest.push(() => { throw new Error('of the page') });
            </script>
            """ + visitor.Tag("async")));
        await visitor.LeadsComeAsync(2);
        await page.WaitForFunctionAsync("() => window.second");
        await page.EvaluateAsync("leadingest.push(['send', { phone: '+7 903 000-00-01' }])");
        await visitor.LeadsComeAsync(3);
        Assert.Empty(visitor.Errors);
    }

    [Theory]
    [InlineData("Array.prototype.toJSON = function() { return '[' + this.join() + ']' }; Object.prototype.extra = 1; Array.prototype.each = function() {}")]
    [InlineData("window.fetch = () => { throw new Error('no') }; navigator.sendBeacon = null; performance.measure = null")]
    [InlineData("history.pushState = null; Object.freeze(history); crypto.getRandomValues = () => { throw 1 }")]
    [InlineData("window.MutationObserver = function() { throw new Error('no') }; Element.prototype.closest = null")]
    [InlineData("Object.defineProperty(document, 'cookie', { get() { throw 1 }, set() { throw 1 } }); window.AbortController = null")]
    public async Task A_hostile_page_sees_no_error(string hostile)
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        var page = await visitor.OpenAsync(fixture.Site.Page("<p>8 495 123-45-67</p><form method=post action=/handler data-leadingest><input name=phone></form>", $"<script>{hostile}</script>" + visitor.Tag()));
        await page.EvaluateAsync("""
            () => {
              document.body.append(document.createElement('section'));
              leadingest.visit(); leadingest.number(); leadingest.rescan(); leadingest.onNumber(null); leadingest.consent('nonsense'); leadingest.push(null); leadingest.push(5);
              leadingest.send({ phone: '5' });
              document.forms[0].dispatchEvent(new Event('submit', { cancelable: true, bubbles: true }));
              document.dispatchEvent(new Event('visibilitychange'));
            }
            """);
        await page.GotoAsync("about:blank");
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task With_an_old_library_on_the_page_the_messages_stay_readable()
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        await visitor.OpenAsync(fixture.Site.Page("", "<script>Array.prototype.toJSON = function() { return '[' + this.join() + ']' }</script>" + visitor.Tag()));
        Assert.Equal(System.Text.Json.JsonValueKind.Array, (await visitor.ToldAsync("start")).GetProperty("pages").ValueKind);
    }

    [Fact]
    public async Task The_script_leaves_one_name_on_the_page()
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        var page = await visitor.OpenAsync(fixture.Site.Page("", "<script>window.before = Object.keys(window)</script>" + visitor.Tag()));
        Assert.Equal(["leadingest"], await page.EvaluateAsync<string[]>("Object.keys(window).filter(k => !before.includes(k) && k != 'before')"));
    }

    [Fact]
    public async Task A_page_out_of_the_back_forward_cache_is_another_view_of_the_same_visit()
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        var page = await visitor.OpenAsync(fixture.Site.Page("", visitor.Tag()));
        var start = await visitor.ToldAsync("start");
        await Visitor.HeardAsync(page);
        await page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })), dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
        var told = await visitor.ToldAsync("page");
        Assert.Equal((Visitor.Text(start, "visitId"), "2"), (Visitor.Text(told, "visitId"), Visitor.Text(told, "pageViews")));
    }

    [Fact]
    public async Task The_script_weighs_five_kilobytes_at_most()
    {
        var project = await fixture.CreateProjectAsync();
        var site = await (await fixture.PostAsync(project, "/v1/sites", new { name = "okna-plus.ru" })).JsonAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/t/{site.GetProperty("siteKey").GetString()}.js");
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var answer = await fixture.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var wire = await answer.Content.ReadAsByteArrayAsync();
        using var plain = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(wire), CompressionMode.Decompress)) await gzip.CopyToAsync(plain);
        output.WriteLine($"tracker.gzip_bytes: {wire.Length} ({plain.Length} plain)");
        Assert.InRange(wire.Length, 1000, 5120);
    }
}
