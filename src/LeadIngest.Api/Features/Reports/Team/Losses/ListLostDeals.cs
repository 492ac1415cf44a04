using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Team.Losses;

/// <summary>Lists the lost deals behind a cell: give the keys of its row and column as filters.</summary>
internal sealed class ListLostDeals : IEndpoint
{
    internal sealed record Query : TeamRowsQuery, ITakesLosses
    {
        /// <summary>Which deals: <c>lost</c> in the period (when absent), or <c>made</c> in it and lost since.</summary>
        public string? By { get; init; }

        /// <summary>Only this reason, by its name; <c>(none)</c>: it was not given.</summary>
        public string? Reason { get; init; }

        /// <summary>Only lost at this stage: the CRM's id.</summary>
        public string? Stage { get; init; }
    }

    private sealed class Validator : TeamValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.By).OneOf("lost", "made");
            Text(q => q.Reason);
            Text(q => q.Stage);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/losses/rows", HandleAsync).Validate(new Validator()).ProducesReport<Page<TeamDeal>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var names = await CrmNames.ReadAsync(connection, scope.ProjectId, ct);
        var values = Filters.Values(project, query, project.Range(query, clock));
        values.AddDynamicParams(new { query.Reason, query.Stage });
        var page = await DealRows.ReadAsync(connection, query, values, names, "", LossDimensions.Where(query, query), ct);
        return ReportAnswer.Of(query, page, () => DealRows.Table("lost-deals", page, project.Zone));
    }
}
