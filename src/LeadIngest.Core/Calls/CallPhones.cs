using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Calls;

/// <summary>Reads what providers put where a phone belongs: spellings, SIP and tel addresses, extensions, words for "hidden".</summary>
/// <remarks>Words and shapes: vendors' documents of Mango, Zadarma, UIS, MegaFon, Twilio; RFC 3261 §19.1 (SIP), RFC 3966 (tel).</remarks>
public static class CallPhones
{
    private const int Longest = 100;

    private static readonly HashSet<string> Hidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "anonymous", "anonim", "unknown", "restricted", "private", "unavailable", "withheld", "hidden", "blocked", "no caller id", "caller id restricted", "null", "none",
        "undefined", "скрыт", "скрытый", "скрытый номер", "номер скрыт", "аноним", "анонимный", "неизвестен", "неизвестный", "неизвестно", "не определен", "не определён",
        // Twilio's numbers for callers without one: ANONYMOUS, RESTRICTED, UNAVAILABLE and UNKNOWN on a keypad.
        "+266696687", "266696687", "+7378742833", "7378742833", "+86282452253", "86282452253", "+2562533", "2562533", "+8656696", "8656696",
    };

    /// <summary>Whether the text says that the caller hides the number. An absent number says nothing.</summary>
    public static bool IsHidden(string? text) => Part(text) is { } part && Hidden.Contains(part);

    /// <summary>The part that may be a number: without scheme, host and parameters of an address, cleaned; null when there is nothing.</summary>
    public static string? Part(string? text)
    {
        if (Text.CleanLine(text, Longest) is not { } part) return null;
        foreach (var scheme in (ReadOnlySpan<string>)["sips:", "sip:", "tel:"])
            if (part.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                part = part[scheme.Length..];
                break;
            }
        // An address of the PBX behind the @ must not be read as a number.
        if (part.IndexOf('@', StringComparison.Ordinal) is var at and >= 0) part = part[..at];
        if (part.IndexOf(';', StringComparison.Ordinal) is var semicolon and >= 0) part = part[..semicolon];
        part = part.Trim();
        return part.Length == 0 ? null : part;
    }

    /// <returns>E.164, or null: hidden, an extension, a login.</returns>
    public static string? Read(string? text, string? defaultCountry)
    {
        if (Part(text) is not { } part || Hidden.Contains(part)) return null;
        return Phone.TryParse(part, defaultCountry, out var phone) ? phone.E164 : null;
    }
}
