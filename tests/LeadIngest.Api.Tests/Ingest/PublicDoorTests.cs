using System.Globalization;
using System.Net;

namespace LeadIngest.Api.Tests.Ingest;

public class PublicDoorTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    private const string Page = "https://okna-plus.ru";
    private static readonly object Lead = new { phone = "+79161234567" };

    [Theory]
    [InlineData("https://okna-plus.ru", true)]
    [InlineData("HTTPS://OKNA-PLUS.RU", true)]
    [InlineData("https://xn--80atjc.xn--p1ai", true)] // listed as https://окна.рф
    [InlineData("http://okna-plus.ru", false)]
    [InlineData("https://okna-plus.ru:8443", false)]
    [InlineData("https://shop.okna-plus.ru", false)]
    [InlineData("https://okna-plus.ru.evil.ru", false)]
    [InlineData("https://evilokna-plus.ru", false)]
    [InlineData("https://okna-plus.rux", false)]
    [InlineData("https://okna-plus.ru, https://evil.ru", false)]
    [InlineData("null", false)]
    [InlineData("*", false)]
    public async Task Only_a_listed_origin_may_post_and_only_it_is_echoed(string origin, bool allowed)
    {
        var project = await api.OpenAsync(origins: [Page, "https://окна.рф/"]);
        foreach (var answer in new[] { await PreflightAsync(project, origin), await api.LeadPostAsync(project, Lead, ("Origin", origin)) })
        {
            Assert.Equal(allowed, answer.IsSuccessStatusCode);
            Assert.Equal(allowed ? origin : null, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Contains("Origin", answer.Headers.Vary);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
            if (!allowed) await answer.ProblemAsync(403);
        }
        Assert.Equal(allowed ? 1 : 0, await api.LeadCountAsync(project));
    }

    [Fact]
    public async Task A_preflight_allows_what_a_form_needs()
    {
        var project = await api.OpenAsync(origins: [Page]);
        var answer = await PreflightAsync(project, Page);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("POST", Header(answer, "Access-Control-Allow-Methods"));
        Assert.Contains("Idempotency-Key", Header(answer, "Access-Control-Allow-Headers"));
        Assert.Contains("Content-Type", Header(answer, "Access-Control-Allow-Headers"));
        Assert.Equal(404, (int)(await PreflightAsync(project with { SiteKey = "site_nobody" }, Page)).StatusCode);
    }

    [Fact]
    public async Task A_site_without_a_list_takes_every_origin_that_a_browser_can_send()
    {
        var project = await api.OpenAsync();
        var answer = await api.LeadPostAsync(project, Lead, ("Origin", "https://any.example"));
        await answer.LeadIdAsync();
        Assert.Equal("https://any.example", Header(answer, "Access-Control-Allow-Origin"));
        Assert.Contains("RateLimit-Remaining", Header(answer, "Access-Control-Expose-Headers"));
    }

    [Fact]
    public async Task An_origin_that_no_header_can_hold_is_refused_and_breaks_nothing()
    {
        var project = await api.OpenAsync();
        var answer = await RawHttp.PostAsync(api.Client.BaseAddress!, project.Leads(), "{\"phone\":\"+79161234567\"}", "Origin: https://окна.рф");
        Assert.StartsWith("HTTP/1.1 403", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_an_origin_may_post_and_a_foreign_page_that_only_its_referrer_tells_may_not()
    {
        var project = await api.OpenAsync(origins: [Page]);
        await (await api.LeadPostAsync(project, Lead)).LeadIdAsync();
        await (await api.LeadPostAsync(project, Lead, ("Referer", Page + "/form?x=1"))).LeadIdAsync();
        await (await api.LeadPostAsync(project, Lead, ("Referer", "https://evil.ru/okna-plus.ru"))).ProblemAsync(403);
    }

    [Fact]
    public async Task An_address_that_posts_too_often_gets_429_and_is_told_when_to_come_again()
    {
        var project = await api.OpenAsync(perMinute: 3);
        for (var left = 2; left >= 0; left--)
        {
            var taken = await api.LeadPostAsync(project, Lead);
            await taken.LeadIdAsync();
            Assert.Equal(("3", left.ToString(CultureInfo.InvariantCulture)), (Header(taken, "RateLimit-Limit"), Header(taken, "RateLimit-Remaining")));
        }
        await RefusedAsync(await api.LeadPostAsync(project, Lead, ("Origin", Page)), 20, 20);
        Assert.Equal((3L, 0L), (await api.LeadCountAsync(project), await api.RejectCountAsync(project)));
        // Another site of the same visitor is not concerned.
        await (await api.LeadPostAsync(await api.OpenAsync(perMinute: 3), Lead)).LeadIdAsync();
    }

    [Fact]
    public async Task A_site_that_is_flooded_gets_429_and_recovers()
    {
        var project = await api.OpenAsync(perSecond: 1);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.LeadPostAsync(project, Lead)));
        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.InRange(refused.Count, 1, 18); // a burst of two, and whatever seconds pass meanwhile
        await RefusedAsync(refused[0], 1, 1);
        Assert.Equal(20 - refused.Count, await api.LeadCountAsync(project));
        await Posts.UntilAsync(async () => (await api.LeadPostAsync(project, Lead)).StatusCode == HttpStatusCode.Accepted, "let in again");
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, int least, int most)
    {
        await answer.ProblemAsync(429);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, least, most);
        Assert.Equal("0", Header(answer, "RateLimit-Remaining"));
        Assert.Equal(Header(answer, "Retry-After"), Header(answer, "RateLimit-Reset"));
        Assert.True(answer.Headers.Contains("RateLimit-Limit"));
    }

    private async Task<HttpResponseMessage> PreflightAsync(TestProject project, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, project.Leads());
        request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "POST");
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "content-type,idempotency-key");
        return await api.Client.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
