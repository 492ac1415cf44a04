namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>State of one account that the door <c>/_account/amocrm</c> changes while the emulator runs. Where the vendor is unsure, a switch.</summary>
internal sealed record AccountSettings
{
    /// <summary>False: every call is answered 402.</summary>
    public bool Paid { get; init; } = true;

    /// <summary>Every call, the token endpoint's too, is answered with an HTML page and 403.</summary>
    public bool Blocked { get; init; }

    /// <summary>The user behind the token may only read.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>How writing is refused then: 403 with a JSON problem, or 400 with the old code 244.</summary>
    public int ReadOnlyStatus { get; init; } = 403;

    /// <summary>False: no custom fields, users, webhooks for this token (403).</summary>
    public bool Admin { get; init; } = true;

    /// <summary>Whether <c>filter</c> on leads, contacts and companies works; without the add-on it is ignored in silence.</summary>
    public bool ApiFilter { get; init; }

    public bool DuplicateControl { get; init; }

    /// <summary>Of all deals: an account has one.</summary>
    public string Currency { get; init; } = "RUB";

    /// <summary>Requests per second of one integration, and of all together. More is answered 429.</summary>
    public int RatePerSecond { get; init; } = 7;

    public int AccountRatePerSecond { get; init; } = 50;

    /// <summary>After so many 429 within a minute every call is answered 403 until reset. 0: never.</summary>
    public int BlockAfterViolations { get; init; } = 100;

    public int RetryAfterSeconds { get; init; } = 1;

    /// <summary><c>all</c> (one after the other), <c>json</c>, <c>html</c> or <c>empty</c>: which body a 429 has.</summary>
    public string RateAnswer { get; init; } = "all";

    /// <summary>Arrays of more items are answered 504. 0: no such bound.</summary>
    public int MaxBatch { get; init; }

    /// <summary>Whether what was answered 504 for its size was done all the same.</summary>
    public bool MaxBatchDone { get; init; }

    /// <summary>An item that contains this text is refused. Null: none.</summary>
    public string? Poison { get; init; }

    /// <summary>400: a validation error that names the item. Anything else: the whole request fails with this status, nothing done.</summary>
    public int PoisonStatus { get; init; } = 400;

    /// <summary>Whether one bad item keeps its neighbours out. False: they are stored, and the answer is 400 all the same.</summary>
    public bool AtomicBatches { get; init; } = true;

    /// <summary>Longest name and text value; a longer one refuses its item. 0: no bound.</summary>
    public int TextLimit { get; init; }

    /// <summary><c>keep</c>, <c>gone</c> or <c>both</c>: the entities that <c>entity_merged</c> names.</summary>
    public string MergeEvent { get; init; } = "keep";

    /// <summary>The card that was merged away leaves <c>lead_deleted</c> (<c>contact_deleted</c>) among the events too.</summary>
    public bool MergeDeletes { get; init; }

    /// <summary><c>array</c> or <c>hal</c>: how <c>leads/complex</c> wraps its answer.</summary>
    public string ComplexAnswer { get; init; } = "array";

    /// <summary>Status of every refusal of the token endpoint: 400, 401, or 0 for the one most often told of.</summary>
    public int TokenErrorStatus { get; init; }

    /// <summary>For so many seconds after its use a refresh token works once more. The vendor documents no such grace.</summary>
    public int RefreshGraceSeconds { get; init; }

    /// <summary><c>refuse</c> or <c>accept</c>: what happens to an incoming lead sent twice.</summary>
    public string UnsortedRepeats { get; init; } = "refuse";

    /// <summary>A lead that is opened again keeps its <c>closed_at</c>.</summary>
    public bool ReopenKeepsClosedAt { get; init; }

    /// <summary>Wrong keys of an integration: true for a <c>hint</c>, false for 401 without one.</summary>
    public bool ClientErrorHint { get; init; } = true;

    /// <summary>Claim <c>api_domain</c> of new access tokens. Null: by the account's host. Empty: no such claim, as in old tokens.</summary>
    public string? ApiDomain { get; init; }

    public static AccountSettings Of(AmocrmOptions options) => new()
    {
        ApiFilter = options.ApiFilterEnabled,
        DuplicateControl = options.DuplicateControl,
        RatePerSecond = options.RatePerSecond,
        AccountRatePerSecond = options.AccountRatePerSecond,
        BlockAfterViolations = options.BlockAfterViolations,
        RetryAfterSeconds = options.RetryAfterSeconds,
    };
}
