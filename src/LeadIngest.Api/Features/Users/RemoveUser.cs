using Dapper;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Users;

/// <summary>Takes somebody out of the project, or an invitation back, and ends their sessions. What they did stays in the audit log.</summary>
internal sealed class RemoveUser : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/{id:guid}", HandleAsync)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, Caller caller, Database db, Sessions sessions, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var hasOther = await UserRules.HasOtherOwnerAsync(connection, tx, caller.ProjectId, id, ct);
        var args = new { caller.ProjectId, Id = id };
        var before = await connection.QuerySingleOrDefaultAsync<UserRow>(new CommandDefinition(UserRow.One, args, tx, cancellationToken: ct));
        if (before is null) return Problems.NotFound("user");
        if (before is { Role: Roles.Owner, State: "active" } && !hasOther) return UserRules.LastOwner();
        await connection.ExecuteAsync(new CommandDefinition(Remove, args, tx, cancellationToken: ct));
        if (before.State != "invited") await sessions.EndAsync(connection, tx, id, null, null, ct);
        await tx.CommitAsync(ct);
        sessions.Clear();
        return TypedResults.NoContent();
    }

    // Nobody is kept who never came and whom nobody waits for.
    private const string Remove = """
        delete from memberships where project_id = @ProjectId and user_id = @Id;
        delete from invitations where project_id = @ProjectId and user_id = @Id;
        delete from users u where id = @Id and password_hash is null and not exists (select from memberships m where m.user_id = u.id) and not exists (select from invitations i where i.user_id = u.id)
        """;
}
