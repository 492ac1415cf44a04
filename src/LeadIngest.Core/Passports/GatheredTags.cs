namespace LeadIngest.Core.Passports;

/// <summary>
/// All tags of one input, from every place, joined. The first place with tags of origin is the base; later places fill its
/// gaps only if they do not contradict its source, medium and campaign: two links are never mixed into one.
/// </summary>
internal sealed class GatheredTags
{
    private static readonly string[] Deciding = ["utm_source", "utm_medium", "utm_campaign"];
    private static readonly string[] Leading = ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "utm_id"];

    private readonly List<TagSet> _places = [];
    private readonly Dictionary<string, (string Value, TagSet Place)> _tags = new(8);
    private CookieTags.Seen _seen;

    private GatheredTags()
    {
    }

    /// <summary>Named faults, in order of names.</summary>
    internal List<string> Warnings { get; } = [];

    /// <summary>What sourcebuster saw in a referrer of an earlier page; its Source is null when nothing.</summary>
    internal CookieTags.Seen Seen => _seen;

    /// <summary>True when a tag of origin was found anywhere.</summary>
    internal bool HasOrigin { get; private set; }

    internal string? this[string name] => _tags.TryGetValue(name, out var tag) ? tag.Value : null;

    /// <summary>"in the page URL", for a tag that was found.</summary>
    internal string PlaceOf(string name) => _tags[name].Place.Place;

    internal const string InCookies = "in the cookies";

    internal static GatheredTags Read(PassportInput input, string? page, SourceCatalog catalog)
    {
        var gathered = new GatheredTags();
        var fields = new TagSet("in the posted fields");
        var cookies = new TagSet(InCookies);
        var warnings = gathered.Warnings;
        for (var i = 0; i < input.Fields.Count; i++)
        {
            var (name, value) = input.Fields[i];
            if (name is null || value is null)
                continue;
            if (name.Equals("cookies", StringComparison.OrdinalIgnoreCase))
                CookieTags.Read(value, cookies, ref gathered._seen, catalog, warnings);
            else if (name.StartsWith("sbjs_", StringComparison.OrdinalIgnoreCase) || name.Equals("TILDAUTM", StringComparison.OrdinalIgnoreCase))
                CookieTags.ReadOne(name, value, cookies, ref gathered._seen, catalog, warnings);
            else
                fields.Offer(name, value, encoded: false, catalog, warnings);
        }
        gathered._places.Add(fields);
        if (page is not null)
        {
            var query = new TagSet(UrlTags.InPage);
            var fragment = new TagSet("in the fragment of the page URL");
            UrlTags.Read(page, query, fragment, catalog, warnings);
            gathered._places.Add(query);
            gathered._places.Add(fragment);
            var nested = new TagSet("in an address inside the page URL");
            if (!query.HasOrigin && !fragment.HasOrigin && UrlTags.ReadNested(page, nested, catalog, warnings))
                gathered._places.Add(nested);
        }
        if (!string.IsNullOrEmpty(input.Cookies))
            CookieTags.Read(input.Cookies, cookies, ref gathered._seen, catalog, warnings);
        gathered.Join(cookies);
        return gathered;
    }

    /// <summary>The strongest click id, or null. Ids from the cookies count only when no other place has one.</summary>
    internal ClickId? FindClick(SourceCatalog catalog, out string place)
    {
        ClickId? best = null;
        place = "";
        foreach (var (name, (_, set)) in _tags)
            if (catalog.Clicks.TryGetValue(name, out var click) && (best is null || IsBetter(click, set.Place, best, place)))
                (best, place) = (click, set.Place);
        return best;
    }

    private static bool IsBetter(ClickId click, string place, ClickId best, string bestPlace) =>
        (place == InCookies) == (bestPlace == InCookies) ? click.Rank < best.Rank : place != InCookies;

    /// <summary>Tags by name, the six usual ones first; click ids apart.</summary>
    internal (Dictionary<string, string> Utm, Dictionary<string, string> ClickIds) ToMaps(SourceCatalog catalog)
    {
        var utm = new Dictionary<string, string>(_tags.Count);
        var clicks = new Dictionary<string, string>(2);
        foreach (var name in Leading)
            if (_tags.TryGetValue(name, out var tag))
                utm.Add(name, tag.Value);
        if (utm.Count == _tags.Count)
            return (utm, clicks);
        var rest = new List<string>(_tags.Count - utm.Count);
        foreach (var name in _tags.Keys)
            if (!utm.ContainsKey(name))
                rest.Add(name);
        rest.Sort(string.CompareOrdinal);
        foreach (var name in rest)
            (catalog.Clicks.ContainsKey(name) ? clicks : utm).Add(name, _tags[name].Value);
        return (utm, clicks);
    }

    /// <summary>Replaces a value by its mended form.</summary>
    internal void Mend(string name, string value, Faults fault)
    {
        _tags[name] = (value, _tags[name].Place);
        FaultWarnings.AddTo(Warnings, fault, name);
    }

    /// <summary>Forgets the tags of origin that came from cookies: something fresher speaks against them.</summary>
    internal void DropCookieOrigins()
    {
        foreach (var name in Leading)
            if (_tags.TryGetValue(name, out var tag) && tag.Place.Place == InCookies)
                _tags.Remove(name);
        HasOrigin = false;
        foreach (var name in Leading)
            HasOrigin |= _tags.ContainsKey(name);
    }

    private void Join(TagSet cookies)
    {
        _places.Add(cookies);
        foreach (var place in _places)
        {
            var agrees = !place.HasOrigin || !HasOrigin || Agrees(place);
            foreach (var (tag, value) in place.Tags)
                if (agrees || !TagSet.IsOrigin(tag.Name))
                    _tags.TryAdd(tag.Name, (value, place));
            HasOrigin |= place.HasOrigin;
        }
    }

    private bool Agrees(TagSet place)
    {
        foreach (var name in Deciding)
            if (place[name] is { } value && this[name] is { } known && !string.Equals(value, known, StringComparison.OrdinalIgnoreCase))
            {
                FaultWarnings.AddOnce(Warnings, $"conflict: {name} {PlaceOf(name)} and {place.Place}");
                return false;
            }
        return true;
    }
}
