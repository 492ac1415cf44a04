using System.Text.RegularExpressions;
using LeadIngest.Crm.Cards;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Routing;

/// <summary>A text with parts of the lead in it: <c>{form}: {name} ({source})</c>. What the lead lacks comes out empty, and the punctuation left over around it goes.</summary>
public static partial class Template
{
    /// <summary>The placeholders by name. The lead's own values, none of them made up.</summary>
    private static readonly Dictionary<string, Func<OutgoingLead, string?>> Parts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["kind"] = l => l.Call is { } call ? CallCard.Name(call) : "Заявка",
        ["name"] = l => l.Name,
        ["phone"] = l => l.Phone,
        ["email"] = l => l.Email,
        ["comment"] = l => l.Comment,
        ["site"] = l => l.SiteName,
        ["form"] = l => l.FormName ?? l.FormId,
        ["page"] = l => l.Page,
        ["channel"] = l => RoutingRules.ChannelWord(l.Passport.Channel),
        ["source"] = l => l.Passport.Source,
        ["medium"] = l => l.Passport.Medium,
        ["campaign"] = l => l.Passport.Campaign,
        ["content"] = l => l.Passport.Content,
        ["keyword"] = l => l.Passport.Keyword,
        ["referrer"] = l => l.Passport.Referrer,
        ["yclid"] = l => l.Passport.ClickIds.GetValueOrDefault("yclid"),
        ["gclid"] = l => l.Passport.ClickIds.GetValueOrDefault("gclid"),
        ["ym_client_id"] = l => l.Visit?.YandexClientId,
        ["ga_client_id"] = l => l.Visit?.GoogleClientId,
        ["line"] = l => l.Call?.LinePhone,
        ["lead_id"] = l => LeadCard.ExternalId(l.LeadId),
    };

    /// <summary>In order of the alphabet, for error messages and descriptions.</summary>
    public static IEnumerable<string> Names => Parts.Keys.Order(StringComparer.Ordinal);

    /// <returns>What is wrong with it, in a sentence; null when it can be used.</returns>
    public static string? Fault(string text)
    {
        foreach (Match match in Placeholder().Matches(text))
        {
            if (!Parts.ContainsKey(match.Groups[1].Value))
            {
                return $"Unknown placeholder {{{match.Groups[1].Value}}}. Known: {string.Join(", ", Names)}.";
            }
        }

        return Placeholder().Replace(text, "").AsSpan().ContainsAny('{', '}') ? "A brace without its other half: placeholders are {name}." : null;
    }

    /// <returns>One line of at most <paramref name="longest"/> UTF-16 units; null when nothing of the lead is in it and nothing was written around.</returns>
    public static string? Fill(string text, OutgoingLead lead, int longest)
    {
        var anything = !Placeholder().IsMatch(text);
        // Filled in once: braces in a visitor's words are words.
        var filled = Placeholder().Replace(text, match =>
        {
            var value = Parts.TryGetValue(match.Groups[1].Value, out var part) ? Words.Bound(part(lead), longest, oneLine: true) : null;
            anything |= value is not null;
            return value ?? Gap;
        });
        return anything ? Words.Bound(Tidy(filled), longest, oneLine: true) : null;
    }

    // A character that no value has: control characters are dropped from values.
    private const string Gap = "\u0001";

    private static string Tidy(string filled)
    {
        if (!filled.Contains(Gap, StringComparison.Ordinal))
        {
            return filled;
        }

        filled = EmptyBrackets().Replace(filled, " ");
        filled = LeftOver().Replace(filled, "");
        return Spaces().Replace(filled.Replace(Gap, "", StringComparison.Ordinal), " ").Trim().Trim('—', '–', '-', ',', ':', ';', '/', '|', ' ');
    }

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\s*[(\[«""]\s*\u0001\s*[)\]»""]")]
    private static partial Regex EmptyBrackets();

    // The separator after an empty part goes with it.
    [GeneratedRegex(@"\u0001\s*[—–\-,:;/|]+")]
    private static partial Regex LeftOver();

    [GeneratedRegex(@"\s{2,}")]
    private static partial Regex Spaces();
}
