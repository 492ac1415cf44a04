using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Clients;

/// <summary>Joins another client into this one: one person from now on. Nothing is lost, and it can be undone.</summary>
internal sealed class MergeClients : IEndpoint
{
    /// <param name="OtherId">The client that is merged into the one in the path.</param>
    internal sealed record Request(Guid OtherId);

    /// <param name="MergeId">For <c>POST /v1/clients/merges/{id}/undo</c>.</param>
    /// <param name="ClientId">The client that was kept.</param>
    internal sealed record Response(Guid MergeId, Guid ClientId);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.OtherId).NotEmpty().WithMessage("Name the other client.");
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/merge", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .WithExample("""{"otherId":"019aa3c1-52f0-7c1e-8a54-6f2d9b1c7e10"}""");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Guid id, Request request, Caller caller, Database db, TimeProvider clock,
        CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        foreach (var one in new[] { id, request.OtherId })
            if (!await caller.MaySeeAsync(connection, Own.Client, one, ct)) return Problems.NotFound("client");
        await using var tx = await connection.BeginTransactionAsync(ct);
        var roots = (await connection.QueryAsync<(Guid Id, Guid Root)>(new CommandDefinition(Roots,
            new { caller.ProjectId, Ids = new[] { id, request.OtherId } }, tx, cancellationToken: ct))).ToDictionary(r => r.Id, r => r.Root);
        if (!roots.TryGetValue(id, out var kept) || !roots.TryGetValue(request.OtherId, out var merged)) return Problems.NotFound("client");
        if (kept == merged) return Problems.Conflict("already-merged", "Already one client", "Both ids stand for the same client.");

        var both = new { caller.ProjectId, Kept = kept, Merged = merged, Id = Guid.CreateVersion7(clock.GetUtcNow()) };
        var stillRoots = await connection.QueryAsync<Guid>(new CommandDefinition(Lock, both, tx, cancellationToken: ct));
        if (stillRoots.Count() != 2) return Problems.Conflict("changed-meanwhile", "Changed meanwhile", "One of the clients was merged a moment ago. Look again.");
        await connection.ExecuteAsync(new CommandDefinition(Merge, both, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        return TypedResults.Ok(new Response(both.Id, kept));
    }

    private const string Roots = "select id, coalesce(merged_into, id) as root from clients where project_id = @ProjectId and id = any(@Ids)";

    // In the order of ids, as everybody locks clients. A row that stopped being a root while it was waited for drops out.
    private const string Lock = "select id from clients where project_id = @ProjectId and id in (@Kept, @Merged) and merged_into is null order by id for update";

    // The version of every client touched grows: who resolved a lead from the older state must look again.
    private const string Merge = """
        insert into client_merges (project_id, id, kept_id, merged_id, moved, reason)
        select @ProjectId, @Id, @Kept, @Merged, coalesce(array_agg(id), '{}'), 'manual' from clients where project_id = @ProjectId and merged_into = @Merged;

        update clients set merged_into = case when id = @Kept then null else @Kept end, version = version + 1
        where project_id = @ProjectId and (id in (@Kept, @Merged) or merged_into = @Merged);

        update merge_suggestions s set resolved_at = clock_timestamp()
        from clients a, clients b
        where s.project_id = @ProjectId and s.resolved_at is null
            and a.project_id = @ProjectId and a.id = s.client_a and case when a.merged_into is not null then a.merged_into else a.id end = @Kept
            and b.project_id = @ProjectId and b.id = s.client_b and case when b.merged_into is not null then b.merged_into else b.id end = @Kept
        """;
}
