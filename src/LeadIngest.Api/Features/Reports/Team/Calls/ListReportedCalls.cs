using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Calls;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Team.Calls;

/// <summary>Lists the calls behind a figure of the report of calls, those that became known last first.</summary>
internal sealed class ListReportedCalls : IEndpoint
{
    internal sealed record Query : TeamRowsQuery, ITakesCalls
    {
        /// <summary><c>incoming</c> (when absent), <c>answered</c>, <c>missed</c>, <c>unknown</c>, <c>dropped</c>, <c>outgoing</c> or <c>outgoingAnswered</c>.</summary>
        public string? What { get; init; }

        /// <summary>Only of this day of the week, 1 is Monday.</summary>
        public int? Weekday { get; init; }

        /// <summary>Only of this hour, 0 to 23.</summary>
        public int? Hour { get; init; }

        /// <summary>Only this employee, as the PBX names people.</summary>
        public string? Employee { get; init; }

        /// <summary>Only this line, E.164.</summary>
        public string? Number { get; init; }

        /// <summary>As in the report. 0 to 60; none when absent.</summary>
        public int? ShorterThan { get; init; }
    }

    private sealed class Validator : TeamValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.What).OneOf([.. Conditions.Keys]);
            RuleFor(q => q.Weekday).InclusiveBetween(1, 7).WithMessage("From 1 (Monday) to 7.");
            RuleFor(q => q.Hour).InclusiveBetween(0, 23).WithMessage("From 0 to 23.");
            Text(q => q.Employee);
            Text(q => q.Number);
            RuleFor(q => q.ShorterThan).InclusiveBetween(0, 60).WithMessage("From 0 to 60 seconds.");
            Refuse(q => q.Manager, q => q.Pipeline);
            RefuseConnection();
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/calls/rows", HandleAsync).Validate(new Validator()).ProducesReport<Page<CallAnswer>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var (limit, before) = query.Page();
        var values = CallReading.Values(project, query, project.Range(query, clock));
        values.AddDynamicParams(new { Before = before, Rows = limit + 1, query.Weekday, query.Hour, ShorterThan = query.ShorterThan ?? 0 });
        var rows = await connection.QueryAsync<CallAnswerRow>(new CommandDefinition($"""
            {CallAnswerRow.Select} where {CallReading.Counts} and {CallReading.At} >= @Begin and {CallReading.At} < @End{CallReading.Where(query)} and c.id < @Before and {Conditions[query.What ?? "incoming"]}
                {(query.Weekday is null ? "" : $"and extract(isodow from {CallReading.LocalTime}) = @Weekday")} {(query.Hour is null ? "" : $"and extract(hour from {CallReading.LocalTime}) = @Hour")}
            order by c.id desc limit @Rows
            """, values, cancellationToken: ct));
        var page = Cursor.Page([.. rows.Select(r => r.Answer())], limit, c => c.Id);
        return ReportAnswer.Of(query, page, () => Table(page, project));
    }

    private const string IsDropped = $"coalesce({CallReading.IsMissed} and c.wait_seconds < @ShorterThan, false)";

    private static readonly Dictionary<string, string> Conditions = new(StringComparer.Ordinal)
    {
        ["incoming"] = $"c.direction = 'in' and not {IsDropped}",
        ["answered"] = "c.direction = 'in' and c.outcome = 'answered'",
        ["missed"] = $"{CallReading.IsMissed} and not {IsDropped}",
        ["unknown"] = "c.direction = 'in' and c.outcome = 'unknown'",
        ["dropped"] = IsDropped,
        ["outgoing"] = "c.direction = 'out'",
        ["outgoingAnswered"] = "c.direction = 'out' and c.outcome = 'answered'",
    };

    private static ReportTable Table(Page<CallAnswer> page, ReportProject project) => new("call-rows",
        [
            new("Начало", "Began", ColumnKind.Moment), new("Направление", "Direction"), new("Исход", "Outcome"), new("Телефон", "Phone"), new("Линия", "Line"), new("Сотрудник", "Employee"),
            new("Ожидание", "Waiting", ColumnKind.Span), new("Разговор", "Talk", ColumnKind.Span),
        ],
        page.Items.Select(c => (IReadOnlyList<object?>)[c.StartedAt ?? c.FirstSeenAt, c.Direction, c.Outcome, c.ClientPhone, c.LinePhone, c.Employee, Seconds.Cell(c.WaitSeconds), Seconds.Cell(c.TalkSeconds)]), project.Zone);
}
