namespace LeadIngest.Api.Demo.History;

/// <summary>A history before anything of it is written: made of a seed, a number of months and the moment it ends at, and of nothing else.</summary>
internal sealed record PlannedHistory
{
    public required IReadOnlyList<PlannedVisit> Visits { get; init; }

    /// <summary>Forms and calls, in the order of time.</summary>
    public required IReadOnlyList<PlannedStep> Steps { get; init; }

    public required IReadOnlyList<PlannedPerson> People { get; init; }
    public required IReadOnlyList<PlannedDeal> Deals { get; init; }
    public required IReadOnlyList<PlannedTask> Tasks { get; init; }
    public required IReadOnlyList<PlannedSpend> Spend { get; init; }
    public required IReadOnlyList<PlannedAmount> Amounts { get; init; }
}

/// <param name="Seconds">With the page in sight.</param>
internal sealed record PlannedVisit(Guid Id, Guid VisitorId, DateTimeOffset At, StoryWay Way, string Page, string? Referrer, IReadOnlyList<(string Path, long At)> Pages, int Seconds, bool IsBot);

internal sealed record PlannedPerson(int Number, string Name, string Phone, string? Email, StoryWay Way, Guid Visitor, StoryManager Manager)
{
    /// <summary>Of the card in the CRM.</summary>
    public long ContactId => 200_000 + Number;
}

internal abstract record PlannedStep(DateTimeOffset At);

/// <param name="Id">The lead's.</param>
/// <param name="Kind">What it is meant to be: <c>enquiry</c>, <c>duplicate</c>, <c>spam</c> or <c>test</c>; the service finds out by itself.</param>
internal sealed record PlannedForm(DateTimeOffset At, Guid Id, PlannedPerson Person, PlannedVisit Visit, string Form, string Kind) : PlannedStep(At);

/// <param name="At">When it was over.</param>
/// <param name="Talk">Seconds; 0: nobody answered.</param>
internal sealed record PlannedCall(DateTimeOffset At, string Id, PlannedPerson Person, string Line, bool IsIncoming, int Wait, int Talk, PlannedVisit? Visit, StoryManager? By) : PlannedStep(At);

/// <summary>A card in the CRM. Made of a form or a call, or by hand.</summary>
internal sealed record PlannedDeal(long Id, string Name, DateTimeOffset At, PlannedPerson? Person, StoryManager By, long Pipeline, long Stage)
{
    public PlannedForm? Form { get; init; }
    public PlannedCall? Call { get; init; }
    public List<(DateTimeOffset At, long Stage)> Moves { get; } = [];
    public List<(DateTimeOffset At, decimal Price)> Prices { get; } = [];
    public List<(DateTimeOffset At, string Kind, int Seconds)> Touches { get; } = [];
    public List<(StoryProduct Product, int Quantity)> Products { get; } = [];
    public long? LostReason { get; set; }

    public bool IsByHand => Form is null && Call is null;

    public long Ends => Moves.Count > 0 ? Moves[^1].Stage : Stage;
}

internal sealed record PlannedTask(long Id, PlannedDeal Deal, DateTimeOffset At, DateTimeOffset Due, DateTimeOffset? Done);

/// <summary>What a campaign cost on a day, by its cabinet.</summary>
internal sealed record PlannedSpend(string Cabinet, DateOnly Day, string Campaign, string? CampaignId, decimal Amount, int Clicks, int Impressions);

/// <summary>What no cabinet tells.</summary>
internal sealed record PlannedAmount(string Name, DateOnly From, DateOnly To, decimal Amount, string Source, string Medium, string Campaign);
