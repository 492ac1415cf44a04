namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>State of one portal that the door <c>/_account/bitrix24</c> changes while the emulator runs. Where the vendor is unsure, a switch.</summary>
internal sealed record PortalSettings
{
    /// <summary>False: the plan ended, <c>ACCESS_DENIED</c> for everything.</summary>
    public bool Paid { get; init; } = true;

    /// <summary>Blocked by hand for overload: only the vendor's support lifts it.</summary>
    public bool Overload { get; init; }

    public bool Deleted { get; init; }

    /// <summary><c>cloud</c>, or <c>box</c> for a portal on its owner's server: no limits unless asked for, tokens only at the vendor's server.</summary>
    public string Flavour { get; init; } = "cloud";

    /// <summary><c>standard</c> or <c>enterprise</c>.</summary>
    public string Plan { get; init; } = "standard";

    /// <summary>1 = classic CRM with leads, 2 = simple CRM without.</summary>
    public int Mode { get; init; } = 1;

    /// <summary>Scopes of inbound webhooks and long-lived application tokens, separated by commas.</summary>
    public string Scopes { get; init; } = "crm,user,telephony";

    public double OperatingSecondsPerCall { get; init; }

    /// <summary>Limit of operating seconds per credential and method in ten minutes. 0: none.</summary>
    public double OperatingLimit { get; init; } = 480;

    /// <summary>HTTP status per error code, for example <c>{"QUERY_LIMIT_EXCEEDED":200}</c>. Others keep their own.</summary>
    public Dictionary<string, int> Statuses { get; init; } = [];

    /// <summary>The statuses of the older documentation (403 for credentials, 503 for overload) instead of the newest.</summary>
    public bool OldStatuses { get; init; }

    /// <summary>Fields that may not be empty, by entity: <c>{"deal":["UF_CRM_CITY"]}</c>. Either spelling of a name.</summary>
    public Dictionary<string, string[]> Required { get; init; } = [];

    /// <summary>Nothing more can be stored: 400 with an empty code.</summary>
    public bool DiskFull { get; init; }

    /// <summary>Users who see only records that they are responsible for.</summary>
    public long[] OwnOnly { get; init; } = [];

    /// <summary>False: no right to add fields.</summary>
    public bool Admin { get; init; } = true;

    /// <summary><c>findbycomm</c> compares phones as written instead of by digits.</summary>
    public bool StrictPhones { get; init; }

    /// <summary><c>empty</c> or <c>error</c>: what a batch reference that cannot be resolved becomes.</summary>
    public string Unresolved { get; init; } = "empty";

    /// <summary>Stage history also of pipelines that the deal has left.</summary>
    public bool HistoryOfAll { get; init; }

    /// <summary>An unknown or dismissed user as responsible is refused instead of taken.</summary>
    public bool CheckUsers { get; init; }

    /// <summary>Universal lists pass over a date filter with an offset, as one user saw.</summary>
    public bool IgnoreOffsetDates { get; init; }

    /// <summary>Closing a deal writes the moment into its planned close.</summary>
    public bool ClosingMovesCloseDate { get; init; }

    /// <summary>In the simple CRM the deal takes over the lead's tags, source and external id.</summary>
    public bool ConvertInherits { get; init; }

    /// <summary>In the simple CRM a converted lead can no longer be read.</summary>
    public bool ConvertHides { get; init; }

    /// <summary>Telephony registers the call but fails to create the lead, and says so inside a success.</summary>
    public bool LeadCreationError { get; init; }

    /// <summary>Whether answers carry <c>time.operating</c>.</summary>
    public bool ShowOperating { get; init; } = true;

    /// <summary>Whether events for applications carry tokens, as when a person made the change.</summary>
    public bool EventTokens { get; init; }

    /// <summary>Status of <c>wrong_client</c>: the vendor's own client saw 200.</summary>
    public int WrongClientStatus { get; init; } = 200;

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsBox => Flavour == "box";

    public static PortalSettings Of(Bitrix24Options options) => new()
    {
        Plan = options.Plan,
        Mode = options.Mode,
        Scopes = options.Scopes,
        OperatingSecondsPerCall = options.OperatingSecondsPerCall,
        OperatingLimit = options.OperatingLimit,
    };
}
