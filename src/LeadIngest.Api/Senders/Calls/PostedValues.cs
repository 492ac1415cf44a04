using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Forms;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>Every value of a webhook by its name, whatever the format: query, urlencoded, multipart or JSON; members of JSON objects by dotted paths (<c>call.from</c>, <c>legs.0.talk</c>).</summary>
internal sealed class PostedValues
{
    private const int MostValues = 500;
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<KeyValuePair<string, string>> _inOrder = [];

    /// <summary>In the order posted; a name that came twice stands with its first value.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> All => _inOrder;

    public string? this[string path] => _values.GetValueOrDefault(path);

    /// <returns>False with the reason when the body cannot be read; then only the query's values are there.</returns>
    public static bool TryRead(CallRequest request, out PostedValues values, out string error)
    {
        values = new PostedValues();
        error = "";
        var body = request.Body.Span;
        var read = true;
        if (body.TrimStart(" \t\r\n\uFEFF"u8) is { IsEmpty: false } text)
        {
            var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed.MediaType?.ToLowerInvariant() ?? "" : "";
            // PBX scripts name any type: what looks like JSON is JSON.
            read = type == "multipart/form-data" ? values.AddMultipart(request.ContentType!, request.Body.ToArray(), out error)
                : text[0] is (byte)'{' or (byte)'[' ? values.AddJson(request.Body, out error)
                : values.AddPairs(body, out error);
        }
        values.AddPairs(System.Text.Encoding.UTF8.GetBytes(request.Query.TrimStart('?')), out _);
        return read;
    }

    private bool AddPairs(ReadOnlySpan<byte> text, out string error)
    {
        if (!UrlEncoded.TryRead(text, out var pairs, out var why))
        {
            error = why;
            return false;
        }
        error = "";
        foreach (var (name, value) in pairs) Add(name, value);
        return true;
    }

    private bool AddMultipart(string contentType, byte[] body, out string error)
    {
        var read = MultipartBody.TryRead(contentType, body, out var pairs, out var why);
        error = why ?? "";
        if (!read) return false;
        foreach (var (name, value) in pairs!) Add(name, value);
        return true;
    }

    private bool AddJson(ReadOnlyMemory<byte> body, out string error)
    {
        try
        {
            using var json = JsonDocument.Parse(body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body, new JsonDocumentOptions { MaxDepth = 16, AllowTrailingCommas = true });
            AddElement("", json.RootElement);
            error = "";
            return true;
        }
        catch (JsonException e)
        {
            error = $"Not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine}.";
            return false;
        }
    }

    private void AddElement(string path, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject()) AddElement(path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value);
                break;
            case JsonValueKind.Array:
                var at = 0;
                foreach (var item in element.EnumerateArray()) AddElement(path.Length == 0 ? Number(at++) : $"{path}.{Number(at++)}", item);
                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            default:
                Add(path, Text(element));
                break;
        }
    }

    /// <summary>Half a surrogate pair has no text of its own: the value then stays as it is written.</summary>
    private static string Text(JsonElement element)
    {
        try
        {
            return element.ToString();
        }
        catch (InvalidOperationException)
        {
            return element.GetRawText().Trim('"');
        }
    }

    private void Add(string name, string value)
    {
        if (_values.Count >= MostValues || name.Length is 0 or > 200 || !_values.TryAdd(name, value)) return;
        _inOrder.Add(new(name, value));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
