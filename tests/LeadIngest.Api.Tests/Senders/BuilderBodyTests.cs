using System.Text;
using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Senders;

/// <summary>Bodies as they should not be, and the owner's word on them.</summary>
public class BuilderBodyTests(BuilderFixture api) : IClassFixture<BuilderFixture>
{
    private const string Json = "application/json";

    [Theory]
    [InlineData("""{"name":"Ольга","phone":"+7 916 123-45-67"}""", BuilderPosts.Form)] // JSON sent as a form
    [InlineData("""{"name":"Ольга","phone":"+7 916 123-45-67"}""", "text/plain")]
    [InlineData("""{"name":"Ольга","phone":"+7 916 123-45-67"}""", null)]
    [InlineData("""{"name":"Ольга","phone":"+7 916 123-45-67"}=""", BuilderPosts.Form)]
    [InlineData("%7B%22name%22%3A%22%D0%9E%D0%BB%D1%8C%D0%B3%D0%B0%22%2C%22phone%22%3A%22%2B79161234567%22%7D=", BuilderPosts.Form)]
    [InlineData("data=%7B%22name%22%3A%22%D0%9E%D0%BB%D1%8C%D0%B3%D0%B0%22%2C%22phone%22%3A%22%2B79161234567%22%7D", BuilderPosts.Form)]
    [InlineData("name=%D0%9E%D0%BB%D1%8C%D0%B3%D0%B0&phone=%2B79161234567", Json)] // a form sent as JSON
    [InlineData("name=%D0%9E%D0%BB%D1%8C%D0%B3%D0%B0&phone=%2B79161234567", "text/html")]
    [InlineData("\"{\\\"name\\\":\\\"Ольга\\\",\\\"phone\\\":\\\"+79161234567\\\"}\"", Json)] // encoded twice
    [InlineData("\uFEFF {\"name\":\"Ольга\",\"phone\":79161234567,}", Json)]
    [InlineData("""[{"name":"Имя","value":"Ольга"},{"name":"Телефон","value":["+7 916 123-45-67"]}]""", Json)]
    [InlineData("""{"fields":[{"label":"Имя","value":"Ольга"},{"label":"Телефон","value":"89161234567"}]}""", Json)]
    [InlineData("""{"contact":{"name":"Ольга","phone":["+7 916 123-45-67"]}}""", Json)]
    [InlineData("contacts[name]=Ольга&contacts[phone]=89161234567", BuilderPosts.Form)]
    [InlineData("Имя: Ольга\r\nТелефон: 8 916 123-45-67\r\n", "text/plain")]
    [InlineData("name=Ольга\r\nphone=89161234567", "text/plain; charset=utf-8")]
    [InlineData("--xYz\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nОльга\r\n--xYz\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n89161234567\r\n--xYz--\r\n", null)] // its header was lost
    [InlineData("phone=&phone=89161234567&name=Ольга&name=&&=&empty=", BuilderPosts.Form)]
    public async Task It_is_read_by_what_it_is_and_not_by_what_it_says(string body, string? type)
    {
        var project = await api.OpenAsync();
        var lead = await api.LeadOfAsync(project, "generic", body, type);
        Assert.Equal(("Ольга", "+79161234567"), (lead.Text("name"), lead.Text("phone")));
    }

    [Theory]
    [InlineData("name=Ольга&phone=89161234567", "application/x-www-form-urlencoded; charset=windows-1251")]
    [InlineData("name=Ольга&phone=89161234567", BuilderPosts.Form)]
    [InlineData("{\"name\":\"Ольга\",\"phone\":\"89161234567\"}", "application/json; charset=windows-1251")]
    [InlineData("{\"name\":\"Ольга\",\"phone\":\"89161234567\"}", Json)]
    [InlineData("Имя=Ольга\nТелефон=89161234567", "text/plain")]
    public async Task Windows_1251_is_read_declared_or_not(string body, string type)
    {
        var project = await api.OpenAsync();
        Assert.Equal(200, (int)(await api.BuilderPostAsync(project, "tilda", BuilderPosts.Cyrillic(body), type)).StatusCode);
        Assert.Equal(("Ольга", "+79161234567"), ((await api.OnlyLeadAsync(project)).Text("name"), (await api.OnlyLeadAsync(project)).Text("phone")));
    }

