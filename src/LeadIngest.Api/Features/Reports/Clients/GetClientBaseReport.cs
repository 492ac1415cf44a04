using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>How the base of clients does: at the start and at the end, new, active, churned and reactivated ones.</summary>
/// <remarks>
/// A client is in the base while the last purchase is less than `churnDays` ago. New: bought for the first time. Active: bought in the days. Reactivated: had left the base, and bought
/// again. Churned: was in the base or came into it, and is not in it at the end. Base at the end = base at the start + new + reactivated − churned, in every row. Rows by source and by
/// manager add up to the total; months follow one another, and the total is of the whole time. `pipeline` is refused.
/// </remarks>
internal sealed class GetClientBaseReport : IEndpoint
{
    internal sealed record Query : ReportQuery
    {
        /// <summary>So many days without a purchase and a client is gone, 1 to 3650; 180 when absent.</summary>
        public int? ChurnDays { get; init; }

        /// <summary><c>channel</c>, <c>source</c>, <c>medium</c>, <c>campaign</c> (of the first touch), <c>manager</c> (of the newest deal) or <c>month</c>.</summary>
        public string? GroupBy { get; init; }

        /// <summary><c>previous</c> or <c>year</c>.</summary>
        public string? Compare { get; init; }
    }

    private sealed class Validator : ReportValidator<Query>
    {
        public Validator()
        {
            ClientFlow.Rules(this, q => q.ChurnDays);
            RuleFor(q => q.GroupBy).OneOf([.. ClientGroups.All, "month"]);
            RuleFor(q => q.Compare).Compare();
        }
    }

    /// <param name="Rows">The greatest base at the end first; months in order. Empty without <c>groupBy</c>.</param>
    internal sealed record Response(DateOnly From, DateOnly To, int ChurnDays, IReadOnlyList<Row> Rows, Row Total);

    /// <param name="Group">Null in the total.</param>
    /// <param name="Previous">With <c>compare</c>; never of months.</param>
    internal sealed record Row(GroupName? Group, Flow Flow, Flow? Previous);

    /// <param name="BaseStart">At the end of the day before the first.</param>
    /// <param name="BaseEnd">At the end of the last day.</param>
    /// <param name="ChurnRate">Churned / (base at the start + new + reactivated).</param>
    internal sealed record Flow(long BaseStart, long New, long Reactivated, long Churned, long BaseEnd, long Active, decimal? ChurnRate);

    private sealed record Count
    {
        public int N { get; init; }
        public string Key { get; init; } = "";
        public Guid? ConnectionId { get; init; }
        public long BaseStart { get; init; }
        public long BaseEnd { get; init; }
        public long New { get; init; }
        public long Active { get; init; }
        public long Reactivated { get; init; }
        public long Churned { get; init; }

        public Flow Flow => new(BaseStart, New, Reactivated, Churned, BaseEnd, Active, new Ratio(Churned, BaseStart + New + Reactivated).Number());

        public static Count Sum(IEnumerable<Count> counts) => counts.Aggregate(new Count(), (a, b) => new()
        {
            BaseStart = a.BaseStart + b.BaseStart,
            BaseEnd = a.BaseEnd + b.BaseEnd,
            New = a.New + b.New,
            Active = a.Active + b.Active,
            Reactivated = a.Reactivated + b.Reactivated,
            Churned = a.Churned + b.Churned,
        });
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/clients", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var range = project.Range(query, clock);
        var filters = new ReportFilters(scope.ProjectId, query);
        var months = query.GroupBy == "month";
        var groupBy = months ? null : query.GroupBy;
        var looked = groupBy is not null || filters.OfClients;
        var sql = $"""
            with {ClientFlow.Purchases}
            select t.n::int as n, {ClientGroups.Key(groupBy)} as key, {ClientGroups.Connection(groupBy)} as connection_id,
                {string.Join(", ", ClientFlow.Kinds.Select(k => $"count(*) filter (where {k.Sql}) as \"{k.Kind}\""))}
            from unnest(@Firsts::date[], @Lasts::date[]) with ordinality t (a, b, n) join p on {ClientFlow.Joined}
                {(looked ? "join client_facts c on c.project_id = @ProjectId and c.client_id = p.client_id" + (ClientGroups.NeedsOrigin(groupBy) || filters.BySource ? ReportFilters.ClientOrigin : "") : "")}
            where true {filters.Clients()}
            group by 1, 2, 3
            """;
        async Task<IReadOnlyList<Count>> CountAsync(params IReadOnlyList<DayRange> ranges) =>
            (await connection.QueryAsync<Count>(new CommandDefinition(sql, filters.Args(ranges, query.ChurnDays), cancellationToken: ct))).AsList();

