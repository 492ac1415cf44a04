using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LeadIngest.Core.Forms;
using LeadIngest.Core.Texts;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>
/// Reads a webhook leniently: query, form, multipart (a broken boundary too) and JSON, by what the body looks like rather than by what its type claims;
/// UTF-8, else windows-1251. A form's value that is JSON is opened as well. The body's words come before the query's.
/// </summary>
internal static class HookBody
{
    private const int MaxDepth = 32;
    private const int MostPairs = 1000;
    private const int MostItems = 100;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <param name="request">As it arrived.</param>
    /// <param name="items">One a call; several only when the body is a JSON array of objects.</param>
    /// <param name="unreadable">Why nothing could be read, by field.</param>
    public static bool TryRead(CallRequest request, out IReadOnlyList<HookFacts> items, [NotNullWhen(false)] out CallReading.Unreadable? unreadable)
    {
        (items, unreadable) = ([], null);
        var query = new List<KeyValuePair<string, string>>();
        if (request.Query.TrimStart('?') is { Length: > 0 } asked)
        {
            if (!UrlEncoded.TryRead(Encoding.UTF8.GetBytes(asked), out var pairs, out var error))
            {
                unreadable = Bad("query", error);
                return false;
            }
            query.AddRange(pairs);
        }
        if (!TryBody(request, out var bodies, out var form, out var reason))
        {
            unreadable = Bad("body", reason);
            return false;
        }
        items = [.. bodies.Select(body => new HookFacts([.. body, .. Opened(query)], form, request.Sender.Settings.FieldMap))];
        return true;
    }

    /// <summary>The facts of one JSON text and of nothing else: of a message whose signature covers that text alone.</summary>
    /// <returns>Null when it is no JSON object.</returns>
    public static HookFacts? OfJson(string json, IReadOnlyList<KeyValuePair<string, string>> form, SenderSettings settings)
    {
        var bodies = new List<List<KeyValuePair<string, string>>> { new() };
        return TryJson(json, bodies, out _) && bodies.Count == 1 ? new HookFacts(bodies[0], form, settings.FieldMap) : null;
    }

    public static CallReading.Unreadable Bad(string field, string reason) => new(new Dictionary<string, string[]> { [field] = [reason] });

