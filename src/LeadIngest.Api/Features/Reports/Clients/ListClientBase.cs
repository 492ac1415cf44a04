using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Lists the clients behind a figure of the base, those with the greatest revenue first.</summary>
internal sealed class ListClientBase : IEndpoint
{
    internal sealed record Query : RowsQuery
    {
        /// <summary><c>baseEnd</c> (when absent), <c>baseStart</c>, <c>new</c>, <c>active</c>, <c>reactivated</c> or <c>churned</c>.</summary>
        public string? Kind { get; init; }

        /// <summary>As in the report.</summary>
        public int? ChurnDays { get; init; }
    }

    private sealed class Validator : RowsValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Kind).OneOf([.. ClientFlow.Kinds.Select(k => k.Kind)]);
            ClientFlow.Rules(this, q => q.ChurnDays);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/clients/rows", HandleAsync).Validate(new Validator()).ProducesReport<Page<ReportClient>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var filters = new ReportFilters(scope.ProjectId, query);
        var set = $"""
            select p.client_id, c.revenue as rank
            from unnest(@Firsts::date[], @Lasts::date[]) t (a, b) join p on {ClientFlow.Joined}
                join client_facts c on c.project_id = @ProjectId and c.client_id = p.client_id {(filters.BySource ? ReportFilters.ClientOrigin : "")}
            where {ClientFlow.Condition(query.Kind ?? "baseEnd")} {filters.Clients()}
            """;
        var rows = await connection.BehindAsync<ReportClient>(ReportClient.Select(set, ClientFlow.Purchases + ","), filters.Args([project.Range(query, clock)], query.ChurnDays), query, ct);
        return BehindRows.Answer(query, rows, all => ReportClient.Table("client-base", all, project.Zone));
    }
}
