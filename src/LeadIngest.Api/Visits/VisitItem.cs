using LeadIngest.Api.Ingest;
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Visits;

/// <summary>A visit as one message tells it, ready to be stored. Messages of one visit may be joined in any order (<see cref="With"/>).</summary>
internal sealed record VisitFacts
{
    public required SiteEntry Site { get; init; }
    public required Guid Id { get; init; }
    public required Guid VisitorId { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; init; }
    public required Passport Passport { get; init; }
    public required IReadOnlyDictionary<string, string> ClientIds { get; init; }
    public required IReadOnlyList<(string Path, long At)> Pages { get; init; }
    public required int PageViews { get; init; }
    public required int Seconds { get; init; }
    public string? Ip { get; init; }
    public string? UserAgent { get; init; }
    public bool IsBot { get; init; }
    public bool WantsNumbers { get; init; }

    /// <summary>A page was loaded: the number that the visitor's other visit holds is this one's from now on. A mere sign of life takes nothing over.</summary>
    public bool TakesOver { get; init; }

    /// <summary>The same visit by this and another message: nothing falls, and the start stays the earliest.</summary>
    public VisitFacts With(VisitFacts other) => this with
    {
        StartedAt = StartedAt < other.StartedAt ? StartedAt : other.StartedAt,
        LastSeenAt = LastSeenAt > other.LastSeenAt ? LastSeenAt : other.LastSeenAt,
        Passport = Passport.Channel == Channel.Unknown ? other.Passport : Passport,
        ClientIds = ClientIds.Count == 0 ? other.ClientIds : other.ClientIds.Concat(ClientIds).DistinctBy(p => p.Key).ToDictionary(),
        Pages = other.Pages.Count > Pages.Count ? other.Pages : Pages,
        PageViews = Math.Max(PageViews, other.PageViews),
        Seconds = Math.Max(Seconds, other.Seconds),
        Ip = Ip ?? other.Ip,
        UserAgent = UserAgent ?? other.UserAgent,
        IsBot = IsBot || other.IsBot,
        WantsNumbers = WantsNumbers || other.WantsNumbers,
        TakesOver = TakesOver || other.TakesOver,
    };
}

/// <summary>One beacon on its way through the writer loop; whoever posted it waits for <see cref="Written"/>.</summary>
internal sealed class VisitItem(VisitFacts facts)
{
    private readonly TaskCompletionSource<VisitResult> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public VisitFacts Facts { get; set; } = facts;

    public Task<VisitResult> Written => _written.Task;

    public void Complete(VisitResult result) => _written.TrySetResult(result);
}

/// <summary>What became of a beacon.</summary>
internal abstract record VisitResult
{
    private VisitResult() { }

    /// <param name="VisitorId">As stored.</param>
    /// <param name="VisitId">As stored: not the posted one when that belongs to somebody else.</param>
    /// <param name="Numbers">By region; regions without a number to show are missing.</param>
    public sealed record Stored(Guid VisitorId, Guid VisitId, IReadOnlyDictionary<string, string> Numbers) : VisitResult;

    /// <summary>The database refuses these values for ever.</summary>
    public sealed record Poisoned(string SqlState) : VisitResult;

    /// <summary>Nothing was stored; the sender may come again.</summary>
    public sealed record Unavailable : VisitResult;
}
