using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Sources;

/// <summary>Adds a line of the project's own. Visits and leads that come from now on are named by it, on every node; history by <c>POST /v1/rebuilds</c>.</summary>
/// <remarks>A line with this source and medium that is there already gets the new name, channel and note.</remarks>
internal sealed class CreateSource : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/", (Delegate)HandleAsync).Validate(new SourceLine.Validator())
        .Produces<SourceAnswer>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict).WithExample(SourceLine.Example);

    internal static async Task<IResult> HandleAsync(SourceLine request, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        await SourceRows.ChangedAsync(connection, tx, scope.ProjectId, ct);
        var row = await connection.QuerySingleOrDefaultAsync<SourceAnswer>(new CommandDefinition(Save, SourceRows.Values(scope.ProjectId, Guid.CreateVersion7(clock.GetUtcNow()), request), tx, cancellationToken: ct));
        if (row is null) return SourceRows.Full;
        await tx.CommitAsync(ct);
        return TypedResults.Created($"/v1/sources/{row.Id}", row);
    }

    private const string Save = $"""
        insert into source_entries (project_id, id, source, medium, name, channel, note)
        select @Project, @Id, @Source, @Medium, @Name, @Channel, @Note
        where exists (select 1 from source_entries where project_id = @Project and source = @Source and medium = @Medium) or (select count(*) from source_entries where project_id = @Project) < @Most
        on conflict (project_id, source, medium) do update set name = excluded.name, channel = excluded.channel, note = excluded.note, updated_at = clock_timestamp()
        returning {SourceRows.Columns}
        """;
}
