using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Team.Tags;

/// <summary>Lists the leads or visits whose links are marked wrongly, with their raw addresses; the newest first.</summary>
internal sealed class ListFaultyTags : IEndpoint
{
    internal sealed record Query : TeamRowsQuery
    {
        /// <summary><c>leads</c> (when absent) or <c>visits</c>.</summary>
        public string? What { get; init; }

        /// <summary>Only this fault, as the report names it; absent: any.</summary>
        public string? Fault { get; init; }
    }

    private sealed class Validator : TeamValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.What).OneOf("leads", "visits");
            RuleFor(q => q.Fault).OneOf(TagReading.Faults);
            Refuse(q => q.Manager, q => q.Pipeline);
            RefuseConnection();
        }
    }

    /// <param name="Id">Of the lead or visit.</param>
    /// <param name="LandingPage">The raw address.</param>
    /// <param name="Faults">In the passport's words: <c>macro_unsubstituted: utm_term</c>.</param>
    internal sealed record Faulty(Guid Id, DateTimeOffset At, string Channel, string? Source, string? Medium, string? Campaign, string? LandingPage, IReadOnlyList<string> Faults);

    // By properties: Dapper finds no constructor that takes an array.
    private sealed record Row
    {
        public Guid Id { get; init; }
        public DateTimeOffset At { get; init; }
        public string Channel { get; init; } = "";
        public string? Source { get; init; }
        public string? Medium { get; init; }
        public string? Campaign { get; init; }
        public string? LandingPage { get; init; }
        public string[] Faults { get; init; } = [];
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/tags/rows", HandleAsync).Validate(new Validator()).ProducesReport<Page<Faulty>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var (limit, before) = query.Page();
        var values = Filters.Values(project, query, project.Range(query, clock));
        values.AddDynamicParams(new { Faults = query.Fault is { } only ? [only] : TagReading.Faults, Before = before, Rows = limit + 1 });
        var rows = await connection.QueryAsync<Row>(new CommandDefinition($"""
            select p.id, p.at, p.channel, p.source, p.medium, p.campaign, p.passport->>'landingPage' as landing_page,
                array(select concat_ws(': ', w.name, nullif(w.subject, '')) from {TagReading.Warnings} order by 1) as faults
            from {(query.What == "visits" ? TagReading.Visits : TagReading.Leads)}
            where {TagReading.Where(query)} and p.id < @Before and exists (select from {TagReading.Warnings}) order by p.id desc limit @Rows
            """, values, cancellationToken: ct));
        var page = Cursor.Page([.. rows.Select(r => new Faulty(r.Id, r.At, r.Channel, r.Source, r.Medium, r.Campaign, r.LandingPage, r.Faults))], limit, f => f.Id);
        return ReportAnswer.Of(query, page, () => Table(page, query, project));
    }

    private static ReportTable Table(Page<Faulty> page, Query query, ReportProject project) => new("tag-rows",
        [new("Время", "At", ColumnKind.Moment), new("Канал", "Channel"), new("Источник", "Source"), new("Кампания", "Campaign"), new("Адрес", "Address"), new("Ошибки", "Faults")],
        page.Items.Select(f => (IReadOnlyList<object?>)
            [f.At, f.Channel, f.Source, f.Campaign, f.LandingPage, string.Join("; ", f.Faults.Select(x => TagFaults.Of(x) is { } t ? $"{(query.Lang == "en" ? t.Fault.English : t.Fault.Russian)} ({t.Subject})" : x))]), project.Zone);
}
