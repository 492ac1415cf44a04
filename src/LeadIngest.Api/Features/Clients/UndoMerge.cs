using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Clients;

/// <summary>Undoes a merge: the client stands for itself again, with its own leads, identities, and what had been merged into it before.</summary>
internal sealed class UndoMerge : IEndpoint
{
    /// <param name="ClientId">The client that stands for itself again.</param>
    internal sealed record Response(Guid ClientId);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/merges/{id:guid}/undo", HandleAsync)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Guid id, Caller caller, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        if (!await caller.MaySeeAsync(connection, Own.Merge, id, ct)) return Problems.NotFound("merge");
        await using var tx = await connection.BeginTransactionAsync(ct);
        var merged = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(Exists, new { caller.ProjectId, Id = id }, tx, cancellationToken: ct));
        if (merged is null) return Problems.NotFound("merge");
        var rows = await connection.ExecuteAsync(new CommandDefinition(Take, new { caller.ProjectId, Id = id }, tx, cancellationToken: ct));
        if (rows == 0) return Problems.Conflict("already-undone", "Already undone", "This merge was undone before.");
        await connection.ExecuteAsync(new CommandDefinition(Undo, new { caller.ProjectId, Id = id, Merged = merged }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        return TypedResults.Ok(new Response(merged.Value));
    }

    private const string Exists = "select merged_id from client_merges where project_id = @ProjectId and id = @Id";

    private const string Take = "update client_merges set undone_at = clock_timestamp() where project_id = @ProjectId and id = @Id and undone_at is null";

    // The kept client may itself have been merged on since: what came along then (moved) comes out of wherever it is now. A client that was taken
    // out and merged anew by a later merge stays there.
    private const string Undo = """
        select c.id from clients c, (select merged_into as root from clients where project_id = @ProjectId and id = @Merged) r
        where c.project_id = @ProjectId and (c.id = r.root or c.merged_into = r.root) order by c.id for update of c;

        with m as (select merged_id, moved from client_merges where project_id = @ProjectId and id = @Id),
        r as (select merged_into as root from clients where project_id = @ProjectId and id = @Merged)
        update clients c
        set merged_into = case when c.id = r.root or c.id = m.merged_id then null else m.merged_id end, version = c.version + 1
        from m, r
        where c.project_id = @ProjectId and (c.id = r.root or c.id = m.merged_id or (c.id = any(m.moved) and c.merged_into = r.root
            and not exists (select 1 from client_merges l where l.project_id = @ProjectId and l.merged_id = c.id and l.undone_at is null and l.id > @Id)))
        """;
}
