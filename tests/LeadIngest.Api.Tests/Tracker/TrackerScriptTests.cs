using System.IO.Compression;
using System.Net;

namespace LeadIngest.Api.Tests.Tracker;

/// <summary><c>GET /t/{siteKey}.js</c>.</summary>
public sealed class TrackerScriptTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private async Task<HttpResponseMessage> GetAsync(TestProject project, string? accept = null, string? known = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, $"/t/{project.SiteKey}.js");
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", accept);
        if (known is not null) request.Headers.TryAddWithoutValidation("If-None-Match", known);
        return await api.Client.SendAsync(request);
    }

    [Fact]
    public async Task The_script_may_be_loaded_by_any_page_and_kept_for_an_hour()
    {
        var project = await api.CreateProjectAsync();
        var answer = await GetAsync(project);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/javascript; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        string Header(string name) => string.Join(", ", answer.Headers.GetValues(name));
        var cache = answer.Headers.CacheControl!;
        Assert.Equal((true, TimeSpan.FromHours(1)), (cache.Public, cache.MaxAge));
        Assert.Equal(["stale-if-error=604800", "stale-while-revalidate=86400"], cache.Extensions.Select(e => e.ToString()).Order());
        Assert.Equal(("*", "cross-origin", "Accept-Encoding", "nosniff"),
            (Header("Access-Control-Allow-Origin"), Header("Cross-Origin-Resource-Policy"), Header("Vary"), Header("X-Content-Type-Options")));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.StartsWith($$"""(window.leadingest=window.leadingest||[]).config={"key":"{{project.SiteKey}}","consent":"full","forms":"mark","base":"http://""", text);
    }

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("identity", null)]
    [InlineData("br;;q", null)]
    [InlineData(null, null)]
    public async Task Each_coding_has_the_same_content_and_a_tag_of_its_own(string? accept, string? coding)
    {
        var project = await api.CreateProjectAsync();
        var plain = await GetAsync(project);
        var answer = await GetAsync(project, accept);
        Assert.Equal(coding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        await using var wire = await answer.Content.ReadAsStreamAsync();
        await using Stream read = coding switch
        {
            "br" => new BrotliStream(wire, CompressionMode.Decompress),
            "gzip" => new GZipStream(wire, CompressionMode.Decompress),
            _ => wire,
        };
        using var reader = new StreamReader(read);
        Assert.Equal(await plain.Content.ReadAsStringAsync(), await reader.ReadToEndAsync());
        Assert.False(answer.Headers.ETag!.IsWeak);
        Assert.Equal(coding is null, answer.Headers.ETag.Tag == plain.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task A_browser_that_has_it_gets_304_until_a_setting_changes()
    {
        var project = await api.CreateProjectAsync();
        var tag = (await GetAsync(project, "gzip")).Headers.ETag!.Tag;
        foreach (var known in (string[])[tag, "W/" + tag, "\"other\", " + tag, "*"])
        {
            var answer = await GetAsync(project, "gzip", known);
            Assert.Equal((HttpStatusCode.NotModified, tag), (answer.StatusCode, answer.Headers.ETag!.Tag));
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        }
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(project, null, tag)).StatusCode);
        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/sites/{project.SiteId}", new { tracker = new { consent = "essential" } })).JsonAsync();
        var changed = await GetAsync(project, "gzip", tag);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(tag, changed.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task A_question_for_the_headers_gets_them_alone()
    {
        var answer = await GetAsync(await api.CreateProjectAsync(), method: HttpMethod.Head);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        Assert.True(answer.Content.Headers.ContentLength > 5000);
    }

    [Fact]
    public async Task An_unknown_site_is_a_404_that_is_soon_forgotten()
    {
        var answer = await api.Client.GetAsync("/t/site_unknown.js");
        await answer.ProblemAsync(404);
        Assert.Equal(TimeSpan.FromSeconds(30), answer.Headers.CacheControl!.MaxAge);
    }

    [Fact]
    public async Task The_settings_of_the_tracker_are_kept_changed_one_by_one_and_checked()
    {
        var project = await api.CreateProjectAsync();
        var site = await (await api.PostAsync(project, "/v1/sites", new { name = "okna-plus.ru", tracker = new { forms = "send" } })).JsonAsync();
        Assert.Equal("""{"consent":"full","forms":"send"}""", site.GetProperty("tracker").GetRawText());
        Assert.EndsWith($"""/t/{site.GetProperty("siteKey").GetString()}.js"></script>""", site.GetProperty("endpoints").GetProperty("tracker").GetString());
        var path = "/v1/sites/" + site.GetProperty("id").GetString();
        await (await api.SendAsync(project, HttpMethod.Patch, path, new { tracker = new { consent = "off" } })).JsonAsync();
        await (await api.SendAsync(project, HttpMethod.Patch, path, new { name = "Окна" })).JsonAsync();
        Assert.Equal("""{"consent":"off","forms":"send"}""", (await api.ReadAsync(project, path)).GetProperty("tracker").GetRawText());
        var problem = await (await api.SendAsync(project, HttpMethod.Patch, path, new { tracker = new { consent = "maybe", forms = "mark" } })).ProblemAsync(400);
        Assert.Equal(["tracker"], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task A_lead_with_nothing_but_a_forms_own_fields_is_understood_like_the_form()
    {
        var project = await api.CreateProjectAsync();
        var answer = await (await api.PostAsync(null!, $"/v1/sites/{project.SiteKey}/leads", new
        {
            formName = "Замер",
            fields = new Dictionary<string, object> { ["Ваше имя"] = "Анна", ["Телефон"] = "8 916 123-45-67", ["Город"] = "Тверь", ["opts"] = new[] { "a", "b" } },
        })).JsonAsync();
        var lead = await api.ReadAsync(project, $"/v1/leads/{answer.GetProperty("leadId").GetString()}");
        Assert.Equal(("Анна", "+79161234567"), (lead.GetProperty("name").GetString(), lead.GetProperty("phone").GetString()));
        Assert.Contains("Тверь", lead.GetProperty("fields").ToString());
    }

    [Fact]
    public async Task A_lead_that_names_a_contact_keeps_its_fields_as_they_are()
    {
        var project = await api.CreateProjectAsync();
        var answer = await (await api.PostAsync(null!, $"/v1/sites/{project.SiteKey}/leads", new { phone = "+7 916 123-45-67", fields = new { client = "ООО Ромашка" } })).JsonAsync();
        var lead = await api.ReadAsync(project, $"/v1/leads/{answer.GetProperty("leadId").GetString()}");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, lead.GetProperty("name").ValueKind);
        Assert.Contains("ООО Ромашка", lead.GetProperty("fields").ToString());
    }
}
