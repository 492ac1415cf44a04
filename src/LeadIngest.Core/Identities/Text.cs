using System.Globalization;
using System.Text;
using LeadIngest.Core.Texts;

namespace LeadIngest.Core.Identities;

/// <summary>Clean-up of what people typed, before it is stored, compared or sent on.</summary>
public static class Text
{
    /// <summary>
    /// Takes out what a database or a CRM cannot hold or a reader cannot see: NUL and other control characters, halves of surrogate
    /// pairs, marks that turn the direction of text. Line breaks become <c>\n</c> and stay, tabs become spaces, letters with a
    /// separate accent become one character (<see cref="Composition"/>), spaces at both ends go.
    /// </summary>
    /// <remarks>PostgreSQL refuses U+0000 in text and jsonb, and lone surrogates have no UTF-8 form.</remarks>
    /// <param name="text">Null gives null.</param>
    /// <param name="maxLength">In UTF-16 units; the cut never splits a character.</param>
    /// <returns>Null when nothing is left.</returns>
    public static string? Clean(string? text, int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        if (string.IsNullOrEmpty(text))
            return null;
        // Unread garbage past this point cannot matter: what is taken out is rarely more than what is kept.
        var source = text.Length > (2L * maxLength) + 64 ? text.AsSpan(0, (2 * maxLength) + 64) : text;
        var clean = new StringBuilder(source.Length);
        for (var at = 0; at < source.Length;)
        {
            var status = Rune.DecodeFromUtf16(source[at..], out var rune, out var used);
            if (status == System.Buffers.OperationStatus.Done)
                Append(clean, rune, source, at);
            at += used;
        }
        return Cut(Composition.Compose(clean.ToString()).Trim(), maxLength) is { Length: > 0 } kept ? kept : null;
    }

    /// <summary><see cref="Clean"/> for one line: every run of white space becomes one space, invisible characters go.</summary>
    public static string? CleanLine(string? text, int maxLength)
    {
        if (Clean(text, text?.Length ?? 0) is not { } clean)
            return null;
        var line = new StringBuilder(clean.Length);
        foreach (var c in clean)
        {
            if (char.IsWhiteSpace(c))
            {
                if (line.Length > 0 && line[^1] != ' ')
                    line.Append(' ');
            }
            else if (char.GetUnicodeCategory(c) != UnicodeCategory.Format)
            {
                line.Append(c);
            }
        }
        return Cut(line.ToString().TrimEnd(), maxLength) is { Length: > 0 } kept ? kept : null;
    }

    private static void Append(StringBuilder clean, Rune rune, ReadOnlySpan<char> source, int at)
    {
        switch (rune.Value)
        {
            case '\r':
                if (at + 1 == source.Length || source[at + 1] != '\n')
                    clean.Append('\n');
                return;
            case '\n' or 0x2028 or 0x2029:
                clean.Append('\n');
                return;
            case '\t':
                clean.Append(' ');
                return;
            // Zero-width space, word joiner, byte order mark, soft hyphen, direction marks. Joiners (200C, 200D) build emoji and Persian.
            case 0x200B or 0x2060 or 0xFEFF or 0x00AD or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069):
                return;
        }
        if (!Rune.IsControl(rune) && (rune.Value & 0xFFFE) != 0xFFFE)
            clean.Append(rune.ToString());
    }

    private static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength)
            return text;
        var end = maxLength > 0 && char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength;
        return text[..end].TrimEnd();
    }
}
