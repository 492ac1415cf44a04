using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace LeadIngest.Api.Access;

/// <summary>Codes by time: RFC 6238 with HMAC-SHA-1, steps of 30 s and 6 digits, what every authenticator application makes.</summary>
internal static class Totp
{
    private const int StepSeconds = 30;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>160 bits, as RFC 4226 recommends for SHA-1.</summary>
    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(20);

    public static long StepAt(DateTimeOffset at) => at.ToUnixTimeSeconds() / StepSeconds;

    /// <param name="digits">6 for people; the vectors of the RFC have 8.</param>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "RFC 6238; applications know no other, and a collision is of no use here.")]
    public static string CodeOf(byte[] secret, long step, int digits = 6)
    {
        Span<byte> counter = stackalloc byte[8], hash = stackalloc byte[20];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        HMACSHA1.HashData(secret, counter, hash);
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash[(hash[19] & 15)..]) & 0x7FFF_FFFF;
        return (number % (uint)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <returns>The step of the code, within one of now for clocks that differ; null: the code is wrong.</returns>
    public static long? StepOf(byte[] secret, string code, DateTimeOffset now)
    {
        long? found = null;
        for (var step = StepAt(now) - 1; step <= StepAt(now) + 1; step++)
            if (Secrets.AreEqual(code, CodeOf(secret, step))) found = step;
        return found;
    }

    /// <summary>RFC 4648 without padding: how secrets are typed.</summary>
    public static string Text(byte[] secret)
    {
        var text = new char[(secret.Length * 8 + 4) / 5];
        for (var i = 0; i < text.Length; i++)
        {
            var bit = i * 5;
            var pair = (secret[bit / 8] << 8) | (bit / 8 + 1 < secret.Length ? secret[bit / 8 + 1] : 0);
            text[i] = Base32[(pair >> (11 - bit % 8)) & 31];
        }
        return new string(text);
    }

    public static string Uri(byte[] secret, string email) => $"otpauth://totp/LeadIngest:{System.Uri.EscapeDataString(email)}?secret={Text(secret)}&issuer=LeadIngest";
}
