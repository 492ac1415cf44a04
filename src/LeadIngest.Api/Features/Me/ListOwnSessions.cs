using Dapper;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Me;

/// <summary>Somewhere that one is signed in.</summary>
internal sealed record OwnSession
{
    public required Guid Id { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>To the minute.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    public string? Address { get; init; }
    public string? UserAgent { get; init; }

    /// <summary>The one that asks.</summary>
    public required bool IsCurrent { get; init; }
}

/// <summary>Lists where one is signed in, newest first.</summary>
internal sealed class ListOwnSessions : IEndpoint
{
    private const int Most = 500;

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/sessions", HandleAsync);

    internal static async Task<Ok<Page<OwnSession>>> HandleAsync(SignedIn person, Database db, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<OwnSession>(new CommandDefinition(All, new { person.UserId, person.SessionId, IdleSince = now - Sessions.Idle, Since = now - Sessions.Longest, Most }, cancellationToken: ct));
        return TypedResults.Ok(new Page<OwnSession>(rows.AsList(), null));
    }

    private const string All = """
        select id, started_at, last_seen_at, address, user_agent, id = @SessionId as is_current from sessions
        where user_id = @UserId and last_seen_at > @IdleSince and started_at > @Since order by id desc limit @Most
        """;
}
