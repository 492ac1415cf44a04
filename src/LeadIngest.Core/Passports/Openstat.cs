using System.Text;
using System.Text.Unicode;

namespace LeadIngest.Core.Passports;

/// <summary>
/// An Openstat marker v1.0: base64 of <c>service;campaign;ad;source</c>.
/// </summary>
/// <remarks>Source: the Openstat wiki. Seen both as padded standard base64 and as unpadded base64url.</remarks>
internal readonly record struct Openstat(string Service, string Campaign, string Ad, string Source)
{
    /// <summary>
    /// Reads a marker that was percent-decoded. Accepts both alphabets, missing padding and a space where <c>+</c> was;
    /// missing parts are empty. False when it is not base64 of UTF-8 text with at least two parts.
    /// </summary>
    internal static bool TryRead(ReadOnlySpan<char> marker, out Openstat openstat)
    {
        openstat = default;
        marker = marker.Trim().TrimEnd('=');
        if (marker.Length is < 2 or > 2048)
            return false;
        var padded = new char[(marker.Length + 3) / 4 * 4];
        padded.AsSpan().Fill('=');
        for (var i = 0; i < marker.Length; i++)
            padded[i] = marker[i] switch { '-' or ' ' => '+', '_' => '/', var c => c };
        // In base64url a minus is the 62nd letter, in standard base64 a plus is: both become a plus.
        var bytes = new byte[padded.Length];
        if (!Convert.TryFromBase64Chars(padded, bytes, out var length) || !Utf8.IsValid(bytes.AsSpan(0, length)))
            return false;
        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(';');
        if (parts.Length < 2)
            return false;
        openstat = new Openstat(Part(parts, 0), Part(parts, 1), Part(parts, 2), Part(parts, 3));
        return openstat.Service.Length > 0;
    }

    private static string Part(string[] parts, int at)
    {
        var faults = Faults.None;
        return at < parts.Length ? Mending.Cut(Cleaning.Clean(parts[at], ref faults), Mending.LongestValue) : "";
    }
}
