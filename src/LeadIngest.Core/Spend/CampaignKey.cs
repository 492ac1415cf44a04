using System.Text.RegularExpressions;
using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Spend;

/// <summary>
/// By what spend and leads are put together: spend knows the campaign's id, a lead only what its tags say. First an id that stands in any tag, then the same
/// name, then what the project maps by hand.
/// </summary>
public static partial class CampaignKey
{
    /// <summary>Shorter runs of digits are years, prices and floor numbers.</summary>
    public const int ShortestId = 4;

    /// <returns>
    /// Numbers that may be a campaign's id, in the order they stand: <c>123456</c>, <c>123456|name</c>, <c>name_123456</c>, <c>cid:123456</c>. Part of a word
    /// (<c>top10000x</c>) is none.
    /// </returns>
    public static IEnumerable<string> Ids(string? text) => text is null ? [] : Digits().Matches(text).Select(m => m.Value).Distinct();

    /// <returns>The id of a campaign whose table has only one column for it: a bare number, or <c>123456|name</c>.</returns>
    public static string? IdOfName(string? name) => name is not null && Leading().Match(name.Trim()) is { Success: true } match ? match.Groups[1].Value : null;

    /// <returns>The spelling that names are compared by: lower case, every run of spaces one space. Null for nothing.</returns>
    public static string? Name(string? name)
    {
        var clean = Text.Clean(name, 500);
        return string.IsNullOrEmpty(clean) ? null : Spaces().Replace(clean, " ").Trim().ToLowerInvariant();
    }

    /// <returns><c>id:123456</c>, else <c>name:поиск_crm_москва</c>; null for spend that names no campaign and so belongs to its source.</returns>
    public static string? Of(string? id, string? name) => !string.IsNullOrWhiteSpace(id) ? "id:" + id.Trim() : Name(name) is { } plain ? "name:" + plain : null;

    [GeneratedRegex(@"(?<![\p{L}0-9])[0-9]{4,20}(?![\p{L}0-9])")]
    private static partial Regex Digits();

    [GeneratedRegex(@"^([0-9]{4,20})(?:\s*\|.*)?$")]
    private static partial Regex Leading();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
