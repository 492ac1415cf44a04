using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadIngest.Api.Senders.Webhooks;

/// <summary>Reading of JSON whose shape nobody promises: a member may be missing, of another type, or a list where one value was expected.</summary>
internal static class WebhookJson
{
    private const int MostPairs = 500;
    private const int MaxDepth = WebhookBody.MaxDepth;
    private static readonly string[] NameMembers = ["name", "label", "title", "question", "q", "key", "field", "id", "type"];
    private static readonly string[] ValueMembers = ["value", "values", "answer", "a", "text"];

    public static JsonElement Empty { get; } = JsonSerializer.SerializeToElement(new Dictionary<string, string>());

    /// <summary>The member by path, <c>"order", "site", "name"</c>; null when any part of it is missing or null. Names in any case.</summary>
    public static JsonElement? At(this JsonElement json, params ReadOnlySpan<string> path)
    {
        var at = json;
        foreach (var name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || Member(at, name) is not { } next) return null;
            at = next;
        }
        return at.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : at;
    }

    /// <summary>The member as one text, lists joined with a comma; null when missing or empty.</summary>
    public static string? TextAt(this JsonElement json, params ReadOnlySpan<string> path) => json.At(path) is { } found && Joined(found) is { Length: > 0 } text ? text : null;

    /// <summary>The items of a list; a single object where a list was expected is a list of one.</summary>
    public static IEnumerable<JsonElement> ItemsAt(this JsonElement json, params ReadOnlySpan<string> path) => json.At(path) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        { ValueKind: JsonValueKind.Object } one => [one],
        _ => [],
    };

    /// <summary>Members of an object with their names; nothing for anything else.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> Members(this JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) yield break;
        foreach (var member in json.EnumerateObject()) yield return (Name(member), member.Value);
    }

    /// <summary>A scalar's text without NUL, which no database takes. Half a surrogate pair, which no string can hold, gives the raw spelling.</summary>
    public static string Text(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return "";
            case JsonValueKind.String:
                try
                {
                    return value.GetString()!.Replace("\0", "", StringComparison.Ordinal);
                }
                catch (InvalidOperationException)
                {
                    return value.GetRawText().Trim('"');
                }
            default:
                return value.GetRawText();
        }
    }

    /// <summary>Any value as one text: lists joined with a comma, of a file its name alone.</summary>
    public static string Joined(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Joined).Where(t => t.Length > 0)),
        JsonValueKind.Object when FileName(value) is { } file => file,
        JsonValueKind.Object => string.Join(", ", value.EnumerateObject().Select(m => Joined(m.Value) is { Length: > 0 } text ? $"{Name(m)}: {text}" : "").Where(t => t.Length > 0)),
        _ => Text(value),
    };

    /// <summary>
    /// Every value with a name made of its way: <c>contacts[phone]</c>. Lists of plain values are one value; lists of <c>{name, value}</c> give
    /// pairs of their own names. After 500 pairs it stops and says so in a last one.
    /// </summary>
    public static List<KeyValuePair<string, string>> Flatten(JsonElement json, string prefix = "")
    {
        var pairs = new List<KeyValuePair<string, string>>();
        Add(pairs, prefix, json);
        if (pairs.Count > MostPairs)
        {
            pairs.RemoveRange(MostPairs, pairs.Count - MostPairs);
            pairs.Add(new("…", $"more than {MostPairs} values"));
        }
        return pairs;
    }

    /// <summary>Pairs as a tree: <c>data[page][url]</c> is a member of a member; <c>a[]</c> and keys 0, 1, 2 … make lists. A name given twice makes a list.</summary>
    public static JsonElement Tree(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var root = new JsonObject();
        foreach (var (name, value) in pairs)
        {
            var parts = Parts(name);
            var at = root;
            for (var i = 0; i < parts.Count - 1; i++)
            {
                if (at[parts[i]] is not JsonObject next) at[parts[i]] = next = [];
                at = next;
            }
            var last = parts[^1].Length == 0 ? NextIndex(at) : parts[^1];
            at[last] = at[last] switch
            {
                null => JsonValue.Create(value),
                JsonArray list => Appended(list, value),
                JsonObject => at[last]!.DeepClone(),
                var known => new JsonArray(known.DeepClone(), JsonValue.Create(value)),
            };
        }
        return JsonSerializer.SerializeToElement(new JsonObject(root.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)WithLists(m.Value!)))));
    }

    private static JsonElement? Member(JsonElement json, string name)
    {
        JsonElement? other = null;
        foreach (var member in json.EnumerateObject())
        {
            var known = Name(member);
            if (known == name) return member.Value;
            if (other is null && known.Equals(name, StringComparison.OrdinalIgnoreCase)) other = member.Value;
        }
        return other;
    }

    private static string Name(JsonProperty member)
    {
        try
        {
            return member.Name.Replace("\0", "", StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return "?";
        }
    }

    private static void Add(List<KeyValuePair<string, string>> pairs, string name, JsonElement value)
    {
        if (pairs.Count > MostPairs) return;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when FileName(value) is { } file:
                pairs.Add(new(name, file));
                return;
            case JsonValueKind.Object:
                foreach (var (member, inner) in value.Members()) Add(pairs, name.Length == 0 ? member : $"{name}[{member}]", inner);
                return;
            case JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)):
                if (Joined(value) is { Length: > 0 } joined) pairs.Add(new(name.Length == 0 ? "value" : name, joined));
                return;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    if (Pair(item) is { } pair) pairs.Add(pair);
                    else Add(pairs, name.Length == 0 ? $"{index}" : $"{name}[{index}]", item);
                    index++;
                }
                return;
            default:
                if (Text(value) is { Length: > 0 } text) pairs.Add(new(name, text));
                return;
        }
    }

    /// <summary>{"name": "Телефон", "value": "…"} and its kin; null for any other object.</summary>
    private static KeyValuePair<string, string>? Pair(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object) return null;
        foreach (var name in NameMembers)
            foreach (var value in ValueMembers)
                if (name != value && item.TextAt(name) is { } label && item.At(value) is { } found) return new(label, Joined(found));
        return null;
    }

    /// <summary>A file sent whole: its name is kept, its content is not.</summary>
    private static string? FileName(JsonElement value) =>
        value.At("content") is { ValueKind: JsonValueKind.String } ? value.TextAt("filename") : null;

    /// <summary><c>a[b][]</c> → a, b, "". A name without a beginning or without a closing bracket is one part.</summary>
    private static List<string> Parts(string name)
    {
        var open = name.IndexOf('[', StringComparison.Ordinal);
        if (open <= 0 || name[^1] != ']') return [name];
        var parts = new List<string> { name[..open] };
        parts.AddRange(name[(open + 1)..^1].Split("]["));
        return parts.Count > MaxDepth / 2 ? [name] : parts;
    }

    private static string NextIndex(JsonObject at) => at.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static JsonArray Appended(JsonArray list, string value)
    {
        var grown = (JsonArray)list.DeepClone();
        grown.Add(value);
        return grown;
    }

    private static JsonNode WithLists(JsonNode node)
    {
        if (node is not JsonObject members) return node.DeepClone();
        var keys = members.Select(m => m.Key).ToList();
        if (keys.Count > 0 && keys.Select((key, i) => key == i.ToString(System.Globalization.CultureInfo.InvariantCulture)).All(b => b))
            return new JsonArray([.. members.Select(m => WithLists(m.Value!))]);
        return new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)WithLists(m.Value!))));
    }
}
