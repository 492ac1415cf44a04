namespace LeadIngest.CrmEmulator;

/// <summary>Everything that can be set, by command line (<c>--amocrm:ratePerSecond=7</c>) or environment (<c>amocrm__ratePerSecond=7</c>).</summary>
public sealed class EmulatorOptions
{
    /// <summary>Addresses to listen on, separated by semicolons. Port 0 takes a free one.</summary>
    public string Urls { get; set; } = "http://127.0.0.1:8090";

    /// <summary>Seed of the dice that faults are rolled with. Null: a different run each time.</summary>
    public int? Seed { get; set; }

    /// <summary>Enforce the CRMs' rate limits from the start. The fault <c>rate_limit</c> switches it later.</summary>
    public bool RateLimits { get; set; } = true;

    /// <summary>How many requests per CRM the log at <c>/_requests</c> remembers.</summary>
    public int RequestLogSize { get; set; } = 100_000;

    /// <summary>Multiplies the pauses between repeated webhooks. 1 = as the vendor documents (minutes).</summary>
    public double HookPauseScale { get; set; } = 1;

    public AmocrmOptions Amocrm { get; set; } = new();

    public Bitrix24Options Bitrix24 { get; set; } = new();

    public PbxOptions Pbx { get; set; } = new();

    /// <summary>The clock. Null: the system's.</summary>
    public TimeProvider? Clock { get; set; }
}

/// <summary>Section <c>amocrm</c>.</summary>
public sealed class AmocrmOptions
{
    /// <summary>Long-lived access tokens that are accepted, separated by commas.</summary>
    public string Tokens { get; set; } = "demo-amocrm-token";

    /// <summary>Requests per second per token; one more is answered 429. The vendor's figure is 7.</summary>
    public int RatePerSecond { get; set; } = 7;

    /// <summary>Requests per second of all integrations of an account together.</summary>
    public int AccountRatePerSecond { get; set; } = 50;

    /// <summary>After so many 429 within a minute the token is answered 403 until reset. 0: never.</summary>
    public int BlockAfterViolations { get; set; } = 100;

    /// <summary>Seconds in <c>retry_after</c> of the JSON flavour of 429. The vendor's page shows 300.</summary>
    public int RetryAfterSeconds { get; set; } = 1;

    /// <summary>Whether the account bought "API filtering"; without it <c>filter</c> on leads, contacts and companies is ignored.</summary>
    public bool ApiFilterEnabled { get; set; }

    /// <summary>Duplicate control of <c>leads/complex</c>: match by phone, e-mail or external id of the main contact's open lead.</summary>
    public bool DuplicateControl { get; set; }

    /// <summary>Integration keys of the token endpoint.</summary>
    public string ClientId { get; set; } = "demo-client-id";

    public string ClientSecret { get; set; } = "demo-client-secret";

    public string RedirectUri { get; set; } = "https://example.org/oauth";

    /// <summary>Called when an account switches the integration off. Empty: nobody is.</summary>
    public string DisconnectUri { get; set; } = "";

    /// <summary>What the consent page does: <c>page</c> asks a person, <c>allow</c> and <c>deny</c> answer at once.</summary>
    public string Consent { get; set; } = "page";

    /// <summary>Refresh token that can be used once in every account, to begin with.</summary>
    public string RefreshToken { get; set; } = "demo-refresh-token";

    /// <summary>A file with what the standard account remembers from the start, as the door <c>/_seed/amocrm</c> takes it. Empty, or no such file: nothing.</summary>
    public string Past { get; set; } = "";
}

/// <summary>Section <c>bitrix24</c>.</summary>
public sealed class Bitrix24Options
{
    /// <summary>The user that owns the inbound webhook.</summary>
    public int User { get; set; } = 1;

    /// <summary>Webhook secrets that are accepted, separated by commas.</summary>
    public string Secrets { get; set; } = "demo-bitrix-secret";

    /// <summary>Access tokens of an application that are accepted in the parameter <c>auth</c> of <c>/rest/{method}</c>, separated by commas.</summary>
    public string ApplicationTokens { get; set; } = "demo-bitrix-app-token";

    /// <summary>Keys of the application at the authorisation server.</summary>
    public string ClientId { get; set; } = "demo-b24-client-id";

    public string ClientSecret { get; set; } = "demo-b24-client-secret";

    /// <summary>Where the browser goes after consent.</summary>
    public string RedirectUri { get; set; } = "https://example.org/oauth";

    /// <summary>Where an installation is told to (<c>ONAPPINSTALL</c>). Empty: nowhere.</summary>
    public string InstallUri { get; set; } = "";

    /// <summary>What the consent page does: <c>page</c> asks a person, <c>allow</c> and <c>deny</c> answer at once.</summary>
    public string Consent { get; set; } = "page";

    /// <summary>Scopes of the webhook and of the application, separated by commas.</summary>
    public string Scopes { get; set; } = "crm,user,telephony";

    /// <summary><c>standard</c> (drain 2 per second, threshold 50) or <c>enterprise</c> (5 and 250).</summary>
    public string Plan { get; set; } = "standard";

    /// <summary>1 = classic CRM with leads, 2 = simple CRM without.</summary>
    public int Mode { get; set; } = 1;

    /// <summary>Seconds of execution that every call is charged with, for the operating-time limit. 0: none.</summary>
    public double OperatingSecondsPerCall { get; set; }

    /// <summary>Operating-time limit in seconds per method in ten minutes; 0 switches the check off.</summary>
    public double OperatingLimit { get; set; } = 480;
}

/// <summary>Section <c>pbx</c>.</summary>
public sealed class PbxOptions
{
    /// <summary>Where the events of a call are posted, for example <c>http://127.0.0.1:8080/v1/calls/generic/{token}</c>. Null: each call names its own.</summary>
    public string? Webhook { get; set; }

    /// <summary>Seconds to wait for the answer to one event.</summary>
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>How many calls <c>/_state/pbx/calls</c> remembers.</summary>
    public int CallsKept { get; set; } = 1_000;
}
