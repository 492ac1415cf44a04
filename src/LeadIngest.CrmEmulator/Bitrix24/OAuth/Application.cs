namespace LeadIngest.CrmEmulator.Bitrix24.OAuth;

/// <summary>Keys of an application, as its developer registered it.</summary>
internal sealed record Application
{
    public required string ClientId { get; init; }

    public string ClientSecret { get; init; } = "";

    /// <summary>Where the browser goes after consent.</summary>
    public string RedirectUri { get; init; } = "";

    /// <summary>Where an installation and its end are told to. Empty: nowhere.</summary>
    public string InstallUri { get; init; } = "";

    public string Scopes { get; init; } = "crm,user,telephony";
}

/// <summary>An application in a portal. Its token comes with every event.</summary>
internal sealed record Installation(Application Application, string ApplicationToken);

/// <summary>What a user allowed an application to do in a portal.</summary>
internal sealed record Grant(Portal Portal, Application Application, long UserId);
