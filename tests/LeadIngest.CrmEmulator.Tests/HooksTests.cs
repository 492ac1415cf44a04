using System.Net;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class HooksTests
{
    [Fact]
    public async Task Amocrm_posts_a_bracket_form_when_a_person_wins_a_deal()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var emulator = await Running.StartAsync();
        var id = await emulator.AmoLeadAsync("A", "c1");
        var (status, _) = await emulator.AmoAsync("POST", "webhooks", $$"""{"destination":"{{receiver.Url}}","settings":["status_lead"]}""");
        Assert.Equal(HttpStatusCode.Created, status);
        await emulator.ActAsync("amocrm", $$$"""{"entity":"deal","id":{{{id}}},"set":{"status_id":142}}""");
        var body = await receiver.NextAsync();
        Assert.Contains($"leads[status][0][id]={id}", body, StringComparison.Ordinal);
        Assert.Contains("leads[status][0][old_status_id]=9102", body, StringComparison.Ordinal);
        Assert.Contains("[custom_fields][0][code]=UTM_CONTENT", body, StringComparison.Ordinal);
        Assert.Contains("account[id]=30100200", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Amocrm_tries_again_after_a_failure()
    {
        await using var receiver = await Receiver.StartAsync(500);
        await using var emulator = await Running.StartAsync(o => o.HookPauseScale = 0.00001);
        await emulator.AmoAsync("POST", "webhooks", $$"""{"destination":"{{receiver.Url}}","settings":["add_lead"]}""");
        await emulator.AmoLeadAsync();
        Assert.Equal(await receiver.NextAsync(), await receiver.NextAsync());
    }

    [Fact]
    public async Task Bitrix24_posts_ids_only_with_the_application_token()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var emulator = await Running.StartAsync();
        await emulator.ActAsync("bitrix24", $$$"""{"entity":"webhook","create":{"handler":"{{{receiver.Url}}}","events":["ONCRMDEALADD"],"token":"t1"}}""");
        await emulator.BitrixAsync("crm.lead.add", """{"fields":{"TITLE":"not heard"}}""");
        await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"secret title"}}""");
        var body = await receiver.NextAsync();
        Assert.Contains("event=ONCRMDEALADD", body, StringComparison.Ordinal);
        Assert.Contains("data[FIELDS][ID]=1", body, StringComparison.Ordinal);
        Assert.Contains("auth[application_token]=t1", body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret title", body, StringComparison.Ordinal);
    }
}
