using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Funnel;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Team.Hygiene;

/// <summary>Lists the deals with which something is wrong, those that became known last first.</summary>
internal sealed class ListUntidyDeals : IEndpoint
{
    internal sealed record Query : TeamRowsQuery
    {
        /// <summary>What is wrong, as the report names its checks; absent: anything at all.</summary>
        public string? Check { get; init; }
    }

    private sealed class Validator : TeamValidator<Query>
    {
        public Validator() => RuleFor(q => q.Check).OneOf([.. HygieneChecks.Checks.Select(c => c.Name)]);
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/hygiene/rows", HandleAsync).Validate(new Validator()).ProducesReport<Page<TeamDeal>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var names = await CrmNames.ReadAsync(connection, scope.ProjectId, ct);
        var values = Filters.Values(project, query, project.Range(query, clock));
        values.AddDynamicParams(new { Now = clock.GetUtcNow() });
        var wrong = HygieneChecks.Checks.Where(c => query.Check is null || c.Name == query.Check).Select(c => $"({c.Of}) and ({c.IsWrong})");
        var page = await DealRows.ReadAsync(connection, query, values, names, $"with {FunnelStages.Places}",
            $"f.project_id = @ProjectId and f.made_day between @First and @Last{Filters.OfDeals(query)} and ({string.Join(" or ", wrong)})", ct);
        return ReportAnswer.Of(query, page, () => DealRows.Table("untidy-deals", page, project.Zone));
    }
}
