namespace LeadIngest.Core.Passports;

/// <summary>Finds tags in the address of a page, however it was put together.</summary>
internal static class UrlTags
{
    /// <summary>
    /// Reads the query, then the fragment, into their sets. Mends what the parts of an address may suffer: a second
    /// <c>?</c>, no <c>?</c> at all, <c>;</c> between pairs, tags behind <c>#</c>. Relative addresses are fine.
    /// </summary>
    internal static void Read(ReadOnlySpan<char> url, TagSet query, TagSet fragment, SourceCatalog catalog, List<string> warnings)
    {
        url = url.Trim();
        var hash = url.IndexOf('#');
        var behind = hash < 0 ? default : url[(hash + 1)..];
        var front = hash < 0 ? url : url[..hash];
        var mark = front.IndexOf('?');
        if (mark < 0)
        {
            mark = FindPairs(front, catalog);
            if (mark >= 0)
                FaultWarnings.AddOnce(warnings, "missing_question_mark: page");
        }
        var path = mark < 0 ? front : front[..mark];
        if (mark >= 0)
            ReadPairs(front[(mark + 1)..], query, catalog, warnings);
        if (!behind.IsEmpty)
        {
            ReadPairs(behind, fragment, catalog, warnings);
            if (fragment.HasOrigin)
                FaultWarnings.AddOnce(warnings, "tags_in_fragment: page");
        }
        // /page/utm_source=ya: nothing says where the path ends, so it is left and only pointed at.
        if (path.IndexOf("utm_", StringComparison.OrdinalIgnoreCase) is > 0 and var tag && path[tag..].Contains('='))
            FaultWarnings.AddOnce(warnings, "tag_in_path: page");
    }

    /// <summary>
    /// Reads an address that travels inside this one, encoded (<c>?redirect=https%3A%2F%2F…%3Futm_source%3Dya</c>).
    /// One level only, and only when the outer address has no tags of its own.
    /// </summary>
    internal static bool ReadNested(ReadOnlySpan<char> url, TagSet nested, SourceCatalog catalog, List<string> warnings)
    {
        if (url.IndexOf("%3D", StringComparison.OrdinalIgnoreCase) < 0 || url.IndexOf("utm", StringComparison.OrdinalIgnoreCase) < 0)
            return false;
        var faults = Faults.None;
        var decoded = PercentText.Decode(url, PercentText.Trust.Url, ref faults);
        var inner = new List<string>();
        Read(decoded, nested, nested, catalog, inner);
        if (!nested.HasOrigin)
            return false;
        foreach (var warning in inner)
            if (!warning.EndsWith(": page", StringComparison.Ordinal))
                FaultWarnings.AddOnce(warnings, warning);
        FaultWarnings.AddOnce(warnings, "nested: page");
        return true;
    }

    private static void ReadPairs(ReadOnlySpan<char> text, TagSet tags, SourceCatalog catalog, List<string> warnings)
    {
        // ';' parts pairs only where no '&' does and a name follows it: "a;b" is an ordinary campaign.
        var separator = !text.Contains('&') && text.IndexOf(';') is >= 0 and var semicolon && text[semicolon..].Contains('=') ? ';' : '&';
        while (!text.IsEmpty)
        {
            var end = text.IndexOf(separator);
            // "&amp;utm_medium": with ';' as the separator the entity would fall apart, with '&' the name keeps "amp;".
            var pair = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            ReadPair(pair, tags, catalog, warnings);
        }
    }

    private static void ReadPair(ReadOnlySpan<char> pair, TagSet tags, SourceCatalog catalog, List<string> warnings)
    {
        while (true)
        {
            // A further '?' or '#' (and "#!", "#/") before name= starts the next pair.
            var equals = pair.IndexOf('=');
            if (equals < 0)
                return;
            var start = pair[..equals].LastIndexOfAny("?#!/") + 1;
            var name = pair[start..equals];
            var value = pair[(equals + 1)..];
            var next = FindNextPair(value);
            tags.Offer(name, next < 0 ? value : value[..next], encoded: true, catalog, warnings);
            if (start > 0 && pair[start - 1] == '?' && tags.Place == InPage && catalog.Tags.TryFind(name, out _, out _))
                FaultWarnings.AddOnce(warnings, "second_question_mark: page");
            if (next < 0)
                return;
            pair = value[next..];
        }
    }

    /// <summary>The place name of the page's own query.</summary>
    internal const string InPage = "in the page URL";

    /// <summary>Where in a value a <c>?name=</c> begins: another query glued to this one. -1 when nowhere.</summary>
    private static int FindNextPair(ReadOnlySpan<char> value)
    {
        for (var from = 0; ;)
        {
            var mark = value[from..].IndexOf('?');
            if (mark < 0)
                return -1;
            mark += from;
            var at = mark + 1;
            while (at < value.Length && (char.IsAsciiLetterOrDigit(value[at]) || value[at] is '_' or '-' or '[' or ']'))
                at++;
            if (at > mark + 1 && at < value.Length && value[at] == '=')
                return mark;
            from = mark + 1;
        }
    }

    /// <summary>In an address without <c>?</c>: the first <c>&amp;</c> that a name of ours follows. -1 when there is none.</summary>
    private static int FindPairs(ReadOnlySpan<char> front, SourceCatalog catalog)
    {
        for (var from = 0; ;)
        {
            var at = front[from..].IndexOf('&');
            if (at < 0)
                return -1;
            at += from;
            var rest = front[(at + 1)..];
            var equals = rest.IndexOf('=');
            if (equals > 0 && !rest[..equals].Contains('&') && catalog.Tags.TryFind(rest[..equals], out _, out _))
                return at;
            from = at + 1;
        }
    }
}
