using System.Text.Json;
using Dapper;
using LeadIngest.Api.Calls;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadIngest.Api.Features.Calls;

/// <summary>Shows one call: its facts, and the provider's messages that told them, as they came.</summary>
internal sealed class GetCall : IEndpoint
{
    private const int MostEvents = 500;

    /// <param name="Facts">What the messages said and the call's own members do not show: <c>tags</c>, <c>fields</c>, <c>page</c>, <c>referrer</c>, <c>clientName</c>.</param>
    /// <param name="Events">In the order of arrival, the first 500.</param>
    internal sealed record Response(CallAnswer Call, JsonElement Facts, IReadOnlyList<Event> Events);

    /// <param name="Phase">What the message reported: <c>ringing</c>, <c>talking</c>, <c>ended</c> or <c>unknown</c>.</param>
    /// <param name="Said">The message in this service's words.</param>
    internal sealed record Event(DateTimeOffset ReceivedAt, string Phase, JsonElement Said);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Guid id, Caller caller, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var args = new { caller.ProjectId, Id = id, MostEvents };
        var row = await FindAsync(connection, caller, id, ct);
        if (row is null) return Problems.NotFound("call");
        var events = await connection.QueryAsync<(DateTimeOffset ReceivedAt, string Event)>(new CommandDefinition(Events, args, cancellationToken: ct));
        return TypedResults.Ok(new Response(row.Answer(), CallEventJson.Element(row.Facts),
            [.. events.Select(e => new Event(e.ReceivedAt, CallWords.Wire(CallEventJson.Read(e.Event).Phase), CallEventJson.Element(e.Event)))]));
    }

    /// <returns>Null: there is no such call, or not for this caller.</returns>
    internal static async Task<CallAnswerRow?> FindAsync(NpgsqlConnection connection, Caller caller, Guid id, CancellationToken ct) =>
        !await caller.MaySeeAsync(connection, Own.Call, id, ct) ? null : await connection.QuerySingleOrDefaultAsync<CallAnswerRow>(new CommandDefinition(One, new { caller.ProjectId, Id = id }, cancellationToken: ct));

    private const string One = $"{CallAnswerRow.Select} where c.project_id = @ProjectId and c.id = @Id";

    private const string Events = """
        select received_at, event::text from call_events where project_id = @ProjectId and call_id = @Id order by received_at, fingerprint limit @MostEvents
        """;
}
