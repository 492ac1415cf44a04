namespace LeadIngest.CrmEmulator.Faults;

internal static class FaultKinds
{
    public const string Latency = "latency", Late = "late", Hang = "hang", StatusBefore = "status_before", StatusAfter = "status_after",
        DropBefore = "drop_before", DropAfter = "drop_after", Html = "html", Truncated = "truncated", RateLimit = "rate_limit", Down = "down",
        ExpireTokens = "expire_tokens", SearchLag = "search_lag",
        HookDelay = "hook_delay", HookDuplicate = "hook_duplicate", HookReorder = "hook_reorder", HookDrop = "hook_drop";

    public static readonly string[] All =
    [
        Latency, Late, Hang, StatusBefore, StatusAfter, DropBefore, DropAfter, Html, Truncated, RateLimit, Down, ExpireTokens, SearchLag,
        HookDelay, HookDuplicate, HookReorder, HookDrop,
    ];

    public static bool IsOfHooks(string kind) => kind.StartsWith("hook_", StringComparison.Ordinal);
}

/// <summary>One thing that goes wrong, for as long as it is on.</summary>
/// <param name="Crm"><c>amocrm</c>, <c>bitrix24</c> or <c>both</c>.</param>
/// <param name="Probability">Chance per HTTP request, 0 to 1.</param>
/// <param name="Ms">Milliseconds: of delay, of a late answer, of hanging, of search lag.</param>
/// <param name="Status">HTTP status to answer; null: the kind's own.</param>
/// <param name="Until">When it goes off by itself; null: when cleared.</param>
/// <param name="Account">Host of the only account that is hit; null: all.</param>
/// <param name="Path">Text that the method and path of the request have to contain (<c>POST</c>, <c>leads/complex</c>, <c>crm.deal.add</c>); null: any.</param>
internal sealed record Fault(int Id, string Crm, string Kind, double Probability, int Ms, int? Status, DateTimeOffset Since, DateTimeOffset? Until,
    string? Account, string? Path)
{
    /// <summary>How many requests it still hits before it goes off; null: no end.</summary>
    public int? Left { get; set; }

    public bool IsOn(DateTimeOffset now) => (Until is null || now < Until) && Left is not <= 0;

    public bool Hits(string crm, DateTimeOffset now) => (Crm == "both" || Crm == crm) && IsOn(now);

    public bool Hits(string crm, string host, DateTimeOffset now) => Hits(crm, now) && (Account is null || Account == host);
}

/// <summary>What the dice said for one request.</summary>
/// <param name="DelayMs">Wait so long first.</param>
/// <param name="Before">Kind that answers instead of the CRM, or null.</param>
/// <param name="After">Kind that spoils the answer once the work is done, or null.</param>
internal readonly record struct Verdict(int DelayMs, Fault? Before, Fault? After, DateTimeOffset? TokensExpiredAt);

/// <summary>What the dice said for one webhook.</summary>
internal readonly record struct HookVerdict(int DelayMs, bool IsDropped, bool IsDoubled);
