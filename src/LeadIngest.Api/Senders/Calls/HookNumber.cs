using System.Buffers;
using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>What a provider gives as a number: a phone, an extension, an address of internet telephony, or a word for "hidden".</summary>
/// <param name="Phone">As received, out of its <c>sip:</c> or <c>tel:</c>; null when hidden or internal.</param>
/// <param name="Internal">An extension of 2–4 digits or a login: a colleague, never a client.</param>
/// <param name="Hidden">The word that stands where the number was: <c>anonymous</c>.</param>
internal readonly record struct HookNumber(string? Phone, string? Internal, string? Hidden = null)
{
    private const int Longest = 100;
    private const int ShortestPhone = 7;

    private static readonly SearchValues<char> PhoneSigns = SearchValues.Create("0123456789 ()-.");

    private static readonly HashSet<string> HiddenWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "anonymous", "unknown", "restricted", "private", "hidden", "unavailable", "withheld", "blocked", "nonumber", "0", "-1",
        "скрыт", "скрытый", "номер скрыт", "скрытый номер", "не определен", "не определён", "неизвестно", "неизвестный",
    };

    /// <summary>What goes where a client's number belongs: the number, or the word that it is hidden.</summary>
    public string? Shown => Phone ?? Hidden;

    public static HookNumber Read(string? text)
    {
        if (CallDraft.Line(text, Longest) is not { } number || WordsForNothing.IsNothing(number)) return default;
        // "Иван" <sip:101@pbx.example>;tag=1
        if (number.IndexOf('<', StringComparison.Ordinal) is >= 0 and var open && number.IndexOf('>', open) is var close && close > open)
            number = number[(open + 1)..close];
        var isAddress = false;
        foreach (var scheme in (ReadOnlySpan<string>)["sips:", "sip:", "tel:", "client:"])
            if (number.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                number = number[scheme.Length..];
                isAddress = true;
                break;
            }
        if (number.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at)
        {
            number = number[..at];
            isAddress = true;
        }
        if (isAddress && number.IndexOfAny([';', '?']) is >= 0 and var parameters) number = number[..parameters];
        number = number.Trim();
        if (number.Length == 0) return default;
        if (HiddenWords.Contains(number)) return new(null, null, number);
        var digits = number.Count(char.IsAsciiDigit);
        var onlyDigits = digits == number.Length;
        if (onlyDigits && digits is >= 2 and <= 4) return new(null, number);
        if (!isAddress) return new(number, null);
        var isPhone = digits is >= ShortestPhone and <= 15 && !number.AsSpan().TrimStart('+').ContainsAnyExcept(PhoneSigns);
        return isPhone ? new(number, null) : new(null, number);
    }
}
