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
            // Over memory every read completes at once.
            var reader = new MultipartReader(boundary, new MemoryStream(body)) { HeadersCountLimit = 16, HeadersLengthLimit = 8 * 1024, BodyLengthLimit = body.Length };
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
                    var file = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.Length > 0 ? disposition.FileNameStar : disposition.FileName).Value;
                    if (!string.IsNullOrEmpty(file)) read.Add(new(name, Decoded(file)));
                    continue;
                }
                using var bytes = new MemoryStream();
                section.Body.CopyTo(bytes);
                read.Add(new(name, LenientText.Decode(bytes.ToArray())));
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

    /// <summary>Part headers arrive as Latin-1 text of what are really UTF-8 (or windows-1251) bytes.</summary>
    private static string Decoded(string header)
    {
        foreach (var c in header)
            if (c is < '\u0080' or > '\u00FF')
            {
                if (c > '\u00FF') return header;
            }
            else return LenientText.Decode(Encoding.Latin1.GetBytes(header));
        return header;
    }
}
