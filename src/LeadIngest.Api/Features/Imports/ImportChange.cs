using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Import;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Imports;

/// <summary>One change of an import by a person, answered with what became of it.</summary>
internal static class ImportChange
{
    /// <param name="db">Of the service.</param>
    /// <param name="options">Whether deals are read.</param>
    /// <param name="projectId">The caller's.</param>
    /// <param name="id">The connection.</param>
    /// <param name="sql">Changes the row of <c>@ProjectId</c> and <c>@Id</c> where the change has a meaning, else nothing.</param>
    /// <param name="args">Of the statement.</param>
    /// <param name="ct">The caller's.</param>
    public static async Task<Results<Ok<ImportProgress>, ProblemHttpResult>> ApplyAsync(Database db, IOptions<ImportOptions> options, Guid projectId, Guid id, string sql, object args, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, args, cancellationToken: ct));
        return await ImportProgress.FindAsync(connection, projectId, id, options.Value.Deals, ct) is { } progress ? TypedResults.Ok(progress) : Problems.NotFound("connection");
    }
}

/// <summary>Reads all people, firms and deals of the CRM, or reads them anew. It begins by itself when a connection is made; what is known already stays.</summary>
internal sealed class StartImport : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/import", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static Task<Results<Ok<ImportProgress>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, IOptions<ImportOptions> options, HookSecrets secrets,
        CancellationToken ct) =>
        ImportChange.ApplyAsync(db, options, scope.ProjectId, id, Start, new { scope.ProjectId, Id = id, HookSecret = secrets.New(scope.ProjectId, id) }, ct);

    // One that is under way is not begun again.
    private const string Start = """
        insert into crm_imports as i (project_id, connection_id, hook_secret)
        select k.project_id, k.id, @HookSecret from connections k where k.project_id = @ProjectId and k.id = @Id
        on conflict (project_id, connection_id) do update set state = 'waiting', contacts = 0, companies = 0, identities = 0, skipped = 0, requested_at = clock_timestamp(),
            started_at = null, finished_at = null, last_error = null, pass_began = null, since = null, phase = 'contacts', cursor = null, next_at = clock_timestamp(),
            sweep_phase = 'contacts', sweep_cursor = null, sweep_seen = 0, sweep_at = null
        where i.state not in ('waiting', 'running', 'paused');
        insert into deal_readings as r (project_id, connection_id) select k.project_id, k.id from connections k where k.project_id = @ProjectId and k.id = @Id
        on conflict (project_id, connection_id) do update set state = 'waiting', deals = 0, changes = 0, tasks = 0, touches = 0, requested_at = clock_timestamp(), started_at = null,
            finished_at = null, last_error = null, pass_began = null, since = null, part = 'directories', cursor = null, directories_at = null, next_at = clock_timestamp(),
            sweep_part = 'deals', sweep_months = '{}', sweep_cursor = null, sweep_seen = 0, sweep_began = null, sweep_at = null
        where r.state not in ('waiting', 'running', 'paused');
        select pg_notify('deliveries', '')
        """;
}

/// <summary>Stops the reading where it is, until it is resumed.</summary>
internal sealed class PauseImport : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/import/pause", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static Task<Results<Ok<ImportProgress>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, IOptions<ImportOptions> options, CancellationToken ct) =>
        ImportChange.ApplyAsync(db, options, scope.ProjectId, id, Pause, new { scope.ProjectId, Id = id }, ct);

    private const string Pause = """
        update crm_imports set state = 'paused' where project_id = @ProjectId and connection_id = @Id and state in ('waiting', 'running');
        update deal_readings set state = 'paused' where project_id = @ProjectId and connection_id = @Id and state in ('waiting', 'running')
        """;
}

/// <summary>Goes on with a paused reading from where it stopped.</summary>
internal sealed class ResumeImport : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/import/resume", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static Task<Results<Ok<ImportProgress>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, IOptions<ImportOptions> options, CancellationToken ct) =>
        ImportChange.ApplyAsync(db, options, scope.ProjectId, id, Resume, new { scope.ProjectId, Id = id }, ct);

    private const string Resume = """
        update crm_imports set state = case when pass_began is null then 'waiting' else 'running' end, next_at = clock_timestamp()
        where project_id = @ProjectId and connection_id = @Id and state = 'paused';
        update deal_readings set state = case when pass_began is null then 'waiting' else 'running' end, next_at = clock_timestamp()
        where project_id = @ProjectId and connection_id = @Id and state = 'paused';
        select pg_notify('deliveries', '')
        """;
}

/// <summary>Gives the reading up. What was read stays, and what changes in the CRM from now on is still heard of.</summary>
internal sealed class CancelImport : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/import/cancel", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static Task<Results<Ok<ImportProgress>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, IOptions<ImportOptions> options, CancellationToken ct) =>
        ImportChange.ApplyAsync(db, options, scope.ProjectId, id, Cancel, new { scope.ProjectId, Id = id }, ct);

    private const string Cancel = """
        update crm_imports set state = 'cancelled', pass_began = null, cursor = null, finished_at = clock_timestamp(),
            read_until = coalesce(read_until, started_at, clock_timestamp()), next_at = clock_timestamp()
        where project_id = @ProjectId and connection_id = @Id and state in ('waiting', 'running', 'paused');
        update deal_readings set state = 'cancelled', pass_began = null, cursor = null, finished_at = clock_timestamp(),
            read_until = coalesce(read_until, started_at, clock_timestamp()), next_at = clock_timestamp()
        where project_id = @ProjectId and connection_id = @Id and state in ('waiting', 'running', 'paused')
        """;
}
