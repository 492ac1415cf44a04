namespace LeadIngest.Core.Passports;

/// <summary>What a referrer turned out to be.</summary>
internal enum ReferrerKind { Absent, External, Own, Payment, Spam, Unreadable }

/// <summary>A referrer, looked up in the lists.</summary>
/// <param name="Kind">Only <see cref="ReferrerKind.External"/> may name a source.</param>
/// <param name="Host">Lower-case ASCII host.</param>
/// <param name="Name">The name of the lists, else the host for people.</param>
/// <param name="Channel">The channel when no tag says otherwise.</param>
/// <param name="Medium"><c>organic</c> for a search, <c>cpc</c> for an ad host, else <c>referral</c>.</param>
/// <param name="Keyword">The query of a search, when the address tells it (few do today).</param>
/// <param name="Listed">The lists know the host.</param>
internal readonly record struct Referrer(ReferrerKind Kind, string Host, string Name, Channel Channel, string Medium, string? Keyword, bool Listed);

/// <summary>Recognises referrers.</summary>
internal static class Referrers
{
    /// <summary>Looks a referrer up.</summary>
    /// <param name="text">A referrer as received.</param>
    /// <param name="pageHost">The page's own host, "" when unknown: a referrer from it is internal.</param>
    /// <param name="ownHosts">Further hosts of the site.</param>
    /// <param name="catalog">The lists.</param>
    internal static Referrer Read(ReadOnlySpan<char> text, string pageHost, IReadOnlyList<string> ownHosts, SourceCatalog catalog)
    {
        text = text.Trim();
        if (text.IsEmpty || catalog.IsPlaceholder(text))
            return default;
        if (!HostName.TryRead(text, out var host, out var rest) || text.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            return new Referrer(ReferrerKind.Unreadable, "", "", Channel.Unknown, "", null, false);
        if (TryUnwrap(host, rest, out var real))
        {
            host = real;
            rest = default;
        }
        if (IsOwn(host, pageHost, ownHosts))
            return new Referrer(ReferrerKind.Own, host, "", Channel.Unknown, "", null, false);
        if (catalog.IsSpam(host))
            return new Referrer(ReferrerKind.Spam, host, "", Channel.Unknown, "", null, false);
        if (catalog.Hosts.Find(host, rest) is not { } source)
            return new Referrer(ReferrerKind.External, host, HostName.Display(host), Channel.Referral, "referral", null, false);
        if (source.IsPayment)
            return new Referrer(ReferrerKind.Payment, host, "", Channel.Unknown, "", null, true);
        var medium = source.Channel switch
        {
            Channel.OrganicSearch => "organic",
            Channel.PaidSearch or Channel.PaidSocial => "cpc",
            _ => "referral",
        };
        var keyword = source.Channel == Channel.OrganicSearch ? ReadKeyword(host, rest, catalog) : null;
        return new Referrer(ReferrerKind.External, host, source.Name, source.Channel, medium, keyword, true);
    }

    private static bool IsOwn(string host, string pageHost, IReadOnlyList<string> ownHosts)
    {
        if (host == pageHost)
            return true;
        for (var i = 0; i < ownHosts.Count; i++)
            if (HostName.TryRead(ownHosts[i], out var own, out _) && HostName.IsWithin(host, own))
                return true;
        return false;
    }

    private static string? ReadKeyword(string host, ReadOnlySpan<char> rest, SourceCatalog catalog)
    {
        if (catalog.Engines.Find(host, rest) is not { } engine || engine.FindQuery(rest) is not { IsEmpty: false } query)
            return null;
        var faults = Faults.None;
        var keyword = Mending.UrlValue(query, catalog, ref faults);
        return keyword.Length == 0 || ((faults & Faults.Windows1251) != 0 && !engine.MayBeWindows1251) ? null : keyword;
    }

    /// <summary>
    /// The site behind a copy of its page: AMP cache, translator, Turbo pages. Their hosts spell the real one with
    /// <c>-</c> for a dot and <c>--</c> for a hyphen.
    /// </summary>
    private static bool TryUnwrap(string host, ReadOnlySpan<char> rest, out string real)
    {
        real = "";
        foreach (var wrapper in (ReadOnlySpan<string>)[".cdn.ampproject.org", ".translate.goog", ".turbopages.org"])
            if (host.EndsWith(wrapper, StringComparison.Ordinal))
            {
                var spelled = host[..^wrapper.Length].Replace("--", "\0", StringComparison.Ordinal);
                return HostName.TryRead(spelled.Replace('-', '.').Replace('\0', '-'), out real, out _);
            }
        if (!host.StartsWith("yandex.", StringComparison.Ordinal) || !rest.StartsWith("/turbo", StringComparison.OrdinalIgnoreCase))
            return false;
        var turbo = rest[6..];
        var path = turbo.StartsWith("/s/", StringComparison.Ordinal) ? turbo[3..] : turbo.StartsWith("/", StringComparison.Ordinal) ? turbo[1..] : default;
        if (path.Length > 2 && HostName.TryRead(path, out real, out _))
            return true;
        var text = turbo.IndexOf("text=", StringComparison.Ordinal);
        if (text < 0)
            return false;
        var faults = Faults.None;
        return HostName.TryRead(PercentText.Decode(turbo[(text + 5)..], PercentText.Trust.Url, ref faults), out real, out _);
    }
}
