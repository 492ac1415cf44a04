using System.Net;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class Bitrix24ItemsTests
{
    private const string Lead = """
        {"entityTypeId":1,"fields":{"title":"Form","name":"Olga","utmSource":"yandex","UTM_TERM":"lost","noSuch":"x","originatorId":"li","originId":"k1",
          "fm":[{"typeId":"PHONE","valueType":"MOBILE","value":"+79161112233"},{"typeId":"EMAIL","valueType":"WORK","value":"Olga@Example.org"}]}}
        """;

    [Fact]
    public async Task Unknown_and_upper_case_fields_of_an_item_vanish_in_silence()
    {
        await using var emulator = await Running.StartAsync();
        var (status, body) = await emulator.BitrixAsync("crm.item.add", Lead);
        Assert.Equal(HttpStatusCode.OK, status);
        var item = body["result"]!["item"]!;
        Assert.Equal(("yandex", "NEW", "CALL"), (item["utmSource"]!.GetValue<string>(), item["stageId"]!.GetValue<string>(), item["sourceId"]!.GetValue<string>()));
        Assert.Null(item["utmTerm"]);
        Assert.NotNull(body["time"]!["operating"]);
    }

    [Fact]
    public async Task Same_create_twice_makes_two_items_with_one_external_id()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.item.add", Lead);
        await emulator.BitrixAsync("crm.item.add", Lead);
        var (_, body) = await emulator.BitrixAsync("crm.item.list", """{"entityTypeId":1,"filter":{"=originatorId":"li","=originId":"k1"},"select":["id"],"start":-1}""");
        Assert.Equal(2, ((JsonArray)body["result"]!["items"]!).Count);
        Assert.Equal(0, body["total"]!.GetValue<int>());
        Assert.Null(body["next"]);
    }

    [Fact]
    public async Task Classic_reads_are_strings_and_upper_case()
    {
        await using var emulator = await Running.StartAsync();
        var (_, added) = await emulator.BitrixAsync("crm.lead.add", """{"fields":{"TITLE":"A","utmSource":"lost","UTM_SOURCE":"vk","OPPORTUNITY":900,"PHONE":[{"VALUE":"+79161112233"}]}}""");
        var (_, body) = await emulator.BitrixAsync("CRM.Lead.Get.json", $$"""{"id":{{added["result"]}}}""");
        var lead = body["result"]!;
        Assert.Equal(("1", "900.00", "vk", "WORK"), (lead["ID"]!.GetValue<string>(), lead["OPPORTUNITY"]!.GetValue<string>(), lead["UTM_SOURCE"]!.GetValue<string>(),
            lead["PHONE"]![0]!["VALUE_TYPE"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Form_bodies_and_queries_are_understood()
    {
        await using var emulator = await Running.StartAsync();
        using var form = new FormUrlEncodedContent([new("fields[TITLE]", "Форма"), new("fields[PHONE][0][VALUE]", "+79161112233")]);
        using var response = await emulator.Http.PostAsync(new Uri("bitrix24/rest/1/demo-bitrix-secret/crm.lead.add", UriKind.Relative), form);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var text = await emulator.Http.GetStringAsync(new Uri("bitrix24/rest/1/demo-bitrix-secret/crm.lead.list/?select[]=TITLE&select[]=PHONE", UriKind.Relative));
        var row = JsonNode.Parse(text)!["result"]![0]!;
        Assert.Equal(("Форма", "+79161112233"), (row["TITLE"]!.GetValue<string>(), row["PHONE"]![0]!["VALUE"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("PHONE", "79161112233", true)]
    [InlineData("PHONE", "+7 (916) 111-22-33#12", true)]
    [InlineData("PHONE", "89161112233", false)]
    [InlineData("EMAIL", "OLGA@example.org", true)]
    public async Task Findbycomm_compares_digits_and_does_not_fold_8_into_7(string type, string value, bool isFound)
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.item.add", Lead);
        var (_, body) = await emulator.BitrixAsync("crm.duplicate.findbycomm", $$"""{"type":"{{type}}","values":["{{value}}"]}""");
        if (isFound)
            Assert.Equal(1, body["result"]!["LEAD"]![0]!.GetValue<int>());
        else
            Assert.Empty((JsonArray)body["result"]!);
    }

    [Fact]
    public async Task Twenty_leads_hide_the_contact_unless_the_type_is_asked_for()
    {
        await using var emulator = await Running.StartAsync();
        for (var i = 0; i < 20; i++)
            await emulator.BitrixAsync("crm.item.add", Lead);
        await emulator.BitrixAsync("crm.contact.add", """{"fields":{"NAME":"Olga","PHONE":[{"VALUE":"+79161112233"}]}}""");
        var (_, all) = await emulator.BitrixAsync("crm.duplicate.findbycomm", """{"type":"PHONE","values":["+79161112233"]}""");
        Assert.Null(all["result"]!["CONTACT"]);
        var (_, contacts) = await emulator.BitrixAsync("crm.duplicate.findbycomm", """{"type":"PHONE","values":["+79161112233"],"entity_type":"CONTACT"}""");
        Assert.Equal(1, contacts["result"]!["CONTACT"]![0]!.GetValue<int>());
    }

    [Fact]
    public async Task Lists_come_by_fifty_with_total_and_next()
    {
        await using var emulator = await Running.StartAsync();
        for (var i = 0; i < 51; i++)
            await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"A"}}""");
        var (_, first) = await emulator.BitrixAsync("crm.deal.list");
        Assert.Equal((50, 51, 50), (((JsonArray)first["result"]!).Count, first["total"]!.GetValue<int>(), first["next"]!.GetValue<int>()));
        var (_, last) = await emulator.BitrixAsync("crm.deal.list", """{"start":50}""");
        Assert.Single((JsonArray)last["result"]!);
        Assert.Null(last["next"]);
        var (_, keyset) = await emulator.BitrixAsync("crm.item.list", """{"entityTypeId":2,"filter":{">id":50},"order":{"id":"ASC"},"start":-1}""");
        Assert.Single((JsonArray)keyset["result"]!["items"]!);
    }

    [Fact]
    public async Task Universal_lists_refuse_unknown_filters_and_understand_or()
    {
        await using var emulator = await Running.StartAsync();
        foreach (var stage in new[] { "NEW", "WON", "LOSE" })
            await emulator.BitrixAsync("crm.item.add", $$$"""{"entityTypeId":2,"fields":{"stageId":"{{{stage}}}"}}""");
        var (status, refusal) = await emulator.BitrixAsync("crm.item.list", """{"entityTypeId":2,"filter":{"STAGE_ID":"NEW"}}""");
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_ARG_VALUE"), (status, refusal["error"]!.GetValue<string>()));
        var (_, body) = await emulator.BitrixAsync("crm.item.list", """{"entityTypeId":2,"filter":{"0":{"logic":"OR","0":{"stageId":"WON"},"1":{"stageId":"LOSE"}}}}""");
        Assert.Equal(2, body["total"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_value_without_an_id_adds_another_phone()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.item.add", Lead);
        await emulator.BitrixAsync("crm.item.update", """{"entityTypeId":1,"id":1,"fields":{"fm":{"n0":{"typeId":"PHONE","value":"+79160000000"},"1":{"typeId":"PHONE","value":""}}}}""");
        var (_, body) = await emulator.BitrixAsync("crm.item.get", """{"entityTypeId":1,"id":1}""");
        var phones = ((JsonArray)body["result"]!["item"]!["fm"]!).Where(m => m!["typeId"]!.GetValue<string>() == "PHONE").Select(m => m!["value"]!.GetValue<string>());
        Assert.Equal(["+79160000000"], phones);
    }

    [Fact]
    public async Task Bad_email_refuses_a_contact_but_not_a_lead()
    {
        await using var emulator = await Running.StartAsync();
        var (status, body) = await emulator.BitrixAsync("crm.contact.add", """{"fields":{"NAME":"A","EMAIL":[{"VALUE":"nope"}]}}""");
        Assert.Equal((HttpStatusCode.BadRequest, "ERROR_CORE"), (status, body["error"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.OK, (await emulator.BitrixAsync("crm.lead.add", """{"fields":{"NAME":"A","EMAIL":[{"VALUE":"nope"}]}}""")).Status);
    }

    [Fact]
    public async Task Moving_a_stage_moves_the_history_and_not_the_planned_date()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => o.Clock = clock);
        await emulator.BitrixAsync("crm.item.add", """{"entityTypeId":2,"fields":{"title":"D"}}""");
        clock.Move(TimeSpan.FromHours(1));
        var (_, body) = await emulator.BitrixAsync("crm.item.update", """{"entityTypeId":2,"id":1,"fields":{"stageId":"WON"}}""");
        var deal = body["result"]!["item"]!;
        Assert.Equal(("S", "Y", "2026-09-21T16:00:00+03:00", "2026-09-28T15:00:00+03:00"), (deal["stageSemanticId"]!.GetValue<string>(), deal["closed"]!.GetValue<string>(),
            deal["movedTime"]!.GetValue<string>(), deal["closedate"]!.GetValue<string>()));
        var (_, history) = await emulator.BitrixAsync("crm.stagehistory.list", """{"entityTypeId":2,"filter":{"OWNER_ID":1}}""");
        Assert.Equal([1, 3], ((JsonArray)history["result"]!["items"]!).Select(h => h!["TYPE_ID"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Changed_since_is_answered_by_the_portals_seconds()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => o.Clock = clock);
        await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"old"}}""");
        clock.Move(TimeSpan.FromHours(1));
        await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"new"}}""");
        var (_, body) = await emulator.BitrixAsync("crm.item.list", """{"entityTypeId":2,"filter":{">=updatedTime":"2026-09-21T16:00:00+03:00"}}""");
        Assert.Equal("new", Assert.Single((JsonArray)body["result"]!["items"]!)!["title"]!.GetValue<string>());
    }

    [Fact]
    public async Task Deal_contacts_are_set_and_read()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.contact.add", """{"fields":{"NAME":"A"}}""");
        await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"D"}}""");
        await emulator.BitrixAsync("crm.deal.contact.items.set", """{"id":1,"items":[{"CONTACT_ID":1,"IS_PRIMARY":"Y"}]}""");
        var (_, items) = await emulator.BitrixAsync("crm.deal.contact.items.get", """{"id":1}""");
        Assert.Equal(1, items["result"]![0]!["CONTACT_ID"]!.GetValue<int>());
        var (_, deal) = await emulator.BitrixAsync("crm.deal.get", """{"id":1}""");
        Assert.Equal("1", deal["result"]!["CONTACT_ID"]!.GetValue<string>());
        Assert.Null(deal["result"]!["CONTACT_IDS"]);
    }

    [Fact]
    public async Task Timeline_comments_need_lower_case_fields_an_owner_and_text()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"D"}}""");
        Assert.Equal(HttpStatusCode.BadRequest, (await emulator.BitrixAsync("crm.timeline.comment.add", """{"FIELDS":{"ENTITY_ID":1,"ENTITY_TYPE":"deal","COMMENT":"x"}}""")).Status);
        var (_, noOwner) = await emulator.BitrixAsync("crm.timeline.comment.add", """{"fields":{"ENTITY_ID":9,"ENTITY_TYPE":"deal","COMMENT":"x"}}""");
        Assert.Equal("OWNER_NOT_FOUND", noOwner["error"]!.GetValue<string>());
        await emulator.BitrixAsync("crm.timeline.comment.add", """{"fields":{"ENTITY_ID":1,"ENTITY_TYPE":"deal","COMMENT":"привет"}}""");
        var (_, list) = await emulator.BitrixAsync("crm.timeline.comment.list", """{"filter":{"ENTITY_ID":1,"ENTITY_TYPE":"deal"}}""");
        Assert.Equal("привет", Assert.Single((JsonArray)list["result"]!)!["COMMENT"]!.GetValue<string>());
    }

    [Fact]
    public async Task Portal_without_leads_turns_a_named_lead_into_contact_and_deal()
    {
        await using var emulator = await Running.StartAsync(o => o.Bitrix24.Mode = 2);
        await emulator.BitrixAsync("crm.item.add", Lead);
        Assert.Equal("CONVERTED", (await emulator.StateAsync("bitrix24", "leads"))[0]!["STATUS_ID"]!.GetValue<string>());
        Assert.Equal("1", (await emulator.StateAsync("bitrix24", "deals"))[0]!["LEAD_ID"]!.GetValue<string>());
        Assert.Single(await emulator.StateAsync("bitrix24", "contacts"));
    }

    [Fact]
    public async Task User_field_can_be_added_written_and_read()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.lead.userfield.add", """{"fields":{"FIELD_NAME":"LEAD_KEY","USER_TYPE_ID":"string"}}""");
        var (_, body) = await emulator.BitrixAsync("crm.item.add", """{"entityTypeId":1,"fields":{"ufCrmLeadKey":"v"}}""");
        Assert.Equal("v", body["result"]!["item"]!["ufCrmLeadKey"]!.GetValue<string>());
        Assert.Equal("v", (await emulator.StateAsync("bitrix24", "leads"))[0]!["UF_CRM_LEAD_KEY"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("no.such", "ERROR_METHOD_NOT_FOUND", HttpStatusCode.NotFound)]
    [InlineData("telephony.externalCall.register", "WRONG_AUTH_TYPE", HttpStatusCode.Forbidden)]
    [InlineData("event.bind", "WRONG_AUTH_TYPE", HttpStatusCode.Forbidden)]
    public async Task Methods_not_for_a_webhook_are_refused(string method, string code, HttpStatusCode expected)
    {
        await using var emulator = await Running.StartAsync();
        var (status, body) = await emulator.BitrixAsync(method);
        Assert.Equal((expected, code), (status, body["error"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Wrong_secret_is_refused()
    {
        await using var emulator = await Running.StartAsync();
        var (status, body) = await emulator.BitrixAsync("profile", secret: "wrong");
        Assert.Equal((HttpStatusCode.Unauthorized, "INVALID_CREDENTIALS"), (status, body["error"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("5")]
    [InlineData("""{"fields":5}""")]
    [InlineData("""{"entityTypeId":1,"fields":{"fm":"+7916"}}""")]
    [InlineData("""{"entityTypeId":1,"fields":{"title":"\ud800"}}""")]
    [InlineData("""{"entityTypeId":99,"fields":{}}""")]
    public async Task Nonsense_is_400(string body)
    {
        await using var emulator = await Running.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await emulator.BitrixAsync("crm.item.add", body)).Status);
    }

    [Theory]
    [InlineData("crm.status.list", """{"filter":{"ENTITY_ID":"SOURCE"}}""")]
    [InlineData("crm.category.list", """{"entityTypeId":2}""")]
    [InlineData("crm.settings.mode.get", "{}")]
    [InlineData("user.get", "{}")]
    [InlineData("profile", "{}")]
    [InlineData("scope", "{}")]
    [InlineData("methods", "{}")]
    [InlineData("server.time", "{}")]
    [InlineData("crm.item.fields", """{"entityTypeId":1}""")]
    [InlineData("crm.lead.fields", "{}")]
    public async Task Directories_answer(string method, string json)
    {
        await using var emulator = await Running.StartAsync();
        var (status, body) = await emulator.BitrixAsync(method, json);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.NotNull(body["result"]);
    }
}