    [Fact]
    public async Task UTF_8_under_a_header_that_says_windows_1251_is_UTF_8()
    {
        var project = await api.OpenAsync();
        Assert.Equal("Ольга", (await api.LeadOfAsync(project, "generic", """{"name":"Ольга","phone":"+79161234567"}""", "application/json; charset=windows-1251")).Text("name"));
    }

    [Fact]
    public async Task A_form_may_come_as_the_query_of_a_GET_and_a_query_may_add_to_a_post()
    {
        var project = await api.OpenAsync();
        Assert.Equal(200, (int)(await api.Client.GetAsync(project.Builder("cf7", "?your-name=%D0%9E%D0%BB%D1%8C%D0%B3%D0%B0&your-phone=89161234567"))).StatusCode);
        Assert.Equal("Ольга", (await api.OnlyLeadAsync(project)).Text("name"));
        await api.SenderAsync(project, "cf7", secrets: new { secret = "word" });
        await (await api.Client.GetAsync(project.Builder("cf7", "?your-phone=89161234568&secret=wrong"))).ProblemAsync(401);
        Assert.Equal(200, (int)(await api.Client.GetAsync(project.Builder("cf7", "?your-phone=89161234568&secret=word"))).StatusCode);
        Assert.Equal(2, await api.LeadCountAsync(project));
        var other = await api.OpenAsync();
        var lead = await api.LeadOfAsync(other, "generic", """{"phone":"+79161234567","utm_medium":"cpc"}""", query: "?utm_source=yandex&utm_medium=email");
        Assert.Equal(("Яндекс.Директ", "cpc"), (lead.GetProperty("passport").Text("source"), lead.GetProperty("passport").Text("medium")));
    }

    [Fact]
    public async Task A_look_at_the_address_is_answered_and_stores_nothing()
    {
        var project = await api.OpenAsync();
        Assert.Equal(200, (int)(await api.Client.GetAsync(project.Builder("tilda"))).StatusCode);
        Assert.Equal(200, (int)(await api.BuilderPostAsync(project, "generic", "", Json)).StatusCode);
        Assert.Equal((0L, 0L), (await api.LeadCountAsync(project), await api.RejectCountAsync(project)));
    }

