using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace LeadIngest.Api.Senders.Forms;

/// <summary>
/// Blanks secrets in a body that is to be kept as it came: the value of a field named like one, and the sender's own secret wherever it stands.
/// Every byte of it becomes an asterisk, so that the rest stays where it was and JSON stays JSON.
/// </summary>
internal static class SecretBlanking
{
    /// <param name="body">As received; not changed.</param>
    /// <param name="ownName">The sender's own name for its secret.</param>
    /// <param name="secret">The sender's secret.</param>
    public static byte[] Blank(byte[] body, string? ownName, string? secret)
    {
        var kept = (byte[])body.Clone();
        if (secret is { Length: > 0 })
            foreach (var form in new[] { secret, Uri.EscapeDataString(secret), JsonSerializer.Serialize(secret)[1..^1] }.Distinct()) Value(kept, Encoding.UTF8.GetBytes(form));
        if (!Utf8.IsValid(body) || !JsonMembers(kept, ownName)) FormFields(kept, ownName);
        return kept;
    }

    private static void Value(byte[] body, byte[] value)
    {
        for (int from = 0, at; (at = body.AsSpan(from).IndexOf(value)) >= 0; from += at + value.Length) body.AsSpan(from + at, value.Length).Fill((byte)'*');
    }

    private static bool JsonMembers(byte[] body, string? ownName)
    {
        if (body.AsSpan().TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[', ..]) return false;
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = WebhookBody.MaxDepth, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            while (reader.Read())
            {
                // Deeper down such names mean other things: VK calls its questions "key".
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !SharedSecret.IsName(Encoding.UTF8.GetString(reader.ValueSpan), ownName) || !reader.Read()) continue;
                // A number cannot be starred out: nines are as silent.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
                    body.AsSpan((int)reader.BytesConsumed - reader.ValueSpan.Length - (reader.TokenType == JsonTokenType.String ? 1 : 0), reader.ValueSpan.Length)
                        .Fill(reader.TokenType == JsonTokenType.String ? (byte)'*' : (byte)'9');
            }
        }
        catch (JsonException)
        {
            // What could be read was blanked; the sender's own secret is gone anyway.
        }
        return true;
    }

    private static void FormFields(byte[] body, string? ownName)
    {
        var from = 0;
        while (from < body.Length)
        {
            var length = body.AsSpan(from).IndexOf((byte)'&') is >= 0 and var end ? end : body.Length - from;
            var piece = body.AsSpan(from, length);
            if (piece.IndexOf((byte)'=') is > 0 and <= 200 and var equals && SharedSecret.IsName(Uri.UnescapeDataString(Encoding.Latin1.GetString(piece[..equals])), ownName))
                piece[(equals + 1)..].Fill((byte)'*');
            from += length + 1;
        }
    }
}
