using System.Security.Cryptography;
using System.Text;
using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Senders;

/// <summary>Secrets, signatures, and the checks of an address.</summary>
public class BuilderProofTests(BuilderFixture api) : IClassFixture<BuilderFixture>
{
    private const string Secret = "длинное-слово+1&2";

    private static readonly string Google = SenderPages.Sample("google-lead-form").Body;
    private static readonly string Vk = SenderPages.Sample("vk-lead-form").Body;

    [Theory]
    [InlineData("header")]
    [InlineData("own header")]
    [InlineData("bearer")]
    [InlineData("address")]
    [InlineData("own name in the address")]
    [InlineData("form field")]
    [InlineData("JSON member")]
    [InlineData("multipart")]
    public async Task The_secret_is_found_wherever_the_builder_can_put_it_and_stored_nowhere(string place)
    {
        const string word = "long-random-word-31337";
        var project = await api.OpenAsync();
        await api.SenderAsync(project, "generic", secrets: new { secret = word, key = "MyKey" });
        Task<HttpResponseMessage> Send(string value) => place switch
        {
            "header" => api.BuilderPostAsync(project, "generic", """{"phone":"+79161234567"}""", headers: ("X-Secret", value)),
            "own header" => api.BuilderPostAsync(project, "generic", """{"phone":"+79161234567"}""", headers: ("MyKey", value)),
            "bearer" => api.BuilderPostAsync(project, "generic", """{"phone":"+79161234567"}""", headers: ("Authorization", "Bearer " + value)),
            "address" => api.BuilderPostAsync(project, "generic", """{"phone":"+79161234567"}""", query: "?secret=" + value),
            "own name in the address" => api.BuilderPostAsync(project, "generic", """{"phone":"+79161234567"}""", query: "?MyKey=" + value),
            "form field" => api.BuilderPostAsync(project, "generic", $"phone=%2B79161234567&mykey={value}", BuilderPosts.Form),
            "JSON member" => api.BuilderPostAsync(project, "generic", $$"""{"phone":"+79161234567","api_key":"{{value}}"}"""),
            _ => api.BuilderPostAsync(project, "generic", $"--b\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n+79161234567\r\n--b\r\nContent-Disposition: form-data; name=\"MyKey\"\r\n\r\n{value}\r\n--b--\r\n",
                "multipart/form-data; boundary=b"),
        };
        foreach (var wrong in new[] { "long-random-word-31338", "", "long-random-word-3133", word + "7" }) await (await Send(wrong)).ProblemAsync(401);
        await (await api.BuilderPostAsync(project, "generic", """{"phone":"+79161234567"}""")).ProblemAsync(401);
        Assert.Equal((0L, 0L), (await api.LeadCountAsync(project), await api.RejectCountAsync(project)));
        Assert.Equal(200, (int)(await Send(word)).StatusCode);
        Assert.DoesNotContain("31337", (await api.OnlyLeadAsync(project)).GetRawText());
    }

    [Theory]
    [InlineData("json")]
    [InlineData("form")]
    [InlineData("multipart")]
    [InlineData("address")]
    public async Task A_reject_holds_no_secret_and_everything_else(string place)
    {
        var project = await api.OpenAsync();
        await api.SenderAsync(project, "generic", secrets: new { secret = Secret, key = "MyKey" });
        var escaped = Uri.EscapeDataString(Secret);
        var answer = place switch
        {
            "json" => await api.BuilderPostAsync(project, "generic", $$"""{"MyKey":"{{Secret}}","answers":[{"key":"kept"}],"password":"hunter2"}"""),
            "form" => await api.BuilderPostAsync(project, "generic", $"MyKey={escaped}&password=hunter2&a=kept", BuilderPosts.Form),
            "multipart" => await api.BuilderPostAsync(project, "generic", $"--b\r\nContent-Disposition: form-data; name=\"MyKey\"\r\n\r\n{Secret}\r\n--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nkept\r\n--b--\r\n", "multipart/form-data; boundary=b"),
            _ => await api.BuilderPostAsync(project, "generic", """{"a":"kept"}""", query: $"?mykey={escaped}&b=2"),
        };
        Assert.Equal(200, (int)answer.StatusCode);
        var kept = await api.ScalarAsync<string>("select convert_from(body, 'UTF8') || headers::text from rejects where project_id = @ProjectId", new { project.ProjectId });
        Assert.Contains("kept", kept);
        foreach (var secret in new[] { Secret, escaped, "hunter2" }) Assert.DoesNotContain(secret, kept);
    }

