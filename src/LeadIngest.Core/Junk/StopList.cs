using System.Net;
using System.Net.Sockets;
using LeadIngest.Core.Clients;

namespace LeadIngest.Core.Junk;

/// <summary>What an entry of a project's stop list names.</summary>
public enum StopKind { Phone, Email, Domain, Ip, Word, Visitor }

/// <param name="Kind">What the value is.</param>
/// <param name="Value">Normalised as <see cref="StopValue"/> spells it.</param>
/// <param name="Verdict">Spam or test.</param>
public readonly record struct StopEntry(StopKind Kind, string Value, LeadStatus Verdict);

/// <summary>What of a lead the stop list is asked about; null where the lead has none.</summary>
public readonly record struct StopQuestion(string? Phone, string? Email, IPAddress? Ip, string? Name, string? Comment, string? Visitor);

/// <summary>A project's stop list, made for looking up: its length does not matter to a lead.</summary>
public sealed class StopList
{
    private readonly Dictionary<StopKind, Dictionary<string, LeadStatus>> _exact = [];
    private readonly Dictionary<string, LeadStatus> _domains = [], _words = [];
    private readonly Dictionary<IPNetwork, LeadStatus> _networks = [];
    private readonly (AddressFamily Family, int Bits)[] _lengths;
    private readonly int _longestPhrase;

    public static StopList Empty { get; } = new([]);

    /// <summary>Of two entries with one value the later counts.</summary>
    public StopList(IEnumerable<StopEntry> entries)
    {
        foreach (var (kind, value, verdict) in entries)
        {
            if (kind == StopKind.Domain)
                _domains[value] = verdict;
            else if (kind == StopKind.Word)
                (_words[value], _longestPhrase) = (verdict, Math.Max(_longestPhrase, value.Count(c => c == ' ') + 1));
            else if (kind == StopKind.Ip && StopValue.TryNetwork(value, out var network))
                _networks[network] = verdict;
            else
                (_exact.TryGetValue(kind, out var values) ? values : _exact[kind] = [])[value] = verdict;
        }
        _lengths = [.. _networks.Keys.Select(n => (n.BaseAddress.AddressFamily, n.PrefixLength)).Distinct()];
        IsEmpty = _exact.Count == 0 && _domains.Count == 0 && _words.Count == 0 && _networks.Count == 0;
    }

    public bool IsEmpty { get; }

    /// <summary>The entries that name something of this lead, by kind; each kind once.</summary>
    public IReadOnlyList<(StopKind Kind, LeadStatus Verdict)> Find(in StopQuestion lead)
    {
        if (IsEmpty)
            return [];
        var found = new List<(StopKind, LeadStatus)>();
        Add(StopKind.Phone, Exact(StopKind.Phone, lead.Phone));
        Add(StopKind.Email, Exact(StopKind.Email, lead.Email));
        Add(StopKind.Domain, Domain(lead.Email));
        Add(StopKind.Ip, Address(lead.Ip));
        Add(StopKind.Word, Word(lead.Name) ?? Word(lead.Comment));
        Add(StopKind.Visitor, Exact(StopKind.Visitor, lead.Visitor));
        return found;

        void Add(StopKind kind, LeadStatus? verdict)
        {
            if (verdict is { } v)
                found.Add((kind, v));
        }
    }

    private LeadStatus? Exact(StopKind kind, string? value) =>
        value is not null && _exact.TryGetValue(kind, out var values) && values.TryGetValue(value, out var verdict) ? verdict : null;

    private LeadStatus? Domain(string? email)
    {
        if (email is null || _domains.Count == 0)
            return null;
        var lookup = _domains.GetAlternateLookup<ReadOnlySpan<char>>();
        LeadStatus? found = null;
        DomainNames.AnyOf(DomainNames.Of(email), name =>
        {
            if (!lookup.TryGetValue(name, out var verdict))
                return false;
            found = verdict;
            return true;
        });
        return found;
    }

    private LeadStatus? Address(IPAddress? ip)
    {
        if (ip is null || _lengths.Length == 0)
            return null;
        ip = ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip;
        foreach (var (family, bits) in _lengths)
            if (family == ip.AddressFamily && _networks.TryGetValue(StopValue.Network(ip, bits), out var verdict))
                return verdict;
        return null;
    }

    private LeadStatus? Word(string? text)
    {
        if (_words.Count == 0 || StopValue.Words(text) is not { } words)
            return null;
        var lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var start = 0; start >= 0 && start < words.Length; start = words.IndexOf(' ', start) is var space and >= 0 ? space + 1 : -1)
        {
            var end = start;
            for (var length = 0; length < _longestPhrase && end <= words.Length; length++)
            {
                end = words.IndexOf(' ', end) is var next and >= 0 ? next : words.Length;
                if (lookup.TryGetValue(words.AsSpan(start, end - start), out var verdict))
                    return verdict;
                end++;
            }
        }
        return null;
    }
}
