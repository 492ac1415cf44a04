using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Times;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Team.Losses;

/// <summary>Why deals are lost: any two of reason, source, stage, manager, month and others, one as rows and one as columns.</summary>
/// <remarks>A deal counts once, at its last loss; one that was opened again is not lost. Losses without a reason have a column of their own, <c>(none)</c>.</remarks>
internal sealed class GetLosses : IEndpoint
{
    /// <summary>Key of what is left when there are more rows or columns than are shown.</summary>
    public const string Others = "(others)";

    private const int MostRows = 500;
    private const int MostColumns = 50;

    internal sealed record Query : TeamQuery, ITakesLosses
    {
        /// <summary>
        /// <c>source</c> (when absent), <c>reason</c>, <c>stage</c> (before the loss), <c>manager</c>, <c>day</c>, <c>week</c>, <c>month</c> (of the loss), <c>channel</c>, <c>medium</c>, <c>campaign</c>,
        /// <c>content</c>, <c>keyword</c>, <c>site</c> or <c>pipeline</c>.
        /// </summary>
        public string? Rows { get; init; }

        /// <summary>The same words; <c>reason</c> when absent.</summary>
        public string? Columns { get; init; }

        /// <summary>Which deals: <c>lost</c> in the period (when absent), or <c>made</c> in it and lost since.</summary>
        public string? By { get; init; }

        /// <summary>Only this reason, by its name.</summary>
        public string? Reason { get; init; }

        /// <summary>Only lost at this stage: the CRM's id.</summary>
        public string? Stage { get; init; }
    }

