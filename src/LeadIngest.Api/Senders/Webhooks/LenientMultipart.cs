using System.Diagnostics.CodeAnalysis;
using System.Text;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Texts;

namespace LeadIngest.Api.Senders.Webhooks;

/// <summary>Multipart as it really comes: by the book where it is that, else with the boundary that the body itself begins with, whatever its line ends.</summary>
internal static class LenientMultipart
{
    private const int MostParts = 500;
    private const int LongestBoundary = 200;

    /// <param name="contentType">With its boundary, if it was not lost on the way.</param>
    /// <param name="body">Unpacked bytes.</param>
    /// <param name="fields">At least one.</param>
    /// <param name="error">Why there is none.</param>
    public static bool TryRead(string? contentType, ReadOnlyMemory<byte> body, out IReadOnlyList<KeyValuePair<string, string>> fields, [NotNullWhen(false)] out string? error)
    {
        if (contentType is not null && MultipartBody.TryRead(contentType, body.ToArray(), out var strict, out _) && strict.Count > 0)
        {
            (fields, error) = (strict, null);
            return true;
        }
        // One char a byte: parts are decoded one by one, later.
        var text = Encoding.Latin1.GetString(body.Span).TrimStart('\r', '\n', ' ', '\t');
        var end = text.IndexOfAny(['\r', '\n']);
        if (!text.StartsWith("--", StringComparison.Ordinal) || end is < 3 or > LongestBoundary)
        {
            (fields, error) = ([], "multipart/form-data without a boundary.");
            return false;
        }
        var found = new List<KeyValuePair<string, string>>();
        foreach (var part in text.Split(text[..end].TrimEnd(), MostParts + 2, StringSplitOptions.None))
            if (found.Count < MostParts && Field(part) is { } field) found.Add(field);
        (fields, error) = (found, found.Count > 0 ? null : "No part with a name was found in the multipart body.");
        return error is null;
    }

    private static KeyValuePair<string, string>? Field(string part)
    {
        part = part.TrimStart('\r', '\n');
        var (gap, width) = (part.IndexOf("\r\n\r\n", StringComparison.Ordinal), 4);
        if (gap < 0) (gap, width) = (part.IndexOf("\n\n", StringComparison.Ordinal), 2);
        if (gap < 0) return null;
        var header = part[..gap];
        if (Parameter(header, " name=") is not { Length: > 0 } name) return null;
        // Of a file the name is kept and not the content.
        var value = Parameter(header, "filename=") ?? part[(gap + width)..];
        if (value.EndsWith("\r\n", StringComparison.Ordinal)) value = value[..^2];
        else if (value.EndsWith('\n')) value = value[..^1];
        return new(Decode(name), Decode(value));
    }

    private static string? Parameter(string header, string start)
    {
        var at = header.IndexOf(start, StringComparison.OrdinalIgnoreCase);
        if (at < 0) at = header.IndexOf(start.Replace(' ', ';'), StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var text = header[(at + start.Length)..];
        return text.StartsWith('"') ? text[1..].Split('"')[0] : text.Split([';', '\r', '\n'])[0].Trim();
    }

    private static string Decode(string latin1) => LenientText.Decode(Encoding.Latin1.GetBytes(latin1));
}
