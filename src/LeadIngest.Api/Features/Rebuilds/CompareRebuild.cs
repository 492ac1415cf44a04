using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Rebuilds;

/// <summary>The figures before a rebuild beside those after it.</summary>
/// <remarks>
/// Visits, leads and spend are of their own month, deals of the month they were made in, won deals and revenue of the month they were closed in; a deal counts for the source of its own
/// lead, revenue in the project's currency. These are the facts by passports: a report that shares a deal among several touches shows other sums.
/// </remarks>
internal sealed class CompareRebuild : IEndpoint
{
    private const int MostRows = 5000;

    /// <param name="By"><c>channel</c>, <c>source</c> (when absent), <c>medium</c> or <c>campaign</c>: that far down the rows go.</param>
    /// <param name="ByMonth">One row a month; else all months together.</param>
    /// <param name="From">First month, any day of it.</param>
    /// <param name="To">Last month.</param>
    /// <param name="ChangedOnly">Leaves out rows that are alike on both sides.</param>
    internal sealed record Query(string? By, bool? ByMonth, DateOnly? From, DateOnly? To, bool? ChangedOnly);

    private sealed class Validator : AbstractValidator<Query>
    {
        public Validator() => RuleFor(q => q.By).OneOf("channel", "source", "medium", "campaign");
    }

    internal sealed record Figures(long Visits, long Leads, long Deals, long Won, decimal Revenue, decimal Spend);

    /// <param name="Month">The first day of it; null: all months together.</param>
    /// <param name="Campaign"><c>…</c> stands for campaigns beyond the 200 greatest of a month.</param>
    internal sealed record Row(DateOnly? Month, string Channel, string? Source, string? Medium, string? Campaign, Figures Before, Figures After);

    /// <param name="IsComplete">False until the rebuild is done: <c>after</c> is empty then.</param>
    /// <param name="Total">The sums of all rows, shown or not.</param>
    internal sealed record Response(bool IsComplete, Row Total, IReadOnlyList<Row> Items);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}/comparison", HandleAsync).Validate(new Validator()).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Guid id, [AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rebuild = await RebuildAnswer.FindAsync(connection, scope.ProjectId, id, ct);
        if (rebuild is null) return Problems.NotFound("rebuild");
        string[] levels = ["channel", "source", "medium", "campaign"];
        var depth = Array.IndexOf(levels, query.By ?? "source");
        var columns = string.Join(", ", levels.Select((level, i) => i <= depth ? level : $"null::text as {level}").Prepend(query.ByMonth == true ? "month" : "null::date as month"));
        var rows = (await connection.QueryAsync<Sums>(new CommandDefinition($"""
            select * from (
                select {columns}, {Sides}
                from figure_snapshots where project_id = @ProjectId and rebuild_id = @Id and (@From::date is null or month >= date_trunc('month', @From::date)) and (@To::date is null or month <= @To)
                group by 1, 2, 3, 4, 5) t
            order by month, leads_before + leads_after desc, channel, source, medium, campaign
            """, new { scope.ProjectId, Id = id, query.From, query.To }, cancellationToken: ct))).AsList();
        var total = new Sums { Channel = "" };
        foreach (var row in rows) total.Add(row);
        var shown = rows.Select(r => r.Answer()).Where(r => query.ChangedOnly != true || r.Before != r.After).Take(MostRows);
        return TypedResults.Ok(new Response(rebuild.State == "done", total.Answer(), [.. shown]));
    }

    private static readonly string Sides = string.Join(", ", from figure in (string[])["visits", "leads", "deals", "won", "revenue", "spend"]
                                                             from side in (string[])["before", "after"]
                                                             select $"coalesce(sum({figure}) filter (where moment = '{side}'), 0){(figure is "revenue" or "spend" ? "" : "::bigint")} as {figure}_{side}");

    private sealed class Sums
    {
        public DateOnly? Month { get; init; }
        public string Channel { get; init; } = "";
        public string? Source { get; init; }
        public string? Medium { get; init; }
        public string? Campaign { get; init; }
        public long VisitsBefore { get; set; }
        public long VisitsAfter { get; set; }
        public long LeadsBefore { get; set; }
        public long LeadsAfter { get; set; }
        public long DealsBefore { get; set; }
        public long DealsAfter { get; set; }
        public long WonBefore { get; set; }
        public long WonAfter { get; set; }
        public decimal RevenueBefore { get; set; }
        public decimal RevenueAfter { get; set; }
        public decimal SpendBefore { get; set; }
        public decimal SpendAfter { get; set; }

        public void Add(Sums row)
        {
            (VisitsBefore, VisitsAfter, LeadsBefore, LeadsAfter) = (VisitsBefore + row.VisitsBefore, VisitsAfter + row.VisitsAfter, LeadsBefore + row.LeadsBefore, LeadsAfter + row.LeadsAfter);
            (DealsBefore, DealsAfter, WonBefore, WonAfter) = (DealsBefore + row.DealsBefore, DealsAfter + row.DealsAfter, WonBefore + row.WonBefore, WonAfter + row.WonAfter);
            (RevenueBefore, RevenueAfter, SpendBefore, SpendAfter) = (RevenueBefore + row.RevenueBefore, RevenueAfter + row.RevenueAfter, SpendBefore + row.SpendBefore, SpendAfter + row.SpendAfter);
        }

        public Row Answer() => new(Month, Channel, Source, Medium, Campaign, new(VisitsBefore, LeadsBefore, DealsBefore, WonBefore, decimal.Round(RevenueBefore, 2), decimal.Round(SpendBefore, 2)),
            new(VisitsAfter, LeadsAfter, DealsAfter, WonAfter, decimal.Round(RevenueAfter, 2), decimal.Round(SpendAfter, 2)));
    }
}
