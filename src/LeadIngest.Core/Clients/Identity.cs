namespace LeadIngest.Core.Clients;

/// <summary>What a client is known by, strongest first: the order decides who wins a lead that two clients claim.</summary>
public enum IdentityKind { CrmContact, Phone, Email, Messenger, Visitor }

/// <param name="Kind">What the value is.</param>
/// <param name="Value">Normalised: E.164, lower-cased address, …; equal values are the same identity.</param>
public readonly record struct Identity(IdentityKind Kind, string Value)
{
    /// <summary>The kind as stored and as sent: <c>phone</c>, <c>crm_contact</c>.</summary>
    public static string Wire(IdentityKind kind) => kind switch
    {
        IdentityKind.CrmContact => "crm_contact",
        IdentityKind.Phone => "phone",
        IdentityKind.Email => "email",
        IdentityKind.Messenger => "messenger",
        _ => "visitor",
    };

    public static IdentityKind ParseKind(string wire) => wire switch
    {
        "crm_contact" => IdentityKind.CrmContact,
        "phone" => IdentityKind.Phone,
        "email" => IdentityKind.Email,
        "messenger" => IdentityKind.Messenger,
        "visitor" => IdentityKind.Visitor,
        _ => throw new ArgumentOutOfRangeException(nameof(wire), wire, "No such kind of identity."),
    };
}
