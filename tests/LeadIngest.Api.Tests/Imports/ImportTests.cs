using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadIngest.Api.Tests.EndToEnd;

namespace LeadIngest.Api.Tests.Imports;

/// <summary>Who is in the CRM is known here, before and between leads.</summary>
public sealed class ImportTests(EmulatedCrms api) : IClassFixture<EmulatedCrms>
{
    private static int _phones;

    private static string NewPhone() => $"+7916{Interlocked.Increment(ref _phones) + 3_000_000:D7}";

    [Fact]
    public async Task A_client_known_only_to_the_crms_posts_a_form_and_its_deals_stand_at_its_old_contacts()
    {
        var phone = NewPhone();
        var (amocrmContact, bitrixContact) = await api.EnterContactAsync("Старый клиент", phone);
        var (project, amocrm, bitrix24) = await api.ConnectAsync();
        await DoneAsync(project, amocrm);
        await DoneAsync(project, bitrix24);
        var known = Assert.Single((await api.ReadAsync(project, $"/v1/clients?phone={Uri.EscapeDataString(phone)}")).GetProperty("items").EnumerateArray());
        Assert.Equal(("Старый клиент", 0), (known.GetProperty("name").GetString(), known.GetProperty("leadCount").GetInt32()));

        var lead = await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { name = "Иван", phone, page = "https://example.ru/?utm_source=yandex&utm_medium=cpc" }));

        Assert.Equal(known.GetProperty("id").GetGuid(), lead.GetProperty("clientId").GetGuid());
        Assert.Equal("new", lead.GetProperty("status").GetString());
        foreach (var delivery in lead.GetProperty("deliveries").EnumerateArray())
            Assert.Equal(delivery.GetProperty("crm").GetString() == "amocrm" ? amocrmContact : bitrixContact, delivery.GetProperty("remoteContactId").GetString());
        Assert.Single(await api.StateAsync("amocrm/contacts"), c => c.GetRawText().Contains(phone[1..], StringComparison.Ordinal));
        Assert.Single(await api.StateAsync("bitrix24/contacts"), c => c.GetRawText().Contains(phone[1..], StringComparison.Ordinal));
        var client = await api.ReadAsync(project, $"/v1/clients/{known.GetProperty("id")}");
        Assert.Equal((1, "Старый клиент", 2), (client.GetProperty("leadCount").GetInt32(), client.GetProperty("name").GetString(), client.GetProperty("crmContacts").GetArrayLength()));
        Assert.Equal(lead.GetProperty("id").GetGuid(), await api.ScalarAsync<Guid>("select first_lead_id from clients where project_id = @ProjectId and id = @Id",
            new { project.ProjectId, Id = known.GetProperty("id").GetGuid() }));
    }

    [Fact]
    public async Task Two_cards_with_one_phone_stay_two_clients_and_are_listed_for_a_person()
    {
        var phone = NewPhone();
        await api.EnterContactAsync("Первый", phone);
        await api.EnterContactAsync("Второй", phone);
        var (project, amocrm, bitrix24) = await api.ConnectAsync();
        await DoneAsync(project, amocrm);
        await DoneAsync(project, bitrix24);

        var suggestions = (await api.ReadAsync(project, "/v1/clients/suggestions?limit=500")).GetProperty("items").EnumerateArray()
            .Where(s => s.GetRawText().Contains(phone[1..], StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(suggestions);
        Assert.All(suggestions, s => Assert.Equal("different contacts in one CRM account", s.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A_card_changed_or_deleted_in_amocrm_is_known_by_its_webhook()
    {
        var (project, amocrm, _) = await api.ConnectAsync();
        await DoneAsync(project, amocrm);
        await (await api.PostAsync(project, $"/v1/connections/{amocrm}/webhook", new { newSecret = false })).JsonAsync();
        await api.UntilAsync(project, $"/v1/connections/{amocrm}/webhook", w => w.GetProperty("state").GetString() == "on");
        var phone = NewPhone();

        var (contact, _) = await api.EnterContactAsync("Новый", phone);
        var found = await KnownAsync(project, phone);
        Assert.Contains(contact, (await api.ReadAsync(project, $"/v1/clients/{found}")).GetProperty("crmContacts").GetRawText(), StringComparison.Ordinal);

        await api.CrmAsync("/_act/amocrm", new { entity = "contact", delete = long.Parse(contact, CultureInfo.InvariantCulture) });
        await api.UntilAsync(project, $"/v1/clients/{found}", c => c.GetProperty("crmContacts").GetArrayLength() == 0);
        Assert.NotNull(await api.ScalarAsync<DateTime?>("select hook_seen_at from crm_imports where connection_id = @Id", new { Id = amocrm }));
    }

    [Fact]
    public async Task A_card_changed_in_bitrix24_is_known_by_an_outgoing_webhook_with_the_right_token_only()
    {
        var (project, _, bitrix24) = await api.ConnectAsync();
        await DoneAsync(project, bitrix24);
        var hook = await (await api.PostAsync(project, $"/v1/connections/{bitrix24}/webhook", new { applicationToken = "right-token-1", newSecret = false })).JsonAsync();
        await api.UntilAsync(project, $"/v1/connections/{bitrix24}/webhook", w => w.GetProperty("state").GetString() == "manual");
        var address = hook.GetProperty("address").GetString()!;
        await api.CrmAsync("/_act/bitrix24", new { entity = "webhook", create = new { handler = address, token = "right-token-1" } });
        var phone = NewPhone();

        await api.EnterContactAsync("Новый", phone);
        await KnownAsync(project, phone);

        await (await api.Client.PostAsync(address, Form("event=ONCRMCONTACTUPDATE&data[FIELDS][ID]=1&auth[application_token]=wrong"))).ProblemAsync(401);
        Assert.Equal(0, await api.CountAsync("select count(*) from crm_events where connection_id = @Id and convert_from(body, 'UTF8') ~ 'right-token|wrong'", new { Id = bitrix24 }));
    }

    [Fact]
    public async Task Webhooks_twice_and_in_the_wrong_order_end_in_the_state_of_the_crm()
    {
        var phone = NewPhone();
        var (contact, _) = await api.EnterContactAsync("Порядок", phone);
        var (project, amocrm, _) = await api.ConnectAsync();
        await DoneAsync(project, amocrm);
        var address = (await (await api.PostAsync(project, $"/v1/connections/{amocrm}/webhook", new { newSecret = true })).JsonAsync()).GetProperty("address").GetString()!;
        var client = await KnownAsync(project, phone);

        // A deletion that was undone meanwhile, then the creation, each of them twice; and a deal, which is only noted.
        foreach (var body in (string[])[$"contacts[delete][0][id]={contact}", $"contacts[add][0][id]={contact}&contacts[add][0][type]=contact&leads[update][0][id]=77", $"contacts[delete][0][id]={contact}"])
            for (var i = 0; i < 2; i++) Assert.Equal(200, (int)(await api.Client.PostAsync(address, Form(body))).StatusCode);

        await UntilReadAsync(amocrm);
        Assert.Contains(contact, (await api.ReadAsync(project, $"/v1/clients/{client}")).GetProperty("crmContacts").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, await api.CountAsync("select count(*) from crm_events where connection_id = @Id and body = @Body",
            new { Id = amocrm, Body = Encoding.UTF8.GetBytes($"contacts[delete][0][id]={contact}") }));
        Assert.Equal(1, await api.CountAsync("select count(*) from crm_events where connection_id = @Id and deals = array['deal:77']", new { Id = amocrm }));
    }

    [Fact]
    public async Task A_wrong_secret_is_an_unknown_address()
    {
        var (project, amocrm, _) = await api.ConnectAsync();
        var address = (await api.ReadAsync(project, $"/v1/connections/{amocrm}/webhook")).GetProperty("address").GetString()!;

        await (await api.Client.PostAsync(address + "x", Form("contacts[add][0][id]=1"))).ProblemAsync(404);
        await (await api.Client.PostAsync($"/v1/crm/{Guid.CreateVersion7()}/{address[(address.LastIndexOf('/') + 1)..]}", Form("contacts[add][0][id]=1"))).ProblemAsync(404);

        Assert.Equal(0, await api.CountAsync("select count(*) from crm_events where connection_id = @Id and convert_from(body, 'UTF8') = 'contacts[add][0][id]=1'", new { Id = amocrm }));
    }

    [Fact]
    public async Task A_lost_webhook_is_healed_by_the_next_look_at_what_changed()
    {
        var (project, amocrm, bitrix24) = await api.ConnectAsync();
        await DoneAsync(project, amocrm);
        await DoneAsync(project, bitrix24);
        var phone = NewPhone();
        var (inAmocrm, inBitrix24) = await api.EnterContactAsync("Без вебхука", phone);

        // Ten minutes later.
        await api.ExecuteAsync("""
            update crm_imports set read_until = read_until - interval '10 minutes', next_at = clock_timestamp() where connection_id = any(@Ids);
            select pg_notify('deliveries', '')
            """, new { Ids = new[] { amocrm, bitrix24 } });

        var client = await KnownAsync(project, phone);
        await api.UntilAsync(project, $"/v1/clients/{client}", c => c.GetProperty("crmContacts").GetArrayLength() == 2);
        var contacts = (await api.ReadAsync(project, $"/v1/clients/{client}")).GetProperty("crmContacts").EnumerateArray().Select(c => c.GetProperty("remoteId").GetString());
        Assert.Equal(new[] { inAmocrm, inBitrix24 }.Order(), contacts.Order());
    }

    private Task<JsonElement> DoneAsync(TestProject project, Guid connection) =>
        api.UntilAsync(project, $"/v1/connections/{connection}/import", p => p.GetProperty("state").GetString() == "done");

    private async Task<Guid> KnownAsync(TestProject project, string phone) =>
        (await api.UntilAsync(project, $"/v1/clients?phone={Uri.EscapeDataString(phone)}", c => c.GetProperty("items").GetArrayLength() == 1)).GetProperty("items")[0].GetProperty("id").GetGuid();

    private async Task UntilReadAsync(Guid connection)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(180));
        while (await api.CountAsync("select count(*) from crm_events where connection_id = @Id and pending <> '{}'", new { Id = connection }) > 0) await Task.Delay(50, limit.Token);
    }

    private static StringContent Form(string body) => new(body, Encoding.UTF8, "application/x-www-form-urlencoded");
}
