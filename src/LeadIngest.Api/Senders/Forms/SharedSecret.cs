using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Forms;

/// <summary>The word that a builder without signatures proves itself with, wherever it is able to put it: header, address or body.</summary>
internal static class SharedSecret
{
    public static SecretsUse Use { get; } =
        new("A word of your choice, sent as ?secret= in the address or as the header X-Secret.", "Another name for it, where the builder does not let you choose.");

    private static readonly string[] Headers = ["X-Secret", "X-Api-Key", "X-Webhook-Secret", "X-Token", "Authorization"];

    public static bool IsIn(FormRequest request)
    {
        if (request.Sender?.Secrets is not { Secret: { Length: > 0 } secret } secrets) return true;
        var found = false;
        foreach (var name in secrets.Key is { Length: > 0 } own ? Headers.Append(own) : Headers)
            if (request.Headers.TryGetValue(name, out var sent))
                found |= Signatures.Same(sent, secret) || Signatures.Same(sent.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? sent[7..].Trim() : sent, secret);
        foreach (var (name, value) in request.Body.Pairs) found |= SecretBlanks.IsName(name, secrets.Key) && Signatures.Same(value, secret);
        // A name that the body has too is not read from the address: look there as well.
        if (WebhookBody.TryQuery(request.Query, out var query, out _))
            foreach (var (name, value) in query) found |= SecretBlanks.IsName(name, secrets.Key) && Signatures.Same(value, secret);
        return found;
    }

    /// <summary>The fields without those that hold a secret, by name or by value.</summary>
    public static List<KeyValuePair<string, string>> Without(FormRequest request, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var secrets = request.Sender?.Secrets;
        return [.. pairs.Where(p => !SecretBlanks.IsName(p.Key, secrets?.Key) && (secrets?.Secret is not { Length: > 0 } secret || p.Value != secret))];
    }
}
