namespace LeadIngest.Core.Passports;

/// <summary>
/// Finds tags in a cookie string that a form sends: Tilda's <c>TILDAUTM</c>, sourcebuster's <c>sbjs_current</c> and
/// <c>sbjs_first</c>, and plain cookies named like tags. All other cookies are passed over and kept nowhere.
/// </summary>
internal static class CookieTags
{
    private const int LongestString = 32 * 1024;

    /// <summary>A source that sourcebuster found in a referrer: an engine or a host.</summary>
    internal readonly record struct Seen(string Source, string Medium, string Keyword);

    /// <summary>Reads the whole string.</summary>
    internal static void Read(ReadOnlySpan<char> cookies, TagSet tags, ref Seen seen, SourceCatalog catalog, List<string> warnings)
    {
        if (cookies.Length > LongestString)
            cookies = cookies[..LongestString];
        foreach (var at in cookies.Split(';'))
        {
            var pair = cookies[at].Trim();
            var equals = pair.IndexOf('=');
            if (equals > 0)
                ReadOne(pair[..equals], pair[(equals + 1)..], tags, ref seen, catalog, warnings);
        }
    }

    /// <summary>Reads one cookie, or a posted field of the same name. True when it was one of ours.</summary>
    internal static bool ReadOne(
        ReadOnlySpan<char> name, ReadOnlySpan<char> value, TagSet tags, ref Seen seen, SourceCatalog catalog, List<string> warnings)
    {
        if (name.Equals("TILDAUTM", StringComparison.OrdinalIgnoreCase))
            ReadParts(Decode(value), tags, catalog, warnings);
        else if (name.Equals("sbjs_current", StringComparison.OrdinalIgnoreCase) || name.Equals("sbjs_first", StringComparison.OrdinalIgnoreCase))
            ReadSourcebuster(Decode(value), tags, ref seen, catalog, warnings);
        else if (name.StartsWith("sbjs_", StringComparison.OrdinalIgnoreCase))
            return true;
        else
        {
            tags.Offer(name, value, encoded: true, catalog, warnings);
            return false;
        }
        return true;
    }

    private static string Decode(ReadOnlySpan<char> value)
    {
        // Encoded by the page's script, and again by some that copy it: nothing but separators decides how often.
        var faults = Faults.None;
        var text = PercentText.Decode(value, PercentText.Trust.Url, ref faults);
        return text.Contains("|||", StringComparison.Ordinal) || !text.Contains('%') ? text : PercentText.Decode(text, PercentText.Trust.Url, ref faults);
    }

    // An old script breaks "|||" into "|||amp;", and glues the page's fragment to the last value.
    private static void ReadParts(string text, TagSet tags, SourceCatalog catalog, List<string> warnings)
    {
        var span = text.AsSpan();
        foreach (var at in span.Split("|||"))
        {
            var part = span[at];
            var equals = part.IndexOf('=');
            if (equals <= 0)
                continue;
            var value = part[(equals + 1)..];
            var hash = value.IndexOf('#');
            tags.Offer(part[..equals], hash < 0 ? value : value[..hash], encoded: false, catalog, warnings);
        }
    }

    private static void ReadSourcebuster(string text, TagSet tags, ref Seen seen, SourceCatalog catalog, List<string> warnings)
    {
        var type = Part(text, "typ");
        var source = Part(text, "src");
        if (type is "organic" or "referral" && seen.Source is null && !catalog.IsPlaceholder(source) && !source.IsEmpty)
            seen = new Seen(source.ToString(), type.ToString(), catalog.IsPlaceholder(Part(text, "trm")) ? "" : Part(text, "trm").ToString());
        if (type is not "utm" || tags.HasOrigin)
            return;
        var quiet = new List<string>(); // "(none)" is how sourcebuster writes every absent part, not a fault of the link
        foreach (var (part, name) in new[] { ("src", "utm_source"), ("mdm", "utm_medium"), ("cmp", "utm_campaign"), ("cnt", "utm_content"), ("trm", "utm_term") })
            if (Part(text, part) is { IsEmpty: false } value)
                tags.Offer(name, value, encoded: false, catalog, catalog.IsPlaceholder(value) ? quiet : warnings);
    }

    private static ReadOnlySpan<char> Part(string text, string name)
    {
        var span = text.AsSpan();
        foreach (var at in span.Split("|||"))
            if (span[at] is var part && part.Length > name.Length && part[name.Length] == '=' && part.StartsWith(name, StringComparison.Ordinal))
                return part[(name.Length + 1)..].Trim();
        return default;
    }
}
