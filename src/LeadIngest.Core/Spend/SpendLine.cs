namespace LeadIngest.Core.Spend;

/// <summary>What an amount is for, as finely as its table says.</summary>
public sealed record SpendLevel
{
    public string? CampaignId { get; init; }
    public string? CampaignName { get; init; }
    public string? GroupId { get; init; }
    public string? GroupName { get; init; }
    public string? AdId { get; init; }
    public string? AdName { get; init; }
    public string? Keyword { get; init; }
    public string? Source { get; init; }
    public string? Medium { get; init; }
    public required string Currency { get; init; }
    public required bool VatIncluded { get; init; }
}

/// <summary>One row of a table as it was read: an amount over one day or several.</summary>
/// <param name="Line">Where it stands in the file.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="Level">What it is for.</param>
/// <param name="Amount">Of all the days together; negative for a correction.</param>
/// <param name="Clicks">0 when not told.</param>
/// <param name="Impressions">0 when not told.</param>
/// <param name="Cells">The row as it was.</param>
public sealed record SpendLine(int Line, DateOnly From, DateOnly To, SpendLevel Level, decimal Amount, long Clicks, long Impressions, IReadOnlyList<string> Cells);

/// <summary>What became of a row.</summary>
public abstract record SpendRowOutcome(int Line)
{
    /// <summary>It was understood.</summary>
    public sealed record Taken(SpendLine Row) : SpendRowOutcome(Row.Line);

    /// <summary>It was not, and nothing of it is taken.</summary>
    /// <param name="Line">Where it stands in the file.</param>
    /// <param name="Reason">For people.</param>
    /// <param name="Cells">The row as it was.</param>
    /// <param name="Column">The title of the column at fault; null when it is the row as a whole.</param>
    public sealed record Refused(int Line, string? Column, string Reason, IReadOnlyList<string> Cells) : SpendRowOutcome(Line);

    /// <summary>It is no spend: a total.</summary>
    public sealed record Skipped(int Line, string Why) : SpendRowOutcome(Line);
}
