using System.Net;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class AmocrmLeadsTests
{
    private const string Complex = """
        [{"name":"Form","request_id":"L-1","custom_fields_values":[{"field_code":"UTM_SOURCE","values":[{"value":"yandex"}]}],
          "_embedded":{"contacts":[{"first_name":"Olga","custom_fields_values":[{"field_code":"PHONE","values":[{"value":"+79161234567","enum_code":"MOB"}]},
            {"field_code":"EMAIL","values":[{"value":"olga@example.org"}]}]}]}}]
        """;

    [Fact]
    public async Task Complex_answers_a_bare_array_and_makes_lead_and_contact()
    {
        await using var emulator = await Running.StartAsync();
        var (status, body) = await emulator.AmoAsync("POST", "leads/complex", Complex);
        Assert.Equal(HttpStatusCode.OK, status);
        var item = Assert.Single((JsonArray)body!)!;
        Assert.Equal("L-1", item["request_id"]![0]!.GetValue<string>());
        Assert.False(item["merged"]!.GetValue<bool>());
        var (_, lead) = await emulator.AmoAsync("GET", $"leads/{item["id"]}?with=contacts");
        Assert.Equal(item["contact_id"]!.GetValue<long>(), lead!["_embedded"]!["contacts"]![0]!["id"]!.GetValue<long>());
        Assert.Equal("UTM_SOURCE", lead["custom_fields_values"]![0]!["field_code"]!.GetValue<string>());
    }

    [Fact]
    public async Task Same_complex_twice_makes_two_leads()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AmoAsync("POST", "leads/complex", Complex);
        await emulator.AmoAsync("POST", "leads/complex", Complex);
        Assert.Equal(2, (await emulator.StateAsync("amocrm", "leads")).Count);
    }

    [Fact]
    public async Task Duplicate_control_merges_into_the_first_lead()
    {
        await using var emulator = await Running.StartAsync(o => o.Amocrm.DuplicateControl = true);
        var (_, first) = await emulator.AmoAsync("POST", "leads/complex", Complex);
        var (_, second) = await emulator.AmoAsync("POST", "leads/complex", Complex);
        Assert.True(second![0]!["merged"]!.GetValue<bool>());
        Assert.Equal(first![0]!["id"]!.GetValue<long>(), second[0]!["id"]!.GetValue<long>());
    }

    [Theory]
    [InlineData("9161234567")]
    [InlineData("%2B79161234567")]
    [InlineData("olga@example.org")]
    [InlineData("OLGA@example.org")]
    public async Task Contact_is_found_by_phone_and_email(string query)
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AmoAsync("POST", "leads/complex", Complex);
        var (status, body) = await emulator.AmoAsync("GET", "contacts?with=leads&query=" + query);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Single((JsonArray)body!["_embedded"]!["contacts"]![0]!["_embedded"]!["leads"]!);
    }

    [Fact]
    public async Task Another_spelling_of_a_phone_is_another_question()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AmoAsync("POST", "leads/complex", Complex);
        Assert.Equal(HttpStatusCode.NoContent, (await emulator.AmoAsync("GET", "contacts?query=89161234567")).Status);
    }

    [Fact]
    public async Task Lead_is_found_by_a_text_field_of_ours()
    {
        await using var emulator = await Running.StartAsync();
        var (status, field) = await emulator.AmoAsync("POST", "leads/custom_fields", """[{"name":"Ext","type":"text","code":"EXT_LEAD_ID","is_api_only":true}]""");
        Assert.Equal(HttpStatusCode.Created, status);
        var fieldId = field!["_embedded"]!["custom_fields"]![0]!["id"]!.GetValue<long>();
        await emulator.AmoAsync("POST", "leads", $$"""[{"custom_fields_values":[{"field_id":{{fieldId}},"values":[{"value":"0199-abc"}]}]}]""");
        await emulator.AmoLeadAsync("Other");
        var (_, found) = await emulator.AmoAsync("GET", "leads?query=0199-abc");
        Assert.Single((JsonArray)found!["_embedded"]!["leads"]!);
    }

    [Fact]
    public async Task Lead_joins_a_known_contact()
    {
        await using var emulator = await Running.StartAsync();
        var (_, contact) = await emulator.AmoAsync("POST", "contacts", """[{"name":"Olga"}]""");
        var id = contact!["_embedded"]!["contacts"]![0]!["id"]!.GetValue<long>();
        await emulator.AmoAsync("POST", "leads", $$"""[{"name":"A","_embedded":{"contacts":[{"id":{{id}},"is_main":true} ] } } ]""");
        var lead = await emulator.AmoLeadAsync("B");
        var (linked, _) = await emulator.AmoAsync("POST", $"leads/{lead}/link", $$"""[{"to_entity_id":{{id}},"to_entity_type":"contacts","metadata":{"is_main":true} } ]""");
        Assert.Equal(HttpStatusCode.OK, linked);
        var (_, links) = await emulator.AmoAsync("GET", $"leads/{lead}/links");
        Assert.Equal(id, links!["_embedded"]!["links"]![0]!["to_entity_id"]!.GetValue<long>());
        var (_, read) = await emulator.AmoAsync("GET", $"contacts/{id}?with=leads");
        Assert.Equal(2, ((JsonArray)read!["_embedded"]!["leads"]!).Count);
    }

    [Fact]
    public async Task Patch_replaces_what_is_sent_and_leaves_the_rest()
    {
        await using var emulator = await Running.StartAsync();
        var id = await emulator.AmoLeadAsync("Old", "ext-1");
        var (status, _) = await emulator.AmoAsync("PATCH", $"leads/{id}", """{"price":500,"status_id":142,"tags_to_add":[{"name":"site"}]}""");
        Assert.Equal(HttpStatusCode.OK, status);
        var (_, lead) = await emulator.AmoAsync("GET", $"leads/{id}");
        Assert.Equal(("Old", 500, 142), (lead!["name"]!.GetValue<string>(), lead["price"]!.GetValue<int>(), lead["status_id"]!.GetValue<int>()));
        Assert.NotNull(lead["closed_at"]);
        Assert.Equal("site", lead["_embedded"]!["tags"]![0]!["name"]!.GetValue<string>());
        Assert.NotNull(lead["custom_fields_values"]);
    }

    [Fact]
    public async Task Notes_are_kept_in_the_card_and_never_deduplicated()
    {
        await using var emulator = await Running.StartAsync();
        var id = await emulator.AmoLeadAsync();
        var note = $$"""[{"entity_id":{{id}},"note_type":"common","params":{"text":"привет"} } ]""";
        await emulator.AmoAsync("POST", "leads/notes", note);
        await emulator.AmoAsync("POST", $"leads/{id}/notes", note);
        var (_, list) = await emulator.AmoAsync("GET", $"leads/{id}/notes");
        var notes = (JsonArray)list!["_embedded"]!["notes"]!;
        Assert.Equal(2, notes.Count);
        Assert.Equal("привет", notes[0]!["params"]!["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task Contact_of_an_incoming_lead_is_hidden_until_accepted_and_a_repeat_is_refused()
    {
        await using var emulator = await Running.StartAsync();
        const string Body = """
            [{"source_uid":"u1","source_name":"Site","pipeline_id":9100,"metadata":{"form_id":"1","form_name":"f","form_page":"https://a"},
              "_embedded":{"contacts":[{"name":"Olga","custom_fields_values":[{"field_code":"PHONE","values":[{"value":"+79161234567"}]}]}]}}]
            """;
        var (_, added) = await emulator.AmoAsync("POST", "leads/unsorted/forms", Body);
        var uid = added!["_embedded"]!["unsorted"]![0]!["uid"]!.GetValue<string>();
        Assert.Equal(HttpStatusCode.NoContent, (await emulator.AmoAsync("GET", "contacts?query=9161234567")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await emulator.AmoAsync("POST", "leads/unsorted/forms", Body)).Status);
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("POST", $"leads/unsorted/{uid}/accept", "{}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", "contacts?query=9161234567")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await emulator.AmoAsync("POST", "leads/unsorted", Body)).Status);
    }

    [Fact]
    public async Task Directories_are_there_before_the_first_lead()
    {
        await using var emulator = await Running.StartAsync();
        var (_, account) = await emulator.AmoAsync("GET", "account?with=is_api_filter_enabled,datetime_settings");
        Assert.False(account!["is_api_filter_enabled"]!.GetValue<bool>());
        var (_, pipelines) = await emulator.AmoAsync("GET", "leads/pipelines");
        Assert.Contains((JsonArray)pipelines!["_embedded"]!["pipelines"]![0]!["_embedded"]!["statuses"]!, s => s!["id"]!.GetValue<int>() == 142);
        var (_, users) = await emulator.AmoAsync("GET", "users");
        Assert.NotEmpty((JsonArray)users!["_embedded"]!["users"]!);
        var (_, fields) = await emulator.AmoAsync("GET", "leads/custom_fields?limit=250");
        Assert.Equal(19, ((JsonArray)fields!["_embedded"]!["custom_fields"]!).Count);
        var (_, reasons) = await emulator.AmoAsync("GET", "leads/loss_reasons");
        Assert.NotEmpty((JsonArray)reasons!["_embedded"]!["loss_reasons"]!);
    }

    [Fact]
    public async Task Stage_changes_and_deletions_are_seen_in_events()
    {
        await using var emulator = await Running.StartAsync();
        var id = await emulator.AmoLeadAsync();
        await emulator.AmoAsync("PATCH", $"leads/{id}", """{"status_id":142}""");
        var (_, body) = await emulator.AmoAsync("GET", $"events?filter[type]=lead_status_changed&filter[entity]=lead&filter[entity_id][]={id}");
        Assert.Equal(142, body!["_embedded"]!["events"]![0]!["value_after"]![0]!["lead_status"]!["id"]!.GetValue<int>());
        await emulator.ActAsync("amocrm", $$"""{"entity":"deal","delete":{{id}}}""");
        Assert.Equal(HttpStatusCode.NoContent, (await emulator.AmoAsync("GET", $"leads/{id}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", "events?filter[type]=lead_deleted")).Status);
    }

    [Fact]
    public async Task Tasks_are_stored()
    {
        await using var emulator = await Running.StartAsync();
        var id = await emulator.AmoLeadAsync();
        var (status, _) = await emulator.AmoAsync("POST", "tasks", $$"""[{"text":"call","complete_till":1790000000,"entity_id":{{id}},"entity_type":"leads"}]""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Single(await emulator.StateAsync("amocrm", "tasks"));
        Assert.Equal(HttpStatusCode.BadRequest, (await emulator.AmoAsync("POST", "tasks", """[{"text":"no time"}]""")).Status);
    }
}
