using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Masks;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Team.Calls;

/// <summary>Lists those who called, were not answered and were not called back: the newest first, each with its client and what the client has brought so far.</summary>
internal sealed class ListMissedCalls : IEndpoint
{
    internal sealed record Query : TeamRowsQuery, ITakesCalls
    {
        /// <summary><c>waiting</c>: there is time left; <c>lost</c>: 24 working hours have passed. Both when absent.</summary>
        public string? State { get; init; }

        /// <summary>Only this employee, as the PBX names people.</summary>
        public string? Employee { get; init; }

        /// <summary>Only this line, E.164.</summary>
        public string? Number { get; init; }

        /// <summary>Missed calls that ended before so many seconds are no missed calls. 0 to 60; none when absent.</summary>
        public int? ShorterThan { get; init; }
    }

    private sealed class Validator : TeamValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.State).OneOf("waiting", "lost");
            Text(q => q.Employee);
            Text(q => q.Number);
            RuleFor(q => q.ShorterThan).InclusiveBetween(0, 60).WithMessage("From 0 to 60 seconds.");
            Refuse(q => q.Manager, q => q.Pipeline);
            RefuseConnection();
        }
    }

    /// <param name="Id">Of the call that began it.</param>
    /// <param name="Calls">How often they called: redials within 30 minutes of each other.</param>
    /// <param name="State"><c>waiting</c> or <c>lost</c>.</param>
    /// <param name="AgeSeconds">Since then, by the calendar.</param>
    /// <param name="WorkingAgeSeconds">Since then, in working time.</param>
    /// <param name="Phone">E.164; null: hidden.</param>
    /// <param name="Line">The number that was dialled.</param>
    /// <param name="Revenue">What the client has brought so far, in the project's currency; null: no client is known.</param>
    /// <param name="Manager">The responsible user of the client's newest deal.</param>
    internal sealed record Missed(Guid Id, DateTimeOffset FirstMissAt, int Calls, string State, long AgeSeconds, long WorkingAgeSeconds, [property: Contact(MaskKind.Phone)] string? Phone, [property: Contact(MaskKind.Own)] string? Line, string? Source, Guid? ClientId, [property: Contact(MaskKind.Free)] string? ClientName,
        decimal? Revenue, int? WonDeals, string? Manager);

    private sealed record Client(Guid Asked, Guid Id, string? Name, long? Revenue, int? Won, Guid? ConnectionId, string? ManagerId);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/calls/missed", HandleAsync).Validate(new Validator()).ProducesReport<Page<Missed>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var names = await CrmNames.ReadAsync(connection, scope.ProjectId, ct);
        var now = clock.GetUtcNow();
        var (limit, before) = query.Page();
        var open = new List<MissedOne>();
        await CallReading.ReadAsync(connection, project, query, null, project.Range(query, clock), now, (_, _) => { }, missed =>
        {
            if (missed.Contact.ClosedAt is null && (query.State is null || query.State == Wire(missed.Contact.State))) open.Add(missed);
        }, ct);
        // As the database orders ids, not as .NET does.
        var page = Cursor.Page([.. open.Where(m => Order(m).CompareTo(before.ToString("N")) < 0).OrderByDescending(Order).Take(limit + 1)], limit, m => m.First.Id);
        var clients = (await connection.QueryAsync<Client>(new CommandDefinition(Clients,
            new { scope.ProjectId, Ids = page.Items.Select(m => m.First.ClientId).OfType<Guid>().Distinct().ToArray() }, cancellationToken: ct))).ToDictionary(c => c.Asked);
        var answer = new Page<Missed>([.. page.Items.Select(m =>
        {
            var client = m.First.ClientId is { } id ? clients.GetValueOrDefault(id) : null;
            return new Missed(m.First.Id, m.Contact.FirstMiss, m.Contact.Calls, Wire(m.Contact.State), Seconds.Of(now - m.Contact.FirstMiss)!.Value,
                Seconds.Of(project.Working?.Between(m.Contact.FirstMiss, now, project.Zone) ?? now - m.Contact.FirstMiss)!.Value, m.First.ClientPhone, m.First.LinePhone, m.First.Source, client?.Id, client?.Name,
                client is null ? null : (client.Revenue ?? 0) / 100m, client is null ? null : client.Won ?? 0, client?.ConnectionId is { } account ? names.User(account, client.ManagerId) ?? client.ManagerId : null);
        })], page.NextCursor);
        return ReportAnswer.Of(query, answer, () => Table(answer, project));

        static string Order(MissedOne missed) => missed.First.Id.ToString("N");
    }

    private static string Wire(MissedState state) => state == MissedState.Lost ? "lost" : "waiting";

    private static ReportTable Table(Page<Missed> page, ReportProject project) => new("missed-calls",
        [
            new("Пропущен", "Missed at", ColumnKind.Moment), new("Звонков", "Calls", ColumnKind.Count), new("Состояние", "State"), new("Прошло", "Age", ColumnKind.Span), new("Прошло рабочего времени", "Working age", ColumnKind.Span),
            new("Телефон", "Phone"), new("Линия", "Line"), new("Источник", "Source"), new("Клиент", "Client"), new("Принёс", "Revenue", ColumnKind.Money), new("Сделок", "Deals", ColumnKind.Count), new("Ответственный", "Manager"),
        ],
        page.Items.Select(m => (IReadOnlyList<object?>)[m.FirstMissAt, m.Calls, m.State, Seconds.Cell(m.AgeSeconds), Seconds.Cell(m.WorkingAgeSeconds), m.Phone, m.Line, m.Source, m.ClientName, m.Revenue, m.WonDeals, m.Manager]),
        project.Zone);

    private const string Clients = """
        select k.id as asked, case when k.merged_into is not null then k.merged_into else k.id end as id, coalesce(root.name, k.name) as name, f.revenue, f.won, f.connection_id, f.manager_id
        from clients k
            left join clients root on root.project_id = k.project_id and root.id = k.merged_into
            left join client_facts f on f.project_id = k.project_id and f.client_id in (select m.id from clients m where m.project_id = k.project_id
                and (m.id = case when k.merged_into is not null then k.merged_into else k.id end or m.merged_into = case when k.merged_into is not null then k.merged_into else k.id end))
        where k.project_id = @ProjectId and k.id = any(@Ids)
        """;
}
