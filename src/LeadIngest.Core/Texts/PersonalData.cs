using System.Text.RegularExpressions;

namespace LeadIngest.Core.Texts;

/// <summary>Takes what names a person out of a text that goes to a log: foreign words (a CRM's refusal) may quote what was sent.</summary>
public static partial class PersonalData
{
    /// <summary>Runs that could be a phone keep their last two digits; an e-mail keeps its first letter and its domain's top. Control characters become spaces.</summary>
    public static string? Mask(string? text)
    {
        if (string.IsNullOrEmpty(text)) return text;
        var masked = Emails().Replace(text, m => $"{m.Value[0]}***@***{m.Groups["top"].Value}");
        masked = Phones().Replace(masked, m => m.Value.Count(char.IsAsciiDigit) < 7 ? m.Value : "***" + string.Concat(m.Value.Where(char.IsAsciiDigit).TakeLast(2)));
        return string.Concat(masked.Select(c => char.IsControl(c) ? ' ' : c));
    }

    [GeneratedRegex(@"[^\s@<>""':,;()\[\]{}]{1,64}@[^\s@<>""',;()\[\]{}]*(?<top>\.[\p{L}0-9-]{2,24})")]
    private static partial Regex Emails();

    // Not inside a word or an id: a UUID's digits name nobody.
    [GeneratedRegex(@"(?<![\p{L}\p{N}-])\+?\(?[0-9][0-9 ()\u00A0.-]{5,24}[0-9](?![\p{L}\p{N}-])")]
    private static partial Regex Phones();
}
