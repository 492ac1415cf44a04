namespace LeadIngest.Resilience.Scenarios;

/// <summary>
/// Settings of the service that make minutes of patience into seconds, so that a short run meets take-overs, doubts and look-ups as often as
/// a long one does with the product's defaults. Nothing else is changed.
/// </summary>
internal static class Shortened
{
    /// <summary>A worker that died is replaced after some 3 s instead of 60 to 100 s.</summary>
    public static Dictionary<string, string> Leases() => new()
    {
        ["Delivery__Lease"] = "00:00:03",
        ["Delivery__RenewEvery"] = "00:00:00.5",
        ["Delivery__CallMargin"] = "00:00:00.2",
        ["Delivery__PollEvery"] = "00:00:00.5",
        ["Delivery__IdleHold"] = "00:00:05",
        ["Delivery__MaxHold"] = "00:00:05",
        ["Crm__AttemptTimeout"] = "00:00:01.5",
        ["Crm__TotalTimeout"] = "00:00:03",
        ["Crm__LookupDelays__0"] = "00:00:02",
        ["Crm__LookupDelays__1"] = "00:00:04",
        ["Crm__BreakerPause"] = "00:00:01",
    };
}
