using System.Security.Cryptography;
using System.Text;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>Comparing what a sender proves itself with, in a time that does not tell how much of it was right.</summary>
internal static class Signatures
{
    public static bool Same(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    /// <summary>A header whatever its case; null when it is missing.</summary>
    public static string? Header(CallRequest request, string name)
    {
        foreach (var (key, value) in request.Headers)
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return value;
        return null;
    }

    // SHA-1 is what Zadarma and Twilio sign with; HMAC with it is not broken.
#pragma warning disable CA5350
    public static byte[] HmacSha1(string key, string text) => HMACSHA1.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    public static string Sha256Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
