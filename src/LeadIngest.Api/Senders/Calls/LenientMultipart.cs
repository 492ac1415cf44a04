using System.Text;
using LeadIngest.Api.Ingest;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>Multipart as PBXs send it: by the book where it is that, else with the boundary that the body itself begins with, whatever its line ends.</summary>
internal static class LenientMultipart
{
    private const int MostParts = 500;
    private const int LongestBoundary = 200;

    /// <returns>False when no named part was found.</returns>
    public static bool TryRead(string? contentType, ReadOnlyMemory<byte> body, out IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        if (contentType is not null && MultipartBody.TryRead(contentType, body.ToArray(), out var strict, out _) && strict.Count > 0)
        {
            fields = strict;
            return true;
        }
        var found = new List<KeyValuePair<string, string>>();
        fields = found;
        // One char a byte: parts are decoded one by one, later.
        var text = Encoding.Latin1.GetString(body.Span).TrimStart('\r', '\n', ' ', '\t');
        if (!text.StartsWith("--", StringComparison.Ordinal)) return false;
        var end = text.IndexOfAny(['\r', '\n']);
        if (end is < 3 or > LongestBoundary) return false;
        foreach (var part in text.Split(text[..end].TrimEnd(), MostParts + 2, StringSplitOptions.None))
            if (found.Count < MostParts && Field(part) is { } field) found.Add(field);
        return found.Count > 0;
    }

    private static KeyValuePair<string, string>? Field(string part)
    {
        part = part.TrimStart('\r', '\n');
        var (gap, width) = (part.IndexOf("\r\n\r\n", StringComparison.Ordinal), 4);
        if (gap < 0) (gap, width) = (part.IndexOf("\n\n", StringComparison.Ordinal), 2);
        if (gap < 0) return null;
        var header = part[..gap];
        var at = header.IndexOf("name=", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var name = header[(at + 5)..];
        name = name.StartsWith('"') ? name[1..].Split('"')[0] : name.Split([';', '\r', '\n'])[0].Trim();
        if (name.Length == 0) return null;
        var value = part[(gap + width)..];
        if (value.EndsWith("\r\n", StringComparison.Ordinal)) value = value[..^2];
        else if (value.EndsWith('\n')) value = value[..^1];
        return new(HookBody.Decode(Encoding.Latin1.GetBytes(name)), HookBody.Decode(Encoding.Latin1.GetBytes(value)));
    }
}
