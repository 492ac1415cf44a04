using System.Text;
using LeadIngest.Core.Texts;

namespace LeadIngest.Core.Passports;

/// <summary>
/// Takes out what people cannot see: controls, zero-width marks, byte-order marks, lone surrogates; makes every run of
/// white space (NBSP, tab, line end) one space, trims, and composes letters with their marks.
/// </summary>
/// <remarks>
/// Composition is canonical (NFC) as far as <see cref="Composition"/> goes.
/// </remarks>
internal static class Cleaning
{
    /// <summary>True when the text needs none of <see cref="Mending"/>'s slow steps: plain ASCII words or Russian letters.</summary>
    internal static bool IsPlain(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] == ' ' || text[^1] == ' ')
            return text.IsEmpty;
        var previous = '\0';
        foreach (var c in text)
        {
            if (c is >= 'А' and <= 'я')
            {
            }
            else if (c is < ' ' or > '~' or '%' or '&' or '{' or '[' or '<' or '$' || (c == previous && c is ' ' or '_'))
                return false;
            previous = c;
        }
        return true;
    }

    internal static string Clean(string text, ref Faults faults)
    {
        if (IsPlain(text))
            return text;
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var last = clean.Length > 0 ? clean[^1] : '\0';
            if (char.IsWhiteSpace(c))
            {
                if (last is not (' ' or '\0'))
                    clean.Append(' ');
            }
            else if (char.IsSurrogate(c))
            {
                if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                    clean.Append(c).Append(text[++i]);
            }
            else if (c == '\u200D' && (char.IsLowSurrogate(last) || last == '\uFE0F') && i + 1 < text.Length && IsPictograph(text[i + 1]))
                clean.Append(c); // joins the parts of one emoji
            else if (char.IsControl(c) || IsInvisible(c))
            {
            }
            else if (Composition.IsMark(c) && last != '\0' && Composition.TryCompose(last, c, out var composed))
            {
                clean[^1] = composed;
                faults |= Faults.NotComposed;
            }
            else
            {
                if (c == '\uFFFD')
                    faults |= Faults.Lossy;
                clean.Append(c);
            }
        }
        if (clean.Length > 0 && clean[^1] == ' ')
            clean.Length--;
        var result = clean.ToString();
        if (result == text)
            return text;
        if ((faults & Faults.NotComposed) == 0 || clean.Length + 1 < text.Length)
            faults |= Faults.Spaces;
        return result;
    }

    private static bool IsPictograph(char c) => char.IsHighSurrogate(c) || c is >= '\u2600' and <= '\u27BF';

    private static bool IsInvisible(char c) => c is '\u00AD' or '\u061C' or '\u180E' or '\uFEFF'
        or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u2069');
}
