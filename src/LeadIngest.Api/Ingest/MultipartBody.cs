using System.Diagnostics.CodeAnalysis;
using System.Text;
using LeadIngest.Core.Texts;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace LeadIngest.Api.Ingest;

/// <summary>Reads multipart/form-data that is already in memory. Files are not kept: their names are noted as a field of the lead.</summary>
internal static class MultipartBody
{
    private const int MaxParts = 500;

    public static bool TryRead(string contentType, byte[] body, [NotNullWhen(true)] out IReadOnlyList<KeyValuePair<string, string>>? fields, out string? error)
    {
        fields = null;
        error = null;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
        {
            error = "multipart/form-data without a boundary.";
            return false;
        }
        var read = new List<KeyValuePair<string, string>>();
        try
        {
            // The reader takes part headers for UTF-8 and loses what is not. It is shown one character a byte, and bytes are made of those again.
            var shown = Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(body));
            // Over memory every read completes at once.
            var reader = new MultipartReader(boundary, new MemoryStream(shown)) { HeadersCountLimit = 16, HeadersLengthLimit = 16 * 1024, BodyLengthLimit = shown.Length };
            while (reader.ReadNextSectionAsync().GetAwaiter().GetResult() is { } section)
            {
                if (read.Count >= MaxParts)
                {
                    error = $"More than {MaxParts} parts.";
                    return false;
                }
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) continue;
                var name = Decoded(HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "");
                if (disposition.IsFileDisposition())
                {
                    // The starred one names its encoding and is decoded by it.
                    var file = disposition.FileNameStar.Length > 0 ? disposition.FileNameStar.Value : Decoded(HeaderUtilities.RemoveQuotes(disposition.FileName).Value ?? "");
                    if (!string.IsNullOrEmpty(file)) read.Add(new(name, file));
                    continue;
                }
                using var bytes = new MemoryStream();
                section.Body.CopyTo(bytes);
                read.Add(new(name, Decoded(Encoding.UTF8.GetString(bytes.ToArray()))));
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            error = "The multipart body is broken: " + e.Message;
            return false;
        }
        fields = read;
        return true;
    }

    /// <summary>One character a byte, of bytes that are UTF-8 or windows-1251; a text that names its encoding (<c>=?utf-8?B?…?=</c>) is decoded by now.</summary>
    private static string Decoded(string latin1) => latin1.Any(c => c > '\u00FF') ? latin1 : LenientText.Decode(Encoding.Latin1.GetBytes(latin1));
}