        // The whole range is the first of the ranges, its months come after it.
        DayRange[] parts = months ? [.. Periods.In(range, PeriodUnit.Month).Select(m => new DayRange(m < range.From ? range.From : m, Least(m.AddMonths(1).AddDays(-1), range.To)))] : [];
        var counts = await CountAsync([range, .. parts]);
        var before = Comparison.Of(range, query.Compare) is { } other ? await CountAsync([other]) : null;
        var names = await ClientGroups.NamesAsync(connection, scope.ProjectId, groupBy, ct);
        var whole = counts.Where(c => c.N == 1).ToList();
        List<Row> rows = months
            ? [.. parts.Select((p, i) => new Row(new(Periods.Of(p.From, PeriodUnit.Month).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), null, null), (counts.FirstOrDefault(c => c.N == i + 2) ?? new()).Flow, null))]
            : groupBy is null ? []
            : [.. whole.Concat((before ?? []).Where(b => whole.All(w => w.Key != b.Key || w.ConnectionId != b.ConnectionId)).Select(b => new Count { Key = b.Key, ConnectionId = b.ConnectionId }))
                .OrderByDescending(c => c.BaseEnd).ThenByDescending(c => c.Active).ThenBy(c => c.Key, StringComparer.Ordinal)
                .Select(c => new Row(GroupName.Of(groupBy, c.Key, c.ConnectionId, names), c.Flow, before is null ? null : (before.FirstOrDefault(b => b.Key == c.Key && b.ConnectionId == c.ConnectionId) ?? new()).Flow))];
        var response = new Response(range.From, range.To, query.ChurnDays ?? ClientFlow.DefaultDays, rows, new(null, Count.Sum(whole).Flow, before is null ? null : Count.Sum(before).Flow));
        return ReportAnswer.Of(query, response, () => Table(response, query, project));

        static DateOnly Least(DateOnly a, DateOnly b) => a < b ? a : b;
    }

    private static ReportTable Table(Response response, Query query, ReportProject project)
    {
        ReportColumn[] figures =
        [
            new("База в начале", "Base at the start", ColumnKind.Count), new("Новые", "New", ColumnKind.Count), new("Вернувшиеся", "Reactivated", ColumnKind.Count), new("Ушедшие", "Churned", ColumnKind.Count),
            new("База в конце", "Base at the end", ColumnKind.Count), new("Активные", "Active", ColumnKind.Count), new("Отток", "Churn rate", ColumnKind.Share),
        ];
        static object?[] Cells(Flow? f) => f is null ? new object?[7] : [f.BaseStart, f.New, f.Reactivated, f.Churned, f.BaseEnd, f.Active, f.ChurnRate];
        var before = query.Compare is not null;
        return new("clients", [new("Группа", "Group"), .. figures, .. before ? figures.Select(f => new ReportColumn(f.Ru + ", прошлый период", f.En + ", before", f.Kind)) : []],
            response.Rows.Append(response.Total).Select(r => (IReadOnlyList<object?>)[r.Group?.Shown(query.Lang) ?? (query.Lang == "en" ? "Total" : "Итого"), .. Cells(r.Flow), .. before ? Cells(r.Previous) : []]), project.Zone)
        {
            About = ReportAbout.Of(response.From, response.To, project, ("Ушедшим считается через, дней", "Gone after, days", response.ChurnDays.ToString(System.Globalization.CultureInfo.InvariantCulture))),
        };
    }
}
