namespace LeadIngest.Api.Senders.Calls;

/// <summary>The words in the addresses of call webhooks, one a provider, with what each calls its secrets. Each has a page in api-spec/senders.</summary>
internal static class CallProviderNames
{
    /// <param name="Name">The word in the address.</param>
    /// <param name="Title">For people.</param>
    /// <param name="Secret">What goes into <c>secret</c>; null: unused, the token in the address is the proof.</param>
    /// <param name="Key">What goes into <c>key</c>; null: unused.</param>
    internal sealed record Provider(string Name, string Title, string? Secret = null, string? Key = null);

    public static IReadOnlyList<Provider> All { get; } =
    [
        new("calltouch", "Calltouch"),
        new("uis", "UIS, CoMagic, CallGear, Novofon 2.0"),
        new("callibri", "Callibri"),
        new("mango", "MANGO OFFICE", "The salt for signing (vpbx_api_salt).", "The PBX's unique code (vpbx_api_key)."),
        new("zadarma", "Zadarma, Novofon 1.x", "The API secret: the header Signature is checked with it."),
        new("roistat", "Roistat"),
        new("megafon", "MegaFon and kin", "The key that comes as crm_token."),
        new("beeline", "Beeline cloud PBX"),
        new("mts", "MTS VPBX"),
        new("twilio", "Twilio", "The auth token: the header X-Twilio-Signature is checked with it."),
        new("generic", "Any other PBX"),
    ];

    public static bool IsKnown(string name) => All.Any(p => p.Name == name);
}