    [Theory]
    [InlineData("name=a\n")]
    [InlineData("name=\"")]
    [InlineData("\"key\":")]
    [InlineData("\"key\" ")]
    [InlineData("&key")]
    [InlineData("\\\"")]
    public async Task A_body_made_to_tire_the_search_for_secrets_is_kept_as_any_other(string piece)
    {
        var project = await api.OpenAsync();
        var body = string.Concat(Enumerable.Repeat(piece, 250_000 / piece.Length));
        var answer = await api.BuilderPostAsync(project, "generic", body, "text/plain");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.NotNull(await api.RejectReasonAsync(project));
    }

    [Fact]
    public async Task A_header_that_carried_the_secret_is_not_kept_with_a_reject()
    {
        var project = await api.OpenAsync();
        await api.SenderAsync(project, "cf7", secrets: new { secret = "word-31337", key = "X-My-Own" });
        foreach (var header in new[] { "X-My-Own", "X-Secret", "X-Webhook-Secret", "Authorization" })
            Assert.Equal(200, (int)(await api.BuilderPostAsync(project, "cf7", $$"""{"your-name":"{{header}}"}""", headers: [(header, "word-31337"), ("X-Other", "kept")])).StatusCode);
        var headers = await api.ScalarAsync<string>("select string_agg(headers::text, ' ') from rejects where project_id = @ProjectId", new { project.ProjectId });
        Assert.Contains("X-Other", headers);
        Assert.DoesNotContain("31337", headers);
        Assert.Equal(4, await api.RejectCountAsync(project));
    }

