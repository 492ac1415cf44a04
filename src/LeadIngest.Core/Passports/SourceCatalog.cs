using System.Collections.Frozen;
using System.Text.Json;

namespace LeadIngest.Core.Passports;

/// <summary>
/// What the product knows of the outside world: hosts and their kind, search engines, spam and payment hosts, click ids,
/// spellings of tags, macros, placeholders. Immutable; safe to share between threads.
/// </summary>
public sealed class SourceCatalog
{
    private static readonly Lazy<SourceCatalog> Shipped = new(() => new SourceCatalog());

    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _spam;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _placeholders;

    private SourceCatalog()
    {
        var engines = ReadJson("search-engines.json", SourceCatalogData.Json.Default.EngineArray);
        Engines = new SearchEngines(engines);
        // The most trusted first: our own lists know Russian names and paths, the open lists know the world.
        Hosts = new HostSources(
        [
            .. Own("more-sources.csv"), .. Own("ru-sources.csv"),
            .. Sites("ai-assistants.json", Channel.AiAssistant), .. Sites("socials.json", Channel.OrganicSocial),
            .. engines.SelectMany(engine => engine.Urls.Select(url => (url, new HostSource(engine.Name, Channel.OrganicSearch)))),
        ]);
        _spam = EmbeddedData.Lines("matomo-referrer-spammers.txt").ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        MacroNames = EmbeddedData.Lines("macro-names.txt").ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _placeholders = EmbeddedData.Lines("placeholders.txt").ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The lists shipped with the product, loaded on first use (tens of milliseconds: touch it at start).</summary>
    /// <exception cref="InvalidOperationException">An embedded file is missing: a fault of the build.</exception>
    public static SourceCatalog Default => Shipped.Value;

    internal HostSources Hosts { get; }
    internal SearchEngines Engines { get; }
    internal TagNames Tags { get; } = new();
    internal FrozenDictionary<string, ClickId> Clicks { get; } = ClickId.Load();
    internal FrozenSet<string> MacroNames { get; }

    /// <summary>True for a referrer that only advertises itself in other people's statistics, or a subdomain of one.</summary>
    /// <param name="host">Lower-case ASCII host without <c>www.</c></param>
    public bool IsSpam(ReadOnlySpan<char> host)
    {
        while (true)
        {
            if (_spam.Contains(host))
                return true;
            var dot = host.IndexOf('.');
            if (dot < 0)
                return false;
            host = host[(dot + 1)..];
        }
    }

    /// <summary>True for a payment page: people pass through it on their way back, it never brings anybody.</summary>
    /// <param name="host">Lower-case ASCII host without <c>www.</c></param>
    public bool IsPayment(ReadOnlySpan<char> host) => Hosts.Find(host, default) is { IsPayment: true };

    /// <summary>True for a word that stands where no value was: <c>(not set)</c>, <c>undefined</c>, <c>0</c>…</summary>
    internal bool IsPlaceholder(ReadOnlySpan<char> value) => value.Length <= 24 && _placeholders.Contains(value);

    private static IEnumerable<(string, HostSource)> Own(string file) =>
        EmbeddedData.Rows(file).Select(row => (row[0], ToSource(row[1], row[2])));

    private static HostSource ToSource(string name, string group) => new(name, group switch
    {
        "search" => Channel.OrganicSearch,
        "ai" => Channel.AiAssistant,
        "social" or "video" or "content" => Channel.OrganicSocial,
        "content_paid" => Channel.Display,
        "messenger" => Channel.Messenger,
        // There is no channel for marketplaces and aggregators; they are the nearest to boards.
        "classified" or "aggregator" or "marketplace" => Channel.Classifieds,
        "geo" => Channel.Maps,
        "email" => Channel.Email,
        "paid" => name.StartsWith("VK", StringComparison.Ordinal) ? Channel.PaidSocial : Channel.PaidSearch,
        _ => Channel.Referral,
    }, group == "payment");

    private static IEnumerable<(string, HostSource)> Sites(string file, Channel channel) =>
        ReadJson(file, SourceCatalogData.Json.Default.SiteArray).SelectMany(site => site.Urls.Select(url => (url, new HostSource(site.Name, channel))));

    private static T[] ReadJson<T>(string file, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T[]> type)
    {
        using var stream = EmbeddedData.Open(file);
        return JsonSerializer.Deserialize(stream, type) ?? [];
    }
}
