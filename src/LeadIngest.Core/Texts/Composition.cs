using System.Collections.Frozen;
using System.Text;

namespace LeadIngest.Core.Texts;

/// <summary>Joins a letter and the mark that follows it into one character: «и» + U+0306 → «й», as phones and file systems of Apple send.</summary>
/// <remarks>
/// <c>string.Normalize</c> returns non-ASCII text as it is where the process runs without culture data (InvariantGlobalization), so the pairs are
/// data here: Unicode's canonical compositions of Latin, Greek and Cyrillic letters, written by <c>scripts/data/sources.mjs</c>. NFC for one base
/// letter and marks from U+0300 to U+036F in the order they stand; the result is always canonically equivalent to the input.
/// </remarks>
internal static class Composition
{
    private static readonly Lazy<FrozenDictionary<(char Letter, char Mark), char>> Composed = new(Load);

    public static bool IsMark(char c) => c is >= '\u0300' and <= '\u036F';

    public static bool TryCompose(char letter, char mark, out char composed) => Composed.Value.TryGetValue((letter, mark), out composed);

    public static string Compose(string text)
    {
        // Nearly all texts hold no mark.
        if (!text.AsSpan().ContainsAnyInRange('\u0300', '\u036F'))
            return text;
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (result.Length > 0 && IsMark(c) && TryCompose(result[^1], c, out var composed))
                result[^1] = composed;
            else
                result.Append(c);
        }
        return result.ToString();
    }

    private static FrozenDictionary<(char Letter, char Mark), char> Load()
    {
        using var reader = new StreamReader(typeof(Composition).Assembly.GetManifestResourceStream("LeadIngest.Core.Texts.compositions.txt")!, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenDictionary(line => (line[0], line[1]), line => line[2]);
    }
}
