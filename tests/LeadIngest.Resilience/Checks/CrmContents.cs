using System.Text.Json;
using System.Text.RegularExpressions;
using LeadIngest.Resilience.Rig;

namespace LeadIngest.Resilience.Checks;

/// <summary>A deal in a CRM.</summary>
/// <param name="Lead">Our lead's id as the card carries it; null when it carries none.</param>
/// <param name="Second">When it was made, by the CRM's clock, which tells seconds.</param>
internal sealed record CrmDeal(string Id, Guid? Lead, string? Contact, long Second);

/// <summary>A note in a card.</summary>
/// <param name="Lead">Our lead's id as the text says it; null for somebody else's note.</param>
/// <param name="Second">As a deal's.</param>
internal sealed record CrmNote(string Id, Guid? Lead, long Second);

/// <summary>What one emulated CRM holds of ours, both CRMs in one shape.</summary>
internal sealed partial record CrmContents(string Crm, IReadOnlyList<CrmDeal> Deals, IReadOnlyList<CrmNote> Notes, int Contacts)
{
    public static readonly string[] Crms = ["amocrm", "bitrix24"];

    public static async Task<CrmContents> ReadAsync(EmulatorProcess emulator, string crm, CancellationToken ct)
    {
        using var deals = await emulator.StateAsync(crm, "deals", ct);
        using var notes = await emulator.StateAsync(crm, "notes", ct);
        using var contacts = await emulator.StateAsync(crm, "contacts", ct);
        return new CrmContents(crm,
            [.. deals.RootElement.EnumerateArray().Select(d => crm == "amocrm" ? Amocrm(d) : Bitrix24(d))],
            [.. notes.RootElement.EnumerateArray().Select(n => crm == "amocrm"
                ? new CrmNote(Text(n, "id")!, NoteOf(Text(n, "params", "text")), n.GetProperty("created_at").GetInt64())
                : new CrmNote(Text(n, "ID")!, NoteOf(Text(n, "COMMENT")), n.GetProperty("CREATED").GetDateTimeOffset().ToUnixTimeSeconds()))],
            contacts.RootElement.GetArrayLength());
    }

    private static CrmDeal Amocrm(JsonElement deal)
    {
        var fields = deal.GetProperty("custom_fields_values");
        var ours = fields.ValueKind != JsonValueKind.Array ? null : fields.EnumerateArray()
            .Where(f => Text(f, "field_code") == "LEADINGEST_ID").Select(f => Text(f.GetProperty("values")[0], "value")).FirstOrDefault();
        var contacts = deal.GetProperty("_embedded").GetProperty("contacts");
        return new CrmDeal(deal.GetProperty("id").ToString(), Id(ours), contacts.GetArrayLength() == 0 ? null : contacts[0].GetProperty("id").ToString(),
            deal.GetProperty("created_at").GetInt64());
    }

    private static CrmDeal Bitrix24(JsonElement deal) => new(Text(deal, "ID")!, Id(Text(deal, "ORIGIN_ID")), Text(deal, "CONTACT_ID"),
        deal.GetProperty("DATE_CREATE").GetDateTimeOffset().ToUnixTimeSeconds());

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