    [Fact]
    public async Task A_replay_whose_senders_secrets_cannot_be_read_says_so_and_the_reject_stays()
    {
        var project = await api.OpenAsync();
        await api.BuilderPostAsync(project, "cf7", """{"your-name":"Анна"}""");
        await api.SenderAsync(project, "cf7", secrets: new { secret = "word-31337" });
        await api.ExecuteAsync("update senders set credentials = '\\x010203' where project_id = @ProjectId", new { project.ProjectId });
        var id = (await api.ReadAsync(project, "/v1/rejects")).GetProperty("items")[0].Text("id");
        var problem = await (await api.PostAsync(project, $"/v1/rejects/{id}/replay", new { body = """{"your-name":"Анна","your-phone":"89161234567"}""" })).ProblemAsync(400);
        Assert.Contains("secrets", problem.GetProperty("errors").GetProperty("sender")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("secrets", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal((0L, 1L), (await api.LeadCountAsync(project), await api.CountAsync("select count(*) from rejects where project_id = @ProjectId and state <> 'replayed'", new { project.ProjectId })));
    }

    [Fact]
    public async Task The_check_of_Tilda_is_answered_ok_makes_no_lead_and_is_shown()
    {
        var project = await api.OpenAsync();
        var sender = await api.SenderAsync(project, "tilda", secrets: new { secret = "w", key = "api" });
        Assert.Equal("ok", await (await api.BuilderPostAsync(project, "tilda", "test=test", BuilderPosts.Form)).Content.ReadAsStringAsync());
        Assert.Equal((0L, 0L), (await api.LeadCountAsync(project), await api.RejectCountAsync(project)));
        await Posts.UntilAsync(async () => (await api.ReadAsync(project, $"/v1/senders/{sender.Text("id")}")).Text("lastTestAt") is not null, "the check noted");
        // A person called Test is a lead.
        await (await api.BuilderPostAsync(project, "tilda", "test=test&Name=Test&Phone=89161234567", BuilderPosts.Form)).ProblemAsync(401);
        await api.LeadOfAsync(project, "tilda", "test=test&Name=Test&Phone=89161234567&api=w", BuilderPosts.Form);
    }

    [Fact]
    public async Task VK_hears_its_confirmation_string_and_ok_to_whatever_it_sends()
    {
        var project = await api.OpenAsync();
        const string confirmation = """{"type":"confirmation","group_id":220000001}""";
        Assert.Contains("sender", (await (await api.BuilderPostAsync(project, "vk-lead-form", confirmation)).ProblemAsync(404)).Text("detail"));
        await api.SenderAsync(project, "vk-lead-form", secrets: new { secret = "s", confirmation = "a1b2c3d4" });
        Assert.Equal("a1b2c3d4", await (await api.BuilderPostAsync(project, "vk-lead-form", confirmation)).Content.ReadAsStringAsync());
        Assert.Equal("ok", await (await api.BuilderPostAsync(project, "vk-lead-form", """{"type":"wall_post_new","secret":"s","object":{}}""")).Content.ReadAsStringAsync());
        await (await api.BuilderPostAsync(project, "vk-lead-form", Vk.Replace("\"secret\":\"s\"", "\"secret\":\"S\"", StringComparison.Ordinal))).ProblemAsync(401);
        Assert.Equal((0L, 0L), (await api.LeadCountAsync(project), await api.RejectCountAsync(project)));
        await api.LeadOfAsync(project, "vk-lead-form", Vk);
    }

    [Fact]
    public async Task A_repeated_event_of_VK_with_another_time_is_the_same_lead()
    {
        var project = await api.OpenAsync();
        await api.LeadOfAsync(project, "vk-lead-form", Vk);
        await api.LeadOfAsync(project, "vk-lead-form", Vk.Replace("\"v\":\"5.199\"", "\"v\":\"5.200\",\"sent\":2", StringComparison.Ordinal));
        await api.BuilderPostAsync(project, "vk-lead-form", Vk.Replace("7001", "7002", StringComparison.Ordinal));
        Assert.Equal(2, await api.LeadCountAsync(project));
    }

    [Fact]
    public async Task The_key_of_Google_is_compared_and_its_test_is_kept_as_a_test()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        await api.SenderAsync(project, "google-lead-form", secrets: new { secret = "long-random-word" });
        await (await api.BuilderPostAsync(project, "google-lead-form", Google.Replace("long-random-word", "long-random-worD", StringComparison.Ordinal))).ProblemAsync(401);
        var lead = await api.LeadOfAsync(project, "google-lead-form", Google.Replace("\"is_test\":false", "\"is_test\":true", StringComparison.Ordinal));
        Assert.Equal(("test", 0), (lead.Status(), lead.GetProperty("deliveries").GetArrayLength()));
        Assert.DoesNotContain("long-random-word", lead.GetRawText());
        Assert.Equal("EAIaIQobChMIexample", lead.GetProperty("passport").GetProperty("clickIds").Text("gclid"));
    }

    [Fact]
    public async Task The_challenge_of_Meta_is_returned_only_for_the_right_token()
    {
        var project = await api.OpenAsync();
        var query = "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=";
        await (await api.Client.GetAsync(project.Builder("facebook-lead", query + "t"))).ProblemAsync(404);
        await api.SenderAsync(project, "facebook-lead", secrets: new { secret = "app", confirmation = "verify-me" });
        await (await api.Client.GetAsync(project.Builder("facebook-lead", query + "verify-mE"))).ProblemAsync(401);
        Assert.Equal("1158201444", await (await api.Client.GetAsync(project.Builder("facebook-lead", query + "verify-me"))).Content.ReadAsStringAsync());
        Assert.Equal((0L, 0L), (await api.LeadCountAsync(project), await api.RejectCountAsync(project)));
    }

    [Fact]
    public async Task The_signature_of_Meta_is_checked_over_the_raw_body_and_a_connector_has_a_word_of_its_own()
    {
        var project = await api.OpenAsync();
        await api.SenderAsync(project, "facebook-lead", secrets: new { secret = "app-secret", key = "connector-word" });
        var body = SenderPages.Sample("facebook-lead").Body;
        var signature = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("app-secret"u8, Encoding.UTF8.GetBytes(body)));
        await (await api.BuilderPostAsync(project, "facebook-lead", body)).ProblemAsync(401);
        await (await api.BuilderPostAsync(project, "facebook-lead", body + " ", headers: ("X-Hub-Signature-256", signature))).ProblemAsync(401);
        await (await api.BuilderPostAsync(project, "facebook-lead", body, query: "?key=app-secret")).ProblemAsync(401);
        Assert.Equal(200, (int)(await api.BuilderPostAsync(project, "facebook-lead", body, headers: ("X-Hub-Signature-256", signature))).StatusCode);
        Assert.Equal(200, (int)(await api.BuilderPostAsync(project, "facebook-lead", body.Replace("444000111", "444000112", StringComparison.Ordinal), query: "?key=connector-word")).StatusCode);
        Assert.Equal(2, await api.LeadCountAsync(project));
    }

