using System.Collections.Frozen;

namespace LeadIngest.Core.Passports;

/// <summary>What the lists say of a host: its name for people and what kind of place it is.</summary>
/// <param name="Name">«Яндекс», «ВКонтакте».</param>
/// <param name="Channel">The channel of a visit from there without any tags.</param>
/// <param name="IsPayment">A payment page: people only pass through it, it is never a source.</param>
internal sealed record HostSource(string Name, Channel Channel, bool IsPayment = false);

/// <summary>Look-up by host, by parent domain and, for some hosts, by the start of the path.</summary>
/// <remarks>
/// Order, as in Snowplow's parser: rules with a path through all parent domains, then rules without. A search engine is
/// matched by its own host only: <c>docs.google.com</c> is not a search. <c>{}</c> in a rule stands for a country label,
/// <c>com</c> or a two-level ending such as <c>com.tr</c>.
/// </remarks>
internal sealed class HostSources
{
    private sealed record Rule(HostSource? Plain, (string Path, HostSource Source)[] Paths);

    private readonly FrozenDictionary<string, Rule>.AlternateLookup<ReadOnlySpan<char>> _rules;

    /// <summary>Takes rules, the most trusted first: a later rule for the same host is ignored.</summary>
    internal HostSources(IEnumerable<(string Pattern, HostSource Source)> rules)
    {
        var plain = new Dictionary<string, HostSource>(StringComparer.OrdinalIgnoreCase);
        var paths = new Dictionary<string, List<(string, HostSource)>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (pattern, source) in rules)
        {
            if (pattern.Contains("//", StringComparison.Ordinal))
                continue; // one upstream entry is an address inside an address; its app id has a rule of its own
            var slash = pattern.IndexOf('/', StringComparison.Ordinal);
            var host = slash < 0 ? pattern : pattern[..slash];
            host = host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;
            if (slash < 0)
                plain.TryAdd(host, source);
            else if (paths.TryGetValue(host, out var list))
                list.Add((pattern[slash..].TrimEnd('/'), source));
            else
                paths.Add(host, [(pattern[slash..].TrimEnd('/'), source)]);
        }
        _rules = plain.Keys.Union(paths.Keys, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(
                host => host, host => new Rule(plain.GetValueOrDefault(host), [.. paths.GetValueOrDefault(host, [])]), StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Finds what is known of a host (from <see cref="HostName"/>) and a path; null when nothing is.</summary>
    internal HostSource? Find(ReadOnlySpan<char> host, ReadOnlySpan<char> path)
    {
        HostSource? plain = null;
        Span<char> key = stackalloc char[256];
        for (var own = true; ; own = false)
        {
            for (var form = 0; form < 3; form++)
                if (FindRule(host, form, key) is { } rule)
                {
                    foreach (var (prefix, source) in rule.Paths)
                        if (path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                            && (path.Length == prefix.Length || path[prefix.Length] is '/' or '?' or '#'))
                            return source;
                    if (plain is null && (own || rule.Plain?.Channel != Channel.OrganicSearch))
                        plain = rule.Plain;
                }
            var dot = host.IndexOf('.');
            if (dot < 0 || !host[(dot + 1)..].Contains('.'))
                return plain;
            host = host[(dot + 1)..];
        }
    }

    /// <summary>The rule for a host as it is (form 0), with its country ending (1) or a two-letter label (2) as <c>{}</c>.</summary>
    private Rule? FindRule(ReadOnlySpan<char> host, int form, Span<char> key)
    {
        Rule? rule;
        if (form == 0)
            return _rules.TryGetValue(host, out rule) ? rule : null;
        if (host.Length > 250)
            return null;
        if (form == 1)
            return EndingLength(host) is > 0 and var ending && _rules.TryGetValue(Join(key, host[..^ending], "{}", default), out rule) ? rule : null;
        var start = host.IndexOf('.') == 2 ? 0 : host.IndexOf('.') + 1; // {}.ask.com, images.{}.ask.com
        return host.Length > start + 3 && host[start..].IndexOf('.') == 2
            && _rules.TryGetValue(Join(key, host[..start], "{}", host[(start + 2)..]), out rule) ? rule : null;
    }

    /// <summary>Length of the country ending that <c>{}</c> stands for: "ru", "com", "com.tr". 0 when there is none.</summary>
    private static int EndingLength(ReadOnlySpan<char> host)
    {
        var last = host.LastIndexOf('.');
        if (last <= 0)
            return 0;
        var top = host[(last + 1)..];
        if (top is "com")
            return 3;
        if (top.Length != 2)
            return 0;
        var before = host[..last];
        var second = before.LastIndexOf('.');
        return second > 0 && before[(second + 1)..] is "com" or "co" or "org" or "net" or "it" or "edu" ? host.Length - second - 1 : 2;
    }

    private static Span<char> Join(Span<char> key, ReadOnlySpan<char> left, ReadOnlySpan<char> middle, ReadOnlySpan<char> right)
    {
        left.CopyTo(key);
        middle.CopyTo(key[left.Length..]);
        right.CopyTo(key[(left.Length + middle.Length)..]);
        return key[..(left.Length + middle.Length + right.Length)];
    }
}
