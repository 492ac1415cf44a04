using System.Net;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class AmocrmStatesTests
{
    [Fact]
    public async Task Unpaid_account_answers_402_and_works_again_when_paid()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", """{"paid":false}""");
        var (status, body) = await emulator.AmoAsync("POST", "leads", """[{"name":"A"}]""");
        Assert.Equal((HttpStatusCode.PaymentRequired, 402), (status, body!["status"]!.GetValue<int>()));
        await emulator.AccountAsync("amocrm", """{"paid":true}""");
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("POST", "leads", """[{"name":"A"}]""")).Status);
    }

    [Fact]
    public async Task Blocked_account_answers_a_page_and_403_to_everything()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", """{"blocked":true}""");
        var (status, _, type) = await emulator.AmoTextAsync("GET", "account");
        Assert.Equal((HttpStatusCode.Forbidden, "text/html"), (status, type));
        Assert.Equal(HttpStatusCode.Forbidden, (await emulator.SendAsync("POST", "amocrm/oauth2/access_token", "{}")).Status);
        await emulator.AccountAsync("amocrm", """{"blocked":false}""");
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoTextAsync("GET", "account")).Status);
    }

    [Theory]
    [InlineData(403, HttpStatusCode.Forbidden)]
    [InlineData(400, HttpStatusCode.BadRequest)]
    public async Task Read_only_user_may_read(int answer, HttpStatusCode expected)
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", $$"""{"read_only":true,"read_only_status":{{answer}}}""");
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", "account")).Status);
        var (status, text, _) = await emulator.AmoTextAsync("POST", "leads", """[{"name":"A"}]""");
        Assert.Equal(expected, status);
        Assert.Equal(answer == 400, text.Contains("244", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_is_no_administrator_makes_no_fields_and_sees_no_users()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", """{"admin":false}""");
        Assert.Equal(HttpStatusCode.Forbidden, (await emulator.AmoAsync("POST", "leads/custom_fields", """[{"name":"A","type":"text"}]""")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await emulator.AmoAsync("GET", "users")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await emulator.AmoAsync("GET", "webhooks")).Status);
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", "leads/custom_fields")).Status);
    }

    [Fact]
    public async Task Users_come_in_pages_and_a_dismissed_one_stays_among_them()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", """{"dismiss_user":33}""");
        var (_, first) = await emulator.AmoAsync("GET", "users?limit=2");
        Assert.Equal(2, ((JsonArray)first!["_embedded"]!["users"]!).Count);
        Assert.Contains("page=2", first["_links"]!["next"]!["href"]!.GetValue<string>(), StringComparison.Ordinal);
        var (_, second) = await emulator.AmoAsync("GET", "users?limit=2&page=2");
        var user = Assert.Single((JsonArray)second!["_embedded"]!["users"]!)!;
        Assert.Equal((33, false), (user["id"]!.GetValue<int>(), user["rights"]!["is_active"]!.GetValue<bool>()));
        Assert.Null(second["_links"]!["next"]);
        Assert.Equal(HttpStatusCode.NoContent, (await emulator.AmoAsync("GET", "users?limit=2&page=3")).Status);
    }

    [Fact]
    public async Task Stages_have_their_colors_and_incoming_leads_their_kind()
    {
        await using var emulator = await Running.StartAsync();
        var (_, body) = await emulator.AmoAsync("GET", "leads/pipelines");
        var stages = (JsonArray)body!["_embedded"]!["pipelines"]![0]!["_embedded"]!["statuses"]!;
        Assert.Equal((1, "#c1c1c1"), (stages[0]!["type"]!.GetValue<int>(), stages[0]!["color"]!.GetValue<string>()));
        Assert.Equal(stages.Count, stages.Select(s => s!["color"]!.GetValue<string>()).Distinct().Count());
    }

    [Fact]
    public async Task Filters_can_be_bought_while_running()
    {
        await using var emulator = await Running.StartAsync();
        var id = await emulator.AmoLeadAsync("A");
        await emulator.AmoLeadAsync("B");
        await emulator.AccountAsync("amocrm", """{"api_filter":true}""");
        var (_, account) = await emulator.AmoAsync("GET", "account?with=is_api_filter_enabled");
        Assert.True(account!["is_api_filter_enabled"]!.GetValue<bool>());
        var (_, body) = await emulator.AmoAsync("GET", $"leads?filter[id][]={id}");
        Assert.Single((JsonArray)body!["_embedded"]!["leads"]!);
    }

    [Theory]
    [InlineData("""{"remove_user":33}""", """{"responsible_user_id":33}""", "responsible_user_id")]
    [InlineData("""{"remove_status":9103}""", """{"status_id":9103}""", "status_id")]
    [InlineData("""{"remove_pipeline":9200}""", """{"pipeline_id":9200}""", "pipeline_id")]
    [InlineData("""{"remove_field":{"entity":"leads","code":"UTM_TERM"}}""", """{"custom_fields_values":[{"field_code":"UTM_TERM","values":[{"value":"x"}]}]}""", "custom_fields_values.0.field_code")]
    public async Task What_an_administrator_removed_is_refused_by_path(string change, string lead, string path)
    {
        await using var emulator = await Running.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("POST", "leads", $"[{lead}]")).Status);
        await emulator.AccountAsync("amocrm", change);
        var (status, body) = await emulator.AmoAsync("POST", "leads", $"[{lead}]");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        var error = body!["validation-errors"]![0]!["errors"]![0]!;
        Assert.Equal(("NotSupportedChoice", path), (error["code"]!.GetValue<string>(), error["path"]!.GetValue<string>()));
        // Another account still has it.
        Assert.Equal(HttpStatusCode.OK, (await emulator.SendAsync("POST", "amocrm@other.amocrm.ru/api/v4/leads", $"[{lead}]", Running.Token)).Status);
    }

    [Fact]
    public async Task Removed_choice_of_a_list_is_refused()
    {
        await using var emulator = await Running.StartAsync();
        var (_, made) = await emulator.AmoAsync("POST", "leads/custom_fields", """[{"name":"L","code":"L","type":"select","enums":[{"value":"a"},{"value":"b"}]}]""");
        var choice = made!["_embedded"]!["custom_fields"]![0]!["enums"]![0]!["id"]!.GetValue<long>();
        await emulator.AccountAsync("amocrm", $$$"""{"remove_enum":{"entity":"leads","code":"L","enum_id":{{{choice}}}}}""");
        var (status, body) = await emulator.AmoAsync("POST", "leads", $$"""[{"custom_fields_values":[{"field_code":"L","values":[{"enum_id":{{choice}}}]}]}]""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("custom_fields_values.0.values.0.enum_id", body!["validation-errors"]![0]!["errors"]![0]!["path"]!.GetValue<string>());
    }

    [Fact]
    public async Task Texts_can_have_a_longest_length()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", """{"text_limit":5}""");
        var (status, body) = await emulator.AmoAsync("POST", "leads", """[{"name":"longer","custom_fields_values":[{"field_code":"UTM_TERM","values":[{"value":"123456"}]}]}]""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(["name", "custom_fields_values.0.values.0.value"], ((JsonArray)body!["validation-errors"]![0]!["errors"]!).Select(e => e!["path"]!.GetValue<string>()));
    }

    [Fact]
    public async Task External_integration_sees_no_users()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", """{"integration":{"kind":"external"}}""");
        const string Trade = """{"client_id":"demo-client-id","client_secret":"demo-client-secret","redirect_uri":"https://example.org/oauth","grant_type":"refresh_token","refresh_token":"demo-refresh-token"}""";
        var pair = await emulator.JsonAsync("POST", "amocrm/oauth2/access_token", Trade);
        Assert.Equal(HttpStatusCode.Forbidden, (await emulator.AmoAsync("GET", "users", token: pair["access_token"]!.GetValue<string>())).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reopened_lead_loses_the_moment_of_its_closing_or_keeps_it(bool keeps)
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", $$"""{"reopen_keeps_closed_at":{{(keeps ? "true" : "false")}}}""");
        var id = await emulator.AmoLeadAsync();
        await emulator.AmoAsync("PATCH", $"leads/{id}", """{"status_id":142}""");
        await emulator.AmoAsync("PATCH", $"leads/{id}", """{"status_id":9102}""");
        var (_, lead) = await emulator.AmoAsync("GET", $"leads/{id}");
        Assert.Equal(keeps, lead!["closed_at"] is not null);
    }

    [Theory]
    [InlineData("refuse", HttpStatusCode.BadRequest, 1)]
    [InlineData("accept", HttpStatusCode.OK, 2)]
    public async Task Repeated_incoming_lead_is_refused_or_taken(string what, HttpStatusCode expected, int count)
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", $$"""{"unsorted_repeats":"{{what}}"}""");
        const string Body = """[{"source_uid":"u1","source_name":"Site","metadata":{"form_id":"1","form_name":"f","form_page":"https://a"}}]""";
        await emulator.AmoAsync("POST", "leads/unsorted/forms", Body);
        Assert.Equal(expected, (await emulator.AmoAsync("POST", "leads/unsorted/forms", Body)).Status);
        Assert.Equal(count, (await emulator.StateAsync("amocrm", "leads")).Count);
    }

    [Fact]
    public async Task Every_answer_has_a_request_id()
    {
        await using var emulator = await Running.StartAsync();
        using var answer = await emulator.Http.GetAsync(new Uri("amocrm/api/v4/account", UriKind.Relative));
        Assert.NotEmpty(answer.Headers.GetValues("X-Request-Id"));
    }
}
