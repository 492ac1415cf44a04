using System.Net;
using System.Text.Json.Nodes;
using System.Web;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class Bitrix24EventsTests
{
    private const string Access = "demo-bitrix-app-token";

    private static Task<JsonNode> AppAsync(Running emulator, string method, string fields) =>
        emulator.JsonAsync("POST", "bitrix24/rest/" + method, fields.Length == 0 ? $$"""{"auth":"{{Access}}"}""" : $$"""{"auth":"{{Access}}",{{fields}}}""");

    /// <summary>The standard application is installed, so that its events flow.</summary>
    private static async Task<Running> StartAsync()
    {
        var emulator = await Running.StartAsync();
        await emulator.AccountAsync("bitrix24", """{"install":"demo-b24-client-id"}""");
        return emulator;
    }

    [Fact]
    public async Task Webhook_may_not_bind_events()
    {
        await using var emulator = await Running.StartAsync();
        foreach (var method in new[] { "event.bind", "event.get", "event.unbind", "event.offline.get" })
        {
            var (status, body) = await emulator.BitrixAsync(method);
            Assert.Equal((HttpStatusCode.Forbidden, "WRONG_AUTH_TYPE"), (status, body["error"]!.GetValue<string>()));
        }
    }

    [Fact]
    public async Task Application_binds_lists_and_unbinds()
    {
        await using var emulator = await StartAsync();
        Assert.True((await AppAsync(emulator, "event.bind", "\"event\":\"onCrmDealAdd\",\"handler\":\"https://example.org/h\""))["result"]!.GetValue<bool>());
        var bound = Assert.Single((JsonArray)(await AppAsync(emulator, "event.get", ""))["result"]!)!;
        Assert.Equal(("ONCRMDEALADD", "https://example.org/h"), (bound["event"]!.GetValue<string>(), bound["handler"]!.GetValue<string>()));
        Assert.Equal(1, (await AppAsync(emulator, "event.unbind", "\"event\":\"ONCRMDEALADD\",\"handler\":\"https://example.org/h\""))["result"]!["count"]!.GetValue<int>());
        Assert.Equal("ERROR_EVENT_NOT_FOUND", (await AppAsync(emulator, "event.bind", "\"event\":\"ONNOTHING\",\"handler\":\"https://example.org/h\""))["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Move_to_another_pipeline_is_told_to_applications_instead_of_the_update_and_to_webhooks_not_at_all()
    {
        await using var application = await Receiver.StartAsync();
        await using var webhook = await Receiver.StartAsync();
        await using var emulator = await StartAsync();
        foreach (var name in new[] { "ONCRMDEALUPDATE", "ONCRMDEALMOVETOCATEGORY" })
            await AppAsync(emulator, "event.bind", $"\"event\":\"{name}\",\"handler\":\"{application.Url}\"");
        await emulator.ActAsync("bitrix24", $$$"""{"entity":"webhook","create":{"handler":"{{{webhook.Url}}}","token":"w1"}}""");
        await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"A"}}""");
        Assert.Contains("event=ONCRMDEALADD", await webhook.NextAsync(), StringComparison.Ordinal);
        await emulator.BitrixAsync("crm.item.update", """{"entityTypeId":2,"id":1,"fields":{"categoryId":4,"stageId":"C4:EXECUTING"}}""");
        var form = HttpUtility.ParseQueryString(await application.NextAsync());
        Assert.Equal(("ONCRMDEALMOVETOCATEGORY", "1", "4", "C4:EXECUTING"),
            (form["event"], form["data[FIELDS][ID]"], form["data[FIELDS][CATEGORY_ID]"], form["data[FIELDS][STAGE_ID]"]));
        // The next update comes alone to both: the move was no update.
        await emulator.BitrixAsync("crm.deal.update", """{"id":1,"fields":{"OPPORTUNITY":5}}""");
        Assert.Contains("event=ONCRMDEALUPDATE", await application.NextAsync(), StringComparison.Ordinal);
        Assert.Contains("event=ONCRMDEALUPDATE", await webhook.NextAsync(), StringComparison.Ordinal);
        Assert.Equal((0, 0), (application.Waiting, webhook.Waiting));
    }

    [Fact]
    public async Task Each_subscription_has_its_own_token()
    {
        await using var application = await Receiver.StartAsync();
        await using var webhook = await Receiver.StartAsync();
        await using var emulator = await StartAsync();
        await AppAsync(emulator, "event.bind", $"\"event\":\"ONCRMLEADADD\",\"handler\":\"{application.Url}\"");
        await emulator.ActAsync("bitrix24", $$$"""{"entity":"webhook","create":{"handler":"{{{webhook.Url}}}","events":["ONCRMLEADADD"],"token":"w1"}}""");
        await emulator.BitrixAsync("crm.lead.add", """{"fields":{"TITLE":"A"}}""");
        var (a, w) = (HttpUtility.ParseQueryString(await application.NextAsync()), HttpUtility.ParseQueryString(await webhook.NextAsync()));
        Assert.Equal("w1", w["auth[application_token]"]);
        Assert.NotEqual("w1", a["auth[application_token]"]);
        Assert.Null(a["auth[access_token]"]);
        await emulator.AccountAsync("bitrix24", """{"event_tokens":true}""");
        await emulator.BitrixAsync("crm.lead.add", """{"fields":{"TITLE":"B"}}""");
        var named = HttpUtility.ParseQueryString(await application.NextAsync());
        Assert.Equal(a["auth[application_token]"], named["auth[application_token]"]);
        Assert.Equal(HttpStatusCode.OK, (await emulator.SendAsync("POST", "bitrix24/rest/profile", $$"""{"auth":"{{named["auth[access_token]"]}}"}""")).Status);
    }

    [Fact]
    public async Task Offline_events_wait_one_row_per_object()
    {
        await using var emulator = await StartAsync();
        await AppAsync(emulator, "event.bind", "\"event\":\"ONCRMDEALUPDATE\",\"event_type\":\"offline\"");
        await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"A"}}""");
        await emulator.BitrixAsync("crm.deal.update", """{"id":1,"fields":{"OPPORTUNITY":5}}""");
        await emulator.BitrixAsync("crm.deal.update", """{"id":1,"fields":{"OPPORTUNITY":6}}""");
        var kept = (await AppAsync(emulator, "event.offline.get", "\"clear\":0"))["result"]!;
        Assert.Equal("1", Assert.Single((JsonArray)kept["events"]!)!["EVENT_DATA"]!["FIELDS"]!["ID"]!.GetValue<string>());
        // Reserved: nobody else gets it, until it is confirmed or reported as failed.
        Assert.Empty((JsonArray)(await AppAsync(emulator, "event.offline.get", ""))["result"]!["events"]!);
        await AppAsync(emulator, "event.offline.error", $"\"process_id\":{kept["process_id"]!.ToJsonString()}");
        Assert.Empty((JsonArray)(await AppAsync(emulator, "event.offline.get", ""))["result"]!["events"]!);
        var again = (await AppAsync(emulator, "event.offline.get", "\"clear\":0,\"error\":1"))["result"]!;
        Assert.Single((JsonArray)again["events"]!);
        await AppAsync(emulator, "event.offline.clear", $"\"process_id\":{again["process_id"]!.ToJsonString()}");
        Assert.Empty((JsonArray)(await AppAsync(emulator, "event.offline.list", ""))["result"]!);
    }

    [Theory]
    [InlineData("hook_drop", 0)]
    [InlineData("hook_duplicate", 2)]
    [InlineData("hook_delay", 1)]
    public async Task Events_can_be_lost_doubled_and_late(string kind, int copies)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var emulator = await Running.StartAsync();
        await emulator.ActAsync("bitrix24", $$$"""{"entity":"webhook","create":{"handler":"{{{receiver.Url}}}","events":["ONCRMDEALADD"],"token":"t"}}""");
        await emulator.FaultAsync($$"""{"crm":"bitrix24","kind":"{{kind}}","ms":50,"times":1}""");
        await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"A"}}""");
        await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"B"}}""");
        var ids = new List<string?>();
        for (var i = 0; i < copies + 1; i++)
            ids.Add(HttpUtility.ParseQueryString(await receiver.NextAsync())["data[FIELDS][ID]"]);
        Assert.Equal(copies, ids.Count(id => id == "1"));
        Assert.Equal(1, ids.Count(id => id == "2"));
    }

    [Fact]
    public async Task Events_can_come_out_of_order()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var emulator = await Running.StartAsync();
        await emulator.ActAsync("bitrix24", $$$"""{"entity":"webhook","create":{"handler":"{{{receiver.Url}}}","events":["ONCRMDEALADD"],"token":"t"}}""");
        await emulator.FaultAsync("""{"crm":"bitrix24","kind":"hook_reorder","ms":300}""");
        var order = new List<int>();
        for (var i = 0; i < 10; i++)
            await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"A"}}""");
        for (var i = 0; i < 10; i++)
            order.Add(int.Parse(HttpUtility.ParseQueryString(await receiver.NextAsync())["data[FIELDS][ID]"]!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(1, 10), order.Order());
        Assert.NotEqual(order.Order(), order);
    }
}
