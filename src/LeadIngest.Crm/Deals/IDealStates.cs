using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Deals;

/// <summary>Reads what became of deals. Nothing of it changes the CRM; a failure is the end of a call that only reads.</summary>
internal interface IDealStates
{
    /// <summary>All deals in one request where the account allows it.</summary>
    /// <returns>Deals by id: those without one are not there any more. Or how the reading failed.</returns>
    Task<(IReadOnlyDictionary<string, DealState> Deals, CallEnd? Failure)> ReadAsync(IReadOnlyCollection<string> ids, ICallGuard guard, CancellationToken ct);

    /// <summary>Looks for the deals into which others that are gone were merged.</summary>
    /// <param name="gone">A lead for each deal that is gone.</param>
    /// <param name="guard">Asked before the bytes go out.</param>
    /// <param name="ct">The caller's.</param>
    /// <returns>The surviving deal by the one that is gone: those without were deleted.</returns>
    Task<(IReadOnlyDictionary<string, string> Into, CallEnd? Failure)> FollowAsync(IReadOnlyList<OutgoingLead> gone, ICallGuard guard, CancellationToken ct);

    /// <returns>Who answers for these contacts.</returns>
    Task<(IReadOnlyDictionary<string, int> Users, CallEnd? Failure)> ResponsibleAsync(IReadOnlyList<string> contacts, ICallGuard guard, CancellationToken ct);
}

/// <summary>One lead while it is being sent, whichever CRM it goes to.</summary>
internal interface IDealItem
{
    OutgoingLead Lead { get; }

    Routing.RoutingDecision Route { get; set; }

    IReadOnlyDictionary<string, string> Steps { get; }

    DeliveryOutcome? Outcome { get; }

    void End(CallEnd end);

    /// <summary>Ends it otherwise than by a call.</summary>
    void End(DeliveryOutcome outcome);
}
