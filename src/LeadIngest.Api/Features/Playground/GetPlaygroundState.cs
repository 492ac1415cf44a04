using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Demo;
using LeadIngest.Api.Features.Leads;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Playground;

/// <summary>What the service knows of one visit to the playground: without a key, for it shows the demo project alone and only to who knows the visit's id.</summary>
internal sealed class GetPlaygroundState : IEndpoint
{
    /// <param name="Emulator">Where the emulated CRMs and PBX answer.</param>
    /// <param name="Visit">Null until the tracker's first message.</param>
    /// <param name="Leads">Forms and calls of the visit, newest first.</param>
    internal sealed record Response(string Emulator, VisitState? Visit, IReadOnlyList<LeadAnswer> Leads);

    internal sealed record VisitState(Guid Id, DateTimeOffset StartedAt, string Channel, string? Source, string? Campaign, string? Keyword, int PageViews);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/state", HandleAsync);

    internal static async Task<Ok<Response>> HandleAsync(Guid visitId, Database db, IOptions<DemoOptions> demo, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var which = new { DemoProject.ProjectId, VisitId = visitId, Text = visitId.ToString() };
        var visit = await connection.QueryFirstOrDefaultAsync<VisitState>(new CommandDefinition(OneVisit, which, cancellationToken: ct));
        var rows = await connection.QueryAsync<LeadRow>(new CommandDefinition(OfVisit, which, cancellationToken: ct));
        var leads = await LeadRow.AnswerAsync(connection, DemoProject.ProjectId, rows.AsList(), ct);
        return TypedResults.Ok(new Response(demo.Value.EmulatorUrl.TrimEnd('/'), visit, leads));
    }

    private const string OneVisit = """
        select id, started_at, channel, source, campaign, keyword, page_views from visits where project_id = @ProjectId and id = @VisitId
        """;

    private const string OfVisit = $"""
        {LeadRow.Select} where l.project_id = @ProjectId
            and (l.visit_id = @Text or l.call_id in (select id from calls where project_id = @ProjectId and visit_id = @VisitId))
        order by l.id desc limit 10
        """;
}
