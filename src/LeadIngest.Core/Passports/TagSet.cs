namespace LeadIngest.Core.Passports;

/// <summary>The tags found in one place: the posted fields, the page's query, a cookie…</summary>
internal sealed class TagSet
{
    // More different tags than this is an attack on memory, not marketing.
    private const int MostTags = 48;

    private readonly List<(TagName Name, string Value)> _tags = [];

    /// <param name="place">The place in words of the evidence: "in the page URL".</param>
    internal TagSet(string place) => Place = place;

    internal string Place { get; }

    /// <summary>True when a tag that names an origin stands here; <c>utm_referrer</c> and unknown <c>utm_*</c> do not.</summary>
    internal bool HasOrigin { get; private set; }

    internal IReadOnlyList<(TagName Name, string Value)> Tags => _tags;

    /// <summary>The mended value, or null.</summary>
    internal string? this[string name]
    {
        get
        {
            foreach (var (tag, value) in _tags)
                if (tag.Name == name)
                    return value;
            return null;
        }
    }

    /// <summary>Takes one parameter if it is one of ours; mends it and names what was wrong in <paramref name="warnings"/>.</summary>
    /// <param name="name">Name as received.</param>
    /// <param name="value">Value as received.</param>
    /// <param name="encoded">The value is percent-encoded once, as in a URL.</param>
    /// <param name="catalog">Spellings, macros, placeholders.</param>
    /// <param name="warnings">Where faults are named.</param>
    internal void Offer(ReadOnlySpan<char> name, ReadOnlySpan<char> value, bool encoded, SourceCatalog catalog, List<string> warnings)
    {
        if (!catalog.Tags.TryFind(name, out var tag, out var faults))
            return;
        var text = encoded ? Mending.UrlValue(value, catalog, ref faults) : Mending.Text(value.ToString(), catalog, ref faults);
        if (tag.Role == TagRole.Openstat && text.Length == 0 && !value.IsEmpty)
            text = value.ToString();
        if (text.Length == 0)
            faults |= (faults & (Faults.MacroUnsubstituted | Faults.EncodedTooDeep | Faults.TruncatedEncoding)) == 0 ? Faults.Empty : Faults.None;
        else if (tag.Role != TagRole.Hint && catalog.IsPlaceholder(text))
        {
            faults |= Faults.Placeholder;
            text = "";
        }
        else if (tag.Name is "utm_source" or "utm_medium" && HasUpper(text))
            faults |= Faults.Case;
        if (text.Length > 0)
            faults |= Add(tag, text);
        FaultWarnings.AddTo(warnings, faults, tag.Name);
    }

    /// <summary>Adds a tag that is mended already. Of two values the better spelling wins, then the first.</summary>
    internal Faults Add(TagName tag, string value)
    {
        for (var i = 0; i < _tags.Count; i++)
        {
            var (known, old) = _tags[i];
            if (known.Name != tag.Name)
                continue;
            if (tag.Rank < known.Rank)
                _tags[i] = (tag, value);
            return string.Equals(old, value, StringComparison.OrdinalIgnoreCase) ? Faults.None : Faults.DuplicateParam;
        }
        if (_tags.Count >= MostTags)
            return Faults.None;
        _tags.Add((tag, value));
        HasOrigin |= tag.Role == TagRole.Tag && IsOrigin(tag.Name);
        return Faults.None;
    }

    internal static bool IsOrigin(string name) => name is "utm_source" or "utm_medium" or "utm_campaign" or "utm_content" or "utm_term" or "utm_id";

    private static bool HasUpper(string text)
    {
        foreach (var c in text)
            if (char.IsUpper(c))
                return true;
        return false;
    }
}
