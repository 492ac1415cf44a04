using System.Text.Json;

namespace LeadIngest.Api.Tests.EndToEnd;

/// <summary>The main job: a posted lead is a complete card in both CRMs.</summary>
public sealed class LeadInTheCrmTests(EmulatedCrms api) : IClassFixture<EmulatedCrms>
{
    private const string Page = "https://example.ru/crm?utm_source=yandex&utm_medium=cpc&utm_campaign=%D0%9F%D0%BE%D0%B8%D1%81%D0%BA_CRM_%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0"
        + "&utm_term=%D0%B2%D0%BD%D0%B5%D0%B4%D1%80%D0%B5%D0%BD%D0%B8%D0%B5%20crm%20%D1%86%D0%B5%D0%BD%D0%B0";

    [Fact]
    public async Task A_lead_arrives_in_both_crms_with_its_source_campaign_keyword_and_phone()
    {
        var project = await api.CreateConnectedProjectAsync();

        var lead = await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { name = "Иван", phone = "8 (916) 123-45-67", page = Page }));

        Assert.Equal("new", lead.GetProperty("status").GetString());
        var (amocrm, bitrix24) = await CardsAsync(lead);
        Assert.Equal(("Яндекс.Директ", "Поиск_CRM_Москва", "внедрение crm цена"), (Field(amocrm, "UTM_SOURCE"), Field(amocrm, "UTM_CAMPAIGN"), Field(amocrm, "UTM_TERM")));
        Assert.Equal(("Яндекс.Директ", "Поиск_CRM_Москва", "внедрение crm цена"),
            (Text(bitrix24, "UTM_SOURCE"), Text(bitrix24, "UTM_CAMPAIGN"), Text(bitrix24, "UTM_TERM")));
        Assert.Equal("+79161234567", Field(await AmocrmContactAsync(amocrm), "PHONE"));
        Assert.Equal("+79161234567", (await Bitrix24ContactAsync(bitrix24)).GetProperty("PHONE")[0].GetProperty("VALUE").GetString());
    }

    [Fact]
    public async Task Another_form_makes_a_second_deal_of_the_same_contact_and_the_same_form_none()
    {
        var project = await api.CreateConnectedProjectAsync();
        var first = await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { name = "Пётр", phone = "8 (916) 765-43-21", formId = "f1" }));

        var repeat = await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { phone = "+7 916 765 43 21", formId = "other" }));
        var duplicate = await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { phone = "79167654321", formId = "other" }));

        Assert.Equal(("repeat", "duplicate"), (repeat.GetProperty("status").GetString(), duplicate.GetProperty("status").GetString()));
        Assert.Equal(repeat.GetProperty("id").GetGuid(), duplicate.GetProperty("duplicateOf").GetGuid());
        foreach (var crm in (string[])["amocrm", "bitrix24"])
        {
            Assert.NotEqual(Remote(first, crm, "remoteLeadId"), Remote(repeat, crm, "remoteLeadId"));
            Assert.Equal(Remote(first, crm, "remoteContactId"), Remote(repeat, crm, "remoteContactId"));
        }
        Assert.Single(await api.StateAsync("amocrm/contacts"), c => c.GetRawText().Contains("79167654321", StringComparison.Ordinal));
        Assert.Single(await api.StateAsync("bitrix24/contacts"), c => c.GetRawText().Contains("79167654321", StringComparison.Ordinal));
        var contact = Remote(first, "bitrix24", "remoteContactId");
        Assert.Equal(2, (await api.StateAsync("bitrix24/deals")).Count(d => Text(d, "CONTACT_ID") == contact));
        Assert.Contains(await api.StateAsync("amocrm/notes"), n => n.GetProperty("entity_id").ToString() == Remote(repeat, "amocrm", "remoteLeadId"));
    }

    [Fact]
    public async Task Two_hundred_leads_with_one_phone_at_once_are_one_client_and_one_contact()
    {
        string[] spellings = ["+79035550101", "8 903 555-01-01", "8(903)5550101", "7 903 555 01 01", "903 555 01 01", "+7 (903) 555-01-01", "tel:+79035550101",
            "８９０３５５５０１０１", "007 903 555 01 01", "+7-903-555-01-01"];
        var project = await api.CreateConnectedProjectAsync();

        var ids = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => api.PostLeadAsync(project, new { phone = spellings[i % 10], formId = "one" })));

        var leads = new List<JsonElement>();
        foreach (var id in ids) leads.Add(await api.DeliveredAsync(project, id));
        Assert.Single(leads.Select(l => l.GetProperty("clientId").GetGuid()).Distinct());
        Assert.Single(leads, l => l.GetProperty("status").GetString() == "new");
        Assert.Equal(199, leads.Count(l => l.GetProperty("status").GetString() == "duplicate"));
        Assert.Single(await api.StateAsync("amocrm/contacts"), c => c.GetRawText().Contains("79035550101", StringComparison.Ordinal));
        Assert.Single(await api.StateAsync("bitrix24/contacts"), c => c.GetRawText().Contains("79035550101", StringComparison.Ordinal));
        var deal = Remote(leads.Single(l => l.GetProperty("status").GetString() == "new"), "amocrm", "remoteLeadId");
        Assert.Equal(199, (await api.StateAsync("amocrm/notes")).Count(n => n.GetProperty("entity_id").ToString() == deal));
    }

    [Fact]
    public async Task An_unreadable_phone_is_delivered_as_it_was_typed()
    {
        var project = await api.CreateConnectedProjectAsync();

        var lead = await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { name = "Ольга", phone = "звоните в офис 12" }));

        Assert.Equal(JsonValueKind.Null, lead.GetProperty("phone").ValueKind);
        Assert.Contains("phone_unreadable", lead.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()));
        var (amocrm, bitrix24) = await CardsAsync(lead);
        Assert.Contains("звоните в офис 12", amocrm.GetRawText() + (await AmocrmContactAsync(amocrm)).GetRawText(), StringComparison.Ordinal);
        Assert.Contains("звоните в офис 12", bitrix24.GetRawText() + (await Bitrix24ContactAsync(bitrix24)).GetRawText(), StringComparison.Ordinal);
    }

    private async Task<(JsonElement Amocrm, JsonElement Bitrix24)> CardsAsync(JsonElement lead)
    {
        var (amocrm, bitrix24) = (Remote(lead, "amocrm", "remoteLeadId"), Remote(lead, "bitrix24", "remoteLeadId"));
        return (Assert.Single(await api.StateAsync("amocrm/leads"), l => l.GetProperty("id").ToString() == amocrm),
            Assert.Single(await api.StateAsync("bitrix24/deals"), d => Text(d, "ID") == bitrix24));
    }

    private async Task<JsonElement> AmocrmContactAsync(JsonElement card)
    {
        var id = card.GetProperty("_embedded").GetProperty("contacts")[0].GetProperty("id").ToString();
        return Assert.Single(await api.StateAsync("amocrm/contacts"), c => c.GetProperty("id").ToString() == id);
    }

    private async Task<JsonElement> Bitrix24ContactAsync(JsonElement deal) =>
        Assert.Single(await api.StateAsync("bitrix24/contacts"), c => Text(c, "ID") == Text(deal, "CONTACT_ID"));

    private static string? Remote(JsonElement lead, string crm, string what) => lead.GetProperty("deliveries").EnumerateArray()
        .Single(d => d.GetProperty("crm").GetString() == crm).GetProperty(what).GetString();

    private static string? Field(JsonElement card, string code) => card.GetProperty("custom_fields_values").EnumerateArray()
        .FirstOrDefault(f => f.GetProperty("field_code").GetString() == code) is { ValueKind: JsonValueKind.Object } field
            ? field.GetProperty("values")[0].GetProperty("value").GetString() : null;

    private static string? Text(JsonElement card, string name) => card.TryGetProperty(name, out var value) ? value.ToString() : null;
}
