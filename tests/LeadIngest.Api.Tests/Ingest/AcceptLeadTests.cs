using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LeadIngest.Api.Tests.Ingest;

public class AcceptLeadTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    private const string Good = """{"name":"Анна Петрова","phone":"8 (916) 123-45-67"}""";

    [Fact]
    public async Task A_lead_is_answered_202_and_is_there_with_its_passport()
    {
        var project = await api.OpenAsync();
        var connection = await api.ConnectionAsync(project);
        var id = await api.AcceptedAsync(project, new
        {
            name = "  анна   Петрова ",
            phone = "8 (916) 123-45-67 доб. 12",
            email = "Olga@Mail.RU",
            contact = "https://t.me/Olga_K",
            comment = "Окна\r\nна дачу",
            page = "https://okna-plus.ru/?utm_source=yandex&utm_medium=cpc&utm_campaign=Поиск_CRM_Москва&yclid=17893022",
            referrer = "https://yandex.ru/",
            formId = "callback",
            formName = "Обратный звонок",
            visitorId = "v-1",
            visitId = "s-1",
            occurredAt = "2026-11-21T10:30:00+03:00",
            consent = new { text = "Согласен", given = true },
            fields = new { площадь = "54 м²", опции = new[] { "балкон", "откосы" } },
        });

        var lead = await api.ReadAsync(project, $"/v1/leads/{id}");

        Assert.Equal(("form", "new", "+79161234567", "olga@mail.ru", "telegram:olga_k"),
            (lead.Text("kind"), lead.Text("status"), lead.Text("phone"), lead.Text("email"), lead.Text("messenger")));
        Assert.Equal(("8 (916) 123-45-67 доб. 12", "Olga@Mail.RU"), (lead.Text("phoneTyped"), lead.Text("emailTyped")));
        Assert.Equal("Окна\nна дачу", lead.Text("comment"));
        Assert.Equal(("callback", "Обратный звонок"), (lead.Text("formId"), lead.Text("formName")));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 7, 30, 0, TimeSpan.Zero), lead.GetProperty("occurredAt").GetDateTimeOffset());
        Assert.Equal(["балкон", "откосы"], lead.GetProperty("fields").GetProperty("опции").Strings());
        Assert.True(lead.GetProperty("consent").GetProperty("given").GetBoolean());
        Assert.Equal(("paid_search", "Яндекс.Директ"), (lead.GetProperty("passport").Text("channel"), lead.GetProperty("passport").Text("source")));
        var delivery = Assert.Single(lead.GetProperty("deliveries").EnumerateArray());
        Assert.Equal((connection, "pending"), (delivery.GetProperty("connectionId").GetGuid(), delivery.Text("state")));
        Assert.Equal(4, await api.CountAsync("select count(*) from identities where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("text/plain;charset=UTF-8")] // sendBeacon
    [InlineData("application/vnd.lead+json")]
    [InlineData(null)]
    public async Task JSON_is_taken_under_every_type_that_senders_give_it(string? type)
    {
        var project = await api.OpenAsync();
        await (await api.Client.SendAsync(project.Leads(), Posts.Content(Good, type))).LeadIdAsync();
    }

    /// <summary>What is wrong, the body, the field that the answer must name, the status.</summary>
    public static TheoryData<string, string, string> Faults() => new()
    {
        { "no body", "", "body" },
        { "white space", " \r\n ", "body" },
        { "cut off", """{"phone":"+7916""", "body" },
        { "cut off after a name", """{"phone" """, "body" },
        { "not JSON", "phone=+79161234567", "body" },
        { "an array", """[{"phone":"+79161234567"}]""", "body" },
        { "a string", "\"+79161234567\"", "body" },
        { "null", "null", "body" },
        { "two objects", """{"phone":"+79161234567"}{"phone":"+79161234567"}""", "body" },
        { "a comment", """{"phone":"+79161234567"/* x */}""", "body" },
        { "a comma too many", """{"phone":"+79161234567",}""", "body" },
        { "33 deep", """{"phone":"+79161234567","a":""" + new string('[', 32) + new string(']', 32) + "}", "body" },
        { "3000 deep", """{"phone":"+79161234567","a":""" + new string('[', 3000), "body" },
        { "a raw NUL", "{\"phone\":\"+79161234567\",\"name\":\"a\0b\"}", "body" },
        { "a phone twice", """{"phone":"+79161234567","phone":"+79167654321"}""", "phone" },
        { "a phone twice in other letters", """{"phone":"+79161234567","Phone":null}""", "Phone" },
        { "a field twice", """{"phone":"+79161234567","city":"a","city":"b"}""", "city" },
        { "a nested field twice", """{"phone":"+79161234567","fields":{"a":"1","a":"2"}}""", "fields.a" },
        { "a deep field twice", """{"phone":"+79161234567","fields":{"a":{"b":1,"b":2}}}""", "fields.a.b" },
        { "a consent twice", """{"phone":"+79161234567","consent":{"given":true,"given":false}}""", "consent.given" },
        { "an escaped NUL", """{"phone":"+79161234567","name":"a\u0000b"}""", "name" },
        { "an escaped NUL in a field", """{"phone":"+79161234567","fields":{"a":["ok","\u0000"]}}""", "fields.a[1]" },
        { "an escaped NUL in a name", """{"phone":"+79161234567","a\u0000":"b"}""", "name of a property" },
        { "half a surrogate pair", """{"phone":"+79161234567","name":"\ud83d"}""", "name" },
        { "the other half", """{"phone":"+79161234567","comment":"\ude00 x"}""", "comment" },
        { "half a surrogate pair in a field", """{"phone":"+79161234567","fields":{"a":"\ud83dx"}}""", "fields.a" },
        { "half a surrogate pair in a name", """{"phone":"+79161234567","fields":{"\udc00":"x"}}""", "fields" },
        { "a number for a name", """{"phone":"+79161234567","name":1}""", "name" },
        { "an object for a phone", """{"phone":{"number":"+79161234567"}}""", "phone" },
        { "a fraction for a phone", """{"phone":7916.1}""", "phone" },
        { "a number beyond any phone", """{"phone":123456789012345678901234567890}""", "phone" },
        { "true for an e-mail", """{"phone":"+79161234567","email":true}""", "email" },
        { "a list for a comment", """{"phone":"+79161234567","comment":["a"]}""", "comment" },
        { "a list for a page", """{"phone":"+79161234567","page":[]}""", "page" },
        { "a number for a referrer", """{"phone":"+79161234567","referrer":0}""", "referrer" },
        { "a negative form", """{"phone":"+79161234567","formId":-1}""", "formId" },
        { "a number for a form's name", """{"phone":"+79161234567","formName":1}""", "formName" },
        { "an object for a visitor", """{"phone":"+79161234567","visitorId":{}}""", "visitorId" },
        { "false for a visit", """{"phone":"+79161234567","visitId":false}""", "visitId" },
        { "a number for a time", """{"phone":"+79161234567","occurredAt":1732180000}""", "occurredAt" },
        { "a word for a time", """{"phone":"+79161234567","occurredAt":"yesterday"}""", "occurredAt" },
        { "a time without an offset", """{"phone":"+79161234567","occurredAt":"2026-11-21T10:30:00"}""", "occurredAt" },
        { "the 30th of February", """{"phone":"+79161234567","occurredAt":"2026-02-30T10:30:00Z"}""", "occurredAt" },
        { "the year 9999", """{"phone":"+79161234567","occurredAt":"9999-12-31T23:59:59-23:00"}""", "occurredAt" },
        { "a word for a consent", """{"phone":"+79161234567","consent":"yes"}""", "consent" },
        { "a word for given", """{"phone":"+79161234567","consent":{"given":"yes"}}""", "consent.given" },
        { "a number for a consent's text", """{"phone":"+79161234567","consent":{"text":1}}""", "consent.text" },
        { "a list for fields", """{"phone":"+79161234567","fields":["a"]}""", "fields" },
        { "a number longer than any number", """{"phone":"+79161234567","fields":{"n":""" + new string('9', 400) + "}}", "fields.n" },
        { "an exponent out of bounds", """{"phone":"+79161234567","fields":{"n":1e""" + new string('9', 60) + "}}", "fields.n" },
        { "501 fields", """{"phone":"+79161234567","fields":{""" + string.Join(',', Enumerable.Range(0, 501).Select(i => $"\"f{i}\":1")) + "}}", "fields" },
        { "no contact", """{"name":"Анна","comment":"позвоните"}""", "phone" },
        { "an empty phone", """{"phone":"  ","email":"","contact":null}""", "phone" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_answered_400_by_field_and_the_post_is_kept_byte_for_byte(string what, string body, string field)
    {
        Assert.NotEmpty(what);
        var project = await api.OpenAsync();
        await KeptAsync(project, Encoding.UTF8.GetBytes(body), "application/json", 400, field);
    }

    [Fact]
    public async Task Broken_UTF8_is_answered_400_by_field_and_kept_byte_for_byte()
    {
        var project = await api.OpenAsync();
        var body = Encoding.Latin1.GetBytes("{\"phone\":\"+79161234567\",\"name\":\"\u00C0\u00ED\u00ED\u00E0\"}"); // «Анна» in windows-1251
        await KeptAsync(project, body, "application/json", 400, "name");
    }

    [Theory]
    [InlineData("application/json; charset=windows-1251")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/html")]
    [InlineData("application/xml")]
    [InlineData("???")]
    public async Task Another_type_or_charset_is_answered_415_and_kept(string type)
    {
        var project = await api.OpenAsync();
        await KeptAsync(project, Encoding.UTF8.GetBytes(Good), type, 415, "Content-Type");
    }

    [Fact]
    public async Task Faults_of_several_fields_are_told_together()
    {
        var project = await api.OpenAsync();
        var answer = await api.Client.SendAsync(project.Leads(), Posts.Content("""{"phone":true,"name":1,"fields":{"a":"\u0000"}}"""));
        Assert.Equal(["phone", "name", "fields.a"], (await answer.ProblemAsync(400)).GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    private async Task KeptAsync(TestProject project, byte[] body, string type, int status, string field)
    {
        var problem = await (await api.Client.SendAsync(project.Leads(), Posts.Content(body, type))).ProblemAsync(status);
        Assert.Contains(field, problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        Assert.Contains(field, problem.Text("detail"));
        Assert.Equal(0, await api.LeadCountAsync(project));
        Assert.Equal(body, await api.ScalarAsync<byte[]>("select body from rejects where project_id = @ProjectId", new { project.ProjectId }));
        Assert.Equal(1, await api.CountAsync("""
            select count(*) from rejects where project_id = @ProjectId and site_id = @SiteId and route = 'leads' and state = 'open' and content_type = @type
                and body_sha256 = @hash and errors ? @field
            """, new { project.ProjectId, project.SiteId, type, hash = SHA256.HashData(body), field }));
    }

    [Fact]
    public async Task What_looks_odd_and_can_be_understood_is_taken()
    {
        var project = await api.OpenAsync();
        foreach (var body in new[]
        {
            "\uFEFF" + Good,
            """{"PHONE":79161234567,"formId":17}""",
            """{"phone":"+79161234567","a":""" + new string('[', 31) + new string(']', 31) + "}",
            """{"phone":"+79161234567","City":"a","city":"b"}""",
            """{"phone":null,"email":"olga@mail.ru","fields":null,"consent":null,"occurredAt":null}""",
            """{"contact":"@olga_k","messenger":null}""",
            """{"phone":"+79161234567","name":"\u0001\u202e😀","fields":{"":"","b":[1,true,null,{"c":"\ud83d\ude00"}]}}""",
            """{"phone":"+79161234567","page":"https://okna.ru/?utm_source=%00a%ED%A0%80&utm_campaign=%D0&utm_term=%u0416","referrer":"\u0007"}""",
            """{"phone":"+79161234567","page":"https://okna.ru/?utm_source=a&utm_campaign=""" + string.Concat(Enumerable.Repeat("a😀", 400)) + "\"}",
        })
            await (await api.Client.SendAsync(project.Leads(), Posts.Content(body))).LeadIdAsync();
        Assert.Equal(0, await api.RejectCountAsync(project));
    }

    [Fact]
    public async Task A_phone_that_cannot_be_read_is_kept_as_typed_with_a_warning_and_goes_to_the_CRM()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var lead = await api.ReadAsync(project, $"/v1/leads/{await api.AcceptedAsync(project, new { phone = "звоните после шести" })}");
        Assert.Equal((null, "звоните после шести"), (lead.Text("phone"), lead.Text("phoneTyped")));
        Assert.Equal(["phone_unreadable"], lead.GetProperty("warnings").Strings());
        Assert.Single(lead.GetProperty("deliveries").EnumerateArray());
        Assert.NotEqual(Guid.Empty, lead.ClientId());
    }

    [Fact]
    public async Task An_unknown_site_gets_404_and_nothing_is_kept()
    {
        var rejects = await api.CountAsync("select count(*) from rejects");
        foreach (var key in new[] { "site_nobody", "%FF", "'", new string('k', 5000), "..%2f", "%D0%BE" })
            await (await api.Client.SendAsync($"/v1/sites/{key}/leads", Posts.Content(Good))).ProblemAsync(404);
        Assert.InRange((int)(await api.Client.SendAsync("/v1/sites/%00/leads", Posts.Content(Good))).StatusCode, 400, 404);
        Assert.Equal(0, await api.CountAsync("select count(*) from leads l where not exists (select 1 from sites s where s.id = l.site_id)"));
        Assert.True(rejects <= await api.CountAsync("select count(*) from rejects"));
        Assert.Equal(0, await api.CountAsync("select count(*) from rejects where site_id is null"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_gets_413_declared_or_not(bool chunked)
    {
        var project = await api.OpenAsync();
        var body = Encoding.UTF8.GetBytes($$"""{"phone":"+79161234567","comment":"{{new string('x', 256 * 1024)}}"}""");
        var answer = await api.Client.SendAsync(project.Leads(), chunked ? Posts.Chunked(body, "application/json") : Posts.Content(body, "application/json"));
        await answer.ProblemAsync(413);
        Assert.Equal((0L, 0L), (await api.LeadCountAsync(project), await api.RejectCountAsync(project)));
    }

    [Fact]
    public async Task A_body_without_a_declared_length_is_taken()
    {
        var project = await api.OpenAsync();
        await (await api.Client.SendAsync(project.Leads(), Posts.Chunked(Encoding.UTF8.GetBytes(Good), "application/json"))).LeadIdAsync();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("identity")]
    [InlineData("GZIP")]
    public async Task A_packed_body_is_unpacked(string encoding)
    {
        var project = await api.OpenAsync();
        await (await PackedAsync(project, Pack(encoding, Encoding.UTF8.GetBytes(Good)), encoding)).LeadIdAsync();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_bomb_gets_413_and_a_corrupt_or_cut_body_400(string encoding)
    {
        var project = await api.OpenAsync();
        var bomb = Pack(encoding, new byte[8 * 1024 * 1024]);
        Assert.True(bomb.Length < 64 * 1024);
        await (await PackedAsync(project, bomb, encoding)).ProblemAsync(413);
        var random = Enumerable.Range(0, 600).Select(i => (byte)(i * 37 + 11)).ToArray();
        await (await PackedAsync(project, random, encoding)).ProblemAsync(400);
        var whole = Pack(encoding, Encoding.UTF8.GetBytes(Good));
        await (await PackedAsync(project, whole[..(whole.Length / 2)], encoding)).ProblemAsync(400);
        Assert.Equal(0, await api.LeadCountAsync(project));
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, gzip")]
    [InlineData("compress")]
    public async Task An_unknown_encoding_gets_415(string encoding)
    {
        var project = await api.OpenAsync();
        await (await PackedAsync(project, Encoding.UTF8.GetBytes(Good), encoding)).ProblemAsync(415);
    }

    private async Task<HttpResponseMessage> PackedAsync(TestProject project, byte[] body, string encoding) =>
        await api.Client.SendAsync(project.Leads(), Posts.Content(body, "application/json"), ("Content-Encoding", encoding));

    private static byte[] Pack(string encoding, byte[] body)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding.ToLowerInvariant() switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Optimal, true),
            "br" => new BrotliStream(packed, CompressionLevel.Optimal, true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Optimal, true),
            _ => packed,
        })
            stream.Write(body);
        return packed.ToArray();
    }

    [Fact]
    public async Task The_answer_tells_a_stranger_nothing_but_an_id()
    {
        var project = await api.OpenAsync();
        var client = await api.ClientAsync(project, phone: "+79160000001");
        await api.LeadAsync(project, client, phone: "+79160000001");
        var answers = new List<string>();
        foreach (var body in new[] { """{"phone":"+79160000001","formId":"x"}""", """{"phone":"+79160000002"}""", """{"phone":"+79160000002"}""", """{"phone":"+79160000003","_gotcha":"x"}""" })
        {
            var answer = await api.Client.SendAsync(project.Leads(), Posts.Content(body));
            var id = await answer.LeadIdAsync();
            answers.Add($"{answer.StatusCode} {string.Join(',', answer.Headers.Where(h => !h.Key.StartsWith("RateLimit", StringComparison.Ordinal) && h.Key != "Date").Select(h => h.Key))} "
                + (await answer.Content.ReadAsStringAsync()).Replace(id.ToString(), "", StringComparison.Ordinal));
        }
        Assert.Single(answers.Distinct());
        Assert.Equal(["repeat", "new", "duplicate", "spam"], (await api.AllLeadsAsync(project)).Where(l => l.Value.Text("name") is null).OrderBy(l => l.Key).Select(l => l.Value.Status()));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Other_methods_are_refused(string method)
    {
        var project = await api.OpenAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), project.Leads());
        Assert.Equal(405, (int)(await api.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Credentials_and_cookies_are_not_kept_with_a_reject()
    {
        var project = await api.OpenAsync();
        await api.Client.SendAsync(project.Leads(), Posts.Content("{"), ("Authorization", "Bearer secret-1"), ("Cookie", "s=secret-2"), ("X-Api-Key", "secret-3"), ("X-Kept", "yes"));
        var headers = JsonSerializer.Deserialize<JsonElement>((await api.ScalarAsync<string>("select headers::text from rejects where project_id = @ProjectId", new { project.ProjectId }))!);
        Assert.DoesNotContain("secret", headers.GetRawText());
        Assert.Equal("yes", headers.Text("X-Kept"));
    }
}
