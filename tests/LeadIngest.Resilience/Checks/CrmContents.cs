using System.Text.Json;
using System.Text.RegularExpressions;
using LeadIngest.Resilience.Rig;

namespace LeadIngest.Resilience.Checks;

/// <summary>A deal in a CRM.</summary>
/// <param name="Lead">Our lead's id as the card carries it; null when it carries none.</param>
internal sealed record CrmDeal(string Id, Guid? Lead, string? Contact);

/// <summary>What one emulated CRM holds of ours, both CRMs in one shape.</summary>
internal sealed partial record CrmContents(string Crm, IReadOnlyList<CrmDeal> Deals, IReadOnlyList<Guid?> Notes, int Contacts)
{
    public static readonly string[] Crms = ["amocrm", "bitrix24"];

    public static async Task<CrmContents> ReadAsync(EmulatorProcess emulator, string crm, CancellationToken ct)
    {
        using var deals = await emulator.StateAsync(crm, "deals", ct);
        using var notes = await emulator.StateAsync(crm, "notes", ct);
        using var contacts = await emulator.StateAsync(crm, "contacts", ct);
        return new CrmContents(crm,
            [.. deals.RootElement.EnumerateArray().Select(d => crm == "amocrm" ? Amocrm(d) : Bitrix24(d))],
            [.. notes.RootElement.EnumerateArray().Select(n => NoteOf(crm == "amocrm" ? Text(n, "params", "text") : Text(n, "COMMENT")))],
            contacts.RootElement.GetArrayLength());
    }

    private static CrmDeal Amocrm(JsonElement deal)
    {
        var fields = deal.GetProperty("custom_fields_values");
        var ours = fields.ValueKind != JsonValueKind.Array ? null : fields.EnumerateArray()
            .Where(f => Text(f, "field_code") == "LEADINGEST_ID").Select(f => Text(f.GetProperty("values")[0], "value")).FirstOrDefault();
        var contacts = deal.GetProperty("_embedded").GetProperty("contacts");
        return new CrmDeal(deal.GetProperty("id").ToString(), Id(ours), contacts.GetArrayLength() == 0 ? null : contacts[0].GetProperty("id").ToString());
    }

    private static CrmDeal Bitrix24(JsonElement deal) => new(Text(deal, "ID")!, Id(Text(deal, "ORIGIN_ID")), Text(deal, "CONTACT_ID"));

    private static Guid? NoteOf(string? text) => text is not null && OurId().Match(text) is { Success: true } match ? Id(match.Groups[1].Value) : null;

    private static Guid? Id(string? text) => Guid.TryParse(text, out var id) ? id : null;

    private static string? Text(JsonElement element, params string[] path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return null;
        }
        return element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : element.ToString();
    }

    [GeneratedRegex("LeadIngest: ([0-9a-fA-F-]{32,36})")]
    private static partial Regex OurId();
}
