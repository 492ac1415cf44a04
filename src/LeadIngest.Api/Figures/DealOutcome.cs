namespace LeadIngest.Api.Figures;

/// <summary>When a deal was won or lost, by its course through the stages.</summary>
/// <param name="WonAt">When it last came to a won stage from another; null unless it is won now.</param>
/// <param name="LostAt">The same of lost ones.</param>
/// <param name="LostStage">The last stage before it was lost; null: it is not lost, or was never seen elsewhere.</param>
internal sealed record DealOutcome(DateTimeOffset? WonAt, DateTimeOffset? LostAt, string? LostStage)
{
    /// <remarks>Where the course does not tell, the card does: closed, came to its stage, made; the first that is known.</remarks>
    public static DealOutcome Of(FamilyDeal deal)
    {
        var told = deal.ClosedAt ?? deal.MovedAt ?? deal.MadeAt;
        if (deal.State == "won") return new(Last("won")?.At ?? told, null, null);
        if (deal.State != "lost") return new(null, null, null);
        var lost = Last("lost");
        return new(null, lost?.At ?? told, (lost is null ? deal.Stages : deal.Stages.TakeWhile(s => !ReferenceEquals(s, lost))).LastOrDefault(s => s.State != "lost")?.Stage);

        StageStep? Last(string state) => deal.Stages.Where((s, i) => s.State == state && (i == 0 || deal.Stages[i - 1].State != state)).LastOrDefault();
    }
}
