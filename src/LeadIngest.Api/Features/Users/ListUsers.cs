using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Users;

/// <summary>Lists the people of the project, those asked in included, newest first.</summary>
internal sealed class ListUsers : IEndpoint
{
    /// <param name="Limit">People a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(int? Limit, string? Cursor) : IPageQuery;

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new PageValidator<Query>());

    internal static async Task<Ok<Page<UserAnswer>>> HandleAsync([AsParameters] Query query, Caller caller, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<UserRow>(new CommandDefinition(UserRow.All + " where id < @Before order by id desc limit @Rows", new { caller.ProjectId, Before = before, Rows = limit + 1 }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page([.. rows.Select(r => r.Answer())], limit, u => u.Id));
    }
}

/// <summary>Shows one of the people of the project.</summary>
internal sealed class GetUser : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<UserAnswer>, ProblemHttpResult>> HandleAsync(Guid id, Caller caller, Database db, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<UserRow>(new CommandDefinition(UserRow.One, new { caller.ProjectId, Id = id }, cancellationToken: ct)) is { } row
            ? TypedResults.Ok(row.Answer()) : Problems.NotFound("user");
    }
}

/// <summary>Lists the users of the project's CRMs, to say whose leads a manager sees.</summary>
internal sealed class ListCrmUsers : IEndpoint
{
    internal sealed record Item
    {
        public required Guid ConnectionId { get; init; }
        public required string ConnectionName { get; init; }

        /// <summary>The CRM's id.</summary>
        public required string UserId { get; init; }

        public required string Name { get; init; }
    }

    internal sealed record Response(IReadOnlyList<Item> Items);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/crm", HandleAsync);

    internal static async Task<Ok<Response>> HandleAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Item>(new CommandDefinition(All, new { caller.ProjectId }, cancellationToken: ct));
        return TypedResults.Ok(new Response(rows.AsList()));
    }

    private const string All = """
        select u.connection_id, c.name as connection_name, u.id as user_id, u.name from crm_users u join connections c on c.project_id = u.project_id and c.id = u.connection_id
        where u.project_id = @ProjectId and u.removed_at is null order by c.name, u.name, u.id limit 5000
        """;
}
