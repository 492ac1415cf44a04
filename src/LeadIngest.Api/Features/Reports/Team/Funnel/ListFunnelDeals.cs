using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Team.Funnel;

/// <summary>Lists the deals behind a figure of the funnel. Filters are those of the report; the deals of one month are those of its days.</summary>
internal sealed class ListFunnelDeals : IEndpoint
{
    internal sealed record Query : TeamRowsQuery
    {
        /// <summary><c>deals</c> (when absent), <c>open</c>, <c>won</c>, <c>lost</c> or <c>reopened</c>; of a step <c>entered</c>, <c>reached</c>, <c>jumpedOver</c>, <c>standing</c> or <c>lostHere</c>.</summary>
        public string? What { get; init; }

        /// <summary>The step: the CRM's id of the stage; of winning <c>won</c>. Only with a figure of a step.</summary>
        public string? Stage { get; init; }
    }

    private static readonly string[] OfStep = ["entered", "reached", "jumpedOver", "standing", "lostHere"];

    private sealed class Validator : TeamValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.What).OneOf(["deals", "open", "won", "lost", "reopened", .. OfStep]);
            Text(q => q.Stage);
            RuleFor(q => q.Stage).NotNull().When(q => OfStep.Contains(q.What)).WithMessage("Say which step.");
            RuleFor(q => q.Stage).Null().When(q => !OfStep.Contains(q.What)).WithMessage($"Only with {string.Join(", ", OfStep)}.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/funnel/rows", HandleAsync).Validate(new Validator()).ProducesReport<Page<TeamDeal>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var names = await CrmNames.ReadAsync(connection, scope.ProjectId, ct);
        var values = Filters.Values(project, query, project.Range(query, clock));
        values.AddDynamicParams(new { query.Stage });
        var page = await DealRows.ReadAsync(connection, query, values, names, $"with {FunnelStages.Places}",
            $"f.project_id = @ProjectId and f.made_day between @First and @Last{Filters.OfDeals(query).And(Condition(query.What))}", ct);
        return ReportAnswer.Of(query, page, () => DealRows.Table("funnel-deals", page, project.Zone));
    }

    // The words of Core/Metrics/FunnelCount in SQL; a test opens every figure of random funnels and counts the rows.
    private static string? Condition(string? what) => what switch
    {
        "open" => $"exists (select {Now("now.state = 'open'")})",
        "won" => $"exists (select {Now("now.state = 'won'")})",
        "lost" => $"exists (select {Now("now.state = 'lost'")})",
        "reopened" => $"""
            exists (select {Course("x.state = 'lost'")} and exists (select from stage_changes y left join places q on q.connection_id = f.connection_id and q.pipeline_id = f.pipeline_id
                and q.pipeline_id = y.pipeline_id and q.id = y.stage_id where y.project_id = f.project_id and y.deal_id = f.deal_id and y.n = s.n + 1 and q.state is distinct from 'lost'))
            """,
        "entered" => $"exists (select {Course(IsStep)})",
        "reached" => $"({Came} or exists (select {Course(IsStep)})) and {StillWon}",
        "jumpedOver" => $"{Came} and not exists (select {Course(IsStep)}) and {IsOpenStep}",
        "standing" => $"exists (select {Now(IsStep.Replace("x.", "now.", StringComparison.Ordinal))})",
        "lostHere" => $"""
            exists (select {Now("now.state = 'lost'")}) and exists (select from stage_changes s join places x on x.connection_id = f.connection_id and x.pipeline_id = s.pipeline_id and x.id = s.stage_id
                where s.project_id = f.project_id and s.deal_id = f.deal_id and s.pipeline_id = f.pipeline_id and {IsStep} and s.n = (
                    select max(y.n) from stage_changes y left join places q on q.connection_id = f.connection_id and q.pipeline_id = f.pipeline_id and q.pipeline_id = y.pipeline_id and q.id = y.stage_id
                    where y.project_id = f.project_id and y.deal_id = f.deal_id and q.state is distinct from 'lost'))
            """,
        _ => null,
    };

    /// <summary>Winning is one step, however many won stages a pipeline has.</summary>
    private const string IsStep = "(case when @Stage = 'won' then x.state = 'won' else x.id = @Stage and x.state = 'open' end)";

    private const string IsOpenStep = "@Stage <> 'won'";

    /// <summary>A deal that was won and taken back has not reached winning.</summary>
    private const string StillWon = "(@Stage <> 'won' or exists (select from places now where now.connection_id = f.connection_id and now.pipeline_id = f.pipeline_id and now.id = f.stage_id and now.state = 'won'))";

    /// <summary>It stood in a later step.</summary>
    private const string Came = """
        exists (select from stage_changes s join places p on p.connection_id = f.connection_id and p.pipeline_id = s.pipeline_id and p.id = s.stage_id
            join places x on x.connection_id = p.connection_id and x.pipeline_id = p.pipeline_id and x.id = @Stage and x.state = 'open'
            where s.project_id = f.project_id and s.deal_id = f.deal_id and s.pipeline_id = f.pipeline_id and p.place > x.place)
        """;

    private static string Course(string condition) => $"""
        from stage_changes s join places x on x.connection_id = f.connection_id and x.pipeline_id = s.pipeline_id and x.id = s.stage_id
            where s.project_id = f.project_id and s.deal_id = f.deal_id and s.pipeline_id = f.pipeline_id and {condition}
        """;

    private static string Now(string condition) => $"from places now where now.connection_id = f.connection_id and now.pipeline_id = f.pipeline_id and now.id = f.stage_id and {condition}";
}
