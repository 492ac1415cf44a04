using LeadIngest.Api.Features.Sites;

namespace LeadIngest.Api.Tests.Sites;

public class SitesTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_new_site_comes_with_a_key_of_its_own_and_the_addresses_to_post_to()
    {
        var project = await api.CreateProjectAsync();
        var answer = await api.PostAsync(project, "/v1/sites", new { name = "okna-plus.ru", allowedOrigins = new[] { "HTTPS://Okna-Plus.ru:443/", "https://okna-plus.ru" } });
        Assert.Equal(201, (int)answer.StatusCode);
        var site = await answer.JsonAsync();
        var key = site.GetProperty("siteKey").GetString()!;
        Assert.Matches("^site_[a-z2-7]{20}$", key);
        Assert.Equal(["https://okna-plus.ru"], site.GetProperty("allowedOrigins").Strings());
        Assert.Equal(("RU", 50, 60), (site.GetProperty("defaultCountry").GetString(), site.GetProperty("ratePerSecond").GetInt32(), site.GetProperty("ratePerIpPerMinute").GetInt32()));
        var endpoints = site.GetProperty("endpoints");
        Assert.Equal(new Uri(api.Client.BaseAddress!, $"/v1/sites/{key}/leads").AbsoluteUri, endpoints.GetProperty("leads").GetString());
        Assert.Contains($"/v1/sites/{key}/forms\" method=\"post\"", endpoints.GetProperty("form").GetString());
        Assert.Contains(endpoints.GetProperty("leads").GetString()!, endpoints.GetProperty("curl").GetString());
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_nothing_else()
    {
        var project = await api.CreateProjectAsync();
        var path = $"/v1/sites/{project.SiteId}";
        var changed = await (await api.SendAsync(project, HttpMethod.Patch, path, new { allowedOrigins = new[] { "https://окна-плюс.рф" }, fieldMap = new Dictionary<string, string> { ["Телефончик"] = "phone" } })).JsonAsync();
        Assert.Equal("okna-plus.ru", changed.GetProperty("name").GetString());
        Assert.Equal("phone", changed.GetProperty("fieldMap").GetProperty("Телефончик").GetString());
        Assert.StartsWith("https://xn--", changed.GetProperty("allowedOrigins")[0].GetString());
        var cleared = await (await api.SendAsync(project, HttpMethod.Patch, path, new { allowedOrigins = Array.Empty<string>() })).JsonAsync();
        Assert.Empty(cleared.GetProperty("allowedOrigins").Strings());
        Assert.Equal("phone", cleared.GetProperty("fieldMap").GetProperty("Телефончик").GetString());
        Assert.Equal(project.SiteKey, (await api.ReadAsync(project, path)).GetProperty("siteKey").GetString());
    }

    [Theory]
    [InlineData("https://example.ru", "https://example.ru")]
    [InlineData("HTTP://Example.RU:80/", "http://example.ru")]
    [InlineData("https://example.ru:8443", "https://example.ru:8443")]
    [InlineData("https://Пример.рф", "https://xn--e1afmkfd.xn--p1ai")]
    [InlineData("http://[::1]:3000", "http://[::1]:3000")]
    [InlineData("example.ru", null)]
    [InlineData("https://example.ru/path", null)]
    [InlineData("https://example.ru/?a=1", null)]
    [InlineData("https://*.example.ru", null)]
    [InlineData("https://user@example.ru", null)]
    [InlineData("null", null)]
    [InlineData("*", null)]
    [InlineData("ftp://example.ru", null)]
    [InlineData("", null)]
    public void An_origin_is_kept_as_browsers_send_it(string text, string? expected)
    {
        Assert.Equal(expected is not null, SiteOrigin.TryNormalise(text, out var origin));
        Assert.Equal(expected, origin);
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"x","allowedOrigins":["https://a.ru/path"]}""", "allowedOrigins")]
    [InlineData("""{"name":"x","defaultCountry":"rus"}""", "defaultCountry")]
    [InlineData("""{"name":"x","ratePerSecond":0}""", "ratePerSecond")]
    [InlineData("""{"name":"x","fieldMap":{"":"phone"}}""", "fieldMap")]
    public async Task A_wrong_site_is_refused_by_field(string json, string field)
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.PostAsync(project, "/v1/sites", new StringContent(json, null, "application/json"))).ProblemAsync(400);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }
}
