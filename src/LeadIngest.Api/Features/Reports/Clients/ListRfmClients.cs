using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Lists the clients of a segment or of a cell of RFM, those with the greatest revenue first. Purchases and revenue shown are those of all time.</summary>
internal sealed class ListRfmClients : IEndpoint
{
    internal sealed record Query : RowsQuery, IRfmQuery
    {
        /// <inheritdoc cref="GetRfmReport.Query.At"/>
        public DateOnly? At { get; init; }

        /// <inheritdoc cref="GetRfmReport.Query.Method"/>
        public string? Method { get; init; }

        /// <inheritdoc cref="GetRfmReport.Query.Monetary"/>
        public string? Monetary { get; init; }

        /// <inheritdoc cref="GetRfmReport.Query.Recency"/>
        public string? Recency { get; init; }

        /// <inheritdoc cref="GetRfmReport.Query.Frequency"/>
        public string? Frequency { get; init; }

        /// <inheritdoc cref="GetRfmReport.Query.Money"/>
        public string? Money { get; init; }

        /// <summary>Only this segment: <c>champions</c>.</summary>
        public string? Segment { get; init; }

        /// <summary>Only this score of recency, 1 to 5.</summary>
        public int? R { get; init; }

        /// <summary>Only this score of frequency.</summary>
        public int? F { get; init; }

        /// <summary>Only this score of money.</summary>
        public int? M { get; init; }
    }

    private sealed class Validator : RowsValidator<Query>
    {
        public Validator()
        {
            RfmScoring.Rules(this);
            RuleFor(q => q.Segment).OneOf([.. RfmSegment.Defaults.Append(RfmSegment.Others).Select(s => s.Key)]);
            RuleFor(q => q.R).InclusiveBetween(1, 5).WithMessage("From 1 to 5.");
            RuleFor(q => q.F).InclusiveBetween(1, 5).WithMessage("From 1 to 5.");
            RuleFor(q => q.M).InclusiveBetween(1, 5).WithMessage("From 1 to 5.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/rfm/rows", HandleAsync).Validate(new Validator()).ProducesReport<Page<ReportClient>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var filters = new ReportFilters(scope.ProjectId, query);
        var args = RfmScoring.Args(query, query, filters, query.At ?? project.Today(clock));
        // Which scores a segment takes is Core's business: it is asked about each of the 125.
        args.Add("Scores", (from r in Enumerable.Range(1, 5)
                            from f in Enumerable.Range(1, 5)
                            from m in Enumerable.Range(1, 5)
                            let score = new RfmScore<int>(0, r, f, m)
                            where (query.R ?? r) == r && (query.F ?? f) == f && (query.M ?? m) == m && (query.Segment is null || RfmSegment.Of(score, RfmSegment.Defaults).Key == query.Segment)
                            select score.Score).ToArray());
        var with = RfmScoring.With(query, query, filters)["with ".Length..] + ",";
        var rows = await connection.BehindAsync<ReportClient>(ReportClient.Select("select client_id, revenue as rank from s where 100 * r + 10 * f + m = any(@Scores)", with), args, query, ct);
        return BehindRows.Answer(query, rows, all => ReportClient.Table("rfm-clients", all, project.Zone));
    }
}
