using System.Text.Json;
using System.Text.RegularExpressions;

namespace LeadIngest.Api.Http;

/// <summary>
/// Says in Russian what the service says in English. The sentences stand in <c>src/words/*.json</c>, each English one with its Russian one: <c>{0}</c>, <c>{1}</c>… stand in both for what is
/// filled in, and <c>{0:ru}</c> in the Russian one for what is looked up itself before it is put there.
/// </summary>
internal sealed partial class Sentences
{
    private readonly Dictionary<string, string> _whole = new(StringComparer.Ordinal);
    private readonly Pattern[] _patterns;

    /// <summary>The files that speak of requests. <c>passports.json</c> is not among them: its words are only the page's.</summary>
    public static Sentences Russian => Loaded.Value;

    // Errors are few: what nobody asks for in Russian is never read.
    private static readonly Lazy<Sentences> Loaded = new(() => new([.. new[] { "requests", "senders", "crm", "spend" }.Select(Read)]));

    public Sentences(params IReadOnlyDictionary<string, string>[] books)
    {
        var patterns = new Dictionary<string, Pattern>(StringComparer.Ordinal);
        foreach (var (english, russian) in books.SelectMany(b => b))
            if (Place().IsMatch(english)) patterns[english] = new(Place().Split(english), russian);
            else _whole[english] = russian;
        // The most particular first: "More than {0} rows: split the file." before "{0}: {1}".
        _patterns = [.. patterns.Values.OrderByDescending(p => p.Literals.Sum(l => l.Length))];
    }

    /// <returns>Null when it is not known.</returns>
    public string? Say(string english)
    {
        if (_whole.TryGetValue(english, out var whole)) return whole;
        foreach (var pattern in _patterns)
            if (pattern.Fit(english) is { } values)
                return Filled().Replace(pattern.Russian, place =>
                {
                    var index = place.Groups[1].ValueSpan[0] - '0';
                    var value = index < values.Length ? values[index] : "";
                    return place.Groups[2].Success ? Say(value) ?? value : value;
                });
        return null;
    }

    private static Dictionary<string, string> Read(string name)
    {
        using var file = typeof(Sentences).Assembly.GetManifestResourceStream($"Words.{name}.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(file)!;
    }

    /// <param name="Literals">What stands around the places, in order: one more than there are places.</param>
    private sealed record Pattern(string[] Literals, string Russian)
    {
        /// <summary>What stands in the places; a place ends at the first occurrence of what follows it. Linear, whatever the text.</summary>
        public string[]? Fit(string text)
        {
            var (first, last) = (Literals[0], Literals[^1]);
            if (text.Length < first.Length + last.Length || !text.StartsWith(first, StringComparison.Ordinal) || !text.EndsWith(last, StringComparison.Ordinal)) return null;
            var (values, at, end) = (new string[Literals.Length - 1], first.Length, text.Length - last.Length);
            for (var i = 1; i < Literals.Length - 1; i++)
            {
                var next = text.IndexOf(Literals[i], at, end - at, StringComparison.Ordinal);
                if (next < 0) return null;
                (values[i - 1], at) = (text[at..next], next + Literals[i].Length);
            }
            values[^1] = text[at..end];
            return values;
        }
    }

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\{(\d)(:ru)?\}")]
    private static partial Regex Filled();
}
