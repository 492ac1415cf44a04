using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Npgsql;

namespace LeadIngest.Api.Features.Sources;

/// <summary>Replaces a line of the project's own. It counts at once, on every node.</summary>
internal sealed class UpdateSource : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPut("/{id:guid}", (Delegate)HandleAsync).Validate(new SourceLine.Validator())
        .Produces<SourceAnswer>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).WithExample(SourceLine.Example);

    internal static async Task<IResult> HandleAsync(Guid id, SourceLine request, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        await SourceRows.ChangedAsync(connection, tx, scope.ProjectId, ct);
        try
        {
            var row = await connection.QuerySingleOrDefaultAsync<SourceAnswer>(new CommandDefinition(Replace, SourceRows.Values(scope.ProjectId, id, request), tx, cancellationToken: ct));
            if (row is null) return Problems.NotFound("line of the dictionary");
            await tx.CommitAsync(ct);
            return TypedResults.Ok(row);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Problems.Conflict("line-exists", "There is such a line already", "Another line of the project has this source and medium: change that one, or remove it.");
        }
    }

    private const string Replace = $"""
        update source_entries set source = @Source, medium = @Medium, name = @Name, channel = @Channel, note = @Note, updated_at = clock_timestamp()
        where project_id = @Project and id = @Id
        returning {SourceRows.Columns}
        """;
}
