namespace LeadIngest.CrmEmulator.Faults;

internal static class FaultKinds
{
    public const string Latency = "latency", Hang = "hang", StatusBefore = "status_before", StatusAfter = "status_after",
        DropBefore = "drop_before", DropAfter = "drop_after", Html = "html", RateLimit = "rate_limit", Down = "down",
        ExpireTokens = "expire_tokens", SearchLag = "search_lag";

    public static readonly string[] All =
        [Latency, Hang, StatusBefore, StatusAfter, DropBefore, DropAfter, Html, RateLimit, Down, ExpireTokens, SearchLag];
}

/// <summary>One thing that goes wrong, for as long as it is on.</summary>
/// <param name="Crm"><c>amocrm</c>, <c>bitrix24</c> or <c>both</c>.</param>
/// <param name="Probability">Chance per HTTP request, 0 to 1.</param>
/// <param name="Ms">Milliseconds: of delay, of hanging, of search lag.</param>
/// <param name="Status">HTTP status to answer; null: the kind's own.</param>
/// <param name="Until">When it goes off by itself; null: when cleared.</param>
internal sealed record Fault(int Id, string Crm, string Kind, double Probability, int Ms, int? Status, DateTimeOffset Since, DateTimeOffset? Until)
{
    public bool Hits(string crm, DateTimeOffset now) => (Crm == "both" || Crm == crm) && (Until is null || now < Until);
}

/// <summary>What the dice said for one request.</summary>
/// <param name="DelayMs">Wait so long first.</param>
/// <param name="Before">Kind that answers instead of the CRM, or null.</param>
/// <param name="After">Kind that spoils the answer once the work is done, or null.</param>
internal readonly record struct Verdict(int DelayMs, Fault? Before, Fault? After, DateTimeOffset? TokensExpiredAt);
