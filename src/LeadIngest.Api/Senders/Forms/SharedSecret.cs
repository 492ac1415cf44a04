using System.Security.Cryptography;
using System.Text;
using LeadIngest.Core.Forms;

namespace LeadIngest.Api.Senders.Forms;

/// <summary>The word that a builder without signatures proves itself with, wherever it is able to put it: header, address or body.</summary>
internal static class SharedSecret
{
    /// <summary>Names under which it is looked for and under which nothing is ever stored, beside the sender's own <c>key</c>.</summary>
    public static readonly string[] Names = ["secret", "google_key", "api_key", "apikey", "api-key", "key", "token", "access_token", "webhook_secret", "password"];

    private static readonly string[] Headers = ["X-Secret", "X-Api-Key", "X-Webhook-Secret", "X-Token", "Authorization"];

    public static bool IsIn(FormRequest request)
    {
        if (request.Sender?.Secrets is not { Secret: { Length: > 0 } secret } secrets) return true;
        var found = false;
        foreach (var name in secrets.Key is { Length: > 0 } own ? Headers.Append(own) : Headers)
            if (request.Headers.TryGetValue(name, out var sent))
                found |= IsSame(sent, secret) || IsSame(sent.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? sent[7..].Trim() : sent, secret);
        foreach (var (name, value) in request.Body.Pairs) found |= IsName(name, secrets.Key) && IsSame(value, secret);
        // A name that the body has too is not read from the address: look there as well.
        if (UrlEncoded.TryRead(Encoding.UTF8.GetBytes(request.Query), out var query, out _))
            foreach (var (name, value) in query) found |= IsName(name, secrets.Key) && IsSame(value, secret);
        return found;
    }

    /// <summary>Over the bytes, in a time that does not depend on where they differ.</summary>
    public static bool IsSame(string? sent, string secret) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(sent ?? "")), SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>The fields without those that hold a secret, by name or by value.</summary>
    public static List<KeyValuePair<string, string>> Without(FormRequest request, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var secrets = request.Sender?.Secrets;
        return [.. pairs.Where(p => !IsName(p.Key, secrets?.Key) && (secrets?.Secret is not { Length: > 0 } secret || p.Value != secret))];
    }

    public static bool IsName(string name, string? own) =>
        Names.Contains(name, StringComparer.OrdinalIgnoreCase) || (own is { Length: > 0 } && name.Equals(own, StringComparison.OrdinalIgnoreCase));
}
