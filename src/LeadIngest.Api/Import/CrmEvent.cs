using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using LeadIngest.Crm;

namespace LeadIngest.Api.Import;

/// <summary>What a webhook of a CRM speaks of. Ids alone are believed; what happened to a card is seen when it is read again.</summary>
/// <param name="Cards">As <see cref="Text(ContactKey)"/> writes them.</param>
/// <param name="Deals">As <c>deal:7</c> (amoCRM's leads are deals) and <c>lead:9</c>.</param>
/// <param name="Proof">Bitrix24's application token; null when there is none.</param>
internal sealed partial record CrmEvent(IReadOnlyList<string> Cards, IReadOnlyList<string> Deals, string? Proof)
{
    /// <summary>More ids than this are no webhook of a CRM.</summary>
    private const int MostIds = 500;

    public static string Text(ContactKey key) => key.Kind == ContactKind.Contact ? $"contact:{key.Id}" : $"company:{key.Id}";

    public static ContactKey Key(string text) => text.StartsWith("company:", StringComparison.Ordinal) ? new(ContactKind.Company, text[8..]) : new(ContactKind.Contact, text[8..]);

    public static string Text(DealKey key) => key.Kind == DealKind.Deal ? $"deal:{key.Id}" : $"lead:{key.Id}";

    public static DealKey DealKey(string text) => text.StartsWith("lead:", StringComparison.Ordinal) ? new(DealKind.Lead, text[5..]) : new(DealKind.Deal, text[5..]);

    /// <param name="crm"><c>amocrm</c> or <c>bitrix24</c>.</param>
    /// <param name="body">A form in PHP's bracket notation.</param>
    public static CrmEvent Read(string crm, ReadOnlySpan<byte> body) => crm == "bitrix24" ? Bitrix24(Pairs(body)) : Amocrm(Pairs(body));

    /// <summary>The body without what it proves itself by: that is a credential and is kept nowhere else in the clear.</summary>
    public static byte[] WithoutProof(ReadOnlySpan<byte> body) => Encoding.UTF8.GetBytes(string.Join('&', Encoding.UTF8.GetString(body).Split('&')
        .Where(p => !p.StartsWith("auth[", StringComparison.OrdinalIgnoreCase) && !p.StartsWith("auth%5B", StringComparison.OrdinalIgnoreCase))));

    private static IEnumerable<(string Key, string Value)> Pairs(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(body).Split('&').Select(pair =>
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (WebUtility.UrlDecode(pair), "") : (WebUtility.UrlDecode(pair[..equals]), WebUtility.UrlDecode(pair[(equals + 1)..]));
    });

    private static CrmEvent Amocrm(IEnumerable<(string Key, string Value)> pairs)
    {
        var rows = new Dictionary<string, (string Noun, string? Id, string? Type)>();
        foreach (var (key, value) in pairs)
        {
            if (AmocrmKey().Match(key) is not { Success: true } match || (rows.Count >= MostIds && !rows.ContainsKey(match.Groups["row"].Value))) continue;
            var row = rows.GetValueOrDefault(match.Groups["row"].Value);
            rows[match.Groups["row"].Value] = match.Groups["name"].Value == "id" ? (match.Groups["noun"].Value, value, row.Type) : (match.Groups["noun"].Value, row.Id, value);
        }
        var named = rows.Values.Where(r => IsId(r.Id)).ToList();
        // Contacts and companies share a prefix; where the type is missing both are looked at.
        return new(
            [.. named.Where(r => r.Noun != "leads").SelectMany(r => (string[])(r.Type switch { "company" => ["company"], "contact" => ["contact"], _ => ["contact", "company"] }), (r, kind) => $"{kind}:{r.Id}").Distinct()],
            [.. named.Where(r => r.Noun == "leads").Select(r => $"deal:{r.Id}").Distinct()], null);
    }

    private static CrmEvent Bitrix24(IEnumerable<(string Key, string Value)> pairs)
    {
        string? name = null, id = null, proof = null;
        foreach (var (key, value) in pairs)
        {
            if (key == "event") name = value;
            else if (key == "data[FIELDS][ID]") id = value;
            else if (key == "auth[application_token]") proof = value;
        }
        if (!IsId(id) || Bitrix24Event().Match(name ?? "") is not { Success: true } match) return new([], [], proof);
        var noun = match.Groups[1].Value.ToLowerInvariant();
        return noun is "contact" or "company" ? new([$"{noun}:{id}"], [], proof) : new([], [$"{noun}:{id}"], proof);
    }

    private static bool IsId(string? text) => text is { Length: > 0 and < 19 } && text.All(char.IsAsciiDigit) && text.Any(c => c != '0');

    [GeneratedRegex(@"^(?<row>(?<noun>contacts|companies|leads)\[\w{1,20}\]\[\d{1,4}\])\[(?<name>id|type)\]$")]
    private static partial Regex AmocrmKey();

    [GeneratedRegex("^ONCRM(CONTACT|COMPANY|DEAL|LEAD)(ADD|UPDATE|DELETE|MOVETOCATEGORY)$", RegexOptions.IgnoreCase)]
    private static partial Regex Bitrix24Event();
}
