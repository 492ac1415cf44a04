namespace LeadIngest.Api.Senders;

/// <summary>Which of a sender's secrets mean anything, in words for people; null: not used.</summary>
/// <param name="Secret">What goes into <c>secret</c>.</param>
/// <param name="Key">What goes into <c>key</c>.</param>
/// <param name="Confirmation">What goes into <c>confirmation</c>.</param>
internal sealed record SecretsUse(string? Secret = null, string? Key = null, string? Confirmation = null)
{
    public static SecretsUse None { get; } = new();
}
