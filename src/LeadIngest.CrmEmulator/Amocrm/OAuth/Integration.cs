using System.Security.Cryptography;
using System.Text;

namespace LeadIngest.CrmEmulator.Amocrm.OAuth;

/// <summary>Keys of an integration, as its developer registered it.</summary>
internal sealed record Integration
{
    public required string ClientId { get; init; }

    public string ClientSecret { get; init; } = "";

    public string RedirectUri { get; init; } = "";

    /// <summary>Told when an account switches the integration off. Empty: nobody is.</summary>
    public string DisconnectUri { get; init; } = "";

    /// <summary><c>private</c>, <c>public</c> or <c>external</c>; an external one has no users and no duplicate control.</summary>
    public string Kind { get; init; } = "private";

    public bool IsExternal => Kind == "external";

    /// <summary>Signature of the hook that says the integration was switched off.</summary>
    public string Sign(long accountId) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ClientSecret), Encoding.UTF8.GetBytes($"{ClientId}|{accountId}")));
}

/// <summary>What an administrator allowed an integration to do in an account.</summary>
internal sealed record Grant(Account Account, Integration Integration, long UserId);
