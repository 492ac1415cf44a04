using System.Text.Json;

namespace LeadIngest.Api.Tests.EndToEnd;

/// <summary>A client comes back while people work in the CRM: the enquiry lands where a manager finds it, and makes no second deal of one sale.</summary>
public sealed class RepeatDealsTests(EmulatedCrms api) : IClassFixture<EmulatedCrms>
{
    private const string Direct = "https://example.ru/?utm_source=yandex&utm_medium=cpc&utm_campaign=okna&utm_term=okna";
    private const string Vk = "https://example.ru/?utm_source=vk&utm_medium=cpc&utm_campaign=vesna&rb_clickid=c-17";

    private static readonly string[] Crms = ["amocrm", "bitrix24"];

    private static long _phones = 9035551000;

    private async Task<(TestProject Project, string Phone, JsonElement First)> StartAsync(string policy = "note")
    {
        var project = await api.CreateConnectedProjectAsync();
        await api.ExecuteAsync("update projects set repeat_policy = @policy where project_id = @ProjectId", new { policy, project.ProjectId });
        var phone = $"+7{Interlocked.Increment(ref _phones)}";
        return (project, phone, await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { name = "Иван", phone, formId = "one", page = Direct })));
    }

    /// <summary>The same person by another form, hours later for all the service knows.</summary>
    private async Task<JsonElement> RepeatAsync(TestProject project, string phone)
    {
        var repeat = await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { name = "Иван", phone, formId = "other", page = Vk }));
        Assert.Equal("repeat", repeat.GetProperty("status").GetString());
        return repeat;
    }

    [Fact]
    public async Task A_repeat_is_a_note_while_the_deal_is_open_and_a_new_deal_with_a_reason_once_it_is_closed()
    {
        var (project, phone, first) = await StartAsync();
        var noted = await RepeatAsync(project, phone);
        await api.CrmAsync("/_act/amocrm", new { entity = "deal", id = Id(first, "amocrm"), set = new { status_id = 142 } });
        await api.CrmAsync("/_act/bitrix24", new { entity = "deal", id = Id(first, "bitrix24"), set = new { STAGE_ID = "WON" } });
        var repeat = await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { phone, formId = "third", page = Vk }));
        var again = await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { phone, formId = "fourth" }));

        foreach (var crm in Crms)
        {
            Assert.Equal(("note", Id(first, crm)), (await KindAsync(noted, crm), Id(noted, crm)));
            Assert.Equal("deal", await KindAsync(repeat, crm));
            Assert.NotEqual(Id(first, crm), Id(repeat, crm));
            Assert.Contains("is closed", await WarningsAsync(repeat, crm), StringComparison.Ordinal);
            Assert.Equal(("note", Id(repeat, crm)), (await KindAsync(again, crm), Id(again, crm)));
            Assert.Equal(Remote(first, crm, "remoteContactId"), Remote(repeat, crm, "remoteContactId"));
            Assert.Equal(2, await DealsAsync(first, crm));
        }
    }

    [Fact]
    public async Task An_enquiry_whose_deal_was_deleted_becomes_one_deal_however_often_it_is_sent()
    {
        var (project, phone, first) = await StartAsync();
        foreach (var crm in Crms) await api.CrmAsync($"/_act/{crm}", new { entity = "deal", delete = Id(first, crm) });

        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.PostLeadAsync(project, new { name = "Иван", phone, formId = "one", page = Direct })));

        var leads = new List<JsonElement>();
        foreach (var id in ids) leads.Add(await api.DeliveredAsync(project, id));
        Assert.All(leads, l => Assert.Equal("duplicate", l.GetProperty("status").GetString()));
        foreach (var crm in Crms)
        {
            Assert.NotEqual(Id(first, crm), Assert.Single(leads.Select(l => Id(l, crm)).Distinct()));
            Assert.Equal(1, await DealsAsync(first, crm));
            var kinds = new List<string>();
            foreach (var lead in leads) kinds.Add(await KindAsync(lead, crm));
            Assert.Equal((1, 19), (kinds.Count(k => k == "deal"), kinds.Count(k => k == "note")));
        }

        var repeat = await RepeatAsync(project, phone);
        Assert.All(Crms, crm => Assert.Equal(Id(leads[0], crm), Id(repeat, crm)));
    }

    [Fact]
    public async Task A_note_follows_a_merged_deal_and_the_first_lead_learns_its_new_id()
    {
        var (project, phone, first) = await StartAsync();
        var survivors = new Dictionary<string, long>();
        foreach (var crm in Crms)
        {
            var contact = long.Parse(Remote(first, crm, "remoteContactId")!, System.Globalization.CultureInfo.InvariantCulture);
            object create = crm == "amocrm" ? new { name = "Завёл менеджер", _embedded = new { contacts = new[] { new { id = contact } } } } : new { TITLE = "Завёл менеджер", CONTACT_ID = contact };
            survivors[crm] = (await api.CrmAsync($"/_act/{crm}", new { entity = "deal", create })).GetProperty("id").GetInt64();
            await api.CrmAsync($"/_act/{crm}", new { entity = "deal", merge = new[] { survivors[crm], Id(first, crm) } });
        }

        var repeat = await RepeatAsync(project, phone);
        var duplicate = await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { name = "Иван", phone, formId = "one", page = Direct }));
        first = await api.ReadAsync(project, $"/v1/leads/{first.GetProperty("id").GetGuid()}");

        foreach (var crm in Crms)
        {
            Assert.Equal((survivors[crm], survivors[crm], survivors[crm]), (Id(first, crm), Id(repeat, crm), Id(duplicate, crm)));
            Assert.Equal(("note", "note"), (await KindAsync(repeat, crm), await KindAsync(duplicate, crm)));
            Assert.Contains("was merged into", await WarningsAsync(repeat, crm), StringComparison.Ordinal);
            Assert.Equal(1, await DealsAsync(first, crm));
            Assert.Equal(2, (await NotesAsync(crm, survivors[crm])).Count(n => n.Contains("LeadIngest: ", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_duplicates_note_shows_its_own_passport_beside_the_first()
    {
        var (project, phone, first) = await StartAsync();
        var duplicate = await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { name = "Иван", phone, formId = "one", page = Vk }));
        Assert.Equal("duplicate", duplicate.GetProperty("status").GetString());
        foreach (var crm in Crms)
        {
            var note = Assert.Single(await NotesAsync(crm, Id(first, crm)), n => n.Contains(duplicate.GetProperty("id").GetString()!, StringComparison.Ordinal));
            foreach (var line in new[] { "⚠ Не так, как в первый раз: ", "(было: Яндекс.Директ)", "Кампания: vesna (было: okna)", "Ключевая фраза: — (было: okna)", "utm_source=vk", "rb_clickid=c-17", Vk })
                Assert.Contains(line, note, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_repeats_task_is_for_the_user_who_answers_for_the_deal()
    {
        var (project, phone, first) = await StartAsync("note_task");
        await api.CrmAsync("/_act/amocrm", new { entity = "deal", id = Id(first, "amocrm"), set = new { responsible_user_id = 33 } });
        await api.CrmAsync("/_act/bitrix24", new { entity = "deal", id = Id(first, "bitrix24"), set = new { ASSIGNED_BY_ID = 33 } });

        await RepeatAsync(project, phone);

        var amocrm = Assert.Single(await api.StateAsync("amocrm/tasks"), t => t.GetProperty("entity_id").GetInt64() == Id(first, "amocrm"));
        Assert.Equal(33, amocrm.GetProperty("responsible_user_id").GetInt64());
        var bitrix24 = Assert.Single(await api.StateAsync("bitrix24/activities"), t => t.GetProperty("OWNER_ID").ToString() == $"{Id(first, "bitrix24")}");
        Assert.Equal("33", bitrix24.GetProperty("FIELDS").GetProperty("responsibleId").ToString());
    }

    private Task<string> KindAsync(JsonElement lead, string crm) => api.ScalarAsync<string>(
        "select d.kind from deliveries d join connections k on k.id = d.connection_id where d.lead_id = @Lead and k.crm = @crm", new { Lead = lead.GetProperty("id").GetGuid(), crm })!;

    private async Task<string> WarningsAsync(JsonElement lead, string crm) => await api.ScalarAsync<string>(
        "select array_to_string(d.warnings, ' ') from deliveries d join connections k on k.id = d.connection_id where d.lead_id = @Lead and k.crm = @crm", new { Lead = lead.GetProperty("id").GetGuid(), crm }) ?? "";

    /// <summary>Deals of the client's contact.</summary>
    private async Task<int> DealsAsync(JsonElement lead, string crm)
    {
        var contact = Remote(lead, crm, "remoteContactId");
        return (await api.StateAsync($"{crm}/deals")).Count(d => crm == "amocrm"
            ? d.GetProperty("_embedded").GetProperty("contacts").EnumerateArray().Any(c => c.GetProperty("id").ToString() == contact) : d.GetProperty("CONTACT_ID").ToString() == contact);
    }

    private async Task<string[]> NotesAsync(string crm, long deal) =>
    [
        .. (await api.StateAsync($"{crm}/notes")).Where(n => n.GetProperty(crm == "amocrm" ? "entity_id" : "ENTITY_ID").ToString() == $"{deal}")
            .Select(n => crm == "amocrm" ? n.GetProperty("params").GetProperty("text").GetString()! : n.GetProperty("COMMENT").GetString()!),
    ];

    private static long Id(JsonElement lead, string crm) => long.Parse(Remote(lead, crm, "remoteLeadId")!, System.Globalization.CultureInfo.InvariantCulture);

    private static string? Remote(JsonElement lead, string crm, string what) => lead.GetProperty("deliveries").EnumerateArray()
        .Single(d => d.GetProperty("crm").GetString() == crm).GetProperty(what).GetString();
}
