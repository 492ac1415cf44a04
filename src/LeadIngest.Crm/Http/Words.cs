using System.Globalization;
using System.Text;

namespace LeadIngest.Crm.Http;

/// <summary>Bounding of text that goes to a CRM or comes from it.</summary>
internal static class Words
{
    /// <summary>One line of at most <paramref name="max"/> UTF-16 units, for a message to people.</summary>
    public static string Short(string? text, int max = 300) => Bound(text, max, oneLine: true) ?? "";

    /// <summary>
    /// Cuts at a rune boundary, drops control characters (line breaks and tabs stay unless <paramref name="oneLine"/>) and mends lone
    /// surrogates, which no JSON reader accepts. Null when nothing visible is left.
    /// </summary>
    public static string? Bound(string? text, int max, bool oneLine = false)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var result = new StringBuilder(Math.Min(text.Length, max));
        foreach (var rune in text.Trim().EnumerateRunes())
        {
            var kept = rune;
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control)
            {
                if (oneLine)
                {
                    kept = new Rune(' ');
                }
                else if (rune.Value is not ('\n' or '\t'))
                {
                    continue;
                }
            }

            if (result.Length + kept.Utf16SequenceLength > max)
            {
                break;
            }

            result.Append(kept);
        }

        var bounded = result.ToString().Trim();
        return bounded.Length == 0 ? null : bounded;
    }
}
