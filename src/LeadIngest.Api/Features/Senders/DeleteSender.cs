using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Senders;

/// <summary>Removes a sender and its secrets. Refused when calls have come through it: switch it off instead, they keep its name.</summary>
internal sealed class DeleteSender : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/{id:guid}", HandleAsync)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var args = new { scope.ProjectId, Id = id };
        if (await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(Delete, args, cancellationToken: ct)) is not null) return TypedResults.NoContent();
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Exists, args, cancellationToken: ct))
            ? Problems.Conflict("sender-has-calls", "It has brought calls", "Calls have come through this sender. Switch it off with {\"isActive\": false}.")
            : Problems.NotFound("sender");
    }

    private const string Delete = """
        delete from senders s where s.project_id = @ProjectId and s.id = @Id
            and not exists (select 1 from calls c where c.project_id = s.project_id and c.sender_id = s.id)
            and not exists (select 1 from call_events e where e.project_id = s.project_id and e.sender_id = s.id)
        returning s.id;
        select pg_notify('senders', @ProjectId::text)
        """;

    private const string Exists = "select exists (select 1 from senders where project_id = @ProjectId and id = @Id)";
}
