using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Masks;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Team.Response;

/// <summary>Lists leads with the time until a person answered, how and who; the newest first.</summary>
internal sealed class ListAnsweredLeads : IEndpoint
{
    internal sealed record Query : TeamRowsQuery
    {
        /// <summary><c>leads</c> (when absent), <c>answered</c>, <c>unanswered</c> or <c>talks</c>.</summary>
        public string? What { get; init; }

        /// <summary>Only leads of this kind: <c>form</c>, <c>call</c>, <c>chat</c>.</summary>
        public string? Kind { get; init; }
    }

    private sealed class Validator : TeamValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.What).OneOf([.. Conditions.Keys]);
            Text(q => q.Kind);
        }
    }

    /// <param name="Manager">Responsible for its deal: the CRM's name, else the id.</param>
    /// <param name="ContactedAt">Null: nobody has answered yet, the times are its age.</param>
    /// <param name="How"><c>call</c>, <c>message</c>, <c>email</c>, <c>sms</c>, <c>stage</c> (a person moved the deal) or <c>clientCalled</c>.</param>
    /// <param name="Who">The PBX's employee or the CRM's user.</param>
    internal sealed record Lead(Guid Id, DateTimeOffset At, string Kind, string? Source, string? Campaign, Guid? ClientId, [property: Contact(MaskKind.Free)] string? ClientName, string? Manager, DateTimeOffset? ContactedAt, string? How, string? Who, long CalendarSeconds, long WorkingSeconds);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/response/rows", HandleAsync).Validate(new Validator()).ProducesReport<Page<Lead>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var names = await CrmNames.ReadAsync(connection, scope.ProjectId, ct);
        var (limit, before) = query.Page();
        var (rows, now) = (new List<Lead>(), clock.GetUtcNow());
        await ResponseReading.ReadAsync(connection, project, query, query.Kind, null, project.Range(query, clock), new { Before = before, Rows = limit + 1 },
            $"and {Conditions[query.What ?? "leads"]} and l.id < @Before order by l.id desc limit @Rows", lead =>
            {
                var response = ResponseTime.Of(lead.At, lead.ContactedAt, now, project.Working, project.Zone);
                rows.Add(new(lead.Id, lead.At, lead.Kind, lead.Source, lead.Campaign, lead.ClientId, null, Name(lead.ManagerId), lead.ContactedAt, lead.How, Name(lead.Who), Seconds.Of(response.Calendar)!.Value, Seconds.Of(response.Working)!.Value));

                string? Name(string? id) => lead.ConnectionId is { } account ? names.User(account, id) ?? id : id;
            }, ct);
        var clients = await ClientNames.ReadAsync(connection, scope.ProjectId, rows.Select(l => l.ClientId), ct);
        var page = Cursor.Page([.. rows.Select(l => l with { ClientName = clients.Of(l.ClientId) })], limit, l => l.Id);
        return ReportAnswer.Of(query, page, () => Table(page, project));
    }

    private const string IsTalk = "coalesce(own.outcome = 'answered', false)";

    private static readonly Dictionary<string, string> Conditions = new(StringComparer.Ordinal)
    {
        ["leads"] = $"not {IsTalk}",
        ["answered"] = $"not {IsTalk} and contact.at is not null",
        ["unanswered"] = $"not {IsTalk} and contact.at is null",
        ["talks"] = IsTalk,
    };

    private static ReportTable Table(Page<Lead> page, ReportProject project) => new("response-leads",
        [
            new("Заявка", "Lead"), new("Пришла", "Came", ColumnKind.Moment), new("Вид", "Kind"), new("Источник", "Source"), new("Кампания", "Campaign"), new("Клиент", "Client"), new("Ответственный", "Manager"),
            new("Ответили", "Contacted", ColumnKind.Moment), new("Как", "How"), new("Кто", "Who"), new("Время", "Time", ColumnKind.Span), new("Рабочее время", "Working time", ColumnKind.Span),
        ],
        page.Items.Select(l => (IReadOnlyList<object?>)[l.Id.ToString(), l.At, l.Kind, l.Source, l.Campaign, l.ClientName, l.Manager, l.ContactedAt, l.How, l.Who, Seconds.Cell(l.CalendarSeconds), Seconds.Cell(l.WorkingSeconds)]), project.Zone);
}
