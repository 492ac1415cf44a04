using LeadIngest.Core.Attribution;

namespace LeadIngest.Api.Figures;

/// <summary>Everything that the figures of one client hang on, merged ones included; or of one deal that has none.</summary>
/// <param name="Client">The root of the family; null: a deal without a client.</param>
internal sealed record Family(Guid? Client)
{
    public List<FamilyTouch> Touches { get; } = [];

    public List<FamilyDeal> Deals { get; } = [];

    /// <summary>The newest call or message of either side.</summary>
    public DateTimeOffset? ContactAt { get; set; }
}

/// <summary>A touch and what its passport says beyond its source.</summary>
/// <param name="Origin">Row of <c>origins</c>.</param>
/// <param name="Site">Where it came to.</param>
/// <param name="Day">By the project's time zone.</param>
internal sealed record FamilyTouch(DealTouch Touch, Guid Origin, Guid Site, DateOnly Day);

/// <summary>A deal as the mirror keeps it.</summary>
/// <param name="Lead">Our lead that became it; of a deal made of a Bitrix24 lead, that one's.</param>
/// <param name="LeadSite">That lead's.</param>
/// <param name="LeadDay">That lead's, by the project's time zone.</param>
/// <param name="MadeAt">By the CRM's clock; where that is unknown, when it was first seen.</param>
internal sealed record FamilyDeal(Guid Id, Guid Connection, Guid? Client, Guid? Lead, Guid? LeadSite, DateOnly? LeadDay, string Pipeline, string Stage, string? Manager, string State, DateTimeOffset MadeAt,
    DateTimeOffset? ClosedAt, DateTimeOffset? MovedAt, string? LostReason, decimal Amount, string? Currency)
{
    /// <summary>Its course through the stages, oldest first.</summary>
    public List<StageStep> Stages { get; } = [];

    /// <summary>The course of its amount, oldest first.</summary>
    public List<AmountStep> Amounts { get; } = [];
}

/// <param name="State">Of the stage it came to: <c>open</c>, <c>won</c>, <c>lost</c>.</param>
internal sealed record StageStep(DateTimeOffset At, string Stage, string State);

internal sealed record AmountStep(DateTimeOffset At, decimal Amount, string? Currency);
