using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Funnel;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Times;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Team.Hygiene;

/// <summary>Whether the CRM is kept in order: deals made in the period without source, contact, task or reason, with jumped stages, not taken, made by hand; by manager, and how that changes.</summary>
/// <remarks>As the deals stand now. The fields of cards are not mirrored: a source typed into one by a person cannot be seen, only a deal made by hand although an enquiry had come.</remarks>
internal sealed class GetHygiene : IEndpoint
{
    private const int MostGroups = 500;

    internal sealed record Query : TeamQuery
    {
        /// <summary><c>manager</c> (when absent), <c>channel</c>, <c>source</c>, <c>medium</c>, <c>campaign</c>, <c>content</c>, <c>keyword</c>, <c>site</c>, <c>pipeline</c>, <c>day</c>, <c>week</c> or <c>month</c> in which the deal was made.</summary>
        public string? GroupBy { get; init; }

        /// <summary>Periods of the trend: <c>week</c> (when absent), <c>month</c> or <c>day</c>.</summary>
        public string? Trend { get; init; }
    }

    private sealed class Validator : TeamValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.GroupBy).OneOf([.. HygieneChecks.Dimensions.Keys]);
            RuleFor(q => q.Trend).OneOf("day", "week", "month");
        }
    }

    /// <param name="Checks">What is asked, in words, in the order in which shares stand.</param>
    /// <param name="Total">Equals the sum of the items, and of the trend.</param>
    /// <param name="Items">Most deals first, periods in order. At most 500.</param>
    /// <param name="Trend">By the period in which deals were made.</param>
    internal sealed record Response(ReportDays Days, IReadOnlyList<Check> Checks, Figures Total, IReadOnlyList<Item> Items, bool HasMore, IReadOnlyList<Item> Trend);

    /// <param name="Name">As <c>check</c> of the rows takes it.</param>
    internal sealed record Check(string Name, string Words);

    internal sealed record Item(Group Group, Figures Figures);

    /// <param name="Deals">All that were made.</param>
    /// <param name="Shares">By name of the check: wrong ones / those of which it is asked (open ones, lost ones, all).</param>
    /// <param name="Previous">The same of the days compared with; null: no comparison.</param>
    internal sealed record Figures(long Deals, IReadOnlyDictionary<string, Share> Shares, Figures? Previous);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/hygiene", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var names = await CrmNames.ReadAsync(connection, scope.ProjectId, ct);
        var range = project.Range(query, clock);
        var compared = query.Compared(range);
        var (by, trend) = (query.GroupBy ?? "manager", query.Trend ?? "week");
        var now = await CountAsync(connection, project, query, by, trend, range, clock, ct);
        var before = compared is { } other ? await CountAsync(connection, project, query, by, trend, other, clock, ct) : null;

        // The periods of the trend are their own: only rows of one key are compared.
        var all = now.Keys.Concat(before?.Keys ?? Enumerable.Empty<RowKey>()).Where(k => k.Level == Level.Group).Distinct().Select(k => new Item(Group.Of(by, k.Key, k.Owner, names), Of(k)));
        Item[] items = [.. HygieneChecks.Dimensions[by].IsPeriod ? all.OrderBy(i => i.Group.Key, StringComparer.Ordinal) : all.OrderByDescending(i => i.Figures.Deals).ThenBy(i => i.Group.Key, StringComparer.Ordinal)];
        var response = new Response(ReportDays.Of(project, range, compared), [.. HygieneChecks.Checks.Select(c => new Check(c.Name, c.Words(query.Lang)))], Of(new(Level.Total, null, null)), [.. items.Take(MostGroups)],
            items.Length > MostGroups, [.. now.Where(r => r.Key.Level == Level.Trend).OrderBy(r => r.Key.Key, StringComparer.Ordinal).Select(r => new Item(Group.Of(trend, r.Key.Key, null, names), r.Value))]);
        return ReportAnswer.Of(query, response, () => Table(response, query, project));

        Figures Of(RowKey key) => now.GetValueOrDefault(key, Nothing) with { Previous = before?.GetValueOrDefault(key, Nothing) };
    }

    private enum Level { Group, Trend, Total }

    private readonly record struct RowKey(Level Level, string? Key, Guid? Owner);

    private static readonly Figures Nothing = new(0, HygieneChecks.Checks.ToDictionary(c => c.Name, _ => Share.Of(0, 0)), null);

    private static async Task<Dictionary<RowKey, Figures>> CountAsync(NpgsqlConnection connection, ReportProject project, Query query, string by, string trend, DayRange range, TimeProvider clock, CancellationToken ct)
    {
        var (group, period) = (HygieneChecks.Dimensions[by], HygieneChecks.Dimensions[trend]);
        var values = Filters.Values(project, query, range);
        values.AddDynamicParams(new { Now = clock.GetUtcNow() });
        var found = new Dictionary<RowKey, Figures>();
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition($"""
            with {FunnelStages.Places},
            asked as materialized (
                select {group.Key} as key, {group.Owner("f.connection_id")} as owner, {period.Key} as period,
                    {string.Join(", ", HygieneChecks.Checks.Select((c, i) => $"({c.Of}) as of{i}, ({c.Of}) and ({c.IsWrong}) as wrong{i}"))}
                {HygieneChecks.From} where f.project_id = @ProjectId and f.made_day between @First and @Last{Filters.OfDeals(query)})
            select grouping(key) as no_group, grouping(period) as no_period, key, owner, period, count(*) as deals,
                {string.Join(", ", HygieneChecks.Checks.Select((_, i) => $"count(*) filter (where of{i}), count(*) filter (where wrong{i})"))}
            from asked group by grouping sets ((key, owner), (period), ())
            """, values, cancellationToken: ct));
        while (await reader.ReadAsync(ct))
        {
            var level = reader.GetInt32(0) == 0 ? Level.Group : reader.GetInt32(1) == 0 ? Level.Trend : Level.Total;
            var key = level == Level.Trend ? 4 : 2;
            found[new(level, reader.IsDBNull(key) ? null : reader.GetString(key), level == Level.Group && !reader.IsDBNull(3) ? reader.GetGuid(3) : null)] = new(reader.GetInt64(5),
                HygieneChecks.Checks.Index().ToDictionary(c => c.Item.Name, c => Share.Of(reader.GetInt64(7 + (2 * c.Index)), reader.GetInt64(6 + (2 * c.Index)))), null);
        }
        return found;
    }

    private static ReportTable Table(Response response, Query query, ReportProject project) => new("hygiene",
        [
            new("Строка", "Row"), new("Сделок", "Deals", ColumnKind.Count),
            .. HygieneChecks.Checks.SelectMany(c => (ReportColumn[])[new(c.Ru, c.En, ColumnKind.Count), new(c.Ru + ", доля", c.En + ", share", ColumnKind.Share)]),
        ],
        response.Items.Select(i => (IReadOnlyList<object?>)
        [
            i.Group.Cell(query.Lang), i.Figures.Deals, .. HygieneChecks.Checks.SelectMany(c => (object?[])[i.Figures.Shares[c.Name].Part, i.Figures.Shares[c.Name].Value]),
        ]), project.Zone)
    { About = response.Days.About() };
}
