using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Lists the clients behind a figure of the report of LTV: give the group's key in the filter of its name, a month by its days. Those with the greatest revenue first.</summary>
internal sealed class ListLtvClients : IEndpoint
{
    internal sealed record Query : RowsQuery
    {
        /// <summary>As in the report: <c>firstPayment</c> (when absent) or <c>firstLead</c>.</summary>
        public string? By { get; init; }

        /// <summary>True: only those who have ever paid.</summary>
        public bool? Buyers { get; init; }
    }

    private sealed class Validator : RowsValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.By).OneOf("firstPayment", "firstLead");
            this.RefusePipeline();
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/ltv/rows", HandleAsync).Validate(new Validator()).ProducesReport<Page<ReportClient>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var range = LtvCohorts.Range(project, query.From, query.To, clock);
        var filters = new ReportFilters(scope.ProjectId, query);
        var args = filters.Args();
        args.AddDynamicParams(new { range.From, range.To });
        // "with" stands in front of them already.
        var with = LtvCohorts.With(filters, query.By, null).TrimEnd()["with ".Length..] + ",";
        var rows = await connection.BehindAsync<ReportClient>(
            ReportClient.Select("select client_id, coalesce(revenue, 0) as rank from cohort" + (query.Buyers == true ? " where first_day is not null" : ""), with), args, query, ct);
        return BehindRows.Answer(query, rows, all => ReportClient.Table("ltv-clients", all, project.Zone));
    }
}
