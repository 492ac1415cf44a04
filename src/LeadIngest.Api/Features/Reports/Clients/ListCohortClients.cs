using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Times;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Lists the clients behind a cell of the cohorts, those who paid most there first. Without a column: all clients of the cohorts.</summary>
internal sealed class ListCohortClients : IEndpoint
{
    internal sealed record Query : RowsQuery
    {
        /// <summary>As in the report.</summary>
        public string? By { get; init; }

        /// <summary>As in the report.</summary>
        public string? Unit { get; init; }

        /// <summary>A day of the cohort; all cohorts of the days when absent.</summary>
        public DateOnly? Cohort { get; init; }

        /// <summary>Only clients with a purchase so many periods later.</summary>
        public int? Column { get; init; }
    }

    private sealed class Validator : RowsValidator<Query>
    {
        public Validator()
        {
            CohortRules.Rules(this, q => q.By, q => q.Unit);
            RuleFor(q => q.Cohort).Must(d => d!.Value.Year is >= 2000 and <= 2100).When(q => q.Cohort is not null).WithMessage("From 2000 to 2100.");
            RuleFor(q => q.Column).InclusiveBetween(0, 600).WithMessage("From 0 to 600.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/cohorts/rows", HandleAsync).Validate(new Validator()).ProducesReport<Page<ReportClient>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var unit = CohortRules.Unit(query.Unit);
        var range = query.Cohort is { } day ? CohortRules.Range(project, day, day, unit, clock) : CohortRules.Range(project, query.From, query.To, unit, clock);
        var filters = new ReportFilters(scope.ProjectId, query);
        var args = filters.Args();
        args.AddDynamicParams(new { range.From, range.To, query.Column });
        // Cohorts have different days; a column is as many periods after each.
        var later = $"date_trunc('{CohortRules.Word(query.Unit)}', p.day::timestamp) = x.cohort + @Column::int * interval '{(unit == PeriodUnit.Week ? "7 days" : unit == PeriodUnit.Quarter ? "3 months" : "1 month")}'";
        var set = query.Column is null
            ? "select x.client_id, coalesce(sum(p.amount), 0) as rank from cohort x left join p on p.client_id = x.client_id and p.day >= x.day group by x.client_id"
            : $"select x.client_id, coalesce(sum(p.amount), 0) as rank from cohort x join p on p.client_id = x.client_id and p.day >= x.day and {later} group by x.client_id having bool_or(p.paid)";
        var with = CohortRules.With(filters, query.By, query.Unit).TrimEnd()["with ".Length..] + ",";
        var rows = await connection.BehindAsync<ReportClient>(ReportClient.Select(set, with), args, query, ct);
        return BehindRows.Answer(query, rows, all => ReportClient.Table("cohort-clients", all, project.Zone));
    }
}
