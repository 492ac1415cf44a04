using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Team.Funnel;

/// <summary>The funnel of one pipeline.</summary>
/// <param name="ConnectionId">The CRM account.</param>
/// <param name="ConnectionName">For people: pipelines of two accounts may have one name.</param>
/// <param name="PipelineId">The CRM's id; empty where it has only one.</param>
/// <param name="Name">For people.</param>
/// <param name="Total">Of all its deals.</param>
/// <param name="Items">By <c>groupBy</c>; most deals first, periods in order. Their counts add up to the total's.</param>
internal sealed record PipelineFunnel(Guid ConnectionId, string? ConnectionName, string PipelineId, string? Name, FunnelFigures Total, IReadOnlyList<FunnelGroup> Items);

/// <param name="Group">What the row stands for.</param>
/// <param name="Figures">Of its deals.</param>
internal sealed record FunnelGroup(Group Group, FunnelFigures Figures);

/// <summary>Deals made in the period, with all that became of them since.</summary>
/// <param name="Deals">Each is in one of <paramref name="Open"/>, <paramref name="Won"/>, <paramref name="Lost"/> and <paramref name="Elsewhere"/>.</param>
/// <param name="Open">They stand in an open stage.</param>
/// <param name="Won">Won now.</param>
/// <param name="Lost">Lost now; reopened deals are not.</param>
/// <param name="Elsewhere">They stand in a stage that the pipeline does not have any more.</param>
/// <param name="Reopened">They left a lost stage at least once, whatever became of them.</param>
/// <param name="WonShare">Won / all.</param>
/// <param name="LostShare">Lost / all.</param>
/// <param name="Steps">The open stages in order, then winning.</param>
/// <param name="Previous">The same of the days compared with; null: no comparison.</param>
internal sealed record FunnelFigures(long Deals, long Open, long Won, long Lost, long Elsewhere, long Reopened, Share WonShare, Share LostShare, IReadOnlyList<FunnelStepAnswer> Steps, FunnelFigures? Previous)
{
    /// <param name="report">Null: no deals.</param>
    /// <param name="stages">Of the pipeline.</param>
    /// <param name="previous">Of the days compared with.</param>
    public static FunnelFigures Of(FunnelReport? report, CrmStage[] stages, FunnelFigures? previous)
    {
        report ??= new FunnelCount([.. stages.Select(s => new FunnelStage(s.Id, s.Kind))]).Report();
        var names = stages.ToDictionary(s => s.Id, s => s.Name, StringComparer.Ordinal);
        var (won, lost) = (report.Steps[^1].StandingNow, report.Lost.Sum(l => l.Deals));
        var winning = stages.FirstOrDefault(s => s.Kind == StageKind.Won);
        return new(report.Deals, report.Deals - won - lost - report.ElsewhereNow, won, lost, report.ElsewhereNow, report.Reopened, Share.Of(won, report.Deals), Share.Of(lost, report.Deals),
            [.. report.Steps.Select(s => new FunnelStepAnswer(s.StageId, s.StageId is null ? winning?.Name : names[s.StageId], s.StageId is null, s.Entered, s.Reached, s.JumpedOver, s.StandingNow, s.LostHere,
                Share.Of(s.FromPrevious), Share.Of(s.FromStart), Seconds.Of(s.MedianStay), Seconds.Of(s.SlowStay)))], previous);
    }
}

/// <summary>One step of a funnel.</summary>
/// <param name="StageId">The CRM's id; null for winning.</param>
/// <param name="Name">The stage's; of winning that of the first won stage.</param>
/// <param name="IsWinning">The last step.</param>
/// <param name="Entered">Deals that stood in it at any time.</param>
/// <param name="Reached">Deals that stood in it or in a later one.</param>
/// <param name="JumpedOver">Deals that came further without ever standing in it.</param>
/// <param name="StandingNow">Deals in it now.</param>
/// <param name="LostHere">Deals that are lost and stood in it just before.</param>
/// <param name="FromPrevious">Reached / reached of the step before; of the first, / all deals.</param>
/// <param name="FromStart">Reached / all deals.</param>
/// <param name="MedianSeconds">Median of the time that deals which have left it spent in it; null when none has.</param>
/// <param name="SlowSeconds">Nine deals of ten spent no more.</param>
internal sealed record FunnelStepAnswer(string? StageId, string? Name, bool IsWinning, long Entered, long Reached, long JumpedOver, long StandingNow, long LostHere, Share FromPrevious, Share FromStart,
    long? MedianSeconds, long? SlowSeconds);
