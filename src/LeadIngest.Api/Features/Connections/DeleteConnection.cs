using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Connections;

/// <summary>Removes a connection and its credentials. Refused while leads are on their way to it.</summary>
internal sealed class DeleteConnection : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/{id:guid}", HandleAsync)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var args = new { scope.ProjectId, Id = id };
        var removed = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(Delete, args, cancellationToken: ct));
        if (removed is not null) return TypedResults.NoContent();
        return await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(Unfinished, args, cancellationToken: ct)) is { } waiting
            ? Problems.Conflict("deliveries-unfinished", "Leads are on their way", $"{waiting} leads are not delivered yet. Wait until they are, then remove the connection.")
            : Problems.NotFound("connection");
    }

    private const string Delete = """
        delete from connections k where k.project_id = @ProjectId and k.id = @Id and not exists (
            select 1 from deliveries d where d.project_id = k.project_id and d.connection_id = k.id and d.state in ('pending', 'sending', 'in_doubt'))
        returning k.id;
        select pg_notify('connections', @ProjectId::text)
        """;

    private const string Unfinished = """
        select count(d.id) from connections k
            left join deliveries d on d.project_id = k.project_id and d.connection_id = k.id and d.state in ('pending', 'sending', 'in_doubt')
        where k.project_id = @ProjectId and k.id = @Id group by k.id
        """;
}
