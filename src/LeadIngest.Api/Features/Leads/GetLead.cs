using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadIngest.Api.Features.Leads;

/// <summary>Shows one lead: contact details, marketing passport, client, and how far it got into each CRM.</summary>
internal sealed class GetLead : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<LeadAnswer>, ProblemHttpResult>> HandleAsync(Guid id, Caller caller, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return await caller.MaySeeAsync(connection, Own.Lead, id, ct) ? await AnswerAsync(connection, caller.ProjectId, id, ct) : Problems.NotFound("lead");
    }

    /// <summary>The lead as it is now, for every operation that is answered with one.</summary>
    internal static async Task<Results<Ok<LeadAnswer>, ProblemHttpResult>> AnswerAsync(NpgsqlConnection connection, Guid projectId, Guid id, CancellationToken ct)
    {
        var rows = await connection.QueryAsync<LeadRow>(new CommandDefinition(One, new { ProjectId = projectId, Id = id }, cancellationToken: ct));
        var leads = await LeadRow.AnswerAsync(connection, projectId, rows.AsList(), ct);
        return leads is [var lead] ? TypedResults.Ok(lead) : Problems.NotFound("lead");
    }

    private const string One = $"{LeadRow.Select} where l.project_id = @ProjectId and l.id = @Id";
}
