using System.Text.Json;

namespace LeadIngest.Core.Forms;

/// <summary>The meanings of fields' names, read once from <c>Data/field-names.json</c>.</summary>
internal static class FieldNames
{
    private static readonly string[] UtmParts = ["source", "medium", "campaign", "content", "term", "id"];

    private static readonly Dictionary<string, FieldMeaning> Known = [];

    // Compact spelling → the name that the passport's rules know.
    private static readonly Dictionary<string, string> Tags = [];

    private static readonly HashSet<string> Containers = [];
    private static readonly HashSet<string> Prefixes = [];
    private static readonly HashSet<string> NotByValueWords = [];
    private static readonly List<string> NotByValueStems = [];
    private static readonly List<string> ServiceStarts = [];

    static FieldNames()
    {
        const string name = "LeadIngest.Core.Forms.Data.field-names.json";
        using var stream = typeof(FieldNames).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly was built without {name}.");
        using var json = JsonDocument.Parse(stream);
        foreach (var list in json.RootElement.EnumerateObject().Where(list => list.Value.ValueKind == JsonValueKind.Array))
            foreach (var entry in list.Value.EnumerateArray())
                Add(list.Name, entry.GetString()!);
    }

    /// <summary>The meaning of a name as posted.</summary>
    /// <param name="name">With its brackets.</param>
    /// <param name="tag">For <see cref="FieldMeaning.Tag"/>: the tag's canonical name.</param>
    public static FieldMeaning Of(string name, out string? tag)
    {
        tag = null;
        var trimmed = name.Trim();
        foreach (var start in ServiceStarts)
            if (trimmed.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                return FieldMeaning.Service;

        var parts = FieldName.Split(name);
        while (parts.Count > 1 && parts[^1] is var last && (last is "value" or "raw_value" || last.All(char.IsAsciiDigit)))
            parts.RemoveAt(parts.Count - 1);
        while (parts.Count > 1 && Containers.Contains(FieldName.Fold(parts[0])))
        {
            // form[id], lead[name]: the pair may have a meaning of its own.
            if (TryFind(FieldName.Fold(string.Join('_', parts)), out var paired, out tag))
                return paired;
            parts.RemoveAt(0);
        }
        return TryFind(FieldName.Fold(string.Join('_', parts)), out var meaning, out tag) ? meaning : FieldMeaning.Other;
    }

    /// <summary>False for names of prices, dates, taxpayer ids and the like, whose digits look like a phone.</summary>
    public static bool MayHoldContact(string name)
    {
        var folded = FieldName.Fold(name);
        return !folded.Split('_').Any(NotByValueWords.Contains) && !NotByValueStems.Exists(stem => folded.Contains(stem, StringComparison.Ordinal));
    }

    private static bool TryFind(string folded, out FieldMeaning meaning, out string? tag)
    {
        tag = null;
        if (Lookup(folded, out meaning, out tag) || Lookup(FieldName.WithoutNumber(folded), out meaning, out tag))
            return true;
        var underscore = folded.IndexOf('_', StringComparison.Ordinal);
        return underscore > 0 && Prefixes.Contains(folded[..underscore]) && TryFind(folded[(underscore + 1)..], out meaning, out tag);
    }

    private static bool Lookup(string folded, out FieldMeaning meaning, out string? tag)
    {
        var compact = FieldName.Compact(folded);
        if (Utm(compact) is { } utm || Tags.TryGetValue(compact, out utm))
        {
            (meaning, tag) = (FieldMeaning.Tag, utm);
            return true;
        }
        tag = null;
        return Known.TryGetValue(compact, out meaning);
    }

    /// <summary><c>utm_source</c> behind any prefix: <c>data_utm_source</c>, <c>UF_CRM_UTM_SOURCE</c>, <c>utm[source]</c>, <c>utmSource</c>.</summary>
    private static string? Utm(string compact)
    {
        var at = compact.LastIndexOf("utm", StringComparison.Ordinal);
        return at >= 0 && Array.IndexOf(UtmParts, compact[(at + 3)..]) is var part and >= 0 ? $"utm_{UtmParts[part]}" : null;
    }

    private static void Add(string list, string entry)
    {
        var folded = FieldName.Fold(entry);
        switch (list)
        {
            case "tags":
                Tags.TryAdd(FieldName.Compact(folded), entry);
                break;
            case "containers":
                Containers.Add(folded);
                break;
            case "prefixes":
                Prefixes.Add(folded);
                break;
            case "serviceStarts":
                ServiceStarts.Add(entry);
                break;
            case "notByValue":
                // Short ones are whole words only: "id" stands inside too many others.
                if (folded.Length <= 4)
                    NotByValueWords.Add(folded);
                if (folded.Length >= 4)
                    NotByValueStems.Add(folded);
                break;
            default:
                Known.TryAdd(FieldName.Compact(folded), Enum.Parse<FieldMeaning>(list, ignoreCase: true));
                break;
        }
    }
}
