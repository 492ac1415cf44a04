using System.Net;
using System.Text;

namespace LeadIngest.Api.Tests.Ingest;

public class AcceptFormTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    private const string Page = "https://okna-plus.ru";

    [Fact]
    public async Task A_plain_form_with_the_sites_own_names_becomes_a_lead()
    {
        var project = await api.OpenAsync();
        var id = await (await PostAsync(project,
            Encoded(("Ваше имя", "Анна Петрова"), ("your-phone", "8 916 123-45-67"), ("Почта", "olga@mail.ru"), ("Вопрос", "Сколько?"), ("form_name", "Замер"),
                ("utm_source", "yandex"), ("utm_medium", "cpc"), ("Площадь", "54 м²"), ("Опции[]", "балкон"), ("Опции[]", "откосы"), ("agree", "on")))).LeadIdAsync();
        var lead = await api.ReadAsync(project, $"/v1/leads/{id}");
        Assert.Equal(("Анна Петрова", "+79161234567", "olga@mail.ru", "Сколько?", "Замер"),
            (lead.Text("name"), lead.Text("phone"), lead.Text("email"), lead.Text("comment"), lead.Text("formName")));
        Assert.Equal("Яндекс.Директ", lead.GetProperty("passport").Text("source"));
        Assert.Equal("54 м²", lead.GetProperty("fields").Text("Площадь"));
        Assert.True(lead.GetProperty("consent").GetProperty("given").GetBoolean());
    }

    [Fact]
    public async Task A_multipart_form_is_taken_and_of_its_files_the_names()
    {
        var project = await api.OpenAsync();
        using var form = new MultipartFormDataContent("WebKitFormBoundary7MA4");
        form.Add(new StringContent("Анна"), "\"имя\"");
        form.Add(new StringContent("+7 916 123-45-67"), "phone");
        form.Add(new ByteArrayContent([0, 1, 2, 255]), "план", "план этажа.pdf");
        var id = await (await PostAsync(project, form)).LeadIdAsync();
        var lead = await api.ReadAsync(project, $"/v1/leads/{id}");
        Assert.Equal(("Анна", "+79161234567"), (lead.Text("name"), lead.Text("phone")));
        Assert.Contains("план этажа.pdf", lead.GetProperty("fields").GetRawText());
    }

    [Theory]
    [InlineData("https://okna-plus.ru/balkon?utm_source=yandex&utm_medium=cpc", "Яндекс.Директ")]
    [InlineData("https://okna-plus.ru/", null)]
    public async Task A_form_without_a_script_has_the_page_that_the_browser_names_but_no_source_made_of_nothing(string referer, string? source)
    {
        var project = await api.OpenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/sites/{project.SiteKey}/forms") { Content = Encoded(("phone", "+7 916 123-45-67")) };
        request.Headers.Referrer = new Uri(referer);
        var id = await (await api.Client.SendAsync(request)).LeadIdAsync();
        Assert.Equal(source, (await api.ReadAsync(project, $"/v1/leads/{id}")).GetProperty("passport").Text("source"));
    }

    [Fact]
    public async Task Windows_1251_is_read_in_both_forms()
    {
        var project = await api.OpenAsync();
        var cyrillic = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;
        var encoded = "phone=89161234567&name=" + string.Concat(cyrillic.GetBytes("Анна").Select(b => $"%{b:X2}"));
        var raw = cyrillic.GetBytes("phone=89161234568&имя=Анна");
        var multipart = cyrillic.GetBytes("--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nАнна\r\n--b\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n89161234569\r\n--b--\r\n");
        foreach (var content in new[]
        {
            Posts.Content(encoded, "application/x-www-form-urlencoded; charset=windows-1251"), Posts.Content(raw, "application/x-www-form-urlencoded"),
            Posts.Content(multipart, "multipart/form-data; boundary=b"),
        })
        {
            var id = await (await PostAsync(project, content)).LeadIdAsync();
            Assert.Equal("Анна", (await api.ReadAsync(project, $"/v1/leads/{id}")).Text("name"));
        }
    }

    [Theory]
    [InlineData(1251, "Имя", "Телефон", "Что остекляем")]
    [InlineData(65001, "Имя", "Телефон", "Что остекляем")]
    [InlineData(65001, "name", "phone", "Prénom")]
    public async Task Names_of_multipart_parts_are_read_in_both_encodings(int codePage, string name, string phone, string own)
    {
        var project = await api.OpenAsync();
        var encoding = codePage == 65001 ? new UTF8Encoding(false) : CodePagesEncodingProvider.Instance.GetEncoding(codePage)!;
        var parts = new[] { (name, "Анна"), (phone, "89161234569"), (own, "балкон") };
        var body = string.Concat(parts.Select(p => $"--b\r\nContent-Disposition: form-data; name=\"{p.Item1}\"\r\n\r\n{p.Item2}\r\n"))
            + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"план.pdf\"\r\n\r\n%PDF\r\n--b--\r\n";
        var id = await (await PostAsync(project, Posts.Content(encoding.GetBytes(body), "multipart/form-data; boundary=b"))).LeadIdAsync();
        var lead = await api.ReadAsync(project, $"/v1/leads/{id}");
        Assert.Equal(("Анна", "+79161234569", "балкон", "план.pdf"), (lead.Text("name"), lead.Text("phone"), lead.GetProperty("fields").Text(own), lead.GetProperty("fields").Text("file")));
    }

    [Fact]
    public async Task A_form_posted_as_JSON_by_a_script_is_taken_too()
    {
        var project = await api.OpenAsync();
        await (await PostAsync(project, Posts.Content("""{"phone":"+79161234567"}"""))).LeadIdAsync();
    }

    [Theory]
    [InlineData("https://okna-plus.ru/thanks?a=1#b", "https://okna-plus.ru/thanks?a=1#b")]
    [InlineData("/thanks", "https://okna-plus.ru/thanks")]
    [InlineData("/спасибо#да", "https://okna-plus.ru/%D1%81%D0%BF%D0%B0%D1%81%D0%B8%D0%B1%D0%BE#%D0%B4%D0%B0")]
    [InlineData("HTTPS://OKNA-PLUS.RU/thanks", "https://okna-plus.ru/thanks")]
    [InlineData("https://окна.рф/thanks", "https://xn--80atjc.xn--p1ai/thanks")] // an origin with letters beyond ASCII, as its owner typed it
    [InlineData("https://xn--80atjc.xn--p1ai:8443/x", null)]
    [InlineData("https://evil.ru/", null)]
    [InlineData("http://okna-plus.ru/", null)]
    [InlineData("https://okna-plus.ru:8443/", null)]
    [InlineData("https://okna-plus.ru.evil.ru/", null)]
    [InlineData("https://sub.okna-plus.ru/", null)]
    [InlineData("//evil.ru/", null)]
    [InlineData("///evil.ru/", null)]
    [InlineData("/\\evil.ru/", null)]
    [InlineData("\\\\evil.ru/", null)]
    [InlineData("/\t/evil.ru/", "https://okna-plus.ru/")]
    [InlineData("https:\\\\evil.ru/", null)]
    [InlineData("https://evil.ru\\@okna-plus.ru/", null)]
    [InlineData("https://okna-plus.ru@evil.ru/", null)]
    [InlineData("https://user:pw@okna-plus.ru/", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("javascript://okna-plus.ru/%0aalert(1)", null)]
    [InlineData("data:text/html,x", null)]
    [InlineData("thanks.html", null)]
    [InlineData("", null)]
    public async Task The_visitor_is_sent_on_to_an_allowed_origin_only_and_the_lead_is_stored_anyway(string next, string? target)
    {
        var project = await api.OpenAsync(origins: [Page, "https://окна.рф"]);
        var answer = await PostAsync(project, Encoded(("phone", "89161234567"), ("_next", next)), ("Origin", Page), ("Accept", "text/html"));
        Assert.Equal(1, await api.LeadCountAsync(project));
        var location = answer.Headers.TryGetValues("Location", out var values) ? values.Single() : null;
        if (target is null) Assert.Equal((HttpStatusCode.Accepted, (string?)null), (answer.StatusCode, location));
        else
        {
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            Assert.StartsWith(target, location, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Where_any_origin_may_post_the_visitor_is_sent_back_to_the_pages_own_alone()
    {
        var project = await api.OpenAsync();
        var own = await PostAsync(project, Encoded(("phone", "89161234567"), ("_next", "https://okna-plus.ru/thanks")), ("Referer", Page + "/form"));
        Assert.Equal(HttpStatusCode.SeeOther, own.StatusCode);
        var foreign = await PostAsync(project, Encoded(("phone", "89161234567"), ("_next", "https://evil.ru/")), ("Referer", Page + "/form"));
        Assert.Equal(HttpStatusCode.Accepted, foreign.StatusCode);
        var nowhere = await PostAsync(project, Encoded(("phone", "89161234567"), ("_next", "/thanks")));
        Assert.Equal(HttpStatusCode.Accepted, nowhere.StatusCode);
    }

    [Fact]
    public async Task A_robot_that_fills_the_trap_is_answered_as_everybody_and_goes_to_no_CRM()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var id = await (await PostAsync(project, Encoded(("phone", "89161234567"), ("_gotcha", "http://spam.example")))).LeadIdAsync();
        var empty = await (await PostAsync(project, Encoded(("phone", "89161234567"), ("_gotcha", "")))).LeadIdAsync();
        await (await PostAsync(project, Encoded(("name", "no contact at all"), ("_gotcha", "x")))).LeadIdAsync();
        var leads = await api.AllLeadsAsync(project);
        Assert.Equal("spam", leads[id].Status());
        Assert.Equal(0, leads[id].GetProperty("deliveries").GetArrayLength());
        // The person behind the same phone is not a repeat of the robot.
        Assert.Equal(("new", 1), (leads[empty].Status(), leads[empty].GetProperty("deliveries").GetArrayLength()));
        Assert.Equal(1, await api.CountAsync("select count(*) from clients where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Fact]
    public async Task A_browser_sees_thanks_and_a_program_JSON()
    {
        var project = await api.OpenAsync();
        var page = await PostAsync(project, Encoded(("phone", "89161234567")), ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
        Assert.Equal((HttpStatusCode.Accepted, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        Assert.Contains("Спасибо", await page.Content.ReadAsStringAsync());
        await (await PostAsync(project, Encoded(("phone", "89161234567")), ("Accept", "application/json, text/html"))).LeadIdAsync();
    }

    [Theory]
    [InlineData("name=Anna", "application/x-www-form-urlencoded", 400, "phone")]
    [InlineData("", "application/x-www-form-urlencoded", 400, "phone")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n8916", "multipart/form-data; boundary=b", 400, "body")]
    [InlineData("phone", "multipart/form-data", 400, "body")]
    [InlineData("<a/>", "application/xml", 415, "Content-Type")]
    [InlineData("{\"phone\":1.5}", "application/json", 400, "phone")]
    public async Task A_form_that_cannot_be_understood_is_answered_by_field_and_kept(string body, string type, int status, string field)
    {
        var project = await api.OpenAsync();
        var problem = await (await PostAsync(project, Posts.Content(body, type))).ProblemAsync(status);
        Assert.Contains(field, problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        Assert.Equal(Encoding.UTF8.GetBytes(body), await api.ScalarAsync<byte[]>("select body from rejects where project_id = @ProjectId and route = 'forms'", new { project.ProjectId }));
    }

    [Fact]
    public async Task The_owners_field_map_wins()
    {
        var project = await api.OpenAsync();
        await api.ExecuteAsync("""update sites set field_map = '{"q1":"phone"}' where project_id = @ProjectId""", new { project.ProjectId });
        var id = await (await PostAsync(project, Encoded(("q1", "89161234567"), ("q2", "x")))).LeadIdAsync();
        Assert.Equal("+79161234567", (await api.ReadAsync(project, $"/v1/leads/{id}")).Text("phone"));
    }

    private Task<HttpResponseMessage> PostAsync(TestProject project, HttpContent content, params (string, string)[] headers) =>
        api.Client.SendAsync(project.Forms(), content, headers);

    private static FormUrlEncodedContent Encoded(params (string Name, string Value)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
}
