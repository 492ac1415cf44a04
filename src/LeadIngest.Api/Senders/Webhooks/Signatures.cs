using System.Security.Cryptography;
using System.Text;

namespace LeadIngest.Api.Senders.Webhooks;

/// <summary>What a sender proves itself with.</summary>
internal static class Signatures
{
    /// <summary>Over the bytes, in a time that does not tell how much of it was right, nor how long it should be.</summary>
    public static bool Same(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    // SHA-1 is what Zadarma and Twilio sign with; HMAC with it is not broken.
#pragma warning disable CA5350
    public static byte[] HmacSha1(string key, string text) => HMACSHA1.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    public static string Sha256Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
