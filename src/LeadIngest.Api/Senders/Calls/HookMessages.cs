using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>
/// The messages of one webhook, each as facts by path: <c>call.legs.0.talk</c>. A form's value that is JSON is opened as well. The body's words come
/// before the query's.
/// </summary>
internal static class HookMessages
{
    private const int MostPairs = 1000;
    private const int MostItems = 100;
    private const int LongestPath = 500;

    /// <param name="request">As it arrived.</param>
    /// <param name="items">One a call; several only when the body is a JSON array of objects.</param>
    /// <param name="unreadable">Why nothing could be read, by field.</param>
    public static bool TryRead(CallRequest request, out IReadOnlyList<HookFacts> items, [NotNullWhen(false)] out CallReading.Unreadable? unreadable)
    {
        (items, unreadable) = ([], null);
        if (!WebhookBody.TryQuery(request.Query, out var query, out var reason))
        {
            unreadable = Bad("query", reason);
            return false;
        }
        var body = WebhookBody.Read(request.ContentType, request.Body);
        if (body.Problem is { } problem)
        {
            unreadable = Bad("body", problem);
            return false;
        }
        List<List<KeyValuePair<string, string>>> messages = [];
        if (body.Form.Count > 0) messages.Add(Opened(body.Form));
        else if (!TryMessages(body.Json, messages, out reason))
        {
            unreadable = Bad("body", reason);
            return false;
        }
        items = [.. messages.Select(message => new HookFacts([.. message, .. Opened(query)], body.Form, request.Sender.Settings.FieldMap))];
        return true;
    }

    /// <summary>The facts of one JSON text and of nothing else: of a message whose signature covers that text alone.</summary>
    /// <returns>Null when it is no JSON object.</returns>
    public static HookFacts? OfJson(string text, IReadOnlyList<KeyValuePair<string, string>> form, SenderSettings settings)
    {
        List<List<KeyValuePair<string, string>>> messages = [];
        return WebhookBody.TryJson(text, out var json, out _) && TryMessages(json, messages, out _) && messages.Count == 1 ? new HookFacts(messages[0], form, settings.FieldMap) : null;
    }

    public static CallReading.Unreadable Bad(string field, string reason) => new(new Dictionary<string, string[]> { [field] = [reason] });

    private static bool TryMessages(JsonElement json, List<List<KeyValuePair<string, string>>> messages, [NotNullWhen(false)] out string? error)
    {
        error = null;
        if (json.ValueKind == JsonValueKind.Array && json.GetArrayLength() > 0 && json.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object))
        {
            // One message as a list of its fields, or a list of messages.
            if (json.EnumerateArray().All(item => Named(item) is not null)) messages.Add(Flatten(json));
            else if (json.GetArrayLength() > MostItems) error = $"More than {MostItems} calls in one body.";
            else messages.AddRange(json.EnumerateArray().Select(Flatten));
        }
        else if (json.ValueKind == JsonValueKind.Object) messages.Add(Flatten(json));
        else error = "The JSON must be an object.";
        return error is null;
    }

    /// <summary>The pairs, and in place of each that holds JSON what is in it: under its own name and, for a wrapper such as <c>json</c>, bare.</summary>
    private static List<KeyValuePair<string, string>> Opened(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        var opened = new List<KeyValuePair<string, string>>(pairs.Count);
        foreach (var (name, value) in pairs)
            if (IsJson(value) && value.AsSpan().TrimEnd() is [.., '}' or ']'] && WebhookBody.TryJson(value, out var json, out _))
                Flatten(name.ToLowerInvariant() is "json" or "data" or "payload" or "body" or "call" or "event_data" ? "" : name, json, opened);
            else if (opened.Count < MostPairs) opened.Add(new(name, value));
        return opened;
    }

    private static bool IsJson(string text) => WebhookBody.LooksLikeJson(text) && !WordsForNothing.IsMacro(text);

    private static List<KeyValuePair<string, string>> Flatten(JsonElement json)
    {
        List<KeyValuePair<string, string>> pairs = [];
        Flatten("", json, pairs);
        return pairs;
    }

    private static void Flatten(string path, JsonElement element, List<KeyValuePair<string, string>> pairs)
    {
        if (pairs.Count >= MostPairs) return;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var (name, value) in element.Members()) Flatten(Join(path, name), value, pairs);
                return;
            case JsonValueKind.Array:
                Items(path, element, pairs);
                return;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return;
            default:
                var text = WebhookJson.Text(element);
                // A document within the document: custom parameters are often kept as text.
                if (element.ValueKind == JsonValueKind.String && path.Length < LongestPath && IsJson(text) && WebhookBody.TryJson(text, out var inner, out _)) Flatten(path, inner, pairs);
                else pairs.Add(new(path, text));
                return;
        }
    }

    private static void Items(string path, JsonElement array, List<KeyValuePair<string, string>> pairs)
    {
        var scalars = new List<string>();
        var at = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (at >= MostPairs) break;
            if (item.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            {
                if (WebhookJson.Text(item) is { Length: > 0 } text) scalars.Add(text);
            }
            else if (Named(item) is { } named) Flatten(Join(path, named.Name), named.Value, pairs);
            else Flatten(Join(path, at.ToString(CultureInfo.InvariantCulture)), item, pairs);
            at++;
        }
        if (scalars.Count > 0) pairs.Add(new(path, string.Join(", ", scalars)));
    }

    /// <summary><c>{"name":"li_visit","value":"…"}</c>: one parameter of a list.</summary>
    private static (string Name, JsonElement Value)? Named(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("value", out var value)) return null;
        foreach (var key in (ReadOnlySpan<string>)["name", "key", "code", "field"])
            if (item.TryGetProperty(key, out var name) && name.ValueKind == JsonValueKind.String && WebhookJson.Text(name) is { Length: > 0 } text) return (text, value);
        return null;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
