using System.Text.Json;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Audit;

/// <summary>The log of what people and their programs did and looked at.</summary>
internal static class AuditFeature
{
    public static void MapAudit(this IEndpointRouteBuilder v1) => v1.MapGroup("/audit").WithTags("Audit").Needs(Right.People).MapEndpoint<ListAudit>();
}

/// <summary>Something that was done or looked at.</summary>
/// <param name="UserId">Null: a program, by its API key.</param>
/// <param name="Who">The person's name or the key's, as it was then.</param>
/// <param name="Action">The operation of this API: <c>GetLead</c>.</param>
/// <param name="Entity">Of which kind, as the path says it: <c>leads</c>.</param>
/// <param name="Detail"><c>outcome</c> (the status), <c>fields</c> that were given, <c>filters</c> that were set, <c>count</c> of rows shown, <c>format</c> of a file, <c>people</c> when it names people; never what stood in them.</param>
internal sealed record AuditEntry(Guid Id, DateTimeOffset At, Guid? UserId, string Who, string? Address, string Action, string? Entity, string? EntityId, JsonElement Detail);

/// <summary>Lists the audit log, newest first.</summary>
/// <remarks>Entries are only ever added to, and each carries a hash over the one before: <c>LeadIngest.Api audit-check</c> finds out whether one was changed.</remarks>
internal sealed class ListAudit : IEndpoint
{
    /// <param name="Limit">Entries a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    /// <param name="Action">Exactly: <c>GetLead</c>.</param>
    /// <param name="Entity">Exactly: <c>leads</c>.</param>
    /// <param name="From">Not before.</param>
    /// <param name="To">Before.</param>
    internal sealed record Query(int? Limit, string? Cursor, Guid? UserId, string? Action, string? Entity, string? EntityId, DateTimeOffset? From, DateTimeOffset? To) : IPageQuery;

    private sealed class Validator : PageValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Action).MaximumLength(100);
            RuleFor(q => q.Entity).MaximumLength(100);
            RuleFor(q => q.EntityId).MaximumLength(100);
        }
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public DateTimeOffset At { get; init; }
        public Guid? UserId { get; init; }
        public string Who { get; init; } = "";
        public string? Address { get; init; }
        public string Action { get; init; } = "";
        public string? Entity { get; init; }
        public string? EntityId { get; init; }
        public string Detail { get; init; } = "{}";
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Page<AuditEntry>>> HandleAsync([AsParameters] Query query, Caller caller, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Found, new { caller.ProjectId, Before = before, Rows = limit + 1, query.UserId, query.Action, query.Entity, query.EntityId, query.From, query.To }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page([.. rows.Select(r => new AuditEntry(r.Id, r.At, r.UserId, r.Who, r.Address, r.Action, r.Entity, r.EntityId, JsonSerializer.Deserialize<JsonElement>(r.Detail)))], limit, e => e.Id));
    }

    private const string Found = """
        select id, at, user_id, who, address, action, entity, entity_id, detail::text as detail from audit
        where project_id = @ProjectId and id < @Before and (@UserId is null or user_id = @UserId) and (@Action is null or action = @Action) and (@Entity is null or entity = @Entity)
            and (@EntityId is null or entity_id = @EntityId) and (@From::timestamptz is null or at >= @From) and (@To::timestamptz is null or at < @To)
        order by id desc limit @Rows
        """;
}