    /// <summary>UTF-8 where the bytes are that, windows-1251 where they are not; without NUL, which no database takes.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        return (Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Windows1251.Decode(bytes)).Replace("\0", "", StringComparison.Ordinal);
    }

    private static bool TryBody(CallRequest request, out List<List<KeyValuePair<string, string>>> bodies, out IReadOnlyList<KeyValuePair<string, string>> form,
        [NotNullWhen(false)] out string? error)
    {
        (bodies, form, error) = ([[]], [], null);
        var bytes = request.Body.Span;
        var start = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        start = start.TrimStart(" \t\r\n"u8);
        if (start.IsEmpty) return true;
        var saysJson = Says(request, "json");
        if (start[0] is (byte)'{' or (byte)'[' || (saysJson && start[0] == '"'))
        {
            if (TryJson(Decode(start), bodies, out error)) return true;
            if (saysJson || !bytes.Contains((byte)'=')) return false;
        }
        var saysMultipart = Says(request, "multipart/");
        if (saysMultipart || start.StartsWith("--"u8))
        {
            if (LenientMultipart.TryRead(request.ContentType, request.Body, out var parts))
            {
                (form, bodies) = (parts, [Opened(parts)]);
                return true;
            }
            if (saysMultipart)
            {
                error = "No part with a name was found in the multipart body.";
                return false;
            }
        }
        if (!UrlEncoded.TryRead(bytes, out form, out error)) return false;
        // JSON posted by a client that calls everything a form: one long name, cut at its first "=".
        if (form.Count > 0 && form[0].Key.TrimStart() is ['{' or '[', ..])
        {
            var text = string.Join('&', form.Select(pair => pair.Value.Length == 0 ? pair.Key : $"{pair.Key}={pair.Value}"));
            var whole = new List<List<KeyValuePair<string, string>>> { new() };
            if (TryJson(text, whole, out error))
            {
                bodies = whole;
                return true;
            }
            return false;
        }
        if (form.Count == 1 && form[0].Value.Length == 0 && (saysJson || !bytes.Contains((byte)'=')))
        {
            error = saysJson ? "Declared as JSON, and neither JSON nor a form." : "Neither a form nor JSON.";
            return false;
        }
        bodies = [Opened(form)];
        error = null;
        return true;
    }

    private static bool Says(CallRequest request, string word) => request.ContentType?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The pairs, and behind each that holds JSON what is in it: under its own name and, for a wrapper such as <c>json</c>, bare.</summary>
    private static List<KeyValuePair<string, string>> Opened(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        var opened = new List<KeyValuePair<string, string>>(pairs.Count);
        foreach (var (name, value) in pairs)
        {
            var text = value.AsSpan().Trim();
            if (text.Length > 1 && text[0] is '{' or '[' && text[^1] is '}' or ']' && !HookWords.IsMacro(text) && TryParse(value, out var json, out _))
                using (json)
                {
                    var bare = name.ToLowerInvariant() is "json" or "data" or "payload" or "body" or "call" or "event_data";
                    Flatten(bare ? "" : name, json.RootElement, opened);
                }
            else if (opened.Count < MostPairs) opened.Add(new(name, value));
        }
        return opened;
    }

    private static bool TryJson(string text, List<List<KeyValuePair<string, string>>> bodies, [NotNullWhen(false)] out string? error)
    {
        if (!TryParse(text, out var json, out error)) return false;
        using (json)
        {
            var root = json.RootElement;
            // JSON as a string within JSON: a script that serialised it twice.
            if (root.ValueKind == JsonValueKind.String) return Inner(root) is ['{' or '[', ..] inner ? TryJson(inner, bodies, out error) : Refuse("The JSON is a string.", out error);
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 && root.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object))
            {
                if (root.GetArrayLength() > MostItems) return Refuse($"More than {MostItems} calls in one body.", out error);
                bodies.Clear();
                foreach (var item in root.EnumerateArray())
                {
                    var pairs = new List<KeyValuePair<string, string>>();
                    Flatten("", item, pairs);
                    bodies.Add(pairs);
                }
                return true;
            }
            if (root.ValueKind != JsonValueKind.Object) return Refuse("The JSON must be an object.", out error);
            Flatten("", root, bodies[0]);
            return true;
        }
    }

    private static bool Refuse(string reason, [NotNullWhen(false)] out string? error)
    {
        error = reason;
        return false;
    }

    private static bool TryParse(string text, [NotNullWhen(true)] out JsonDocument? json, [NotNullWhen(false)] out string? error)
    {
        (json, error) = (null, null);
        try
        {
            json = JsonDocument.Parse(text, Options);
            return true;
        }
        catch (JsonException e)
        {
            error = $"Not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.";
        }
        catch (ArgumentException)
        {
            error = "Not valid JSON: half of a surrogate pair.";
        }
        return false;
    }

    private static void Flatten(string path, JsonElement element, List<KeyValuePair<string, string>> pairs)
    {
        if (pairs.Count >= MostPairs) return;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject()) Flatten(Join(path, Name(property)), property.Value, pairs);
                return;
            case JsonValueKind.Array:
                Items(path, element, pairs);
                return;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return;
            case JsonValueKind.String:
                // A document within the document: custom parameters are often kept as text.
                if (Inner(element) is not { } text) return;
                if (text is ['{' or '[', ..] && !HookWords.IsMacro(text) && path.Length < 500 && TryParse(text, out var json, out _))
                    using (json) Flatten(path, json.RootElement, pairs);
                else pairs.Add(new(path, text));
                return;
            default:
                pairs.Add(new(path, element.GetRawText()));
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
            if (item.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                if (Named(item) is { } named) Flatten(Join(path, named.Name), named.Value, pairs);
                else Flatten(Join(path, at.ToString(System.Globalization.CultureInfo.InvariantCulture)), item, pairs);
            }
            else if (item.ValueKind == JsonValueKind.String)
            {
                if (Inner(item) is { Length: > 0 } text) scalars.Add(text);
            }
            else if (item.ValueKind != JsonValueKind.Null) scalars.Add(item.GetRawText());
            at++;
        }
        if (scalars.Count > 0) pairs.Add(new(path, string.Join(", ", scalars)));
    }

    /// <summary><c>{"name":"li_visit","value":"…"}</c>: one parameter of a list.</summary>
    private static (string Name, JsonElement Value)? Named(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("value", out var value)) return null;
        foreach (var key in (ReadOnlySpan<string>)["name", "key", "code", "field"])
            if (item.TryGetProperty(key, out var name) && name.ValueKind == JsonValueKind.String && Inner(name) is { Length: > 0 } text) return (text, value);
        return null;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name.Replace("\0", "", StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return "?";
        }
    }

    /// <returns>Null for half of a surrogate pair, which no text can hold.</returns>
    private static string? Inner(JsonElement element)
    {
        try
        {
            return element.GetString()?.Replace("\0", "", StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
