using System.Security.Cryptography;
using FluentValidation;
using LeadIngest.Api.Features.Projects;
using LeadIngest.Api.Features.Sites;
using LeadIngest.Api.Http;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Calls;
using LeadIngest.Api.Senders.Forms;

namespace LeadIngest.Api.Features.Senders;

/// <summary>What an owner may set for a sender; what is absent takes its default.</summary>
/// <param name="FieldMap">Posted name to meaning, above the site's map: mends what the adapter does not know. Calls: to the name of a fact of the call.</param>
/// <param name="Words">Calls: the provider's word to ours (<c>answered</c>, <c>missed</c>, <c>in</c>, <c>out</c>, …).</param>
/// <param name="TimeZone">IANA zone of times that come without one; <c>Europe/Moscow</c> when absent.</param>
/// <param name="DeliverAt">Calls: <c>end</c> (when absent) or <c>start</c>.</param>
internal sealed record SenderSettingsRequest(Dictionary<string, string>? FieldMap, Dictionary<string, string>? Words, string? TimeZone, string? DeliverAt)
{
    public SenderSettings ToSettings()
    {
        var defaults = new SenderSettings();
        return new() { FieldMap = FieldMap ?? [], Words = Words ?? [], TimeZone = TimeZone ?? defaults.TimeZone, DeliverAt = DeliverAt ?? defaults.DeliverAt };
    }

    internal sealed class Validator : AbstractValidator<SenderSettingsRequest>
    {
        public Validator()
        {
            SiteRules.FieldMap(RuleFor(s => s.FieldMap));
            SiteRules.FieldMap(RuleFor(s => s.Words));
            RuleFor(s => s.TimeZone).Must(z => z is null || TimeZoneName.IsValid(z)).WithMessage("Not an IANA time zone: Europe/Moscow.");
            RuleFor(s => s.DeliverAt).OneOf("start", "end");
        }
    }
}

/// <summary>What a sender proves itself with; written, never read. The list of providers says which of them mean anything.</summary>
/// <param name="Secret">The shared secret or signing key.</param>
/// <param name="Key">A second half where there is one: a public key, the name of a field.</param>
/// <param name="Confirmation">What a check of the address is answered with, or must carry.</param>
internal sealed record SenderSecretsRequest(string? Secret, string? Key, string? Confirmation)
{
    /// <summary>Laid over the stored ones: absent stays, empty removes.</summary>
    public SenderSecrets Over(SenderSecrets stored) => stored with
    {
        Secret = Taken(Secret, stored.Secret),
        Key = Taken(Key, stored.Key),
        Confirmation = Taken(Confirmation, stored.Confirmation),
    };

    // A record prints its members: these must never get into a log.
    public override string ToString() => nameof(SenderSecretsRequest);

    private static string? Taken(string? sent, string? stored) => sent is null ? stored : sent.Trim().Length == 0 ? null : sent.Trim();

    internal sealed class Validator : AbstractValidator<SenderSecretsRequest>
    {
        public Validator()
        {
            RuleFor(s => s.Secret).MaximumLength(1000);
            RuleFor(s => s.Key).MaximumLength(1000);
            RuleFor(s => s.Confirmation).MaximumLength(1000);
        }
    }
}

internal static class SenderRules
{
    /// <returns>The word as it is stored and stands in addresses, whatever the case of the one given; null when nobody reads such a system.</returns>
    public static string? Provider(string kind, string word) => kind == "call" ? CallProviders.Find(word)?.Name : FormBuilders.Find(word)?.Name;

    public static string Providers(string? kind) => string.Join(", ", kind == "call" ? CallProviders.Names : FormBuilders.All.Select(b => b.Name));

    /// <summary>160 random bits in base32: nobody guesses one, and it stands in an address as it is.</summary>
    public static string NewToken() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", 32);
}
