namespace LeadIngest.Crm.Failures;

/// <summary>What a deal can have become since a lead was on its way to it: no ends of calls but what an answer that was understood says.</summary>
internal static class DealFailures
{
    public static readonly Failure Closed = new("deal.closed", Meaning.Closed, "amoCRM: `status_id` 142 or 143; Bitrix24: `stageSemanticId` `S` or `F`");

    public static readonly Failure Merged = new("deal.merged", Meaning.Merged,
        "the deal is not there, and another one carries our id of it; amoCRM also: `entity_merged` among the events of the contact's deals");

    public static readonly Failure Deleted = new("deal.deleted", Meaning.Deleted, "amoCRM: 204 or 404 for the deal, or `is_deleted`; Bitrix24: `NOT_FOUND`; and no trace of a merge");

    public static IReadOnlyList<Failure> All { get; } = [Closed, Merged, Deleted];
}
