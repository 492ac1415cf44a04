using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LeadIngest.Core.Forms;
using LeadIngest.Core.Texts;

namespace LeadIngest.Api.Senders.Webhooks;

/// <summary>
/// A webhook's body, read by what it is and not by what it says it is: urlencoded, multipart (a broken boundary too), JSON, JSON in text/plain, JSON
/// posted as a form, a text of <c>name=value</c> lines, in UTF-8 or windows-1251. Never throws.
/// </summary>
/// <param name="Pairs">Names and values in order; of JSON the flattened members, see <see cref="WebhookJson.Flatten"/>.</param>
/// <param name="Json">The same as a tree; pairs with brackets (<c>data[name]</c>) become objects and arrays.</param>
/// <param name="Problem">Why nothing could be read; the rest is then empty.</param>
internal sealed record WebhookBody(IReadOnlyList<KeyValuePair<string, string>> Pairs, JsonElement Json, string? Problem)
{
    public const int MaxDepth = 32;
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = MaxDepth, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>A form's own fields as decoded, for signatures; empty where the whole body is JSON.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Form { get; private init; } = [];

    /// <param name="contentType">As sent; only its boundary and its charset are believed.</param>
    /// <param name="body">Unpacked bytes; empty for a GET.</param>
    /// <param name="query">Of the address, with or without its question mark: read after the body, where that does not have the name.</param>
    public static WebhookBody Read(string? contentType, byte[] body, string query = "")
    {
        var read = Read(contentType, body.AsMemory());
        if (read.Problem is not null || !TryQuery(query, out var extra, out _) || extra.Count == 0) return read;
        var names = read.Pairs.Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
        var pairs = read.Pairs.Concat(extra.Where(p => !names.Contains(p.Key))).ToList();
        return new(pairs, read.Json.ValueKind == JsonValueKind.Object && read.Pairs.Count == 0 ? WebhookJson.Tree(pairs) : read.Json, null);
    }

    /// <summary>The body alone.</summary>
    public static WebhookBody Read(string? contentType, ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        var start = body.Span.TrimStart(" \t\r\n"u8);
        if (start.IsEmpty) return new([], WebhookJson.Empty, null);
        if (start[0] is (byte)'{' or (byte)'[' or (byte)'"')
        {
            if (TryJson(Decode(body.Span, contentType), out var json, out var reason)) return Of(json);
            // A form's body that only begins like JSON.
            if (Says(contentType, "x-www-form-urlencoded") && ReadPairs(contentType, body) is { Problem: null, Pairs: [{ Value.Length: > 0 }, ..] } form) return form;
            return Bad(reason);
        }
        if (Says(contentType, "multipart/") || start.StartsWith("--"u8))
            return LenientMultipart.TryRead(contentType, body, out var parts, out var error) ? OfPairs(parts) : Bad(error);
        return ReadPairs(contentType, body);
    }

    /// <summary>The query of an address, with or without its question mark.</summary>
    public static bool TryQuery(string query, out IReadOnlyList<KeyValuePair<string, string>> pairs, [NotNullWhen(false)] out string? error) =>
        UrlEncoded.TryRead(Encoding.UTF8.GetBytes(query.TrimStart('?')), out pairs, out error);

    /// <param name="text">JSON as lenient as senders write it.</param>
    /// <param name="json">Not bound to a document.</param>
    /// <param name="reason">What is wrong with it and where.</param>
    public static bool TryJson(string text, out JsonElement json, out string reason)
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
            reason = $"Not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.";
        }
        catch (ArgumentException)
        {
            reason = "Not valid JSON: half of a surrogate pair.";
        }
        json = WebhookJson.Empty;
        return false;
    }

    public static bool LooksLikeJson(string text) => text.AsSpan().TrimStart() is ['{' or '[', ..];

    private static WebhookBody ReadPairs(string? contentType, ReadOnlyMemory<byte> memory)
    {
        var body = memory.Span;
        if (Says(contentType, "text/plain") && body.Contains((byte)'\n') && !body.Contains((byte)'&')) return ReadLines(Decode(body, contentType));
        if (body.IndexOfAnyInRange((byte)0, (byte)8) >= 0) return Bad("Neither a form nor JSON: the body holds control characters.");
        // Where the header names the code page it decides, as HTML's own _charset_ field does.
        if (!UrlEncoded.TryRead(SaysWindows1251(contentType) ? [.. "_charset_=windows-1251&"u8, .. body] : body, out var pairs, out var error)) return Bad(error);
        if (!body.Contains((byte)'=') && pairs.Count > 0 && !LooksLikeJson(pairs[^1].Key)) return Bad("Neither a form nor JSON: no name=value in it.");
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
        // JSON under the type of a form: the whole of it becomes names, cut at every "&" and "=".
        if (pairs is [var first, ..] && LooksLikeJson(first.Key)
            && TryJson(string.Join('&', pairs.Select(p => p.Value.Length == 0 ? p.Key : $"{p.Key}={p.Value}")), out var whole, out _)) return Of(whole);
        // The only field holds all of it.
        if (pairs is [var only] && LooksLikeJson(only.Value) && TryJson(only.Value, out var json, out _)) return Of(json) with { Form = pairs };
        return new(pairs, WebhookJson.Tree(pairs), null) { Form = pairs };
    }

    private static WebhookBody Of(JsonElement json)
    {
        // JSON inside of JSON: some senders encode twice.
        for (var depth = 0; depth < 2 && json.ValueKind == JsonValueKind.String; depth++)
            if (!LooksLikeJson(WebhookJson.Text(json)) || !TryJson(WebhookJson.Text(json), out json, out _)) break;
        return json.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? new(WebhookJson.Flatten(json), json, null) : Bad("JSON, but neither an object nor an array.");
    }

    // A header that says windows-1251 over a body that is UTF-8 beyond doubt: three letters of it do not happen by chance.
    private static string Decode(ReadOnlySpan<byte> body, string? contentType) =>
        LenientText.Decode(body, SaysWindows1251(contentType) && !(body.Count((byte)0xD0) + body.Count((byte)0xD1) >= 3 && Utf8.IsValid(body)));

    private static bool Says(string? contentType, string part) => contentType?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;

    private static bool SaysWindows1251(string? contentType) => Says(contentType, "charset") && (Says(contentType, "1251") || Says(contentType, "win-1251"));

    private static WebhookBody Bad(string problem) => new([], WebhookJson.Empty, problem);
}