    [Fact]
    public async Task An_enquiry_without_a_contact_is_kept_to_be_looked_at_and_its_query_is_replayed_too()
    {
        var project = await api.OpenAsync();
        Assert.Equal(200, (int)(await api.BuilderPostAsync(project, "cf7", """{"your-name":"Ольга","поле7":"zvonite 916-123-45-67"}""", query: "?utm_source=yandex&utm_medium=cpc")).StatusCode);
        Assert.Equal("no_contact", await api.RejectReasonAsync(project));
        var id = await api.ScalarAsync<Guid>("select id from rejects where project_id = @ProjectId", new { project.ProjectId });
        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/sites/{project.SiteId}", new { fieldMap = new Dictionary<string, string> { ["поле7"] = "phone" } })).JsonAsync();
        await (await api.PostAsync(project, $"/v1/rejects/{id}/replay")).JsonAsync();
        var lead = await api.OnlyLeadAsync(project);
        Assert.Equal(("+79161234567", "Яндекс.Директ"), (lead.Text("phone"), lead.GetProperty("passport").Text("source")));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public async Task A_retry_without_an_id_is_known_across_the_end_of_a_window_too(int windows, int leads)
    {
        var project = await api.OpenAsync();
        const string body = """{"phone":"+79161234567","name":"Анна"}""";
        Assert.Equal(200, (int)(await api.BuilderPostAsync(project, "cf7", body)).StatusCode);
        Assert.Equal(1, await api.ExecuteAsync("""
            update idempotency_keys set key = regexp_replace(key, '[0-9]+$', '') || (substring(key from '[0-9]+$')::bigint - @Windows)
            where project_id = @ProjectId and key like 'content:%'
            """, new { project.ProjectId, Windows = windows }));
        Assert.Equal(200, (int)(await api.BuilderPostAsync(project, "cf7", body)).StatusCode);
        Assert.Equal(leads, await api.LeadCountAsync(project));
    }

    [Fact]
    public async Task The_same_trial_sent_again_after_the_map_was_mended_is_a_lead()
    {
        var project = await api.OpenAsync();
        const string trial = """{"имя клиента":"Ольга","поле7":"zvonite 916-123-45-67"}""";
        await api.BuilderPostAsync(project, "cf7", trial);
        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/sites/{project.SiteId}", new { fieldMap = new Dictionary<string, string> { ["поле7"] = "phone" } })).JsonAsync();
        await api.LeadOfAsync(project, "cf7", trial);
    }

    [Fact]
    public async Task The_map_of_the_sender_goes_above_that_of_the_site_and_both_above_the_adapter()
    {
        var project = await api.OpenAsync();
        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/sites/{project.SiteId}", new { fieldMap = new Dictionary<string, string> { ["5"] = "comment", ["6"] = "comment" } })).JsonAsync();
        await api.SenderAsync(project, "gravity", settings: new { fieldMap = new Dictionary<string, string> { ["5"] = "Площадь", ["7"] = "phone", ["2"] = "ignore" } });
        var lead = await api.LeadOfAsync(project, "gravity", """{"id":"1","form_id":"2","1.3":"Ольга","2":"+7 916 000-00-00","5":"54 м²","6":"Звоните","7":"89161234567"}""");
        Assert.Equal(("+79161234567", "Звоните", "54 м²"), (lead.Text("phone"), lead.Text("comment"), lead.GetProperty("fields").Text("Площадь")));
    }

    [Fact]
    public async Task A_question_that_the_map_names_is_a_field_and_a_contact_among_the_answers_is_found()
    {
        var project = await api.OpenAsync();
        await api.SenderAsync(project, "marquiz", settings: new { fieldMap = new Dictionary<string, string> { ["Как звать?"] = "name" } });
        var lead = await api.LeadOfAsync(project, "marquiz", """{"answers":[{"q":"Как звать?","a":"Ольга"},{"q":"Какое окно?","a":"Любое"},{"q":"Оставьте номер","a":"8 916 123-45-67"}],"contacts":{}}""");
        Assert.Equal(("Ольга", "+79161234567", "Какое окно?: Любое"), (lead.Text("name"), lead.Text("phone"), lead.Text("comment")));
    }

    [Fact]
    public async Task Names_parts_of_Gravity_are_told_from_an_address()
    {
        var project = await api.OpenAsync();
        var lead = await api.LeadOfAsync(project, "gravity", """{"id":"9","form_id":"2","date_created":"2020-01-02 07:15:00","3.1":"","3.3":"Москва","3.6":"Россия","1.3":"Ольга","1.6":"Смирнова","2":"89161234567"}""");
        Assert.Equal("Ольга Смирнова", lead.Text("name"));
        Assert.Equal("Москва", lead.GetProperty("fields").Text("3.3"));
        // Far off, but kept as it was said, with a warning.
        Assert.Equal(DateTimeOffset.Parse("2020-01-02T07:15:00Z", null), lead.GetProperty("occurredAt").GetDateTimeOffset());
        Assert.Contains("occurred_at_far_off", lead.GetRawText());
    }

    [Fact]
    public async Task Of_the_cookies_of_Tilda_only_the_useful_are_kept_and_a_broken_TILDAUTM_is_mended()
    {
        var project = await api.OpenAsync();
        const string cookies = "PHPSESSID=secret31337; _ym_uid=1700000000000000001; leadingest=0190a1b2-0000-7000-8000-00000000000a.0190a1b2-0000-7000-8000-00000000000b.1795331700.1795331600; tildautm=utm_source%3Dyandex%7C%7C%7Camp%3Butm_medium%3Dcpc%7C%7C%7Camp%3Butm_campaign%3Dc_17%23rec1; _ga=GA1.2.3.4";
        var lead = await api.LeadOfAsync(project, "tilda", BuilderPosts.Encoded(("Phone", "89161234567"), ("tranid", "1:2"), ("COOKIES", cookies), ("payment", """{"amount":"9000","products":["Окно=9000"]}""")), BuilderPosts.Form);
        var passport = lead.GetProperty("passport");
        Assert.Equal(("Яндекс.Директ", "cpc", "c_17"), (passport.Text("source"), passport.Text("medium"), passport.Text("campaign")));
        var fields = lead.GetProperty("fields");
        Assert.Equal(("1700000000000000001", "GA1.2.3.4", "9000", "Окно=9000"), (fields.Text("_ym_uid"), fields.Text("_ga"), fields.Text("payment[amount]"), fields.Text("payment[products]")));
        Assert.DoesNotContain("31337", lead.GetRawText());
        Assert.Equal("0190a1b2-0000-7000-8000-00000000000a 0190a1b2-0000-7000-8000-00000000000b",
            await api.ScalarAsync<string>("select visitor_id || ' ' || visit_id from leads where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Fact]
    public async Task Hidden_fields_go_above_the_cookies()
    {
        var project = await api.OpenAsync();
        var lead = await api.LeadOfAsync(project, "tilda", BuilderPosts.Encoded(("Phone", "89161234567"), ("utm_source", "vk"), ("utm_medium", "cpc"), ("COOKIES", "TILDAUTM=utm_source%3Dyandex%7C%7C%7C")), BuilderPosts.Form);
        Assert.Equal("vk", lead.GetProperty("passport").GetProperty("utm").Text("utm_source"));
    }

    [Fact]
    public async Task Of_a_file_the_name_is_kept_and_not_the_content()
    {
        var project = await api.OpenAsync();
        var lead = await api.LeadOfAsync(project, "cf7", "{\"your-phone\":\"89161234567\",\"plan\":{\"filename\":\"план.pdf\",\"content\":\"" + new string('A', 5000) + "\"}}");
        Assert.Equal("план.pdf", lead.GetProperty("fields").Text("plan"));
    }

    [Theory]
    [InlineData("""{"phone":"+79161234567","name":{"first":"Ольга"},"comment":["Первое",{"a":"Второе"}],"x":null,"y":[[1,[2]]],"z":[]}""")]
    [InlineData("""{"phone":["+79161234567",null,""],"\ud800":"\ud800","a\u0000b":"c\u0000d"}""")]
    [InlineData("""{"phone":"+79161234567","phone":"+79161234567"}""")]
    public async Task Strange_values_cost_no_lead(string body)
    {
        var project = await api.OpenAsync();
        Assert.Equal("+79161234567", (await api.LeadOfAsync(project, "generic", body)).Text("phone"));
    }

    [Fact]
    public async Task A_field_of_any_length_and_a_thousand_fields_cost_no_lead_and_a_body_without_end_is_refused()
    {
        var project = await api.OpenAsync(window: 0);
        var huge = new string('я', 60_000);
        Assert.Equal("+79161234567", (await api.LeadOfAsync(project, "generic", BuilderPosts.Encoded(("phone", "89161234567")) + "&big=" + huge + "&message=" + huge, BuilderPosts.Form)).Text("phone"));
        var many = "{\"phone\":\"+79161234568\"," + string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"f{i}\":\"{i}\"")) + "}";
        Assert.Equal(200, (int)(await api.BuilderPostAsync(project, "generic", many)).StatusCode);
        Assert.Equal((2L, 0L), (await api.LeadCountAsync(project), await api.RejectCountAsync(project)));
        await (await api.BuilderPostAsync(project, "generic", new string(' ', 300 * 1024))).ProblemAsync(413);
        Assert.Equal(200, (int)(await api.BuilderPostAsync(project, "generic", string.Concat(Enumerable.Repeat("[", 5000)))).StatusCode);
        Assert.Equal(1, await api.RejectCountAsync(project));
    }

    [Fact]
    public async Task A_quiz_without_end_is_cut_and_says_so()
    {
        var project = await api.OpenAsync();
        var answers = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"{{\"q\":\"в{i}\",\"a\":\"о{i}\"}}"));
        var lead = await api.LeadOfAsync(project, "marquiz", $"{{\"answers\":[{answers}],\"contacts\":{{\"phone\":\"89161234567\"}}}}");
        Assert.Equal(("+79161234567", "more than 500 fields"), (lead.Text("phone"), lead.GetProperty("fields").Text("…")));
        Assert.Equal(500, lead.GetProperty("fields").EnumerateObject().Count());
    }

