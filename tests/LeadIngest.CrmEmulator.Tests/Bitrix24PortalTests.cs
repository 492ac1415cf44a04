using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class Bitrix24PortalTests
{
    private const string Deal = """{"fields":{"TITLE":"A"}}""";

    private static string Error((HttpStatusCode Status, JsonNode Body) answer) => $"{(int)answer.Status} {answer.Body["error"]}";

    [Theory]
    [InlineData("bitrix24@acme.bitrix24.ru", null, "/bitrix24@acme2.bitrix24.ru/")]
    [InlineData("bitrix24", "acme.bitrix24.ru", "http://acme2.bitrix24.ru/bitrix24/")]
    public async Task Renamed_portal_redirects_from_its_old_host(string prefix, string? host, string expected)
    {
        await using var emulator = await Running.StartAsync();
        await emulator.SendAsync("POST", $"{prefix}/rest/1/demo-bitrix-secret/crm.deal.add", Deal, host: host);
        await emulator.AccountAsync("bitrix24", """{"rename":"acme2.bitrix24.ru"}""", "acme.bitrix24.ru");
        var (status, _, location) = await emulator.SendAsync("POST", $"{prefix}/rest/1/demo-bitrix-secret/crm.deal.add?x=1", Deal, host: host);
        Assert.Equal(HttpStatusCode.Redirect, status);
        Assert.EndsWith(expected + "rest/1/demo-bitrix-secret/crm.deal.add?x=1", location, StringComparison.Ordinal);
        Assert.Single((JsonArray)await emulator.JsonAsync("GET", "_state/bitrix24/deals?account=acme2.bitrix24.ru"));
    }

    [Theory]
    [InlineData("deal")]
    [InlineData("lead")]
    [InlineData("contact")]
    public async Task A_field_of_ones_own_is_told_with_its_label_its_type_and_its_choices(string card)
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync($"crm.{card}.userfield.add", """{"fields":{"FIELD_NAME":"CITY","USER_TYPE_ID":"enumeration","EDIT_FORM_LABEL":"Город","LIST":[{"VALUE":"Москва"},{"VALUE":"Тверь"}]}}""");
        var (_, body) = await emulator.BitrixAsync($"crm.{card}.fields");
        var field = body["result"]!["UF_CRM_CITY"]!;
        Assert.Equal(("enumeration", "UF_CRM_CITY", "Город", true), (field["type"]!.GetValue<string>(), field["title"]!.GetValue<string>(), field["formLabel"]!.GetValue<string>(), field["isDynamic"]!.GetValue<bool>()));
        Assert.Equal(["Москва", "Тверь"], ((JsonArray)field["items"]!).Select(i => i!["VALUE"]!.GetValue<string>()));
        Assert.False(body["result"]!["ASSIGNED_BY_ID"]!["isDynamic"]!.GetValue<bool>());
        Assert.Null(body["result"]!["ASSIGNED_BY_ID"]!["items"]);
        var type = card switch { "lead" => 1, "deal" => 2, _ => 3 };
        var universal = (await emulator.BitrixAsync("crm.item.fields", $$"""{"entityTypeId":{{type}}}""")).Body["result"]!["fields"]!["ufCrmCity"]!;
        Assert.Equal(("Город", "UF_CRM_CITY"), (universal["title"]!.GetValue<string>(), universal["upperName"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Stages_have_their_colors_and_other_dictionaries_none()
    {
        await using var emulator = await Running.StartAsync();
        var rows = (JsonArray)(await emulator.BitrixAsync("crm.status.list")).Body["result"]!;
        Assert.Equal("#7BD500", rows.Single(r => r!["STATUS_ID"]!.GetValue<string>() == "WON")!["COLOR"]!.GetValue<string>());
        Assert.All(rows.Where(r => r!["ENTITY_ID"]!.GetValue<string>() == "SOURCE"), r => Assert.Null(r!["COLOR"]));
    }

    [Theory]
    [InlineData("""{"paid":false}""", "401 ACCESS_DENIED", "403 ACCESS_DENIED")]
    [InlineData("""{"overload":true}""", "401 OVERLOAD_LIMIT", "503 OVERLOAD_LIMIT")]
    [InlineData("""{"deleted":true}""", "403 PORTAL_DELETED", "500 PORTAL_DELETED")]
    [InlineData("""{"scopes":"user"}""", "401 insufficient_scope", "403 insufficient_scope")]
    [InlineData("""{"dismiss_user":1}""", "401 authorization_error", "401 authorization_error")]
    public async Task State_of_the_portal_is_refused_with_the_status_of_either_edition(string state, string newest, string old)
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("bitrix24", state);
        Assert.Equal(newest, Error(await emulator.BitrixAsync("crm.deal.add", Deal)));
        await emulator.AccountAsync("bitrix24", """{"old_statuses":true}""");
        Assert.Equal(old, Error(await emulator.BitrixAsync("crm.deal.add", Deal)));
        Assert.Empty(await emulator.StateAsync("bitrix24", "deals"));
    }

    [Fact]
    public async Task Any_error_can_come_inside_a_200()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => (o.Clock, o.RateLimits) = (clock, true));
        await emulator.AccountAsync("bitrix24", """{"statuses":{"QUERY_LIMIT_EXCEEDED":200,"ERROR_METHOD_NOT_FOUND":200}}""");
        Assert.Equal("200 ERROR_METHOD_NOT_FOUND", Error(await emulator.BitrixAsync("no.such")));
        for (var i = 0; i < 49; i++)
            await emulator.BitrixAsync("profile");
        Assert.Equal("200 QUERY_LIMIT_EXCEEDED", Error(await emulator.BitrixAsync("profile")));
    }

    [Fact]
    public async Task Required_field_refuses_creating_and_emptying()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.deal.userfield.add", """{"fields":{"FIELD_NAME":"CITY","USER_TYPE_ID":"string"}}""");
        await emulator.AccountAsync("bitrix24", """{"required":{"deal":["UF_CRM_CITY"],"contact":["PHONE"]}}""");
        Assert.Equal("400 CRM_FIELD_ERROR_REQUIRED", Error(await emulator.BitrixAsync("crm.deal.add", Deal)));
        Assert.Equal("400 CRM_FIELD_ERROR_REQUIRED", Error(await emulator.BitrixAsync("crm.item.add", """{"entityTypeId":3,"fields":{"name":"A"}}""")));
        Assert.Equal(HttpStatusCode.OK, (await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"A","UF_CRM_CITY":"Tula"}}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await emulator.BitrixAsync("crm.deal.update", """{"id":1,"fields":{"TITLE":"B"}}""")).Status);
        Assert.Equal("400 CRM_FIELD_ERROR_REQUIRED", Error(await emulator.BitrixAsync("crm.deal.update", """{"id":1,"fields":{"UF_CRM_CITY":""}}""")));
    }

    [Fact]
    public async Task Full_disk_has_an_empty_code()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("bitrix24", """{"disk_full":true}""");
        var answer = await emulator.BitrixAsync("crm.deal.add", Deal);
        Assert.Equal("400 ", Error(answer));
        Assert.Contains("квота", answer.Body["error_description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Told_failure_hits_its_command_inside_a_batch_too()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("bitrix24", """{"fail":{"method":"crm.deal.add","contains":"poison","code":"ERROR_CORE","description":"no","status":400,"times":2}}""");
        await emulator.AccountAsync("bitrix24", """{"fail":{"method":"crm.contact.add","after":true}}""");
        var (status, body) = await emulator.BitrixAsync("batch", """{"cmd":{"a":"crm.deal.add?fields[TITLE]=ok","b":"crm.deal.add?fields[TITLE]=poison","c":"crm.contact.add?fields[NAME]=A"}}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["b", "c"], ((JsonObject)body["result"]!["result_error"]!).Select(e => e.Key));
        Assert.Single(await emulator.StateAsync("bitrix24", "contacts"));
        Assert.Equal("400 ERROR_CORE", Error(await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"poison"}}""")));
        Assert.Equal(HttpStatusCode.OK, (await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"poison"}}""")).Status);
    }

    [Fact]
    public async Task User_with_own_records_only_does_not_see_the_others()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.contact.add", """{"fields":{"NAME":"A","ASSIGNED_BY_ID":14,"PHONE":[{"VALUE":"+79161112233"}]}}""");
        await emulator.BitrixAsync("crm.contact.add", """{"fields":{"NAME":"B"}}""");
        await emulator.AccountAsync("bitrix24", """{"own_only":[1]}""");
        Assert.Equal(1, (await emulator.BitrixAsync("crm.contact.list")).Body["total"]!.GetValue<int>());
        Assert.Equal("400 ACCESS_DENIED", Error(await emulator.BitrixAsync("crm.item.get", """{"entityTypeId":3,"id":1}""")));
        Assert.Equal("400 ", Error(await emulator.BitrixAsync("crm.contact.get", """{"id":1}""")));
        Assert.Empty((JsonArray)(await emulator.BitrixAsync("crm.duplicate.findbycomm", """{"type":"PHONE","values":["+79161112233"]}""")).Body["result"]!);
        Assert.Equal(2, (await emulator.StateAsync("bitrix24", "contacts")).Count);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Another_spelling_of_a_phone_is_found_by_digits_or_not_at_all(bool isStrict, bool isFound)
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("bitrix24", $$"""{"strict_phones":{{(isStrict ? "true" : "false")}}}""");
        await emulator.BitrixAsync("crm.contact.add", """{"fields":{"NAME":"A","PHONE":[{"VALUE":"+7 (916) 111-22-33"}]}}""");
        var (_, body) = await emulator.BitrixAsync("crm.duplicate.findbycomm", """{"type":"PHONE","values":["+79161112233","89161112233"]}""");
        Assert.Equal(isFound, body["result"] is JsonObject);
        var (_, exact) = await emulator.BitrixAsync("crm.duplicate.findbycomm", """{"type":"PHONE","values":["+7 (916) 111-22-33"]}""");
        Assert.IsType<JsonObject>(exact["result"]);
    }

    [Fact]
    public async Task Unresolved_reference_is_empty_text_or_an_error()
    {
        await using var emulator = await Running.StartAsync();
        const string Batch = """{"cmd":{"a":"crm.deal.get?id=404","b":"crm.deal.add?fields[TITLE]=x$result[a][ID]"}}""";
        Assert.Single((JsonObject)(await emulator.BitrixAsync("batch", Batch)).Body["result"]!["result"]!);
        await emulator.AccountAsync("bitrix24", """{"unresolved":"error"}""");
        Assert.Equal(2, ((JsonObject)(await emulator.BitrixAsync("batch", Batch)).Body["result"]!["result_error"]!).Count);
        Assert.Single(await emulator.StateAsync("bitrix24", "deals"));
    }

    [Fact]
    public async Task Dismissed_user_is_shown_as_inactive_and_can_be_refused_as_responsible()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("bitrix24", """{"dismiss_user":14}""");
        var (_, body) = await emulator.BitrixAsync("user.get", """{"FILTER":{"ID":[14]}}""");
        Assert.False(body["result"]![0]!["ACTIVE"]!.GetValue<bool>());
        var (_, active) = await emulator.BitrixAsync("user.get", """{"FILTER":{"ACTIVE":true}}""");
        Assert.Equal(["1", "15"], ((JsonArray)active["result"]!).Select(u => u!["ID"]!.GetValue<string>()));
        const string ForDismissed = """{"fields":{"TITLE":"A","ASSIGNED_BY_ID":14}}""";
        Assert.Equal(HttpStatusCode.OK, (await emulator.BitrixAsync("crm.deal.add", ForDismissed)).Status);
        await emulator.AccountAsync("bitrix24", """{"check_users":true}""");
        Assert.Equal("400 CRM_FIELD_ERROR_VALUE_NOT_VALID", Error(await emulator.BitrixAsync("crm.deal.add", ForDismissed)));
    }

    [Fact]
    public async Task Removed_stage_and_pipeline_are_gone_from_dictionaries_and_refused()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("bitrix24", """{"remove_stage":{"entity_id":"DEAL_STAGE","status_id":"PREPARATION"},"remove_category":4}""");
        Assert.Equal("400 CRM_FIELD_ERROR_VALUE_NOT_VALID", Error(await emulator.BitrixAsync("crm.item.add", """{"entityTypeId":2,"fields":{"stageId":"PREPARATION"}}""")));
        Assert.Equal("400 CRM_FIELD_ERROR_VALUE_NOT_VALID", Error(await emulator.BitrixAsync("crm.item.add", """{"entityTypeId":2,"fields":{"categoryId":4}}""")));
        var (_, categories) = await emulator.BitrixAsync("crm.category.list", """{"entityTypeId":2}""");
        Assert.Single((JsonArray)categories["result"]!["categories"]!);
        Assert.Equal(HttpStatusCode.OK, (await emulator.SendAsync("POST", "bitrix24@other.bitrix24.ru/rest/1/demo-bitrix-secret/crm.item.add", """{"entityTypeId":2,"fields":{"categoryId":4}}""")).Status);
    }

    [Fact]
    public async Task Fields_are_made_by_administrators_and_can_vanish_again()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("bitrix24", """{"admin":false}""");
        const string Field = """{"fields":{"FIELD_NAME":"KEYWORD","USER_TYPE_ID":"string"}}""";
        Assert.Equal("400 ", Error(await emulator.BitrixAsync("crm.lead.userfield.add", Field)));
        await emulator.AccountAsync("bitrix24", """{"admin":true}""");
        foreach (var entity in new[] { "lead", "deal", "contact", "company" })
            Assert.Equal(HttpStatusCode.OK, (await emulator.BitrixAsync($"crm.{entity}.userfield.add", Field)).Status);
        await emulator.BitrixAsync("crm.lead.add", """{"fields":{"TITLE":"A","UF_CRM_KEYWORD":"x"}}""");
        await emulator.AccountAsync("bitrix24", """{"remove_field":{"entity":"lead","name":"UF_CRM_KEYWORD"}}""");
        Assert.Null((await emulator.BitrixAsync("crm.lead.get", """{"id":1}""")).Body["result"]!["UF_CRM_KEYWORD"]);
        Assert.Empty((JsonArray)(await emulator.BitrixAsync("crm.lead.userfield.list")).Body["result"]!);
    }

    [Fact]
    public async Task Operating_time_is_counted_for_each_credential()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => (o.Clock, o.Bitrix24.OperatingSecondsPerCall, o.Bitrix24.Secrets) = (clock, 300, "one,two"));
        await emulator.BitrixAsync("crm.deal.list", secret: "one");
        var (_, body) = await emulator.BitrixAsync("crm.deal.list", secret: "one");
        Assert.Equal(600, body["time"]!["operating"]!.GetValue<double>());
        Assert.Equal("429 OPERATION_TIME_LIMIT", Error(await emulator.BitrixAsync("crm.deal.list", secret: "one")));
        Assert.Equal(HttpStatusCode.OK, (await emulator.BitrixAsync("crm.deal.list", secret: "two")).Status);
        await emulator.AccountAsync("bitrix24", """{"show_operating":false}""");
        Assert.Null((await emulator.BitrixAsync("profile", secret: "two")).Body["time"]!["operating"]);
    }

    [Fact]
    public async Task Merged_contact_leaves_its_phones_and_deals_to_the_other()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.contact.add", """{"fields":{"NAME":"A","PHONE":[{"VALUE":"+79161112233"}]}}""");
        await emulator.BitrixAsync("crm.contact.add", """{"fields":{"NAME":"B","PHONE":[{"VALUE":"+79164445566"}]}}""");
        await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"D","CONTACT_ID":2}}""");
        await emulator.ActAsync("bitrix24", """{"entity":"contact","merge":[1,2]}""");
        Assert.Equal("1", (await emulator.BitrixAsync("crm.deal.get", """{"id":1}""")).Body["result"]!["CONTACT_ID"]!.GetValue<string>());
        Assert.Equal(2, ((JsonArray)(await emulator.BitrixAsync("crm.contact.get", """{"id":1}""")).Body["result"]!["PHONE"]!).Count);
        Assert.Equal("400 ", Error(await emulator.BitrixAsync("crm.contact.get", """{"id":2}""")));
        await emulator.BitrixAsync("crm.deal.add", Deal);
        var (_, merged) = await emulator.BitrixAsync("crm.entity.mergeBatch", """{"params":{"entityTypeId":2,"entityIds":[1,2]}}""");
        Assert.Equal("SUCCESS", merged["result"]!["STATUS"]!.GetValue<string>());
        Assert.Single(await emulator.StateAsync("bitrix24", "deals"));
    }

    [Fact]
    public async Task Contacts_of_a_deal_are_added_read_and_removed_one_by_one()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.JsonAsync("POST", "_seed/bitrix24", """{"contacts":3,"deals":1}""");
        await emulator.BitrixAsync("crm.deal.contact.add", """{"id":1,"fields":{"CONTACT_ID":2}}""");
        await emulator.BitrixAsync("crm.deal.contact.add", """{"id":1,"fields":{"CONTACT_ID":3,"IS_PRIMARY":"Y"}}""");
        async Task<List<long>> ReadAsync() => [.. ((JsonArray)(await emulator.BitrixAsync("crm.deal.contact.items.get", """{"id":1}""")).Body["result"]!).Select(r => r!["CONTACT_ID"]!.GetValue<long>())];
        Assert.Equal<IEnumerable<long>>([3, 1, 2], await ReadAsync());
        await emulator.BitrixAsync("crm.deal.contact.delete", """{"id":1,"fields":{"CONTACT_ID":1}}""");
        Assert.Equal<IEnumerable<long>>([3, 2], await ReadAsync());
        Assert.Equal("400 ", Error(await emulator.BitrixAsync("crm.deal.contact.add", """{"id":1,"fields":{"CONTACT_ID":404}}""")));
        await emulator.BitrixAsync("crm.deal.contact.items.delete", """{"id":1}""");
        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task Comments_are_read_changed_and_removed()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.deal.add", Deal);
        await emulator.BitrixAsync("crm.timeline.comment.add", """{"fields":{"ENTITY_TYPE":"deal","ENTITY_ID":1,"COMMENT":"a"}}""");
        await emulator.BitrixAsync("crm.timeline.comment.update", """{"id":1,"fields":{"COMMENT":"b"}}""");
        Assert.Equal("b", (await emulator.BitrixAsync("crm.timeline.comment.get", """{"id":1}""")).Body["result"]!["COMMENT"]!.GetValue<string>());
        var (_, list) = await emulator.BitrixAsync("crm.timeline.comment.list", """{"filter":{"ENTITY_TYPE":"deal","ENTITY_ID":1}}""");
        Assert.Equal("b", list["result"]![0]!["COMMENT"]!.GetValue<string>());
        await emulator.BitrixAsync("crm.timeline.comment.delete", """{"id":1}""");
        Assert.Equal("400 ", Error(await emulator.BitrixAsync("crm.timeline.comment.get", """{"id":1}""")));
    }

    [Fact]
    public async Task Stage_history_of_left_pipelines_is_shown_where_the_portal_does()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.deal.add", Deal);
        await emulator.BitrixAsync("crm.item.update", """{"entityTypeId":2,"id":1,"fields":{"categoryId":4}}""");
        const string History = """{"entityTypeId":2,"filter":{"OWNER_ID":1}}""";
        Assert.Single((JsonArray)(await emulator.BitrixAsync("crm.stagehistory.list", History)).Body["result"]!["items"]!);
        await emulator.AccountAsync("bitrix24", """{"history_of_all":true}""");
        Assert.Equal([1, 5], ((JsonArray)(await emulator.BitrixAsync("crm.stagehistory.list", History)).Body["result"]!["items"]!).Select(i => i!["TYPE_ID"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Date_filter_with_an_offset_can_be_passed_over()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.deal.add", Deal);
        const string Future = """{"entityTypeId":2,"filter":{">=updatedTime":"2999-01-01T00:00:00+03:00"}}""";
        Assert.Equal(0, (await emulator.BitrixAsync("crm.item.list", Future)).Body["total"]!.GetValue<int>());
        await emulator.AccountAsync("bitrix24", """{"ignore_offset_dates":true}""");
        Assert.Equal(1, (await emulator.BitrixAsync("crm.item.list", Future)).Body["total"]!.GetValue<int>());
        Assert.Equal(0, (await emulator.BitrixAsync("crm.item.list", Future.Replace("T00:00:00+03:00", " 00:00:00", StringComparison.Ordinal))).Body["total"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "yandex")]
    public async Task Deal_of_a_converted_lead_inherits_or_not(bool inherits, string? source)
    {
        await using var emulator = await Running.StartAsync(o => o.Bitrix24.Mode = 2);
        var flag = inherits ? "true" : "false";
        await emulator.AccountAsync("bitrix24", $$"""{"convert_inherits":{{flag}},"convert_hides":{{flag}}}""");
        await emulator.BitrixAsync("crm.lead.add", """{"fields":{"NAME":"Olga","UTM_SOURCE":"yandex"}}""");
        var deal = (await emulator.BitrixAsync("crm.deal.list", """{"filter":{"LEAD_ID":1}}""")).Body["result"]![0]!;
        Assert.Equal(source, deal["UTM_SOURCE"]?.GetValue<string>());
        Assert.Equal(inherits, (await emulator.BitrixAsync("crm.lead.get", """{"id":1}""")).Status == HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Closing_can_move_the_planned_close()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("bitrix24", """{"closing_moves_close_date":true}""");
        await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"A","CLOSEDATE":"2030-01-01"}}""");
        await emulator.BitrixAsync("crm.deal.update", """{"id":1,"fields":{"STAGE_ID":"WON"}}""");
        var deal = (await emulator.BitrixAsync("crm.deal.get", """{"id":1}""")).Body["result"]!;
        Assert.Equal(deal["MOVED_TIME"]!.GetValue<string>()[..10], deal["CLOSEDATE"]!.GetValue<string>()[..10]);
    }

    [Theory]
    [InlineData("""{"lead_creation_error":true}""")]
    [InlineData("""{"disk_full":true}""")]
    public async Task Lead_that_a_call_could_not_make_is_told_inside_a_success(string state)
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("bitrix24", state);
        var body = await emulator.JsonAsync("POST", "bitrix24/rest/telephony.externalCall.register",
            """{"auth":"demo-bitrix-app-token","USER_ID":1,"PHONE_NUMBER":"+79161112233","TYPE":2,"CRM_CREATE":1}""");
        Assert.NotEmpty(body["result"]!["LEAD_CREATION_ERROR"]!.GetValue<string>());
        Assert.Empty(await emulator.StateAsync("bitrix24", "leads"));
    }

    [Fact]
    public async Task Many_contacts_are_read_by_rising_id_fast_and_without_a_gap()
    {
        const int Count = 20_000;
        await using var emulator = await Running.StartAsync();
        await emulator.JsonAsync("POST", "_seed/bitrix24", $$"""{"contacts":{{Count}}}""");
        var (seen, last) = (0, 0L);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var batch = new JsonObject { ["cmd"] = new JsonArray($"crm.contact.list?select[]=ID&select[]=PHONE&order[ID]=ASC&filter[>ID]={last}&start=-1") };
            var rows = (JsonArray)(await emulator.BitrixAsync("batch", batch.ToJsonString())).Body["result"]!["result"]![0]!;
            if (rows.Count == 0)
                break;
            seen += rows.Count;
            Assert.NotEmpty((JsonArray)rows[0]!["PHONE"]!);
            last = long.Parse(rows[^1]!["ID"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
        }
        Assert.Equal(Count, seen);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(Count, last);
    }
}
