using LeadIngest.Crm;

namespace LeadIngest.Api.Import;

/// <summary>How a card of a CRM stands among the identities of a client, all of the kind <c>crm_contact</c>.</summary>
internal static class CardIdentity
{
    /// <summary>Before the identity of a card that is not there any more. No delivery takes it for a contact; it tells whose card a merge in the CRM took away.</summary>
    public const string Gone = "gone:";

    /// <summary>A person's card stands there for deliveries to link to, a firm's is only recognised again.</summary>
    public static string Of(Guid connection, ContactKey key) => Prefix(connection, key.Kind) + key.Id;

    /// <summary>What all cards of a kind read through a connection begin with; the id follows.</summary>
    public static string Prefix(Guid connection, ContactKind kind) => kind == ContactKind.Contact ? $"{connection}/" : $"company:{connection}/";

    /// <returns>The connection of a person's card that is gone; null for any other identity.</returns>
    public static Guid? GoneFrom(string value) => value.StartsWith(Gone, StringComparison.Ordinal)
        && Guid.TryParse(value.AsSpan(Gone.Length, Math.Max(0, value.IndexOf('/', StringComparison.Ordinal) - Gone.Length)), out var connection) ? connection : null;
}
