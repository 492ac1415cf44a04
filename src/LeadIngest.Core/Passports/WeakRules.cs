namespace LeadIngest.Core.Passports;

/// <summary>Names the source when no tag does: click ids, openstat, labels, referrers, the visit.</summary>
internal static class WeakRules
{
    internal static void TakeClick(PassportDraft draft, ClickId click, string place, GatheredTags tags, SourceDictionary dictionary)
    {
        draft.Origin = Origin.ClickId;
        draft.Evidence.Add($"{click.Name} {place}");
        Name(draft, click.Source, click.Source, TagRules.ReadMedium(tags) ?? click.Medium, Channel.Other, dictionary);
        FillFromOpenstat(draft, tags, dictionary);
    }

    internal static bool TryOpenstat(PassportDraft draft, GatheredTags tags, SourceDictionary dictionary)
    {
        if (tags["_openstat"] is not { } marker)
            return false;
        if (!Openstat.TryRead(marker, out var openstat))
        {
            FaultWarnings.AddOnce(tags.Warnings, "unreadable: _openstat");
            return false;
        }
        draft.Origin = Origin.Openstat;
        draft.Evidence.Add($"_openstat of {openstat.Service} {tags.PlaceOf("_openstat")}");
        // Openstat marks advertisements only.
        Name(draft, openstat.Service.ToLowerInvariant(), openstat.Service, TagRules.ReadMedium(tags) ?? "cpc", Channel.Other, dictionary);
        Fill(draft, openstat);
        return true;
    }

    /// <summary>Tags beat openstat field by field: it fills what they left empty, if it speaks of the same source.</summary>
    internal static void FillFromOpenstat(PassportDraft draft, GatheredTags tags, SourceDictionary dictionary)
    {
        if (tags["_openstat"] is { } marker && Openstat.TryRead(marker, out var openstat)
            && dictionary.TryFind(openstat.Service.ToLowerInvariant(), "cpc", out var entry) && entry.Name == draft.Source)
            Fill(draft, openstat);
    }

    private static void Fill(PassportDraft draft, Openstat openstat)
    {
        draft.Campaign ??= openstat.Campaign.Length > 0 ? openstat.Campaign : null;
        draft.Content ??= openstat.Ad.Length > 0 ? openstat.Ad : null;
    }

    /// <summary>Labels that people put on links for other reasons too: only a value that the dictionary knows counts.</summary>
    internal static bool TryLabel(PassportDraft draft, GatheredTags tags, SourceDictionary dictionary)
    {
        foreach (var label in (ReadOnlySpan<string>)["roistat", "from", "frommarket", "partner", "ref", "source", "utm_referrer"])
        {
            if (tags[label] is not { } value)
                continue;
            var source = value.ToLowerInvariant();
            if (label == "frommarket")
                source = "yandex.market";
            else if (label == "roistat")
                source = source.Split('_', 2)[0].TrimEnd("0123456789".ToCharArray()); // direct4_search_77_окна
            var medium = TagRules.ReadMedium(tags) ?? (label == "roistat" ? "cpc" : null);
            if (source.Length == 0 || !dictionary.TryFind(source, medium, out var entry))
                continue;
            draft.Origin = Origin.Utm;
            draft.Confidence = Confidence.Guessed;
            draft.Medium = medium;
            draft.Evidence.Add($"{label}={value} {tags.PlaceOf(label)}");
            draft.Take(entry, source, value, medium);
            return true;
        }
        return false;
    }

    internal static bool TryReferrer(PassportDraft draft, Referrer referrer, GatheredTags tags, SourceDictionary dictionary)
    {
        if (referrer.Kind != ReferrerKind.External)
            return false;
        var medium = TagRules.ReadMedium(tags) ?? referrer.Medium;
        draft.Origin = Origin.Referrer;
        draft.Keyword = referrer.Keyword;
        draft.Evidence.Add($"referrer {HostName.Display(referrer.Host)}");
        if (dictionary.TryFindOwn(referrer.Host, medium, out var own))
        {
            draft.Confidence = Confidence.Likely;
            draft.Medium = medium;
            draft.Take(own, referrer.Host, referrer.Name, medium);
        }
        else
            Name(draft, referrer.Name.ToLowerInvariant(), referrer.Name, medium, referrer.Channel, dictionary);
        if (!referrer.Listed)
            draft.Evidence.Add("list of hosts: no entry");
        return true;
    }

