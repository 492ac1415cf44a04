using LeadIngest.Api.Features.Reports.Team.Shared;

namespace LeadIngest.Api.Features.Reports.Team.Losses;

/// <summary>What losses are set against each other by.</summary>
internal static class LossDimensions
{
    public static readonly Dictionary<string, Dimension> All = new(Dimension.OfDeals("f.lost_day"), StringComparer.Ordinal)
    {
        ["reason"] = new(DealRows.Reason),
        ["stage"] = new("f.lost_stage_id", IsOfConnection: true),
    };

    public static string Where(ITakesLosses asked, Features.Reports.Shared.ReportQuery query) =>
        $"f.project_id = @ProjectId and f.state = 'lost' and {(asked.By == "made" ? "f.made_day" : "f.lost_day")} between @First and @Last"
        + Filters.OfDeals(query).With(DealRows.Reason, asked.Reason, "@Reason").With("f.lost_stage_id", asked.Stage, "@Stage");
}

/// <summary>Parameters that the report of losses and its rows share.</summary>
internal interface ITakesLosses
{
    string? By { get; }
    string? Reason { get; }
    string? Stage { get; }
}
