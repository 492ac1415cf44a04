namespace LeadIngest.Core.Passports;

/// <summary>Names the source from explicit tags.</summary>
internal static class TagRules
{
    /// <summary>Fills the draft from <c>utm_source</c> and what stands beside it.</summary>
    internal static void Apply(PassportDraft draft, string source, GatheredTags tags, ClickId? click, SourceCatalog catalog, SourceDictionary dictionary)
    {
        var medium = ReadMedium(tags);
        var lower = ReadSource(source, tags, dictionary);
        var key = SourceDictionary.KeyOf(lower);
        draft.Origin = Origin.Utm;
        draft.Confidence = Confidence.Exact;
        draft.Evidence.Add($"utm_source={source} {tags.PlaceOf("utm_source")}");
        draft.Medium = medium;
        if (medium is null && click?.Medium is not null && click.Allows(key))
        {
            draft.Medium = medium = click.Medium;
            draft.Evidence.Add($"{click.Name} {tags.PlaceOf(click.Name)} tells the medium: {medium}");
        }
        if (dictionary.TryFind(lower, medium, out var entry))
            draft.Take(entry, lower, source, medium);
        else if (lower.Contains('.') && HostName.TryRead(lower, out var host, out var rest) && catalog.Hosts.Find(host, rest) is { IsPayment: false } listed)
            TakeHost(draft, listed, host, medium, dictionary);
        else
            TakeUnknown(draft, source, lower, medium, click, dictionary);
        if (draft.Channel == Channel.PaidSearch && FindNetworkSign(tags) is { } sign)
        {
            draft.Channel = Channel.Display;
            draft.Evidence.Add(sign + ": shown in the ad network, not in the search");
        }
    }

    /// <summary>The medium in lower case; look-alike letters are mended when that makes it a known one.</summary>
    internal static string? ReadMedium(GatheredTags tags)
    {
        if (tags["utm_medium"] is not { } text)
            return null;
        var medium = text.ToLowerInvariant();
        if (SourceDictionary.KindOf(medium) is null && LookAlikes.TryFold(medium, out var folded) && SourceDictionary.KindOf(folded) is not null)
        {
            tags.Mend("utm_medium", folded, Faults.LookAlike);
            return folded;
        }
        return medium;
    }

    private static string ReadSource(string source, GatheredTags tags, SourceDictionary dictionary)
    {
        var lower = source.ToLowerInvariant();
        if (SourceDictionary.IsKnown(lower) || dictionary.TryFindOwn(lower, null, out _))
            return lower;
        if (LookAlikes.TryFold(lower, out var folded) && SourceDictionary.IsKnown(folded))
        {
            tags.Mend("utm_source", folded, Faults.LookAlike);
            return folded;
        }
        return lower.Contains('.') && HostName.TryRead(lower, out var host, out _) && SourceDictionary.IsKnown(host) ? host : lower;
    }

    private static void TakeHost(PassportDraft draft, HostSource listed, string host, string? medium, SourceDictionary dictionary)
    {
        var name = listed.Name.ToLowerInvariant();
        if (dictionary.TryFind(name, medium, out var entry))
        {
            draft.Take(entry, name, listed.Name, medium);
            return;
        }
        draft.Source = listed.Name;
        draft.Channel = (medium is null ? null : SourceDictionary.KindOf(medium)) switch
        {
            "@paid" or "@display" or "@paid_social" when listed.Channel == Channel.OrganicSocial => Channel.PaidSocial,
            "@paid" when listed.Channel == Channel.OrganicSearch => Channel.PaidSearch,
            "@paid" => Channel.Other,
            "@display" => Channel.Display,
            _ => listed.Channel,
        };
        draft.Evidence.Add($"list of hosts: {host} is {listed.Name}");
    }

    private static void TakeUnknown(PassportDraft draft, string source, string lower, string? medium, ClickId? click, SourceDictionary dictionary)
    {
        draft.Source = source;
        draft.Channel = Channel.Other;
        draft.Evidence.Add($"dictionary: no entry for {lower}/{medium ?? "(none)"}");
        if (medium is null)
            draft.Confidence = Confidence.Guessed;
        else if (dictionary.TryFind(SourceDictionary.AnySource, medium, out var any))
        {
            draft.Channel = any.Channel;
            draft.Evidence.Add($"medium {medium}: {PassportNames.ToWire(any.Channel)}");
        }
        // utm_source=brand&utm_medium=cpc&yclid=…: the tag names the source, the id tells which kind of advertising it is.
        if (draft.Channel == Channel.Other && click?.Medium is not null && dictionary.TryFind(click.Source, click.Medium, out var entry))
        {
            draft.Channel = entry.Channel;
            draft.Evidence.Add($"{click.Name} tells the channel: {PassportNames.ToWire(entry.Channel)}");
        }
    }

    /// <summary>
    /// What says that a Direct or Google ad was shown on other people's sites: <c>source_type=context</c>, or РСЯ/КМС as a
    /// word of the campaign's name, as agencies mark it.
    /// </summary>
    private static string? FindNetworkSign(GatheredTags tags)
    {
        if (string.Equals(tags["source_type"], "context", StringComparison.OrdinalIgnoreCase))
            return "source_type=context";
        if (tags["utm_campaign"] is not { } campaign)
            return null;
        foreach (var word in (ReadOnlySpan<string>)["рся", "rsya", "кмс", "gdn"])
            for (var at = campaign.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0;
                at = campaign.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
                if ((at == 0 || !char.IsLetterOrDigit(campaign[at - 1])) && (at + word.Length == campaign.Length || !char.IsLetter(campaign[at + word.Length])))
                    return $"utm_campaign says {word}";
        return null;
    }
}