    /// <summary>What sourcebuster saw in the referrer of the visit's first page: an engine's name or a host.</summary>
    internal static bool TrySourcebuster(PassportDraft draft, GatheredTags tags, SourceCatalog catalog, SourceDictionary dictionary)
    {
        if (tags.Seen is not { Source: { } source } seen)
            return false;
        var host = source.Contains('.') ? source : source + ".com";
        var referrer = Referrers.Read(host, "", [], catalog);
        var listed = referrer is { Kind: ReferrerKind.External, Listed: true };
        if (referrer.Kind is ReferrerKind.Spam or ReferrerKind.Payment)
            return false;
        draft.Origin = Origin.Referrer;
        draft.Evidence.Add($"sourcebuster cookie: {source}/{seen.Medium}");
        Name(draft, source.ToLowerInvariant(), listed ? referrer.Name : source, seen.Medium,
            seen.Medium == "organic" ? Channel.OrganicSearch : listed ? referrer.Channel : Channel.Referral, dictionary);
        draft.Keyword = seen.Keyword.Length > 0 ? seen.Keyword : null;
        return true;
    }

    internal static void TakeVisit(PassportDraft draft, Passport visit)
    {
        (draft.Channel, draft.Source, draft.Medium) = (visit.Channel, visit.Source, visit.Medium);
        (draft.Campaign, draft.Content, draft.Keyword) = (visit.Campaign, visit.Content, visit.Keyword);
        draft.Origin = Origin.Visit;
        draft.Confidence = visit.Confidence;
        draft.Evidence.Add($"visit: {PassportNames.ToWire(visit.Origin)}");
        draft.Evidence.AddRange(visit.Evidence);
    }

    /// <summary>Tags without <c>utm_source</c>, and nothing else names one: the channel may follow from the medium.</summary>
    internal static void TakeNamelessTags(PassportDraft draft, GatheredTags tags, SourceDictionary dictionary)
    {
        draft.Origin = Origin.Utm;
        draft.Confidence = Confidence.Guessed;
        draft.Channel = TagRules.ReadMedium(tags) is { } medium && dictionary.TryFind(SourceDictionary.AnySource, medium, out var entry)
            ? entry.Channel : Channel.Other;
        draft.Evidence.Add("tags without utm_source");
        FaultWarnings.AddOnce(tags.Warnings, "source_missing: utm_source");
    }

    internal static void TakeDirect(PassportDraft draft, Referrer referrer, SourceDictionary dictionary)
    {
        draft.Origin = Origin.Direct;
        draft.Confidence = Confidence.Likely;
        draft.Channel = Channel.Direct;
        draft.Source = dictionary.TryFind("(direct)", null, out var entry) ? entry.Name : "Прямой заход";
        draft.Evidence.Add(referrer.Kind switch
        {
            ReferrerKind.Own => "no tags; the referrer is the site itself",
            ReferrerKind.Payment => "no tags; the referrer is a payment page",
            ReferrerKind.Spam => "no tags; the referrer is spam",
            _ => "no tags and no referrer",
        });
    }

    private static void Name(PassportDraft draft, string source, string asWritten, string? medium, Channel otherwise, SourceDictionary dictionary)
    {
        draft.Confidence = Confidence.Likely;
        draft.Medium = medium;
        if (dictionary.TryFind(source, medium, out var entry))
        {
            draft.Take(entry, source, asWritten, medium);
            return;
        }
        draft.Source = asWritten;
        draft.Channel = otherwise;
    }
}