    [Fact]
    public async Task An_id_that_nobody_filled_in_makes_one_lead_of_nobody()
    {
        var project = await api.OpenAsync(window: 0);
        var i = 0;
        foreach (var id in new[] { "{lead_id}", "0", "", "null", "[id]" })
            for (var twice = 0; twice < 2; twice++)
                Assert.Equal(200, (int)(await api.BuilderPostAsync(project, "generic", $$"""{"lead_id":"{{id}}","phone":"+791612345{{++i:00}}"}""")).StatusCode);
        Assert.Equal(10, await api.LeadCountAsync(project));
    }

    [Fact]
    public async Task The_header_of_the_contract_works_and_one_that_never_changes_loses_no_lead()
    {
        var project = await api.OpenAsync(window: 0);
        for (var i = 0; i < 2; i++) await api.BuilderPostAsync(project, "cf7", """{"your-phone":"+79161234501"}""", headers: ("Idempotency-Key", "k1"));
        Assert.Equal(1, await api.LeadCountAsync(project));
        for (var i = 0; i < 2; i++)
            Assert.Equal(200, (int)(await api.BuilderPostAsync(project, "cf7", """{"your-phone":"+79161234502"}""", headers: ("Idempotency-Key", "k1"))).StatusCode);
        Assert.Equal(2, await api.LeadCountAsync(project));
    }

