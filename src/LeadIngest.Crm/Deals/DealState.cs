namespace LeadIngest.Crm.Deals;

/// <summary>A deal that is there, as far as a note or a call's entry needs to know.</summary>
/// <param name="IsClosed">Won or lost.</param>
/// <param name="ResponsibleUserId">Who answers for it; null when nobody does, or it cannot be seen.</param>
internal sealed record DealState(bool IsClosed, int? ResponsibleUserId);
