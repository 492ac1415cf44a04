using System.Net;
using LeadIngest.Core.Texts;

namespace LeadIngest.Core.Passports;

/// <summary>Mends one value. Only what has one possible reading is changed; the rest stays as it came.</summary>
internal static class Mending
{
    /// <summary>Longest mended value, in Unicode characters (runes).</summary>
    internal const int LongestValue = 512;

    // A longer raw value is not text a person wrote; it also bounds the work on one value.
    private const int LongestRaw = 8192;
    private const int MostPasses = 8;

    /// <summary>Mends a value that stands in a URL: one level of percent-encoding first, then as <see cref="Text"/>.</summary>
    internal static string UrlValue(ReadOnlySpan<char> raw, SourceCatalog catalog, ref Faults faults)
    {
        if (Macros.IsPercentMacro(raw, catalog.MacroNames))
        {
            faults |= Faults.MacroUnsubstituted;
            return "";
        }
        return Text(PercentText.Decode(raw, PercentText.Trust.Url, ref faults), catalog, ref faults);
    }

    /// <summary>
    /// Mends text that was decoded already: macros, HTML escapes, left-over percent-encoding, mojibake, invisibles, length.
    /// Idempotent: the steps repeat until none changes anything. A value that still changes after 8 rounds is set aside
    /// (<c>""</c>, <c>encoded_too_deep</c>).
    /// </summary>
    internal static string Text(string text, SourceCatalog catalog, ref Faults faults)
    {
        if (text.Length <= LongestValue && Cleaning.IsPlain(text))
            return text;
        if (text.Length > LongestRaw)
        {
            text = Cut(text, LongestRaw);
            faults |= Faults.Truncated;
        }
        // Before cleaning: «Р» in mojibake ends in a no-break space.
        if (Windows1251.TryUndoMojibake(text, out var undone))
        {
            text = undone;
            faults |= Faults.Mojibake;
        }
        text = Cleaning.Clean(text, ref faults);
        for (var pass = 0; pass < MostPasses; pass++)
        {
            var next = Pass(text, catalog, ref faults);
            if (next.Length > LongestValue && Cut(next, LongestValue) is var cut && cut.Length < next.Length)
            {
                next = cut;
                faults |= Faults.Truncated;
            }
            else if (next == text)
                return text;
            text = next;
        }
        faults |= Faults.EncodedTooDeep;
        return "";
    }

    /// <summary>Cuts to a number of runes; never inside a surrogate pair, and without a space at the end.</summary>
    internal static string Cut(string text, int runes)
    {
        if (text.Length <= runes)
            return text;
        var at = 0;
        for (; runes > 0 && at < text.Length; runes--)
            at += char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
        return at >= text.Length ? text : text.AsSpan(0, at).TrimEnd(' ').ToString();
    }

    private static string Pass(string text, SourceCatalog catalog, ref Faults faults)
    {
        var next = Macros.Strip(text, catalog.MacroNames);
        if (next.Length != text.Length)
            faults |= Faults.MacroUnsubstituted;
        if (next.Contains('&') && next.Contains(';') && WebUtility.HtmlDecode(next) is { } decoded && decoded != next)
        {
            next = decoded;
            faults |= Faults.HtmlEscaped;
        }
        if (next.Contains('%'))
            next = PercentText.Decode(next, PercentText.Trust.Text, ref faults);
        if (Windows1251.TryUndoMojibake(next, out var undone))
        {
            next = undone;
            faults |= Faults.Mojibake;
        }
        return ReferenceEquals(next, text) ? text : Cleaning.Clean(next, ref faults);
    }
}
