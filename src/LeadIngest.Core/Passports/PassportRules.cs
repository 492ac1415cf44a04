namespace LeadIngest.Core.Passports;

/// <summary>
/// Writes a passport from what was posted. A pure function: no clock, no I/O, never throws; the same input gives the same
/// passport.
/// </summary>
/// <remarks>
/// The order of evidence: tags (posted fields, the page's query, its fragment, an address inside it, cookies), click ids,
/// <c>_openstat</c> and known labels (<c>from</c>, <c>roistat</c>), an external referrer, what sourcebuster saw, the visit,
/// direct. Confidence: <i>exact</i> when a tag names the source; <i>likely</i> for a click id, openstat, a referrer and a
/// direct visit; <i>guessed</i> for a label, and for an unknown <c>utm_source</c> without a medium.
/// A paid click id in the page beats contradicting tags that only a cookie remembers: the cookie is older.
/// </remarks>
public static class PassportRules
{
    /// <summary>The longest page and referrer kept, in UTF-8 bytes.</summary>
    public const int LongestAddress = 8192;

    /// <summary>Writes the passport of a lead or a visit.</summary>
    public static Passport Write(PassportInput input, SourceCatalog catalog, SourceDictionary dictionary)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(dictionary);
        var page = CutAddress(input.Page, out var pageCut);
        var referrer = CutAddress(input.Referrer, out var referrerCut);
        var tags = GatheredTags.Read(input, page, catalog);
        if (pageCut)
            FaultWarnings.AddOnce(tags.Warnings, "truncated: page");
        if (referrerCut)
            FaultWarnings.AddOnce(tags.Warnings, "truncated: referrer");

        var draft = new PassportDraft();
        var inherited = Decide(draft, tags, input, page, referrer, catalog, dictionary);
        var (utm, clicks) = tags.ToMaps(catalog);
        tags.Warnings.Sort(string.CompareOrdinal);
        return new Passport
        {
            Channel = draft.Channel,
            Source = draft.Source,
            Medium = TagRules.ReadMedium(tags) ?? draft.Medium,
            Campaign = tags["utm_campaign"] ?? draft.Campaign,
            Content = tags["utm_content"] ?? draft.Content,
            Keyword = tags["utm_term"] ?? draft.Keyword,
            Utm = utm.Count == 0 && inherited ? input.Visit!.Utm : utm,
            ClickIds = clicks.Count == 0 && inherited ? input.Visit!.ClickIds : clicks,
            LandingPage = inherited ? input.Visit!.LandingPage ?? page : page,
            Referrer = inherited ? input.Visit!.Referrer ?? referrer : referrer,
            Origin = draft.Origin,
            Confidence = draft.Confidence,
            Evidence = draft.Evidence,
            Warnings = tags.Warnings,
        };
    }

    /// <returns>True when the visit's passport was taken over.</returns>
    private static bool Decide(
        PassportDraft draft, GatheredTags tags, PassportInput input, string? page, string? referrer, SourceCatalog catalog, SourceDictionary dictionary)
    {
        var click = tags.FindClick(catalog, out var clickPlace);
        if (tags["utm_source"] is { } remembered && tags.PlaceOf("utm_source") == GatheredTags.InCookies
            && click is { Medium: "cpc" or "display" } && clickPlace != GatheredTags.InCookies && Contradicts(click, remembered))
        {
            FaultWarnings.AddOnce(tags.Warnings, $"conflict: utm_source={remembered} in the cookies and {click.Name}");
            tags.DropCookieOrigins();
        }
        if (tags["utm_source"] is { } source)
        {
            if (click is not null && Contradicts(click, source))
                FaultWarnings.AddOnce(tags.Warnings, $"conflict: utm_source={source} and {click.Name}");
            TagRules.Apply(draft, source, tags, click, catalog, dictionary);
            WeakRules.FillFromOpenstat(draft, tags, dictionary);
            return false;
        }

        var pageHost = page is not null && HostName.TryRead(page, out var host, out _) ? host : "";
        var seen = FindReferrer(tags, referrer, pageHost, input.OwnHosts, catalog);
        // fbclid is on every outgoing link of the firm; the referrer tells which of its sites it was.
        var referrerIsFiner = click is { Medium: not "cpc" and not "display" } && seen.Kind == ReferrerKind.External
            && SourceDictionary.KeyOf(seen.Name.ToLowerInvariant()) is var key && key != click.Source && click.Allows(key);
        if (click is not null && !referrerIsFiner)
            WeakRules.TakeClick(draft, click, clickPlace, tags, dictionary);
        else if (!WeakRules.TryOpenstat(draft, tags, dictionary) && !WeakRules.TryLabel(draft, tags, dictionary)
            && !WeakRules.TryReferrer(draft, seen, tags, dictionary) && !WeakRules.TrySourcebuster(draft, tags, catalog, dictionary))
        {
            if (input.Visit is { Channel: not Channel.Unknown } visit)
            {
                WeakRules.TakeVisit(draft, visit);
                return true;
            }
            if (tags.HasOrigin)
                WeakRules.TakeNamelessTags(draft, tags, dictionary);
            else if (!string.IsNullOrWhiteSpace(page) || seen.Kind is ReferrerKind.Own or ReferrerKind.Payment)
                WeakRules.TakeDirect(draft, seen, dictionary);
        }
        return false;
    }

    private static bool Contradicts(ClickId click, string source)
    {
        var lower = source.ToLowerInvariant();
        return SourceDictionary.IsKnown(lower) && !click.Allows(SourceDictionary.KeyOf(lower));
    }

    /// <summary>The page's referrer; else the one that a redirect saved in <c>utm_referrer</c> for Metrica.</summary>
    private static Referrer FindReferrer(GatheredTags tags, string? referrer, string pageHost, IReadOnlyList<string> ownHosts, SourceCatalog catalog)
    {
        var seen = Referrers.Read(referrer, pageHost, ownHosts, catalog);
        if (seen.Kind != ReferrerKind.External && tags["utm_referrer"] is { } saved
            && Referrers.Read(saved, pageHost, ownHosts, catalog) is { Kind: ReferrerKind.External } behind)
            return behind;
        if (seen.Kind == ReferrerKind.Spam)
            FaultWarnings.AddOnce(tags.Warnings, $"spam_referrer: {seen.Host}");
        else if (seen.Kind == ReferrerKind.Unreadable)
            FaultWarnings.AddOnce(tags.Warnings, "unreadable: referrer");
        return seen;
    }

    private static string? CutAddress(string? address, out bool cut)
    {
        cut = false;
        if (address is null || address.Length <= LongestAddress / 3)
            return address;
        var bytes = 0;
        var at = 0;
        foreach (var rune in address.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > LongestAddress)
            {
                cut = true;
                return address[..at];
            }
            at += rune.Utf16SequenceLength;
        }
        return address;
    }
}
