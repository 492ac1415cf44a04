using System.Text;
using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>
/// Everything that one message said, as path and text in the order received. Names are found whatever their case, with or without <c>_</c> and
/// <c>-</c>, with brackets or dots, inside the usual wrappers (<c>data.call.id</c>). Lives for one reading: what was taken is not left among <see cref="Rest"/>.
/// </summary>
internal sealed class HookFacts
{
    private const int LongestPath = 200;
    private const int MostRest = 100;
    private const int LongestRest = 2000;
    private static readonly HashSet<string> Wrappers = ["call", "data", "appeal", "lead", "payload", "params", "result", "message", "body", "request"];

    private static readonly HashSet<string> Secret =
    [
        "token", "crmtoken", "planfixtoken", "accesstoken", "apitoken", "usertoken", "sign", "signature", "vpbxapikey", "apikey", "xapikey", "key", "secret", "password", "pass",
        "cookie", "cookies", "authorization",
    ];

    private readonly List<Fact> _all = [];
    private readonly Dictionary<string, List<Fact>> _byName = [];
    private readonly Dictionary<string, Fact> _mapped = [];
    private readonly List<KeyValuePair<string, string>> _renamed = [];

    /// <param name="pairs">Paths and values; JSON is flattened already.</param>
    /// <param name="form">The body's own form fields as decoded, for signatures.</param>
    /// <param name="map">The owner's word: path to fact, see <see cref="SenderSettings.FieldMap"/>.</param>
    public HookFacts(IEnumerable<KeyValuePair<string, string>> pairs, IReadOnlyList<KeyValuePair<string, string>> form, IReadOnlyDictionary<string, string> map)
    {
        Form = form;
        foreach (var (path, value) in pairs)
        {
            var fact = new Fact(path, value);
            _all.Add(fact);
            var name = Fold(path);
            Index(name, fact);
            var bare = Unwrapped(name);
            if (bare.Length != name.Length) Index(bare, fact);
        }
        foreach (var (path, meaning) in map)
        {
            if (string.IsNullOrWhiteSpace(meaning)) continue;
            // Written the other way round, it is understood too where that alone makes sense.
            var (fact, name) = Find(path) is { } posted ? (posted, meaning) : (Find(meaning), path);
            if (fact is null || fact.Taken) continue;
            fact.Taken = true;
            if (_mapped.TryAdd(Fold(name), fact)) _renamed.Add(new(name.Trim(), fact.Value));
        }
    }

    public IReadOnlyList<KeyValuePair<string, string>> Form { get; }

    public bool IsEmpty => _all.Count == 0;

    /// <summary>Mapped by the owner to a name that nobody asked for as a fact of the call: a tag or a field of that name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Renamed => _renamed;

    /// <summary>Everything not taken yet, in order; a caller that uses one marks it.</summary>
    public IEnumerable<Fact> Open => _all.Where(fact => !fact.Taken && !WordsForNothing.IsNothing(fact.Value));

    /// <summary>The first of these names that says something; it is then taken.</summary>
    public string? Take(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (Find(name) is { } fact)
            {
                fact.Taken = true;
                return fact.Value.Trim();
            }
        return null;
    }

    /// <summary>As <see cref="Take"/>, and it stays among the fields.</summary>
    public string? Peek(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (Find(name) is { } fact) return fact.Value.Trim();
        return null;
    }

    /// <summary>What the owner's map calls this fact of the call; it is then none of <see cref="Renamed"/>.</summary>
    public string? Mapped(string fact)
    {
        var name = Fold(fact);
        if (!_mapped.TryGetValue(name, out var found)) return null;
        _renamed.RemoveAll(renamed => Fold(renamed.Key) == name);
        return found.Value.Trim();
    }

    /// <summary>The value exactly as received, words for nothing included: what a signature covers. Empty when there is none.</summary>
    public string Raw(string name)
    {
        foreach (var fact in _all)
            if (fact.Path.Equals(name, StringComparison.OrdinalIgnoreCase)) return fact.Value;
        return "";
    }

    /// <summary>True when the name came at all, be it empty.</summary>
    public bool Has(string name) => _byName.ContainsKey(Fold(name));

    /// <summary>True when one of these came as a macro that nobody filled in: what a "send test" button sends.</summary>
    public bool IsMacro(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (_byName.TryGetValue(Fold(name), out var facts) && facts.Exists(fact => WordsForNothing.IsMacro(fact.Value))) return true;
        return false;
    }

    public bool HasMacros => _all.Exists(fact => WordsForNothing.IsMacro(fact.Value));

    /// <summary>What nobody took and is no secret: kept and shown. Bounded in number and length.</summary>
    public IEnumerable<KeyValuePair<string, string>> Rest() =>
        Open.Where(fact => !Secret.Contains(LastSegment(Fold(fact.Path))))
            .Take(MostRest)
            .Select(fact => KeyValuePair.Create(CallDraft.Line(fact.Path, LongestPath) ?? "?", CallDraft.Line(fact.Value, LongestRest) ?? ""))
            .Where(field => field.Value.Length > 0);

    /// <summary>Lower case, without what people put between words; brackets become dots: <c>utm[Source]</c> → <c>utm.source</c>.</summary>
    public static string Fold(string path)
    {
        var folded = new StringBuilder(Math.Min(path.Length, LongestPath));
        foreach (var c in path.AsSpan(0, Math.Min(path.Length, LongestPath)))
        {
            if (c is '[' or '.' or ']')
            {
                if (folded.Length > 0 && folded[^1] != '.') folded.Append('.');
            }
            else if (c is not ('_' or '-') && !char.IsWhiteSpace(c)) folded.Append(char.ToLowerInvariant(c));
        }
        if (folded.Length > 0 && folded[^1] == '.') folded.Length--;
        return folded.ToString();
    }

    public static string LastSegment(string folded) => folded[(folded.LastIndexOf('.') + 1)..];

    private Fact? Find(string name)
    {
        if (!_byName.TryGetValue(Fold(name), out var facts)) return null;
        return facts.Find(fact => !WordsForNothing.IsNothing(fact.Value));
    }

    private void Index(string name, Fact fact)
    {
        if (!_byName.TryGetValue(name, out var facts)) _byName[name] = facts = [];
        facts.Add(fact);
    }

    private static string Unwrapped(string name)
    {
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot > 0 && Wrappers.Contains(name[..dot]); dot = name.IndexOf('.', StringComparison.Ordinal))
            name = name[(dot + 1)..];
        return name;
    }

    /// <summary>One value of a message.</summary>
    internal sealed class Fact(string path, string value)
    {
        public string Path { get; } = path;
        public string Value { get; } = value;
        public bool Taken { get; set; }
    }
}
