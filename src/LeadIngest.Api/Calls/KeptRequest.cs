using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Calls;
using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Calls;

/// <summary>
/// A call webhook in a reject and out of it again. What a webhook has beside headers and body stands among the headers under names that no header can
/// have; the token of the address is not kept.
/// </summary>
internal static class KeptRequest
{
    private const string Method = ":method";
    private const string Rest = ":rest";
    private const string Query = ":query";
    private const string Address = ":address";
    private const string SenderId = ":sender";

    public static IEnumerable<KeyValuePair<string, string>> Marks(CallRequest request)
    {
        var secrets = request.Sender.Secrets;
        yield return new(Method, request.Method);
        yield return new(SenderId, request.Sender.Id.ToString());
        if (request.Rest.Length > 0) yield return new(Rest, Bounded(SecretBlanks.Blank(request.Rest, secrets)));
        if (request.Query.Length > 0) yield return new(Query, Bounded(SecretBlanks.Blank(request.Query, secrets)));
        // Twilio signs its address: only the sender's own token can be put back, so an address with another one is not kept.
        if (secrets.Token is { } token && request.Address.Contains(token, StringComparison.Ordinal)) yield return new(Address, Bounded(SecretBlanks.Blank(request.Address, secrets)));
    }

    /// <returns>The sender that brought it; null when the reject does not say.</returns>
    public static Guid? SenderOf(IReadOnlyDictionary<string, string[]> headers) =>
        headers.TryGetValue(SenderId, out var id) && Guid.TryParse(id.FirstOrDefault(), out var sender) ? sender : null;

    /// <param name="headers">As kept.</param>
    /// <param name="sender">With the secrets of today: an owner who has mended them may replay.</param>
    /// <param name="body">As kept, or mended by a person.</param>
    /// <param name="contentType">Of the body.</param>
    /// <param name="receivedAt">When it came first.</param>
    public static CallRequest Read(IReadOnlyDictionary<string, string[]> headers, Sender sender, byte[] body, string? contentType, DateTimeOffset receivedAt)
    {
        string Mark(string name) => headers.TryGetValue(name, out var value) ? SecretBlanks.Restore(value.FirstOrDefault() ?? "", sender.Secrets) : "";
        return new CallRequest
        {
            Sender = sender,
            Method = Mark(Method) is { Length: > 0 } method ? method : "POST",
            Address = Mark(Address),
            Rest = Mark(Rest),
            Query = Mark(Query),
            ContentType = contentType,
            Headers = headers.Where(h => !h.Key.StartsWith(':'))
                .ToDictionary(h => h.Key, h => SecretBlanks.Restore(string.Join(", ", h.Value), sender.Secrets), StringComparer.OrdinalIgnoreCase),
            Body = SecretBlanks.Restore(body, sender.Secrets),
            ReceivedAt = receivedAt,
        };
    }

    private static string Bounded(string text) => text.Length <= 8192 ? text : text[..8192];
}
