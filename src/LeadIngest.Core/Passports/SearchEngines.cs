using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace LeadIngest.Core.Passports;

/// <summary>Where a search engine puts the query: names of parameters, patterns over the address, and how it encodes it.</summary>
internal sealed class SearchEngine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);
    private readonly string[] _parameters;
    private readonly Regex[] _patterns;

    /// <param name="parameters">Names; a name between slashes is a regular expression whose first group is the query.</param>
    /// <param name="charsets">Encodings of the query; none means UTF-8, where windows-1251 is still worth a try.</param>
    internal SearchEngine(string[] parameters, string[] charsets)
    {
        var all = parameters;
        MayBeWindows1251 = charsets.Length == 0 || charsets.Contains("windows-1251", StringComparer.OrdinalIgnoreCase);
        _parameters = [.. all.Where(p => !IsPattern(p))];
        _patterns = [.. all.Where(IsPattern).Select(p => new Regex(p[1..^1], RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Patience))];
    }

    /// <summary>False when bytes that are not UTF-8 belong to an encoding that we cannot read: no keyword then, rather than a wrong one.</summary>
    internal bool MayBeWindows1251 { get; }

    /// <summary>The query as it stands in the address, still encoded; empty when it is not there (most engines hide it today).</summary>
    /// <param name="rest">Path, query and fragment.</param>
    internal ReadOnlySpan<char> FindQuery(ReadOnlySpan<char> rest)
    {
        foreach (var name in _parameters)
        {
            foreach (var at in rest.SplitAny('?', '&', '#'))
            {
                var pair = rest[at];
                if (pair.Length > name.Length + 1 && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                    return pair[(name.Length + 1)..];
            }
        }
        if (_patterns.Length == 0 || rest.Length > 2048)
            return default;
        var address = rest.ToString();
        foreach (var pattern in _patterns)
            if (pattern.Match(address) is { Success: true } match)
                return match.Groups[1].ValueSpan;
        return default;
    }

    private static bool IsPattern(string parameter) => parameter.Length > 2 && parameter[0] == '/' && parameter[^1] == '/';
}

/// <summary>Search engines by name of the list, found again from the host of a referrer.</summary>
internal sealed class SearchEngines
{
    private readonly FrozenDictionary<string, SearchEngine> _byKey;
    private readonly HostSources _hosts;

    internal SearchEngines(IReadOnlyList<SourceCatalogData.Engine> engines)
    {
        _byKey = engines.Select((engine, i) => (Key: Key(i), Value: new SearchEngine(engine.Params, engine.Charsets))).ToFrozenDictionary(x => x.Key, x => x.Value);
        // Channel.Other: here a parent domain may answer, the question is only where the query stands.
        _hosts = new HostSources(engines.SelectMany(
            (engine, i) => engine.Urls.Select(url => (url, new HostSource(Key(i), Channel.Other)))));
    }

    /// <summary>The engine whose parameters apply to this host; null when the lists do not know it.</summary>
    internal SearchEngine? Find(ReadOnlySpan<char> host, ReadOnlySpan<char> path) =>
        _hosts.Find(host, path) is { } found ? _byKey[found.Name] : null;

    private static string Key(int at) => at.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
