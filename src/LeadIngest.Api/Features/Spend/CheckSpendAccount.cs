using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Spend.Cabinets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Asks the cabinet whether its login works, and says in words what is wrong. A cabinet that was stopped and answers goes on at once.</summary>
internal sealed class CheckSpendAccount : IEndpoint
{
    /// <param name="Ok">The vendor answers this login.</param>
    /// <param name="Verdict"><c>ok</c>; <c>login</c>: a person has to do something about the login; <c>later</c>: it passes by itself.</param>
    /// <param name="Words">For people.</param>
    internal sealed record Response(bool Ok, string Verdict, string Words);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/accounts/{id:guid}/check", HandleAsync)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CabinetDoor door, CabinetSignal signal, IOptions<CabinetOptions> options, TimeProvider clock,
        CancellationToken ct)
    {
        CabinetRow? row;
        await using (var connection = await db.Reading.OpenConnectionAsync(ct))
        {
            var kind = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition("select kind from spend_accounts where project_id = @ProjectId and id = @Id", new { scope.ProjectId, Id = id }, cancellationToken: ct));
            if (kind is null) return Problems.NotFound("account");
            row = await connection.QuerySingleOrDefaultAsync<CabinetRow>(new CommandDefinition(Find, new { scope.ProjectId, Id = id }, cancellationToken: ct));
            if (row is null) return Problems.Conflict("spend-account-of-files", "The account is of files", "There is no cabinet to ask: import its table.");
        }
        // A new token may only be asked for by the holder of the lease; while the worker holds it, the token in use will do.
        await using var lease = await CabinetLease.TryTakeAsync(db.Reading, clock, scope.ProjectId, id, "check", options.Value.Lease, ct);
        row = lease?.Row ?? row;
        var end = door.Open(row, lease) is { } open ? await open.CheckAsync(row.Clock.Today(clock.GetUtcNow()).AddDays(-1), ct) : CabinetDoor.Unreadable;
        var answer = end switch
        {
            CabinetEnd.Loaded or CabinetEnd.Building or CabinetEnd.TooMuch => new Response(true, "ok", "The vendor answers this login."),
            CabinetEnd.Refused refused => new(false, "login", refused.Why),
            CabinetEnd.TryLater later => new(false, "later", later.Why),
            _ => throw new InvalidOperationException(end.ToString()),
        };
        if (answer.Ok && row.State == "needs_reauth")
        {
            await using var connection = await db.Reading.OpenConnectionAsync(ct);
            await connection.ExecuteAsync(new CommandDefinition(GoOn, new { scope.ProjectId, Id = id, Now = clock.GetUtcNow() }, cancellationToken: ct));
        }
        signal.Wake();
        return TypedResults.Ok(answer);
    }

    private const string Find = $"""
        select {CabinetRow.Columns} from spend_cabinets c join spend_accounts a on a.project_id = c.project_id and a.id = c.account_id where c.project_id = @ProjectId and c.account_id = @Id
        """;

    private const string GoOn = """
        update spend_cabinets set state = 'active' where project_id = @ProjectId and account_id = @Id and state = 'needs_reauth';
        update spend_loads set next_at = @Now where project_id = @ProjectId and account_id = @Id and state = 'waiting' and next_at > @Now
        """;
}
