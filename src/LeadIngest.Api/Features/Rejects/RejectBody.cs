using System.Text;
using LeadIngest.Api.Http.Masks;

namespace LeadIngest.Api.Features.Rejects;

/// <summary>The bytes of a reject, and as text where they are text.</summary>
/// <param name="Text">Null when it is neither UTF-8 nor windows-1251 text.</param>
/// <param name="Encoding"><c>utf-8</c> or <c>windows-1251</c>; null without a text.</param>
/// <param name="Base64">Every byte as received.</param>
internal sealed record RejectBody([property: Contact(MaskKind.Whole)] string? Text, string? Encoding, [property: Contact(MaskKind.Whole)] string Base64)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Windows1251 =
        CodePagesEncodingProvider.Instance.GetEncoding(1251, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    public static RejectBody Of(byte[] body)
    {
        var bytes = Convert.ToBase64String(body);
        if (TryRead(Utf8, body) is { } utf8) return new(utf8, "utf-8", bytes);
        return TryRead(Windows1251, body) is { } cyrillic ? new(cyrillic, "windows-1251", bytes) : new(null, null, bytes);
    }

    // Control characters say that it is not text: an image, a compressed body.
    private static string? TryRead(Encoding encoding, byte[] body)
    {
        try
        {
            var text = encoding.GetString(body);
            return text.Any(c => char.IsControl(c) && c is not ('\t' or '\r' or '\n')) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