    [Fact]
    public async Task A_bare_event_of_Meta_waits_for_its_details_and_becomes_a_lead_when_they_come()
    {
        var project = await api.OpenAsync();
        const string bare = """{"object":"page","entry":[{"id":"1","time":1795331700,"changes":[{"field":"leadgen","value":{"leadgen_id":"444","form_id":"5","created_time":1795331700}}]}]}""";
        await api.BuilderPostAsync(project, "facebook-lead", bare);
        await api.BuilderPostAsync(project, "facebook-lead", bare);
        Assert.Equal(("needs_details", 1L), (await api.RejectReasonAsync(project), await api.RejectCountAsync(project)));
        var id = await api.ScalarAsync<Guid>("select id from rejects where project_id = @ProjectId", new { project.ProjectId });
        await (await api.PostAsync(project, $"/v1/rejects/{id}/replay")).ProblemAsync(400);
        await (await api.PostAsync(project, $"/v1/rejects/{id}/replay", new { body = """{"leadgen_id":"444","field_data":[{"name":"phone_number","values":["+79030000001"]}]}""" })).JsonAsync();
        Assert.Equal("+79030000001", (await api.OnlyLeadAsync(project)).Text("phone"));
    }

    [Fact]
    public async Task Two_leads_of_Meta_in_one_message_are_kept_and_lose_nobody()
    {
        var project = await api.OpenAsync();
        await api.BuilderPostAsync(project, "facebook-lead", """
            {"entry":[{"changes":[{"field":"leadgen","value":{"leadgen_id":"1","field_data":[{"name":"phone","values":["+79030000001"]}]}},
             {"field":"leadgen","value":{"leadgen_id":"2","field_data":[{"name":"phone","values":["+79030000002"]}]}}]}]}
            """);
        Assert.Equal(("several_leads", 0L), (await api.RejectReasonAsync(project), await api.LeadCountAsync(project)));
    }

    [Theory]
    [InlineData("""{"event_name":"chat_accepted","visitor":{"phone":"+79161234567"}}""", 0)]
    [InlineData("""{"event_name":"chat_finished","chat_id":1,"visitor":{"name":"Гость","number":"79161234567"}}""", 0)]
    [InlineData("""{"event_name":"call_event","call":{"phone":"+79161234567"}}""", 0)]
    [InlineData("""{"event_name":"offline_message","offline_message_id":"5","message":"Перезвоните","visitor":{"email":"olga@example.ru"},"session":{"utm_json":{"source":"yandex","medium":"cpc"}}}""", 1)]
    public async Task Of_a_chat_only_an_enquiry_that_can_be_answered_is_a_lead(string body, int leads)
    {
        var project = await api.OpenAsync();
        Assert.Equal("""{"result":"ok"}""", await (await api.BuilderPostAsync(project, "jivo", body)).Content.ReadAsStringAsync());
        Assert.Equal((leads, 0L), ((int)await api.LeadCountAsync(project), await api.RejectCountAsync(project)));
        if (leads == 1) Assert.Equal("Яндекс.Директ", (await api.OnlyLeadAsync(project)).GetProperty("passport").Text("source"));
    }

    [Fact]
    public async Task An_inactive_sender_asks_for_no_secret()
    {
        var project = await api.OpenAsync();
        var sender = await api.SenderAsync(project, "generic", secrets: new { secret = "word" });
        await (await api.BuilderPostAsync(project, "generic", """{"phone":"+79161234567"}""")).ProblemAsync(401);
        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/senders/{sender.Text("id")}", new { isActive = false })).JsonAsync();
        await api.LeadOfAsync(project, "generic", """{"phone":"+79161234567"}""");
    }
}
