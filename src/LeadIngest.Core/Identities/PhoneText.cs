namespace LeadIngest.Core.Identities;

/// <summary>Finds phone numbers in text as people type it.</summary>
internal static class PhoneText
{
    private const int LongestText = 2000;
    private const int LongestRun = 64;
    private const int LongestNumber = 20;
    private const int ShortestNumber = 4;

    // Bounds the work on a page of loose digits to well below a millisecond or two.
    private const int MostReadings = 400;

    /// <summary>Digits between two separators: where they end among the run's digits and where in the text.</summary>
    private readonly record struct Group(int EndOfDigits, int EndInText);

    public static IReadOnlyList<Phone> Find(string? text, NumberingPlan? home, int most)
    {
        if (string.IsNullOrEmpty(text))
            return [];
        Span<char> buffer = stackalloc char[Math.Min(text.Length, LongestText)];
        var plain = PhoneSpelling.Fold(text.AsSpan(0, buffer.Length), buffer);

        List<Phone>? found = null;
        var readings = MostReadings;
        for (var at = 0; at < plain.Length && readings > 0 && (found?.Count ?? 0) < most;)
        {
            if (plain[at] is '+' or (>= '0' and <= '9'))
                at = ReadRun(plain, at, home, most, ref found, ref readings);
            else
                at++;
        }
        return found ?? (IReadOnlyList<Phone>)[];
    }

    /// <summary>Reads digits and separators up to the next letter, comma or plus.</summary>
    /// <returns>Where to go on reading.</returns>
    private static int ReadRun(ReadOnlySpan<char> text, int start, NumberingPlan? home, int most, ref List<Phone>? found, ref int readings)
    {
        Span<char> digits = stackalloc char[LongestRun];
        Span<Group> groups = stackalloc Group[LongestRun];
        var (count, groupCount) = (0, 0);
        var plus = text[start] == '+';
        var at = plus ? start + 1 : start;
        for (; at < text.Length && count < LongestRun; at++)
        {
            if (char.IsAsciiDigit(text[at]))
            {
                digits[count++] = text[at];
                if (at + 1 == text.Length || !char.IsAsciiDigit(text[at + 1]))
                    groups[groupCount++] = new Group(count, at + 1);
            }
            else if (!PhoneSpelling.IsSeparator(text[at]))
            {
                break;
            }
        }
        // A run cut by its limit has an open last group.
        if (groupCount == 0 || groups[groupCount - 1].EndOfDigits < count)
            groups[groupCount++] = new Group(count, at);

        var (resume, taken) = (at, false);
        // Whole run first; then the longest head that is a number ("8 916 123-45-67 / 8 903 …"); then without the first group ("кв. 5 8916…").
        for (var first = 0; first < groupCount && (found?.Count ?? 0) < most; first++)
        {
            for (var last = groupCount - 1; last >= first && readings > 0; last--)
            {
                var from = first == 0 ? 0 : groups[first - 1].EndOfDigits;
                var number = digits[from..groups[last].EndOfDigits];
                if (number.Length < ShortestNumber)
                    break;
                if (number.Length > LongestNumber)
                    continue;
                readings--;
                var whole = first == 0 && last == groupCount - 1;
                if (!DialledNumber.TryRead(number, plus && first == 0, groups[first].EndOfDigits - from, whole, home, out var phone))
                    continue;
                var end = groups[last].EndInText;
                if (last == groupCount - 1)
                    resume = Math.Max(resume, PhoneSpelling.ReadExtension(text, end, out end) is { } extension
                        ? Keep(ref found, phone! with { Extension = extension }, end)
                        : Keep(ref found, phone!, end));
                else
                    Keep(ref found, phone!, end);
                (first, taken) = (last, true);
                break;
            }
            // After a plus the first group is the calling code: what follows it is no number of its own.
            if (plus && !taken)
                break;
        }
        return resume;
    }

    private static int Keep(ref List<Phone>? found, Phone phone, int end)
    {
        found ??= [];
        if (!found.Exists(other => other.E164 == phone.E164))
            found.Add(phone);
        return end;
    }
}
