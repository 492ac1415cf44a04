namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>Who calls a method: an inbound webhook, or an application with a token of a user.</summary>
/// <param name="Key">What the operating time is counted by.</param>
/// <param name="ClientId">Null for a webhook.</param>
internal sealed record Caller(long UserId, string Key, string? ClientId, string[] Scopes)
{
    public bool IsApplication => ClientId is not null;
}
