using System.Net;
using LeadIngest.Core.Clients;
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Ingest;

/// <summary>One thing to be written by the writer loop; whoever posted it waits for <see cref="Written"/>.</summary>
internal abstract class IngestItem
{
    private readonly TaskCompletionSource<IngestResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public required SiteEntry Site { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The caller's Idempotency-Key with what it was sent with; null when there is none.</summary>
    public IdempotencyClaim? Idempotency { get; init; }

    public Task<IngestResult> Written => _done.Task;

    public void Complete(IngestResult result) => _done.TrySetResult(result);
}

/// <param name="Path">The route, so that one key may serve several.</param>
/// <param name="Key">As sent: 1–255 visible characters.</param>
/// <param name="BodyHash">SHA-256 of the body as sent.</param>
/// <param name="OrKey">Another key under which the same may be stored already; null: none.</param>
internal sealed record IdempotencyClaim(string Path, string Key, byte[] BodyHash, string? OrKey = null);

/// <summary>What became of an item. The answer to a stranger is made of it, and says no more than it must.</summary>
internal abstract record IngestResult
{
    private IngestResult() { }

    /// <summary>Committed.</summary>
    public sealed record Stored(Guid Id) : IngestResult;

    /// <summary>The same key and body came before: its answer, again.</summary>
    public sealed record Seen(int Status, string Answer) : IngestResult;

    /// <summary>The key came before with another body.</summary>
    public sealed record KeyReused : IngestResult;

    /// <summary>The reject had been replayed already.</summary>
    public sealed record AlreadyReplayed : IngestResult;

    /// <summary>The lead to be released was neither spam nor a trial any more.</summary>
    public sealed record AlreadyReleased : IngestResult;

    /// <summary>The database refuses the values themselves; to be kept as a Reject.</summary>
    public sealed record Poisoned(string SqlState) : IngestResult;

    /// <summary>Not known to be stored: the database is away or the commit's outcome is unknown. The caller may come again.</summary>
    public sealed record Unavailable : IngestResult;
}

/// <summary>A lead, read and normalised; only its client and its status are still open.</summary>
internal sealed class LeadItem : IngestItem
{
    /// <summary>Given when the id was promised before (a call's lead); null: the writer makes one.</summary>
    public Guid? Id { get; init; }

    /// <summary>The call that this lead is.</summary>
    public Guid? CallId { get; init; }

    /// <summary>Not brought to a CRM before this moment; null: at once.</summary>
    public DateTimeOffset? DeliverAfter { get; init; }

    /// <summary>Spam is kept and never delivered; test leads of a builder alike. Others become new, repeat or duplicate.</summary>
    public LeadStatus? FixedStatus { get; init; }

    public required string Kind { get; init; }
    public required IReadOnlyList<Identity> Identities { get; init; }
    public DateTimeOffset? OccurredAt { get; init; }
    public string? Name { get; init; }
    public string? Phone { get; init; }
    public string? PhoneTyped { get; init; }
    public string? Email { get; init; }
    public string? EmailTyped { get; init; }
    public string? Messenger { get; init; }
    public string? Comment { get; init; }
    public string? FormId { get; init; }
    public string? FormName { get; init; }
    public string? VisitorId { get; init; }
    public string? VisitId { get; init; }
    public required Passport Passport { get; init; }

    /// <summary>The passport's parts without a column of their own, as JSON.</summary>
    public required string PassportJson { get; init; }

    /// <summary>Fields, consent, address and warnings, as JSON.</summary>
    public required string DetailsJson { get; init; }

    /// <summary>The reject that this lead mends; it is closed in the same transaction.</summary>
    public Guid? Replays { get; init; }

    /// <summary>The stored lead <see cref="Id"/>, spam or a trial so far, becomes the enquiry it would have been; its own row stays, its client and status are decided now.</summary>
    public bool Releases { get; init; }

    public string Form => FormId ?? FormName ?? "";
}

/// <summary>Input that could not be understood, kept whole.</summary>
internal sealed class RejectItem : IngestItem
{
    public required string Route { get; init; }
    public required string Reason { get; init; }

    /// <summary>By field, as JSON.</summary>
    public required string ErrorsJson { get; init; }

    public required string? ContentType { get; init; }

    /// <summary>Without credentials and cookies, as JSON.</summary>
    public required string HeadersJson { get; init; }

    public required IPAddress? Ip { get; init; }
    public required byte[] Body { get; init; }

    /// <summary>What the caller is answered; kept with the Idempotency-Key so that a repeat hears the same.</summary>
    public required int Status { get; init; }

    public required string Answer { get; init; }
}
