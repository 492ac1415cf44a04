using System.Net;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class DoorsTests
{
    [Fact]
    public async Task State_shows_the_read_shape_with_codes_and_links()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AmoLeadAsync("A", "c1");
        var lead = Assert.Single(await emulator.StateAsync("amocrm", "deals"))!;
        Assert.Equal("UTM_CONTENT", lead["custom_fields_values"]![0]!["field_code"]!.GetValue<string>());
        Assert.NotNull(lead["_embedded"]!["contacts"]);
        foreach (var noun in new[] { "leads", "contacts", "companies", "notes", "tasks", "unsorted", "events" })
            Assert.NotNull(await emulator.StateAsync("amocrm", noun));
        foreach (var noun in new[] { "leads", "deals", "contacts", "companies", "notes", "tasks" })
            Assert.Empty(await emulator.StateAsync("bitrix24", noun));
    }

    [Fact]
    public async Task Requests_are_logged_without_the_secret()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("profile");
        await emulator.BitrixAsync("no.such");
        var log = JsonNode.Parse(await emulator.Http.GetStringAsync(new Uri("_requests/bitrix24", UriKind.Relative)))!;
        Assert.DoesNotContain("demo-bitrix-secret", log.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(2, log["total"]!.GetValue<int>());
        Assert.Equal([200, 404], ((JsonArray)log["requests"]!).Select(r => r!["status"]!.GetValue<int>()));
        Assert.Equal(2, ((JsonArray)log["perSecond"]!).Sum(s => s!["count"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Delete_state_empties_records_and_log_and_keeps_set_up()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AmoAsync("POST", "leads/custom_fields", """[{"name":"A","type":"text","code":"A"}]""");
        var before = await emulator.AmoLeadAsync();
        await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"A"}}""");
        using var response = await emulator.Http.DeleteAsync(new Uri("_state", UriKind.Relative));
        Assert.Empty(await emulator.StateAsync("amocrm", "leads"));
        Assert.Empty(await emulator.StateAsync("bitrix24", "deals"));
        var log = JsonNode.Parse(await emulator.Http.GetStringAsync(new Uri("_requests/amocrm", UriKind.Relative)))!;
        Assert.Equal(0, log["total"]!.GetValue<int>());
        Assert.True(await emulator.AmoLeadAsync() > before);
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("POST", "leads", """[{"custom_fields_values":[{"field_code":"A","values":[{"value":"x"}]}]}]""")).Status);
    }

    [Fact]
    public async Task A_person_changes_creates_and_deletes()
    {
        await using var emulator = await Running.StartAsync();
        var id = await emulator.AmoLeadAsync();
        await emulator.ActAsync("amocrm", $$$"""{"entity":"deal","id":{{{id}}},"set":{"status_id":142,"price":45000}}""");
        Assert.Equal(142, (await emulator.StateAsync("amocrm", "leads"))[0]!["status_id"]!.GetValue<int>());
        await emulator.ActAsync("bitrix24", """{"entity":"contact","create":{"NAME":"Olga","PHONE":[{"VALUE":"+79161112233"}]}}""");
        await emulator.ActAsync("bitrix24", """{"entity":"deal","create":{"TITLE":"D","CONTACT_ID":1}}""");
        await emulator.ActAsync("bitrix24", """{"entity":"deal","id":1,"set":{"STAGE_ID":"WON","OPPORTUNITY":45000}}""");
        var deal = (await emulator.StateAsync("bitrix24", "deals"))[0]!;
        Assert.Equal(("WON", "45000.00", "S"), (deal["STAGE_ID"]!.GetValue<string>(), deal["OPPORTUNITY"]!.GetValue<string>(), deal["STAGE_SEMANTIC_ID"]!.GetValue<string>()));
        await emulator.ActAsync("bitrix24", """{"entity":"deal","delete":1}""");
        Assert.Empty(await emulator.StateAsync("bitrix24", "deals"));
        Assert.Equal(HttpStatusCode.BadRequest, (await emulator.ActAsync("bitrix24", """{"entity":"contact","id":1,"set":{"NO_SUCH":1}}""")).Status);
    }

    [Fact]
    public async Task Index_shows_the_latest_leads_and_escapes_them()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.lead.add", """{"fields":{"TITLE":"<b>x","UTM_SOURCE":"yandex"}}""");
        var page = await emulator.Http.GetStringAsync(new Uri("", UriKind.Relative));
        Assert.Contains("&lt;b&gt;x", page, StringComparison.Ordinal);
        Assert.Contains("yandex", page, StringComparison.Ordinal);
    }
}
