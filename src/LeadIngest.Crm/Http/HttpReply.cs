using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace LeadIngest.Crm.Http;

/// <summary>An answer read to its end. The body is null when it was longer than <see cref="MaxBody"/>.</summary>
internal sealed record HttpReply(int Status, byte[]? Body, RetryConditionHeaderValue? RetryAfter, Uri? Location)
{
    /// <summary>Bytes. The longest honest answer is a page of 250 deals: with all marketing fields, their names escaped, each takes 6 KiB and more.</summary>
    public const int MaxBody = 4 * 1024 * 1024;

    public bool IsSuccess => Status is >= 200 and < 300;

    public static async Task<HttpReply> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var stream = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, ct).ConfigureAwait(false)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxBody)
            {
                break;
            }
        }

        var body = buffer.Length > MaxBody ? null : buffer.ToArray();
        return new HttpReply((int)response.StatusCode, body, response.Headers.RetryAfter, response.Headers.Location);
    }

    /// <summary>The body as JSON, whatever the Content-Type claims; null when it is anything else.</summary>
    public JsonElement? Json()
    {
        if (Body is not { Length: > 0 })
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What a body that is not JSON looks like, short, for people.</summary>
    public string Sketch()
    {
        if (Body is null)
        {
            return $"HTTP {Status} with more than {MaxBody} bytes";
        }

        if (Body.Length == 0)
        {
            return $"HTTP {Status} with an empty body";
        }

        var text = Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 4096)));
        var from = text.IndexOf("<title>", StringComparison.OrdinalIgnoreCase);
        var to = from < 0 ? -1 : text.IndexOf("</title>", from, StringComparison.OrdinalIgnoreCase);
        return from >= 0 && to > from
            ? $"HTTP {Status} with an HTML page \"{Words.Short(text[(from + 7)..to], 100)}\""
            : $"HTTP {Status} with a body that is not JSON";
    }
}
