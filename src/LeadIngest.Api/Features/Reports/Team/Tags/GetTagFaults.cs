using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Team.Tags;

/// <summary>Faults in the marking of links, found in the passports of leads and visits: in which campaigns, how many were hurt, what the addresses looked like and what to mend.</summary>
internal sealed class GetTagFaults : IEndpoint
{
    private const int MostGroups = 500;

    /// <summary>Over longer periods visits are counted only when they are asked for: they are many.</summary>
    private const int VisitDays = 92;

    internal sealed record Query : TeamQuery
    {
        /// <summary><c>campaign</c> (when absent), <c>channel</c>, <c>source</c>, <c>medium</c>, <c>content</c>, <c>keyword</c>, <c>site</c>, <c>day</c>, <c>week</c> or <c>month</c>.</summary>
        public string? GroupBy { get; init; }

        /// <summary>Whether visits are counted too; when absent, in periods of up to 92 days.</summary>
        public bool? Visits { get; init; }
    }

    private sealed class Validator : TeamValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.GroupBy).OneOf([.. TagReading.Dimensions.Keys]);
            Refuse(q => q.Manager, q => q.Pipeline);
            RefuseConnection();
        }
    }

    /// <param name="Total">Equals the sum of the items.</param>
    /// <param name="Items">Only groups with faults; most leads hurt first, periods in order. At most 500.</param>
    /// <param name="Faults">All kinds that occurred, over all groups. One lead may have several: they do not add up to those hurt.</param>
    internal sealed record Response(ReportDays Days, Figures Total, IReadOnlyList<Item> Items, bool HasMore, IReadOnlyList<Fault> Faults);

    internal sealed record Item(Group Group, Figures Figures, IReadOnlyList<Fault> Faults);

    /// <param name="Leads">With at least one fault / all leads.</param>
    /// <param name="Visits">The same of visits; null: not counted.</param>
    /// <param name="Previous">The same of the days compared with; null: no comparison.</param>
    internal sealed record Figures(Share Leads, Share? Visits, Figures? Previous);

    /// <param name="Name">As <c>fault</c> of the rows takes it.</param>
    /// <param name="Group">Kinds that are mended alike.</param>
    /// <param name="Words">What is wrong.</param>
    /// <param name="Advice">What to do.</param>
    /// <param name="Subjects">Tags it was found in: <c>utm_term</c>.</param>
    /// <param name="Leads">Hurt by it.</param>
    /// <param name="Visits">Null: not counted.</param>
    /// <param name="Examples">Up to three raw addresses, the newest first.</param>
    internal sealed record Fault(string Name, string Group, string Words, string Advice, IReadOnlyList<string> Subjects, long Leads, long? Visits, IReadOnlyList<string> Examples);

    private sealed record Hurt(string? Key, long All, long Part);

    // By properties: Dapper finds no constructor that takes an array.
    private sealed record Found
    {
        public string? Key { get; init; }
        public string Name { get; init; } = "";
        public string[]? Subjects { get; init; }
        public long Part { get; init; }
        public string[]? Examples { get; init; }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/tags", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var names = await CrmNames.ReadAsync(connection, scope.ProjectId, ct);
        var range = project.Range(query, clock);
        var compared = query.Compared(range);
        var by = query.GroupBy ?? "campaign";
        var withVisits = query.Visits ?? range.Days <= VisitDays;
        var (leads, leadFaults) = await ReadAsync(connection, project, query, TagReading.Leads, by, range, ct);
        var (visits, visitFaults) = withVisits ? await ReadAsync(connection, project, query, TagReading.Visits, by, range, ct) : ([], []);
        var leadsBefore = compared is { } other ? (await ReadAsync(connection, project, query, TagReading.Leads, by, other, ct)).Hurt : null;
        var visitsBefore = compared is { } otherDays && withVisits ? (await ReadAsync(connection, project, query, TagReading.Visits, by, otherDays, ct)).Hurt : null;

        var all = leads.Concat(visits).Where(h => h.Part > 0).Select(h => h.Key).Distinct().Select(key => new Item(Group.Of(by, key, null, names), Of(h => h.Key == key), Faults(f => f.Key == key)));
        Item[] items = [.. TagReading.Dimensions[by].IsPeriod ? all.OrderBy(i => i.Group.Key, StringComparer.Ordinal)
            : all.OrderByDescending(i => i.Figures.Leads.Part).ThenByDescending(i => i.Figures.Visits?.Part).ThenBy(i => i.Group.Key, StringComparer.Ordinal)];
        var response = new Response(ReportDays.Of(project, range, compared), Of(_ => true), [.. items.Take(MostGroups)], items.Length > MostGroups, Faults(_ => true));
        return ReportAnswer.Of(query, response, () => Table(response, query, project));

        Figures Of(Func<Hurt, bool> which) => new(Sum(leads.Where(which)), withVisits ? Sum(visits.Where(which)) : null,
            leadsBefore is null ? null : new(Sum(leadsBefore.Where(which)), visitsBefore is null ? null : Sum(visitsBefore.Where(which)), null));

        IReadOnlyList<Fault> Faults(Func<Found, bool> which) =>
        [
            .. leadFaults.Where(which).Select(f => (Found: f, IsLead: true)).Concat(visitFaults.Where(which).Select(f => (Found: f, IsLead: false))).GroupBy(f => f.Found.Name).Select(f =>
            {
                var fault = TagFaults.Of(f.Key)!.Value.Fault;
                return new Fault(f.Key, query.Lang == "en" ? fault.GroupEnglish : fault.GroupRussian, query.Lang == "en" ? fault.English : fault.Russian, TagAdvice.Of(fault.Group, query.Lang),
                    [.. f.SelectMany(x => x.Found.Subjects ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], f.Where(x => x.IsLead).Sum(x => x.Found.Part),
                    withVisits ? f.Where(x => !x.IsLead).Sum(x => x.Found.Part) : null, [.. f.SelectMany(x => x.Found.Examples ?? []).Distinct(StringComparer.Ordinal).Take(3)]);
            }).OrderByDescending(f => f.Leads).ThenByDescending(f => f.Visits).ThenBy(f => f.Name, StringComparer.Ordinal),
        ];
    }

    private static Share Sum(IEnumerable<Hurt> some)
    {
        var list = some.ToList();
        return Share.Of(list.Sum(h => h.Part), list.Sum(h => h.All));
    }

    private static async Task<(List<Hurt> Hurt, List<Found> Faults)> ReadAsync(NpgsqlConnection connection, ReportProject project, Query query, string rows, string by, DayRange range, CancellationToken ct)
    {
        var key = TagReading.Dimensions[by].Key;
        var values = Filters.Values(project, query, range);
        values.AddDynamicParams(new { TagReading.Faults });
        var hurt = await connection.QueryAsync<Hurt>(new CommandDefinition($"""
            select {key} as key, count(*) as all, count(*) filter (where exists (select from {TagReading.Warnings})) as part from {rows} where {TagReading.Where(query)} group by 1
            """, values, cancellationToken: ct));
        var faults = await connection.QueryAsync<Found>(new CommandDefinition($"""
            select {key} as key, w.name, array_agg(distinct w.subject) filter (where w.subject <> '') as subjects, count(distinct p.id) as part,
                (array_agg(p.passport->>'landingPage' order by p.id desc) filter (where p.passport->>'landingPage' is not null))[1:3] as examples
            from {rows} cross join lateral {TagReading.Warnings} where {TagReading.Where(query)} group by 1, 2
            """, values, cancellationToken: ct));
        return (hurt.AsList(), faults.AsList());
    }

    private static ReportTable Table(Response response, Query query, ReportProject project) => new("tags",
        [
            new("Строка", "Row"), new("Заявок пострадало", "Leads hurt", ColumnKind.Count), new("Доля заявок", "Share of leads", ColumnKind.Share), new("Ошибка", "Fault"), new("Заявок с ней", "Leads with it", ColumnKind.Count),
            new("Визитов с ней", "Visits with it", ColumnKind.Count), new("В метках", "In tags"), new("Пример", "Example"), new("Что сделать", "What to do"),
        ],
        response.Items.SelectMany(i => i.Faults.Select(f => (IReadOnlyList<object?>)
            [i.Group.Cell(query.Lang), i.Figures.Leads.Part, i.Figures.Leads.Value, f.Words, f.Leads, f.Visits, string.Join(", ", f.Subjects), f.Examples.Count > 0 ? f.Examples[0] : null, f.Advice])), project.Zone)
    { About = response.Days.About() };
}
