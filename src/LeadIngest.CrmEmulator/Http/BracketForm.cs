using System.Globalization;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Http;

/// <summary>PHP's nested form keys: <c>a[b][]=1&amp;a[b][]=2</c> is <c>{"a":{"b":{"0":"1","1":"2"}}}</c>.</summary>
/// <remarks>Arrays stay objects with numeric keys, as in PHP; readers take both.</remarks>
internal static class BracketForm
{
    private const int MaxDepth = 32;

    public static JsonObject Parse(string text)
    {
        var root = new JsonObject();
        foreach (var pair in text.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = at < 0 ? (pair, "") : (pair[..at], pair[(at + 1)..]);
            Put(root, Keys(Decode(key)), Decode(value));
        }
        return root;
    }

    public static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static List<string> Keys(string key)
    {
        var open = key.IndexOf('[', StringComparison.Ordinal);
        if (open <= 0)
            return [key];
        var keys = new List<string> { key[..open] };
        while (open >= 0 && open < key.Length && keys.Count < MaxDepth)
        {
            var close = key.IndexOf(']', open);
            if (close < 0)
                break;
            keys.Add(key[(open + 1)..close]);
            open = close + 1 < key.Length && key[close + 1] == '[' ? close + 1 : -1;
        }
        return keys;
    }

    private static void Put(JsonObject root, List<string> keys, string value)
    {
        var node = root;
        for (var i = 0; i < keys.Count - 1; i++)
        {
            var key = Name(node, keys[i]);
            if (node[key] is not JsonObject next)
                node[key] = next = [];
            node = next;
        }
        node[Name(node, keys[^1])] = value;
    }

    private static string Name(JsonObject node, string key) =>
        key.Length > 0 ? key : node.Count.ToString(CultureInfo.InvariantCulture);
}