    [Fact]
    public async Task A_server_is_not_held_to_the_limit_of_one_visitor_and_not_to_the_origins_of_the_pages()
    {
        var project = await api.OpenAsync(origins: ["https://okna-plus.ru"], perMinute: 2, perSecond: 100);
        for (var i = 10; i < 30; i++)
            Assert.Equal(200, (int)(await api.BuilderPostAsync(project, "generic", $$"""{"phone":"+791612345{{i}}"}""", headers: ("Referer", "https://builder.example/"))).StatusCode);
        await (await api.BuilderPostAsync(project, "generic", """{"phone":"+79161234567"}""", headers: ("Origin", "https://evil.example"))).ProblemAsync(403);
        Assert.Equal(20, await api.LeadCountAsync(project));
    }

    [Fact]
    public async Task One_server_cannot_take_the_whole_of_a_site_and_visitors_are_not_concerned()
    {
        var project = await api.OpenAsync(perSecond: 4);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => api.BuilderPostAsync(project, "generic", """{"phone":"+79161234567"}""")));
        var refused = answers.Where(a => (int)a.StatusCode == 429).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, a => Assert.NotNull(a.Headers.RetryAfter));
        await api.AcceptedAsync(project, new { phone = "+79161234568" });
    }

    [Fact]
    public async Task Whatever_is_posted_to_any_builder_is_answered_and_nothing_breaks()
    {
        var project = await api.OpenAsync();
        var random = new Random(20261122);
        var samples = LeadIngest.Api.Senders.Forms.FormBuilders.All.Select(b => SenderPages.Sample(b.Name)).ToList();
        for (var i = 0; i < 150; i++)
        {
            // A sample with a few bytes changed, posted to a builder that is mostly another.
            var (text, type) = samples[random.Next(samples.Count)];
            var body = Encoding.UTF8.GetBytes(text);
            for (var change = random.Next(0, 4); change > 0; change--) body[random.Next(body.Length)] = (byte)random.Next(256);
            var builder = LeadIngest.Api.Senders.Forms.FormBuilders.All[random.Next(samples.Count)].Name;
            var answer = await api.BuilderPostAsync(project, builder, body[..random.Next(1, body.Length + 1)], random.Next(4) == 0 ? "text/plain" : type);
            Assert.True((int)answer.StatusCode is 200 or 404, $"{builder}: {(int)answer.StatusCode}");
        }
        Assert.Equal(0, await api.CountAsync("select count(*) from rejects where project_id = @ProjectId and reason in ('adapter_failed', 'not_storable')", new { project.ProjectId }));
    }
}
