using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadIngest.Api.Tests.EndToEnd;

namespace LeadIngest.Api.Tests.Imports;

/// <summary>Cards of one emulated CRM and what becomes of them, for tests that are the same for both.</summary>
internal sealed class Cards(EmulatedCrms api, string crm)
{
    private static int _phones;

    public string Crm => crm;

    public static string NewPhone() => $"+7915{Interlocked.Increment(ref _phones) + 4_000_000:D7}";

    /// <summary>Somebody enters a person by hand; the contact's id.</summary>
    public async Task<string> EnterAsync(string name, params string[] phones)
    {
        if (crm == "bitrix24")
            return (await api.CrmAsync("/bitrix24/rest/1/demo-bitrix-secret/crm.contact.add", new { fields = new { NAME = name, PHONE = phones.Select(p => new { VALUE = p, VALUE_TYPE = "WORK" }) } })).GetProperty("result").ToString();
        // By hand: no request of an integration, which would count in its limit.
        return (await api.CrmAsync("/_act/amocrm", new { entity = "contact", create = new { name, custom_fields_values = new[] { Phones(phones) } } })).GetProperty("id").ToString();
    }

    public Task GivePhoneAsync(string id, string phone) => crm == "bitrix24"
        ? api.CrmAsync("/_act/bitrix24", new { entity = "contact", id = Number(id), set = new { PHONE = new[] { new { VALUE = phone, VALUE_TYPE = "WORK" } } } })
        : api.CrmAsync("/_act/amocrm", new { entity = "contact", id = Number(id), set = new { custom_fields_values = new[] { Phones([phone]) } } });

    public Task DeleteAsync(string id) => api.CrmAsync($"/_act/{crm}", new { entity = "contact", delete = Number(id) });

    public Task MergeAsync(string stays, string goes) => api.CrmAsync($"/_act/{crm}", new { entity = "contact", merge = new[] { Number(stays), Number(goes) } });

    /// <summary>What the CRM's webhook would say.</summary>
    /// <param name="what"><c>add</c>, <c>update</c>, <c>delete</c> or <c>restore</c>.</param>
    /// <param name="id">The contact's.</param>
    public string Event(string what, string id) => crm == "bitrix24"
        ? $"event=ONCRMCONTACT{(what == "restore" ? "ADD" : what.ToUpperInvariant())}&data[FIELDS][ID]={id}&ts=1"
        : $"contacts[{what}][0][id]={id}&contacts[{what}][0][type]=contact&account[subdomain]=emulator";

    /// <summary>The CRM's webhooks come from now on.</summary>
    public async Task<string> HookAsync(TestProject project, Guid connection)
    {
        var address = (await (await api.PostAsync(project, $"/v1/connections/{connection}/webhook", new { newSecret = false })).JsonAsync()).GetProperty("address").GetString()!;
        if (crm == "bitrix24") await api.CrmAsync("/_act/bitrix24", new { entity = "webhook", create = new { handler = address, token = "t" } });
        else await api.UntilAsync(project, $"/v1/connections/{connection}/webhook", w => w.GetProperty("state").GetString() == "on");
        return address;
    }

    /// <summary>The first reading is over, that of the deals behind it too: from now on the account is asked for changes only.</summary>
    public Task DoneAsync(TestProject project, Guid connection) => api.UntilAsync(project, $"/v1/connections/{connection}/import",
        p => p.GetProperty("state").GetString() == "done" && p.GetProperty("deals").GetProperty("state").GetString() == "done");

    public async Task<(TestProject Project, Guid Connection)> ConnectAsync()
    {
        var (project, connection) = await api.ConnectOneAsync(crm);
        await DoneAsync(project, connection);
        return (project, connection);
    }

    /// <summary>The next look at what changed, ten minutes from now, is over; and what it wanted to see again is read.</summary>
    public async Task PolledAsync(Guid connection)
    {
        var before = await api.ScalarAsync<DateTime>("""
            update crm_imports set read_until = read_until - interval '10 minutes', next_at = clock_timestamp() where connection_id = @Id returning clock_timestamp()
            """, new { Id = connection });
        await api.ExecuteAsync("select pg_notify('deliveries', '')");
        await UntilAsync(() => api.CountAsync("select count(*) from crm_imports where connection_id = @Id and read_until > @Before and pass_began is null", new { Id = connection, Before = before }), 1);
        await ReadAsync(connection);
    }

    /// <summary>The slow comparison of all cards is over, its pauses cut short.</summary>
    public async Task SweptAsync(Guid connection)
    {
        await UntilAsync(async () =>
        {
            await api.ExecuteAsync("""
                update crm_imports set sweep_at = clock_timestamp(), next_at = clock_timestamp() where connection_id = @Id and coalesce(sweep_at, '-infinity') < clock_timestamp() + interval '1 hour';
                select pg_notify('deliveries', '')
                """, new { Id = connection });
            return await api.CountAsync("select count(*) from crm_imports where connection_id = @Id and sweep_at > clock_timestamp() + interval '1 hour' and sweep_cursor is null", new { Id = connection });
        }, 1);
        await ReadAsync(connection);
    }

    /// <summary>Everything that a webhook or reading itself spoke of has been read.</summary>
    public Task ReadAsync(Guid connection) =>
        UntilAsync(() => api.CountAsync("select count(*) from crm_events where connection_id = @Id and pending <> '{}'", new { Id = connection }), 0);

    public static async Task UntilAsync(Func<Task<long>> count, long expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(180));
        while (await count() != expected) await Task.Delay(50, limit.Token);
    }

    public async Task<JsonElement> ClientAsync(TestProject project, string phone)
    {
        var found = await api.UntilAsync(project, $"/v1/clients?phone={Uri.EscapeDataString(phone)}", c => c.GetProperty("items").GetArrayLength() == 1);
        return await api.ReadAsync(project, $"/v1/clients/{found.GetProperty("items")[0].GetProperty("id").GetGuid()}");
    }

    public async Task<string[]> ContactsAsync(TestProject project, string phone) =>
        [.. (await ClientAsync(project, phone)).GetProperty("crmContacts").EnumerateArray().Select(c => c.GetProperty("remoteId").GetString()!).Order()];

    /// <summary>A form is sent and delivered; the contact that its deal stands at.</summary>
    public async Task<string?> DealAtAsync(TestProject project, string phone)
    {
        var lead = await api.PostLeadAsync(project, new { name = "Иван", phone, formId = Guid.CreateVersion7().ToString("N") });
        return (await api.DeliveredAsync(project, lead, connections: 1)).GetProperty("deliveries")[0].GetProperty("remoteContactId").GetString();
    }

    public static StringContent Form(string body) => new(body, Encoding.UTF8, "application/x-www-form-urlencoded");

    private static object Phones(string[] phones) => new { field_code = "PHONE", values = phones.Select(value => new { value, enum_code = "MOB" }) };

    private static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);
}
