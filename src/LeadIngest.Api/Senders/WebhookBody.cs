using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Forms;
using LeadIngest.Core.Texts;

namespace LeadIngest.Api.Senders;

/// <summary>
/// A webhook's body, read by what it is and not by what it says it is: urlencoded, multipart, JSON, JSON in text/plain, JSON posted as a form, a
/// text of <c>name=value</c> lines, in UTF-8 or windows-1251. Never throws.
/// </summary>
/// <param name="Pairs">Names and values in order; of JSON the flattened members, see <see cref="WebhookJson.Flatten"/>.</param>
/// <param name="Json">The same as a tree; pairs with brackets (<c>data[name]</c>) become objects and arrays.</param>
/// <param name="Problem">Why nothing could be read; the rest is then empty.</param>
internal sealed record WebhookBody(IReadOnlyList<KeyValuePair<string, string>> Pairs, JsonElement Json, string? Problem)
{
    public const int MaxDepth = 32;
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = MaxDepth, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <param name="contentType">As sent; only its boundary and its charset are believed.</param>
    /// <param name="body">Unpacked bytes; empty for a GET.</param>
    /// <param name="query">Of the address, with or without its question mark: read after the body, where that does not have the name.</param>
    public static WebhookBody Read(string? contentType, byte[] body, string query = "")
    {
        var read = IsBlank(body) ? new([], WebhookJson.Empty, null) : ReadBody(contentType, body);
        if (read.Problem is not null || query.TrimStart('?').Length == 0 || !UrlEncoded.TryRead(Encoding.UTF8.GetBytes(query.TrimStart('?')), out var extra, out _)) return read;
        var names = read.Pairs.Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
        var pairs = read.Pairs.Concat(extra.Where(p => !names.Contains(p.Key))).ToList();
        return new(pairs, read.Json.ValueKind == JsonValueKind.Object && read.Pairs.Count == 0 ? WebhookJson.Tree(pairs) : read.Json, null);
    }

    private static WebhookBody ReadBody(string? contentType, byte[] body)
    {
        if (body.AsSpan().StartsWith("\uFEFF"u8)) body = body[3..];
        var start = body.AsSpan().TrimStart(" \t\r\n"u8);
        if (!start.IsEmpty && start[0] is (byte)'{' or (byte)'[' or (byte)'"')
        {
            if (TryJson(Decode(body, contentType), out var json, out var reason)) return Of(json);
            // A form's body that only begins like JSON.
            if (Says(contentType, "x-www-form-urlencoded") && ReadPairs(contentType, body) is { Problem: null, Pairs: [{ Value.Length: > 0 }, ..] } form) return form;
            return Bad(reason);
        }
        if (Says(contentType, "multipart/") || start.StartsWith("--"u8)) return ReadMultipart(contentType, body, start);
        return ReadPairs(contentType, body);
    }

    private static WebhookBody ReadMultipart(string? contentType, byte[] body, ReadOnlySpan<byte> start)
    {
        var type = contentType;
        if (type is null || !type.Contains("boundary=", StringComparison.OrdinalIgnoreCase))
        {
            // The header was lost on the way; the first line is the boundary.
            var end = start.IndexOfAny((byte)'\r', (byte)'\n');
            if (end < 3) return Bad("multipart/form-data without a boundary.");
            type = $"multipart/form-data; boundary=\"{Encoding.Latin1.GetString(start[2..end])}\"";
        }
        return MultipartBody.TryRead(type, body, out var pairs, out var error) ? OfPairs(pairs) : Bad(error!);
    }

    private static WebhookBody ReadPairs(string? contentType, byte[] body)
    {
        // Where the header names the code page it decides, as HTML's own _charset_ field does.
        var bytes = SaysWindows1251(contentType) ? [.. "_charset_=windows-1251&"u8, .. body] : body;
        if (Says(contentType, "text/plain") && body.AsSpan().IndexOf((byte)'\n') >= 0 && body.AsSpan().IndexOf((byte)'&') < 0) return ReadLines(Decode(body, contentType));
        if (body.AsSpan().IndexOfAnyInRange((byte)0, (byte)8) >= 0) return Bad("Neither a form nor JSON: the body holds control characters.");
        if (!UrlEncoded.TryRead(bytes, out var pairs, out var error)) return Bad(error);
        if (body.AsSpan().IndexOf((byte)'=') < 0 && pairs.Count > 0 && !LooksLikeJson(pairs[^1].Key)) return Bad("Neither a form nor JSON: no name=value in it.");
        return OfPairs([.. pairs.Where(p => p.Key != "_charset_")]);
    }

    /// <summary>What HTML forms send with enctype text/plain, and what people write into a template.</summary>
    private static WebhookBody ReadLines(string text)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var line in text.Split('\n'))
            if (line.IndexOfAny(['=', ':']) is > 0 and var at && pairs.Count < UrlEncoded.MostPairs) pairs.Add(new(line[..at].Trim(), line[(at + 1)..].Trim()));
        return pairs.Count == 0 ? Bad("Neither a form nor JSON: no name=value in it.") : OfPairs(pairs);
    }

    private static WebhookBody OfPairs(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        // JSON under the type of a form: the whole of it becomes a name, or the value of the only field.
        if (pairs is [var only] && (LooksLikeJson(only.Key) ? only.Key + (only.Value.Length > 0 ? "=" + only.Value : "") : only.Value) is var text && LooksLikeJson(text)
            && TryJson(text, out var json, out _)) return Of(json);
        return new(pairs, WebhookJson.Tree(pairs), null);
    }

    private static WebhookBody Of(JsonElement json)
    {
        // JSON inside of JSON: some senders encode twice.
        for (var depth = 0; depth < 2 && json.ValueKind == JsonValueKind.String; depth++)
            if (!LooksLikeJson(WebhookJson.Text(json)) || !TryJson(WebhookJson.Text(json), out json, out _)) break;
        return json.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? new(WebhookJson.Flatten(json), json, null) : Bad("JSON, but neither an object nor an array.");
    }

    private static bool TryJson(string text, out JsonElement json, out string reason)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            json = document.RootElement.Clone();
            reason = "";
            return true;
        }
        catch (JsonException e)
        {
            json = WebhookJson.Empty;
            reason = $"Not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.";
            return false;
        }
    }

    private static string Decode(byte[] body, string? contentType) =>
        SaysWindows1251(contentType) && !IsUtf8WithLetters(body) || !Utf8.IsValid(body) ? Windows1251.Decode(body) : Encoding.UTF8.GetString(body);

    // A header that says windows-1251 over a body that is UTF-8 beyond doubt: three letters of it do not happen by chance.
    private static bool IsUtf8WithLetters(byte[] body) => body.Count(b => b is 0xD0 or 0xD1) >= 3 && Utf8.IsValid(body);

    private static bool LooksLikeJson(string text) => text.AsSpan().TrimStart() is ['{' or '[', ..];

    private static bool Says(string? contentType, string part) => contentType?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;

    private static bool SaysWindows1251(string? contentType) => Says(contentType, "charset") && (Says(contentType, "1251") || Says(contentType, "win-1251"));

    private static bool IsBlank(byte[] body) => body.AsSpan().Trim(" \t\r\n"u8).IsEmpty;

    private static WebhookBody Bad(string problem) => new([], WebhookJson.Empty, problem);
}
