using System.Diagnostics.CodeAnalysis;

namespace LeadIngest.Api.Delivery;

/// <summary>A pending row that is due, with all that decides whether it may go now.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
internal sealed record DueDelivery
{
    public const string Note = "note", Call = "call";

    public required Guid Id { get; init; }
    public required Guid LeadId { get; init; }

    /// <summary>The client the row's client was merged into, or that one itself.</summary>
    public required Guid ClientId { get; init; }

    public required string Kind { get; init; }
    public required int CrashClaims { get; init; }

    /// <summary>Attempts spent in this series.</summary>
    public required int Attempts { get; init; }

    /// <summary>Sends in the last minute that may have reached the CRM; counted only once there were several attempts.</summary>
    public required int RecentSends { get; init; }

    /// <summary>The client's contact in this CRM account.</summary>
    public string? ContactId { get; init; }

    /// <summary>True while an earlier unfinished row of the client is not due itself, calls that are still going on aside.</summary>
    public required bool Blocked { get; init; }

    /// <summary>True while an earlier lead of the client waits for the end of its call: minutes.</summary>
    public required bool BehindCall { get; init; }

    /// <summary>The card of a note or of a call's entry, once it was found.</summary>
    public string? DealId { get; init; }

    /// <summary>The delivery of the lead that a duplicate repeats; for a call's entry, that of its own lead.</summary>
    public Guid? ParentId { get; init; }

    public Guid? ParentLeadId { get; init; }
    public string? ParentState { get; init; }
    public string? ParentDealId { get; init; }

    /// <summary>It may be what broke the worker, or what breaks the CRM: sent several times, and never answered.</summary>
    public bool IsSuspect => CrashClaims > 0 || Attempts >= 3;

    /// <summary>True for a note that goes into whatever deal of the client is the last by then: none may be on its way.</summary>
    public bool WantsLastDeal => Kind == Note && (DealId ?? ParentDealId) is null;

    /// <summary>True when it may go together with an earlier row of its client, or past one: the contact is known, and the card does not depend on that row.</summary>
    public bool IsFree => ContactId is not null && !WantsLastDeal && Kind != Call;

    /// <summary>True when it may go in one batch with this earlier row of its client.</summary>
    public bool MayFollow(DueDelivery before) => IsFree && Turn >= before.Turn;

    // A batch makes its cards first, then its notes, then the entries of calls: a card would overtake the note before it.
    private int Turn => Kind switch { Note => 1, Call => 2, _ => 0 };

    /// <summary>True for a note or a call's entry whose deal is still to come.</summary>
    public bool LacksDeal => Kind is Note or Call && DealId is null && ParentId is not null && ParentState != "delivered";
}
