using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace LeadIngest.Core.Passports;

/// <summary>What a parameter is read as.</summary>
internal enum TagRole { Tag, Click, Openstat, Label, Hint }

/// <summary>A parameter that may speak of the source, by its canonical name.</summary>
/// <param name="Name">Lower-case canonical name: <c>utm_source</c>.</param>
/// <param name="Role">How its value is read.</param>
/// <param name="Rank">Which spelling wins when several name the same tag: 0 the exact one, then by the order of the table.</param>
/// <param name="IsTypo">The spelling is a known mistake.</param>
internal sealed record TagName(string Name, TagRole Role, int Rank, bool IsTypo);

/// <summary>Recognises names of parameters in any case, with typing mistakes, look-alike letters and array brackets.</summary>
internal sealed class TagNames
{
    private const int LongestName = 64;
    private const int RankOfMended = 10_000;

    private static readonly SearchValues<char> SuspectSigns = SearchValues.Create("[%+-.");

    private readonly FrozenDictionary<string, TagName>.AlternateLookup<ReadOnlySpan<char>> _names;

    internal TagNames() => _names = EmbeddedData.Rows("tag-names.csv")
        .Select((row, at) => (
            Spelling: row[0],
            Tag: new TagName(row[1], Enum.Parse<TagRole>(row[2], ignoreCase: true), row[3] == "exact" ? 0 : at + 1, row[3] == "typo")))
        .ToFrozenDictionary(x => x.Spelling, x => x.Tag, StringComparer.OrdinalIgnoreCase)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>False for a parameter that says nothing of the source.</summary>
    internal bool TryFind(ReadOnlySpan<char> name, out TagName tag, out Faults faults)
    {
        faults = Faults.None;
        while (name.StartsWith("amp;", StringComparison.OrdinalIgnoreCase))
        {
            name = name[4..];
            faults |= Faults.HtmlEscaped;
        }
        if (_names.TryGetValue(name, out tag!))
        {
            faults |= tag.IsTypo ? Faults.NameTypo : Faults.None;
            return true;
        }
        return name.Length is > 1 and <= LongestName && IsSuspect(name) && TryMend(name, out tag, ref faults);
    }

    // A plain name that is not in the table is nothing of ours, unless it is another utm_*: no work for `id`, `page`, `sort`.
    private static bool IsSuspect(ReadOnlySpan<char> name) =>
        name.StartsWith("utm", StringComparison.OrdinalIgnoreCase) || name.ContainsAny(SuspectSigns) || name.ContainsAnyExceptInRange('!', '~');

    private bool TryMend(ReadOnlySpan<char> name, out TagName tag, ref Faults faults)
    {
        tag = null!;
        var met = Faults.None;
        var text = name.Contains('%') ? PercentText.Decode(name, PercentText.Trust.Url, ref met) : name.ToString();
        met = Faults.None;
        if (text.IndexOf('[', StringComparison.Ordinal) is > 0 and var bracket && text[^1] == ']' && !_names.TryGetValue(text, out tag!))
        {
            text = text[..bracket];
            met |= Faults.ArrayName;
        }
        var folded = Fold(text, ref met);
        if (tag is null && !_names.TryGetValue(folded, out tag!))
        {
            if (!folded.StartsWith("utm_", StringComparison.Ordinal) || folded.Length == 4)
                return false;
            tag = new TagName(folded, TagRole.Tag, 0, false);
        }
        else if (met != Faults.None)
            tag = tag with { Rank = tag.Rank + RankOfMended };
        faults |= met | (tag.IsTypo ? Faults.NameTypo : Faults.None);
        return true;
    }

    private static string Fold(string text, ref Faults faults)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.AsSpan().Trim())
        {
            var lower = char.ToLowerInvariant(c);
            var plain = LookAlikes.ToLatin(lower);
            if (plain != lower)
                faults |= Faults.LookAlike;
            if (plain is '-' or '+' or '.' || char.IsWhiteSpace(plain))
            {
                faults |= Faults.NameTypo;
                plain = '_';
            }
            if (!char.IsControl(plain) && plain is not ('\u200B' or '\uFEFF' or '\u200C' or '\u200D'))
                folded.Append(plain);
        }
        return folded.ToString();
    }
}
