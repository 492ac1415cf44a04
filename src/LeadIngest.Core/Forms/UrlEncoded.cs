using System.Diagnostics.CodeAnalysis;
using System.Text;
using LeadIngest.Core.Texts;

namespace LeadIngest.Core.Forms;

/// <summary>Reads <c>application/x-www-form-urlencoded</c> bodies and query strings.</summary>
/// <remarks>
/// Source: WHATWG URL, 5.1. Unlike there, a name or a value that is not UTF-8 is read as windows-1251, which old Russian sites
/// still send; one by one, so that a broken value spoils no other. A <c>_charset_</c> field (HTML, 4.10.21) decides before the bytes do.
/// </remarks>
public static class UrlEncoded
{
    /// <summary>More is no form of a website.</summary>
    public const int MostPairs = 500;

    /// <param name="body">Raw bytes.</param>
    /// <param name="pairs">Names and values in order, without NUL; empty names are kept.</param>
    /// <param name="error">Why the body was refused, in words for the sender.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> body, out IReadOnlyList<KeyValuePair<string, string>> pairs, [NotNullWhen(false)] out string? error)
    {
        (pairs, error) = ([], null);
        var raw = new List<KeyValuePair<byte[], byte[]>>();
        foreach (var range in body.Split((byte)'&'))
        {
            var piece = body[range];
            if (piece.IsEmpty)
                continue;
            if (raw.Count == MostPairs)
            {
                error = $"The form has more than {MostPairs} fields.";
                return false;
            }
            var equals = piece.IndexOf((byte)'=');
            raw.Add(KeyValuePair.Create(Unescape(equals < 0 ? piece : piece[..equals]), equals < 0 ? [] : Unescape(piece[(equals + 1)..])));
        }

        var cyrillic = SaysWindows1251(raw);
        var read = new List<KeyValuePair<string, string>>(raw.Count);
        foreach (var (name, value) in raw)
            read.Add(KeyValuePair.Create(LenientText.Decode(name, cyrillic), LenientText.Decode(value, cyrillic)));
        pairs = read;
        return true;
    }

    private static bool SaysWindows1251(List<KeyValuePair<byte[], byte[]>> raw)
    {
        foreach (var (name, value) in raw)
            if (name.AsSpan().SequenceEqual("_charset_"u8))
                return Encoding.ASCII.GetString(value).Trim().ToLowerInvariant() is "windows-1251" or "cp1251" or "win-1251";
        return false;
    }

    /// <summary>Plus is a space; a percent sign without two hexadecimal digits is itself.</summary>
    private static byte[] Unescape(ReadOnlySpan<byte> text)
    {
        var result = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]))
            {
                result[length++] = (byte)((Convert.ToInt32(((char)text[i + 1]).ToString(), 16) << 4) | Convert.ToInt32(((char)text[i + 2]).ToString(), 16));
                i += 2;
            }
            else
            {
                result[length++] = text[i] == '+' ? (byte)' ' : text[i];
            }
        }
        return result[..length];
    }
}
