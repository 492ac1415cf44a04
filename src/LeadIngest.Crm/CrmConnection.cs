using LeadIngest.Crm.Routing;

namespace LeadIngest.Crm;

/// <summary>How to reach one CRM account, and the account-wide settings of the connection.</summary>
public sealed record CrmConnection
{
    /// <summary><c>amocrm</c> or <c>bitrix24</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// amoCRM: <c>https://acme.amocrm.ru</c>. Bitrix24: the inbound webhook's address <c>https://acme.bitrix24.ru/rest/1/secret/</c> (a secret as a whole), or
    /// for an application <c>https://acme.bitrix24.ru/rest/</c>.
    /// </summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>amoCRM: long-lived token. Bitrix24: the application's access token; null for a webhook, whose secret is in the address.</summary>
    public string? Token { get; init; }

    /// <summary>Bitrix24: true for an application, which may use the portal's telephony; false for an inbound webhook, which may not.</summary>
    public bool IsApplication { get; init; }

    public ConnectionSettings Settings { get; init; } = new();

    /// <summary>Without the credentials, which a record would print.</summary>
    public override string ToString() => $"{Kind} at {BaseAddress.Host}";
}

/// <summary>Settings of a connection that a person may change. Kept as JSON; every member has a default.</summary>
public sealed record ConnectionSettings
{
    /// <summary>Pipeline (amoCRM) or category (Bitrix24) of new deals; null: the account's main one.</summary>
    public int? PipelineId { get; init; }

    /// <summary>Stage of new deals; null: the first.</summary>
    public string? StageId { get; init; }

    /// <summary>Responsible user; null: the CRM's default.</summary>
    public int? ResponsibleUserId { get; init; }

    /// <summary>Bitrix24: <c>deal</c> (contact + deal, default) or <c>lead</c> (lead linked to the contact).</summary>
    public string Entity { get; init; } = "deal";

    /// <summary>What goes into the CRM's utm_source: <c>passport</c> (the name for people, default) or <c>raw</c> (the tag as posted).</summary>
    public string UtmSource { get; init; } = "passport";

    /// <summary>
    /// amoCRM: what a phone call becomes. <c>lead</c> (default): a lead with the call's note in it. <c>incoming</c>: an incoming lead (Неразобранное) that a
    /// person accepts or declines; calls that the business makes itself stay leads.
    /// </summary>
    public string Calls { get; init; } = "lead";

    /// <summary>Bitrix24 plan, which decides the request limit: <c>standard</c> (2/s over 50) or <c>enterprise</c> (5/s over 250).</summary>
    public string Plan { get; init; } = "standard";

    /// <summary>Bitrix24: the user field of a deal that holds why it was lost, <c>UF_CRM_LOST_REASON</c>. Null: the lost stage itself is the reason.</summary>
    public string? LostReasonField { get; init; }

    /// <summary>Rules by which leads find their pipeline, stage, responsible user, title, fields, tags and task. Null: all go the one way above.</summary>
    public RoutingSettings? Routing { get; init; }
}

/// <summary>Time-outs, limits and pauses of the calls to one CRM account. Defaults are the product's; tests shorten them.</summary>
public sealed record CrmTimings
{
    /// <summary>One HTTP call. Null: 20 s for amoCRM, 65 s for Bitrix24 (its own cut-off is 60 s).</summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>One HTTP call that only reads: it may be repeated, so silence is not waited out. Null: 10 s for amoCRM, 15 s for Bitrix24.</summary>
    public TimeSpan? ReadTimeout { get; init; }

    /// <summary>All attempts of one call together. Null: 45 s for amoCRM, 70 s for Bitrix24.</summary>
    public TimeSpan? TotalTimeout { get; init; }

    /// <summary>See <see cref="ICrmAccount.LookupDelays"/>. Null: 5, 30, 120 s for amoCRM; 65, 130 s for Bitrix24.</summary>
    public IReadOnlyList<TimeSpan>? LookupDelays { get; init; }

    /// <summary>Requests a second to one account. Null: 6.2 for amoCRM (of 7), 90 % of the plan's drain for Bitrix24.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>Pause after the first failure that opens the breaker; doubles up to 15 minutes.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(30);
}
