using System.Collections.Frozen;

namespace LeadIngest.Core.Passports;

/// <summary>One line of the dictionary: what a source and a medium of the tags are called, and which channel they are.</summary>
/// <param name="Source"><c>utm_source</c> in any case or an alias of it; a host for referrers; <c>*</c> for any source.</param>
/// <param name="Medium">
/// An exact <c>utm_medium</c> (<c>cpc</c>), a kind of them (<c>@paid</c>, <c>@display</c>, <c>@organic</c>, <c>@social</c>,
/// <c>@paid_social</c>, <c>@email</c>, … as in <c>mediums.csv</c>), or null for any medium and none.
/// </param>
/// <param name="Name">The name for people; empty keeps the source as it was written.</param>
/// <param name="Channel">The channel.</param>
public sealed record SourceEntry(string Source, string? Medium, string Name, Channel Channel)
{
    /// <summary>A project's own line; set by <see cref="SourceDictionary.With"/>.</summary>
    public bool IsOwn { get; internal init; }

    /// <summary>
    /// A source in the spelling that lines are found by: lower case, one line; of an address its host without <c>www.</c>, in ASCII. Null: nothing is left.
    /// </summary>
    public static string? KeyOf(string? source)
    {
        var text = Identities.Text.CleanLine(source, LongestText)?.ToLowerInvariant();
        return text is not null && text.Contains('.') && HostName.TryRead(text, out var host, out _) ? host : text;
    }

    /// <summary>Characters of a source, a medium or a name.</summary>
    public const int LongestText = 200;

    /// <summary>Kinds of mediums that a line may name: <c>@paid</c>, …</summary>
    public static IReadOnlyList<string> MediumKinds => SourceDictionary.Kinds;
}

/// <summary>
/// Maps source and medium to a name for people and a channel. Immutable. The most specific line wins: exact medium, then
/// kind of medium, then any; a project's own lines are asked before all shipped ones.
/// </summary>
#pragma warning disable CA1711 // a dictionary in the users' sense: the page where names of sources are kept is called so
public sealed class SourceDictionary
#pragma warning restore CA1711
{
    /// <summary>The source in lines that hold for every source.</summary>
    public const string AnySource = "*";

    private static readonly Lazy<SourceDictionary> Shipped = new(() => new SourceDictionary(
        Index(EmbeddedData.Rows("source-dictionary.csv")
            .Select(row => new SourceEntry(row[0], row[1].Length == 0 ? null : row[1], row[2], ReadChannel(row[3])))), null));

    private static readonly Lazy<FrozenDictionary<string, string>> Aliases = new(() =>
        EmbeddedData.Rows("source-aliases.csv").ToFrozenDictionary(row => row[0], row => row[1], StringComparer.OrdinalIgnoreCase));

    private static readonly Lazy<FrozenDictionary<string, string>> MediumKinds = new(() =>
        EmbeddedData.Rows("mediums.csv").ToFrozenDictionary(row => row[0], row => "@" + row[1], StringComparer.OrdinalIgnoreCase));

    private static readonly Lazy<string[]> KindNames = new(() => [.. MediumKinds.Value.Values.Distinct().Order(StringComparer.Ordinal)]);

    internal static IReadOnlyList<string> Kinds => KindNames.Value;

    private readonly FrozenDictionary<(string, string), SourceEntry> _shipped;
    private readonly FrozenDictionary<(string, string), SourceEntry>? _own;

    private SourceDictionary(FrozenDictionary<(string, string), SourceEntry> shipped, FrozenDictionary<(string, string), SourceEntry>? own) =>
        (_shipped, _own) = (shipped, own);

    /// <summary>The dictionary shipped with the product.</summary>
    public static SourceDictionary Default => Shipped.Value;

    /// <summary>The lines shipped with the product, by source and medium.</summary>
    public IEnumerable<SourceEntry> ShippedLines => _shipped.Values.OrderBy(e => e.Source, StringComparer.Ordinal).ThenBy(e => e.Medium, StringComparer.Ordinal);

    /// <summary>This dictionary with a project's own lines, which win over the shipped ones. Of two equal lines the last wins.</summary>
    public SourceDictionary With(IEnumerable<SourceEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return new SourceDictionary(_shipped, Index((_own?.Values.AsEnumerable() ?? []).Concat(entries.Select(e => e with { IsOwn = true }))));
    }

    /// <summary>Finds a line. False when neither the source nor, for <see cref="AnySource"/>, the medium is known.</summary>
    /// <param name="source">A source in lower case, as tagged or by its key.</param>
    /// <param name="medium">A medium in lower case, or null.</param>
    /// <param name="entry">The line found.</param>
    public bool TryFind(string source, string? medium, out SourceEntry entry)
    {
        var key = KeyOf(source);
        return TryFindOwn(source, medium, out entry) || Find(_shipped, key, medium, out entry);
    }

    /// <summary>As <see cref="TryFind"/>, among the project's own lines only.</summary>
    public bool TryFindOwn(string source, string? medium, out SourceEntry entry)
    {
        entry = null!;
        return _own is not null
            && (Find(_own, source, medium, out entry) || (KeyOf(source) is var key && key != source && Find(_own, key, medium, out entry))
                // www.Пример.рф and the like: people keep a host in one spelling, and tag links in any.
                || (source.Contains('.') && SourceEntry.KeyOf(source) is { } host && host != source && Find(_own, host, medium, out entry)));
    }

    /// <summary>The key of a source: <c>yandex</c> for <c>ya</c>; the source itself when it has no alias.</summary>
    internal static string KeyOf(string source) => Aliases.Value.TryGetValue(source, out var key) ? key : source;

    /// <summary>True when the shipped aliases know the source.</summary>
    internal static bool IsKnown(string source) => Aliases.Value.ContainsKey(source);

    /// <summary>
    /// The kind of a medium (<c>@paid</c>), or null. By the table; else, as in GA4's default channel rules, a medium with "cp"
    /// in it or "paid" at its start is paid.
    /// </summary>
    internal static string? KindOf(string medium) =>
        MediumKinds.Value.TryGetValue(medium, out var kind) ? kind
        : medium.Contains("cp", StringComparison.Ordinal) || medium.StartsWith("paid", StringComparison.Ordinal) ? "@paid"
        : medium.EndsWith("push", StringComparison.Ordinal) ? "@push" : null;

    private static bool Find(FrozenDictionary<(string, string), SourceEntry> lines, string source, string? medium, out SourceEntry entry)
    {
        if (medium is null)
            return lines.TryGetValue((source, ""), out entry!);
        return lines.TryGetValue((source, medium), out entry!)
            || (KindOf(medium) is { } kind && lines.TryGetValue((source, kind), out entry!))
            || lines.TryGetValue((source, ""), out entry!);
    }

    private static FrozenDictionary<(string, string), SourceEntry> Index(IEnumerable<SourceEntry> entries)
    {
        var lines = new Dictionary<(string, string), SourceEntry>();
        foreach (var entry in entries)
            lines[(entry.Source.Trim().ToLowerInvariant(), entry.Medium?.Trim().ToLowerInvariant() ?? "")] = entry;
        return lines.ToFrozenDictionary();
    }

    private static Channel ReadChannel(string wire) =>
        PassportNames.TryParse(wire, out Channel channel) ? channel : throw new InvalidOperationException($"No channel '{wire}'.");
}
