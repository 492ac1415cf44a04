using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LeadIngest.Api.Access;

/// <summary>Tokens of sign-ins, invitations and resets: 256 random bits, stored as SHA-256 only (a slow hash buys nothing at that entropy).</summary>
internal static class Secrets
{
    // Crockford's: no letter that is read as a digit.
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>43 characters of Base64Url.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>To be read aloud and typed: 80 random bits as four groups of four letters.</summary>
    public static string NewCode() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Letters, 4)));

    /// <summary>Of a code as it was typed: case, spaces and dashes do not count, nor does O for 0 or I and L for 1.</summary>
    public static byte[] HashOfCode(string code) => Hash(string.Concat(code.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)).Replace('O', '0').Replace('I', '1').Replace('L', '1'));

    /// <summary>What a state-changing request proves by that it comes from our page: made from the cookie, which no other page can read.</summary>
    public static string CsrfOf(string token) => Base64Url.EncodeToString(Hash("csrf:" + token));

    public static bool AreEqual(string? given, string expected) => given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
