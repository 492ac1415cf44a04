using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Spend.Cabinets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Loads days of a cabinet now. What was loaded of them is replaced: asking twice counts nothing twice. A cabinet that was stopped is tried again.</summary>
internal sealed class LoadSpendAccount : IEndpoint
{
    private const int MostWaiting = 20;

    /// <param name="From">By the cabinet's clock, three years back at most; absent: as many days back as are restated every day.</param>
    /// <param name="To">Absent: today.</param>
    internal sealed record Request(DateOnly? From = null, DateOnly? To = null);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.To).Must((r, to) => to is null || r.From is null || to >= r.From).WithMessage("Not before `from`.");
    }

    /// <param name="LoadId">In <c>cabinet.loads</c> of the account.</param>
    internal sealed record Response(Guid LoadId, DateOnly From, DateOnly To);

    private sealed record Known(string Kind, string? TimeZone, short? RestateDays, bool Paused, long Waiting);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/accounts/{id:guid}/load", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).WithExample("""{"from":"2026-08-01","to":"2026-08-31"}""");

    internal static async Task<Results<Accepted<Response>, ProblemHttpResult>> HandleAsync(Guid id, Request request, ProjectScope scope, Database db, CabinetSignal signal, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var known = await connection.QuerySingleOrDefaultAsync<Known>(new CommandDefinition(Find, new { scope.ProjectId, Id = id }, tx, cancellationToken: ct));
        if (known is null) return Problems.NotFound("account");
        if (known is not { TimeZone: { } zone, RestateDays: { } restated }) return Problems.Conflict("spend-account-of-files", "The account is of files", "There is no cabinet to ask: import its table.");
        if (known.Paused) return Problems.Conflict("cabinet-paused", "The cabinet is paused", "Take `isPaused` back first.");
        if (known.Waiting >= MostWaiting) return Problems.Conflict("cabinet-busy", "Much is waiting already", $"{MostWaiting} loads that people asked for are waiting: let them end.");
        var today = new CabinetClock(zone).Today(now);
        var to = request.To ?? today;
        var from = request.From ?? to.AddDays(1 - restated);
        if (to > today) return Problems.Invalid("to", "Not after today by the cabinet's clock.");
        if (from < CabinetRow.Oldest(today)) return Problems.Invalid("from", $"Not before {CabinetRow.Oldest(today):yyyy-MM-dd}: vendors keep three years.");
        var load = Guid.CreateVersion7(now);
        await connection.ExecuteAsync(new CommandDefinition(Insert, new { scope.ProjectId, Id = id, Load = load, From = from, To = to, Now = now }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        signal.Wake();
        return TypedResults.Accepted($"/v1/spend/accounts/{id}", new Response(load, from, to));
    }

    private const string Find = """
        select a.kind, c.time_zone, c.restate_days, coalesce(c.paused, false) as paused,
            (select count(*) from spend_loads l where l.project_id = a.project_id and l.account_id = a.id and l.state = 'waiting' and l.reason = 'person') as waiting
        from spend_accounts a left join spend_cabinets c on c.project_id = a.project_id and c.account_id = a.id where a.project_id = @ProjectId and a.id = @Id
        """;

    private const string Insert = """
        insert into spend_loads (project_id, id, account_id, reason, first_day, last_day, next_day, next_at, created_at) values (@ProjectId, @Load, @Id, 'person', @From, @To, @To, @Now, @Now);
        update spend_cabinets set state = 'active' where project_id = @ProjectId and account_id = @Id
        """;
}
