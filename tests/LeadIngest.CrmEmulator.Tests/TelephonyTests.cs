using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class TelephonyTests
{
    private const string Register = """{"USER_ID":14,"PHONE_NUMBER":"+79161112233","TYPE":2,"LINE_NUMBER":"74951234567","EXTERNAL_CALL_ID":"c-1","SHOW":0}""";

    [Fact]
    public async Task A_call_is_registered_finished_once_and_recorded_after()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.contact.add", """{"fields":{"NAME":"Olga","PHONE":[{"VALUE":"+7 916 111-22-33"}]}}""");
        var (_, registered) = await AppAsync(emulator, "telephony.externalCall.register", Register);
        Assert.Equal(("CONTACT", 1), (registered["result"]!["CRM_ENTITY_TYPE"]!.GetValue<string>(), registered["result"]!["CRM_ENTITY_ID"]!.GetValue<int>()));
        var id = registered["result"]!["CALL_ID"]!.GetValue<string>();
        var record = $$"""{"CALL_ID":"{{id}}","RECORD_URL":"https://pbx.example/1.mp3"}""";
        var (early, words) = await AppAsync(emulator, "telephony.externalCall.attachRecord", record);
        Assert.Equal((HttpStatusCode.BadRequest, "ERROR_CORE"), (early, words["error"]!.GetValue<string>()));
        Assert.Empty(await emulator.StateAsync("bitrix24", "activities"));

        var finish = $$"""{"CALL_ID":"{{id}}","USER_ID":14,"DURATION":65}""";
        var (_, finished) = await AppAsync(emulator, "telephony.externalCall.finish", finish);
        Assert.Equal("1", finished["result"]!["CRM_ACTIVITY_ID"]!.GetValue<string>());
        var (again, refusal) = await AppAsync(emulator, "telephony.externalCall.finish", finish);
        Assert.Equal((HttpStatusCode.BadRequest, ""), (again, refusal["error"]!.GetValue<string>()));
        Assert.StartsWith("Call is not found", refusal["error_description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Single(await emulator.StateAsync("bitrix24", "activities"));
        Assert.Equal(HttpStatusCode.OK, (await emulator.BitrixAsync("telephony.externalCall.attachRecord", record)).Status);
        Assert.Equal("https://pbx.example/1.mp3", Assert.Single(await emulator.StateAsync("bitrix24", "calls"))!["CALL_RECORD_URL"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_same_registration_is_the_same_call_for_30_minutes()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => o.Clock = clock);
        async Task<string> IdAsync(string body) => (await AppAsync(emulator, "telephony.externalCall.register", body)).Body["result"]!["CALL_ID"]!.GetValue<string>();
        var first = await IdAsync(Register);
        clock.Move(TimeSpan.FromMinutes(29));
        Assert.Equal(first, await IdAsync(Register));
        Assert.NotEqual(first, await IdAsync(Register.Replace("c-1", "c-2", StringComparison.Ordinal)));
        clock.Move(TimeSpan.FromMinutes(2));
        Assert.NotEqual(first, await IdAsync(Register));
    }

    [Fact]
    public async Task Only_finished_calls_are_in_the_history()
    {
        await using var emulator = await Running.StartAsync();
        var id = (await AppAsync(emulator, "telephony.externalCall.register", Register)).Body["result"]!["CALL_ID"]!.GetValue<string>();
        var wanted = $$$"""{"FILTER":{"CALL_ID":"{{{id}}}"}}""";
        Assert.Empty((JsonArray)(await emulator.BitrixAsync("voximplant.statistic.get", wanted)).Body["result"]!);
        await AppAsync(emulator, "telephony.externalCall.finish", $$"""{"CALL_ID":"{{id}}","USER_ID":14,"DURATION":0}""");
        var row = Assert.Single((JsonArray)(await emulator.BitrixAsync("voximplant.statistic.get", wanted)).Body["result"]!)!;
        Assert.Equal(("c-1", "304"), (row["EXTERNAL_CALL_ID"]!.GetValue<string>(), row["CALL_FAILED_CODE"]!.GetValue<string>()));
        Assert.Empty((JsonArray)(await emulator.BitrixAsync("voximplant.statistic.get", """{"FILTER":{"EXTERNAL_CALL_ID":"other"}}""")).Body["result"]!);
    }

    [Theory]
    [InlineData(1, "leads", 1, 0)]
    [InlineData(2, "deals", 0, 1)]
    public async Task A_stranger_becomes_a_card_only_where_it_is_asked_for(int mode, string noun, int leads, int deals)
    {
        await using var emulator = await Running.StartAsync(o => o.Bitrix24.Mode = mode);
        await AppAsync(emulator, "telephony.externalCall.register", Register);
        Assert.Empty(await emulator.StateAsync("bitrix24", noun));
        var (_, body) = await AppAsync(emulator, "telephony.externalCall.register", Register.Replace("c-1", "c-2\",\"CRM_CREATE\":\"1", StringComparison.Ordinal));
        Assert.NotEmpty((JsonArray)body["result"]!["CRM_CREATED_ENTITIES"]!);
        Assert.Equal((leads, deals), ((await emulator.StateAsync("bitrix24", "leads")).Count, (await emulator.StateAsync("bitrix24", "deals")).Count));
        var (_, found) = await emulator.BitrixAsync("telephony.externalCall.searchCrmEntities", """{"PHONE_NUMBER":"+79161112233"}""");
        Assert.Single((JsonArray)found["result"]!);
    }

    [Theory]
    [InlineData("""{"USER_ID":999,"PHONE_NUMBER":"+79161112233","TYPE":2}""", "User is not found or is not active")]
    [InlineData("""{"USER_ID":14,"PHONE_NUMBER":"anonymous","TYPE":2}""", "Unsupported phone number format")]
    [InlineData("""{"USER_ID":14,"PHONE_NUMBER":"+79161112233","TYPE":2,"CRM_ENTITY_TYPE":"CONTACT","CRM_ENTITY_ID":77}""", "CRM entity is not found")]
    public async Task A_call_that_cannot_be_is_refused_in_words(string body, string words)
    {
        await using var emulator = await Running.StartAsync();
        var (status, answer) = await AppAsync(emulator, "telephony.externalCall.register", body);
        Assert.Equal((HttpStatusCode.BadRequest, words), (status, answer["error_description"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_batch_carries_the_applications_right_and_a_wrong_token_has_none()
    {
        await using var emulator = await Running.StartAsync();
        const string Command = """{"cmd":{"a":"telephony.externalCall.register?USER_ID=14&PHONE_NUMBER=%2B79161112233&TYPE=2&EXTERNAL_CALL_ID=1"}}""";
        var (_, body) = await AppAsync(emulator, "batch", Command);
        Assert.NotNull(body["result"]!["result"]!["a"]!["CALL_ID"]);
        var (_, hook) = await emulator.BitrixAsync("batch", Command);
        Assert.Equal("WRONG_AUTH_TYPE", hook["result"]!["result_error"]!["a"]!["error"]!.GetValue<string>());
        var (status, wrong) = await AppAsync(emulator, "profile", "{}", "wrong");
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_token"), (status, wrong["error"]!.GetValue<string>()));
        Assert.DoesNotContain("demo-bitrix-app-token", await emulator.Http.GetStringAsync(new Uri("_requests/bitrix24", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_activity_needs_somebody_to_have_called_and_is_found_by_its_external_id()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"A"}}""");
        var (status, refusal) = await emulator.BitrixAsync("crm.activity.add", """{"fields":{"OWNER_TYPE_ID":2,"OWNER_ID":1,"TYPE_ID":2,"SUBJECT":"Call"}}""");
        Assert.Equal((HttpStatusCode.BadRequest, "The field COMMUNICATIONS is not defined or invalid."), (status, refusal["error_description"]!.GetValue<string>()));
        var (_, added) = await emulator.BitrixAsync("crm.activity.add",
            """{"fields":{"OWNER_TYPE_ID":2,"OWNER_ID":1,"TYPE_ID":2,"SUBJECT":"Call","DIRECTION":1,"COMMUNICATIONS":[{"VALUE":"+79161112233","TYPE":"PHONE"}],"ORIGINATOR_ID":"x","ORIGIN_ID":"c-1"}}""");
        async Task<int> CountAsync(string filter) => ((JsonArray)(await emulator.BitrixAsync("crm.activity.list", $$$"""{"filter":{{{filter}}}}""")).Body["result"]!).Count;
        Assert.Equal(1, added["result"]!.GetValue<int>());
        Assert.Equal((1, 0, 0, 1), (await CountAsync("""{"ORIGINATOR_ID":"x","ORIGIN_ID":"c-1"}"""), await CountAsync("""{"ORIGINATOR_ID":"y","ORIGIN_ID":"c-1"}"""),
            await CountAsync("""{"ORIGIN_ID":"c-2"}"""), await CountAsync("""{"OWNER_ID":1,"OWNER_TYPE_ID":2,"TYPE_ID":2}""")));
    }

    [Fact]
    public async Task Amocrm_finds_the_card_of_a_call_by_the_last_ten_digits_and_a_stranger_adds_nothing()
    {
        await using var emulator = await Running.StartAsync();
        var (_, made) = await emulator.AmoAsync("POST", "leads/complex",
            """[{"name":"A","_embedded":{"contacts":[{"name":"B","custom_fields_values":[{"field_code":"PHONE","values":[{"value":"+79161112233"}]}]}]}}]""");
        var lead = made![0]!["id"]!.GetValue<long>();
        var (_, body) = await emulator.AmoAsync("POST", "calls",
            """[{"direction":"inbound","duration":65,"source":"pbx","phone":"89161112233","uniq":"c-1","call_status":4},{"direction":"inbound","duration":0,"source":"pbx","phone":"+79990000000","request_id":"s"}]""");
        Assert.Equal(lead, Assert.Single((JsonArray)body!["_embedded"]!["calls"]!)!["entity_id"]!.GetValue<long>());
        Assert.Equal("s", Assert.Single((JsonArray)body["errors"]!)!["request_id"]!.GetValue<string>());
        Assert.Equal("c-1", Assert.Single(await emulator.StateAsync("amocrm", "calls"))!["params"]!["uniq"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"uniq":"1","duration":5,"source":"pbx"}""", "params.phone")]
    [InlineData("""{"uniq":"1","duration":"5","source":"pbx","phone":"1234567"}""", "params.duration")]
    [InlineData("""{"uniq":"1","duration":5,"source":"pbx","phone":"1234567","call_status":8}""", "params.call_status")]
    [InlineData("""{"uniq":"1","duration":5,"source":"pbx","phone":"1234567","link":5}""", "params.link")]
    public async Task Amocrm_names_what_is_wrong_with_a_calls_note(string parameters, string path)
    {
        await using var emulator = await Running.StartAsync();
        var lead = await emulator.AmoLeadAsync();
        var (status, body) = await emulator.AmoAsync("POST", "leads/notes", $$"""[{"entity_id":{{lead}},"note_type":"call_in","params":{{parameters}}}]""");
        Assert.Equal((HttpStatusCode.BadRequest, path), (status, body!["validation-errors"]![0]!["errors"]![0]!["path"]!.GetValue<string>()));
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> AppAsync(Running emulator, string method, string json, string token = "demo-bitrix-app-token")
    {
        var body = (JsonObject)JsonNode.Parse(json)!;
        body["auth"] = token;
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await emulator.Http.PostAsync(new Uri($"bitrix24/rest/{method}", UriKind.Relative), content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
