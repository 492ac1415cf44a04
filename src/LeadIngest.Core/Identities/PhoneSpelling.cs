using System.Globalization;

namespace LeadIngest.Core.Identities;

/// <summary>The ways of writing a phone number that mean the same: digits of other scripts, dashes, letters for zero, extensions.</summary>
internal static class PhoneSpelling
{
    private const int LongestExtension = 7;
    private const int LongestWord = 12;

    // Beginnings of the Russian words for "extension", then whole words.
    private static readonly string[] ExtensionStems = ["доб", "внутр"];
    private static readonly string[] ExtensionWords = ["вн", "доп", "ext", "extn", "extension", "tone", "x", "х"];

    /// <summary>True for what may stand inside a number; a line break may, a comma may not.</summary>
    public static bool IsSeparator(char c) => c is ' ' or '-' or '(' or ')' or '[' or ']' or '.' or '/' or '~' or '_';

    /// <summary>Rewrites text to ASCII digits, plus and separators; other letters become lower case, invisible characters go.</summary>
    /// <param name="text">At most as long as <paramref name="buffer"/>.</param>
    /// <param name="buffer">Holds the result.</param>
    public static ReadOnlySpan<char> Fold(ReadOnlySpan<char> text, Span<char> buffer)
    {
        var length = 0;
        var letters = false;
        foreach (var c in text)
        {
            var folded = FoldOne(c);
            if (folded == '\0')
                continue;
            letters |= folded is 'o' or 'о';
            buffer[length++] = folded;
        }
        var plain = buffer[..length];
        if (letters)
            MendZeros(plain);
        return plain;
    }

    /// <summary>Reads an extension that follows a number: «доб. 12», <c>ext 12</c>, <c>x12</c>, <c>#12</c>, <c>,12</c>, <c>;ext=12</c>.</summary>
    /// <param name="text">Folded text.</param>
    /// <param name="at">Where the number ends.</param>
    /// <param name="end">Where the extension ends; <paramref name="at"/> when there is none.</param>
    public static string? ReadExtension(ReadOnlySpan<char> text, int at, out int end)
    {
        end = at;
        var mark = at;
        while (mark < text.Length && (IsSeparator(text[mark]) || text[mark] is ',' or ';'))
            mark++;
        if (mark == text.Length)
            return null;

        int digits;
        bool spoken;
        if (char.IsAsciiDigit(text[mark]))
        {
            // A comma is a pause in a dialled string. With a space after it, it is a comma.
            if (text[at] != ',' || text[at..mark].ContainsAnyExcept(','))
                return null;
            (digits, spoken) = (mark, false);
        }
        else if (text[mark] == '#')
        {
            (digits, spoken) = (mark + 1, false);
        }
        else
        {
            var word = mark;
            while (word < text.Length && char.IsLetter(text[word]) && word - mark <= LongestWord)
                word++;
            if (!IsExtensionWord(text[mark..word]))
                return null;
            (digits, spoken) = (word, word - mark > 1);
        }
        while (digits < text.Length && (text[digits] is ' ' or '.' or ':' or '=' or '№' or '(' or '-'))
            digits++;
        var stop = digits;
        while (stop < text.Length && char.IsAsciiDigit(text[stop]))
            stop++;
        if (stop == digits || stop - digits > LongestExtension || (!spoken && GoesOn(text, stop)))
            return null;
        end = stop;
        return text[digits..stop].ToString();
    }

    /// <summary>More digits after a gap: ",8 903 …" is the next phone, not extension 8.</summary>
    private static bool GoesOn(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && IsSeparator(text[at]))
            at++;
        return at < text.Length && char.IsAsciiDigit(text[at]);
    }

    private static bool IsExtensionWord(ReadOnlySpan<char> word)
    {
        foreach (var stem in ExtensionStems)
            if (word.StartsWith(stem))
                return true;
        foreach (var whole in ExtensionWords)
            if (word.SequenceEqual(whole))
                return true;
        return false;
    }

    /// <returns>NUL for a character that is not seen and means nothing.</returns>
    private static char FoldOne(char c)
    {
        if (char.IsAscii(c))
            return char.IsWhiteSpace(c) ? ' ' : char.IsControl(c) ? '\0' : char.ToLowerInvariant(c);
        if (c is >= '\uFF01' and <= '\uFF5E')
            return FoldOne((char)(c - 0xFEE0));
        switch (char.GetUnicodeCategory(c))
        {
            case UnicodeCategory.DecimalDigitNumber:
                return (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c));
            case UnicodeCategory.DashPunctuation:
                return '-';
            case UnicodeCategory.Format or UnicodeCategory.Control:
                return '\0';
        }
        return c switch
        {
            '\u2212' or '\u30FC' => '-',
            '\u2044' or '\u2215' => '/',
            '\u2053' or '\u223C' => '~',
            _ when char.IsWhiteSpace(c) => ' ',
            _ => char.ToLowerInvariant(c),
        };
    }

    /// <summary>
    /// Letters O (Latin and Cyrillic) between digits become zeros: when the nearest characters on both sides, separators aside, are
    /// digits, and the letters touch a digit or are two or more. A lone «о» between spaces is a word.
    /// </summary>
    private static void MendZeros(Span<char> text)
    {
        for (var start = 0; start < text.Length; start++)
        {
            if (!IsO(text[start]))
                continue;
            var end = start;
            while (end < text.Length && IsO(text[end]))
                end++;
            var left = start - 1;
            while (left >= 0 && IsSeparator(text[left]))
                left--;
            var right = end;
            while (right < text.Length && (IsSeparator(text[right]) || IsO(text[right])))
                right++;
            var between = left >= 0 && char.IsAsciiDigit(text[left]) && right < text.Length && char.IsAsciiDigit(text[right]);
            var touches = left == start - 1 || (end < text.Length && char.IsAsciiDigit(text[end]));
            if (between && (touches || end - start > 1))
                text[start..end].Fill('0');
            start = end;
        }
    }

    private static bool IsO(char c) => c is 'o' or 'о';
}