    private sealed class Validator : TeamValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Rows).OneOf([.. LossDimensions.All.Keys]);
            RuleFor(q => q.Columns).OneOf([.. LossDimensions.All.Keys]).Must((q, columns) => (columns ?? "reason") != (q.Rows ?? "source")).WithMessage("Must be another one than 'rows'.");
            RuleFor(q => q.By).OneOf("lost", "made");
            Text(q => q.Reason);
            Text(q => q.Stage);
        }
    }

    /// <param name="Currency">ISO 4217, of all money.</param>
    /// <param name="Columns">Most deals first, periods in order. Beyond 50 the rest is <c>(others)</c>.</param>
    /// <param name="Items">Most deals first, periods in order. Beyond 500 the rest is <c>(others)</c>.</param>
    /// <param name="Total">Equals the sum of the rows, and that of the columns.</param>
    /// <param name="WithoutReason">Deals whose reason was not given / all that are lost.</param>
    internal sealed record Response(ReportDays Days, string Currency, IReadOnlyList<Line> Columns, IReadOnlyList<Line> Items, Losses Total, Share WithoutReason);

    /// <param name="Total">Of the whole line.</param>
    /// <param name="OfAll">Its deals / all that are lost.</param>
    /// <param name="Cells">Of a row: those columns that have deals, in the order of the columns. Of a column: none.</param>
    internal sealed record Line(Group Group, Losses Total, Share OfAll, IReadOnlyList<Cell> Cells);

    /// <param name="Column">Key of the column.</param>
    /// <param name="ConnectionId">Of the column.</param>
    /// <param name="OfRow">Its deals / deals of the row: «80 % of VK's are lost at the price».</param>
    internal sealed record Cell(string Column, Guid? ConnectionId, Losses Losses, Share OfRow);

    /// <param name="Amount">What they would have brought, in the project's currency; null when none of them could be converted.</param>
    /// <param name="WithoutAmount">Deals whose currency has no known rate: they are not in <paramref name="Amount"/>.</param>
    /// <param name="Previous">Deals of the days compared with; null: no comparison.</param>
    internal sealed record Losses(long Deals, decimal? Amount, long WithoutAmount, long? Previous);

    private sealed record Row(string? Key, Guid? Owner, string? ColumnKey, Guid? ColumnOwner, long Deals, decimal? Amount, long WithoutAmount, long Nameless);

    private sealed record Found(Row Row, bool IsBefore);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/losses", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var names = await CrmNames.ReadAsync(connection, scope.ProjectId, ct);
        var range = project.Range(query, clock);
        var compared = query.Compared(range);
        var (rows, columns) = (query.Rows ?? "source", query.Columns ?? "reason");
        var found = (await ReadAsync(connection, project, query, rows, columns, range, ct)).Select(r => new Found(r, false)).ToList();
        if (compared is { } other) found.AddRange((await ReadAsync(connection, project, query, rows, columns, other, ct)).Select(r => new Found(r, true)));

        var all = Sum(found);
        var (rowKey, columnKey) = (Shown(found, f => Group.Of(rows, f.Row.Key, f.Row.Owner, names), rows, MostRows), Shown(found, f => Group.Of(columns, f.Row.ColumnKey, f.Row.ColumnOwner, names), columns, MostColumns));
        var shownColumns = columnKey.Groups.Select(g => new Line(g, Sum(columnKey.Of[g]), Share.Of(Sum(columnKey.Of[g]).Deals, all.Deals), [])).ToArray();
        var items = rowKey.Groups.Select(g =>
        {
            var (own, total) = (rowKey.Of[g].ToHashSet(), Sum(rowKey.Of[g]));
            var cells = columnKey.Groups.Select(c => (Group: c, Losses: Sum(columnKey.Of[c].Where(own.Contains)))).Where(c => c.Losses.Deals > 0 || c.Losses.Previous > 0);
            return new Line(g, total, Share.Of(total.Deals, all.Deals), [.. cells.Select(c => new Cell(c.Group.Key, c.Group.ConnectionId, c.Losses, Share.Of(c.Losses.Deals, total.Deals)))]);
        }).ToArray();
        var nameless = found.Where(f => !f.IsBefore).Sum(f => f.Row.Nameless);
        var response = new Response(ReportDays.Of(project, range, compared), project.Currency, shownColumns, items, all, Share.Of(nameless, all.Deals));
        return ReportAnswer.Of(query, response, () => Table(response, query, project));

        Losses Sum(IEnumerable<Found> some)
        {
            var list = some.ToList();
            var now = list.Where(f => !f.IsBefore).Select(f => f.Row).ToList();
            var amounts = now.Where(r => r.Amount is not null).ToList();
            return new(now.Sum(r => r.Deals), now.Count > 0 && amounts.Count == 0 ? null : amounts.Sum(r => r.Amount!.Value) / 100m, now.Sum(r => r.WithoutAmount),
                compared is null ? null : list.Where(f => f.IsBefore).Sum(f => f.Row.Deals));
        }
    }

    /// <summary>The groups that are shown, in their order, each with what it is made of; the rest in one.</summary>
    private static (IReadOnlyList<Group> Groups, Dictionary<Group, List<Found>> Of) Shown(List<Found> found, Func<Found, Group> group, string dimension, int most)
    {
        var of = found.GroupBy(group).ToDictionary(g => g.Key, g => g.ToList());
        var byDeals = of.OrderByDescending(g => g.Value.Where(f => !f.IsBefore).Sum(f => f.Row.Deals)).ThenBy(g => g.Key.Key, StringComparer.Ordinal).Select(g => g.Key).ToList();
        var shown = byDeals.Count > most ? byDeals[..most] : byDeals;
        var groups = LossDimensions.All[dimension].IsPeriod ? [.. shown.OrderBy(g => g.Key, StringComparer.Ordinal)] : shown.ToList();
        if (byDeals.Count <= most) return (groups, of);
        var others = new Group(Others, null, null, null);
        of[others] = [.. byDeals[most..].SelectMany(g => of[g])];
        return ([.. groups, others], of);
    }

    private static Task<IEnumerable<Row>> ReadAsync(NpgsqlConnection connection, ReportProject project, Query query, string rows, string columns, DayRange range, CancellationToken ct)
    {
        var (row, column) = (LossDimensions.All[rows], LossDimensions.All[columns]);
        var values = Filters.Values(project, query, range);
        values.AddDynamicParams(new { query.Reason, query.Stage });
        return connection.QueryAsync<Row>(new CommandDefinition($"""
            select {row.Key} as key, {row.Owner("f.connection_id")} as owner, {column.Key} as column_key, {column.Owner("f.connection_id")} as column_owner, count(*) as deals, sum(f.amount) as amount,
                count(*) filter (where f.amount is null) as without_amount, count(*) filter (where {DealRows.Reason} is null) as nameless
            from deal_facts f {Filters.Origins} {DealRows.Reasons} where {LossDimensions.Where(query, query)} group by 1, 2, 3, 4
            """, values, cancellationToken: ct));
    }

    private static ReportTable Table(Response response, Query query, ReportProject project)
    {
        ReportColumn[] compared = query.Compare is null ? [] : [new("Сделок раньше", "Deals before", ColumnKind.Count)];
        var columns = response.Columns.ToDictionary(c => (c.Group.Key, c.Group.ConnectionId), c => c.Group);
        return new("losses",
            [
                new("Строка", "Row"), new("Столбец", "Column"), new("Потеряно сделок", "Deals lost", ColumnKind.Count), new("Доля в строке", "Share of the row", ColumnKind.Share),
                new("Сумма", "Amount", ColumnKind.Money), .. compared,
            ],
            response.Items.SelectMany(i => i.Cells.Select(c => (IReadOnlyList<object?>)
            [
                i.Group.Cell(query.Lang), columns[(c.Column, c.ConnectionId)].Cell(query.Lang), c.Losses.Deals, c.OfRow.Value, c.Losses.Amount, .. query.Compare is null ? [] : (object?[])[c.Losses.Previous],
            ])), project.Zone)
        { About = [.. response.Days.About(), ("Валюта", "Currency", response.Currency)] };
    }
}
