using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Reconcile;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Reconcile;

/// <summary>Compares now what came in with what stands in the CRMs' mirror; at night this happens by itself.</summary>
internal sealed class RunReconcile : IEndpoint
{
    private const int MostDays = 92;

    /// <param name="From">First day, in the project's time zone; absent: 30 days before the last.</param>
    /// <param name="To">Last day; absent: today. At most 92 days in all.</param>
    internal sealed record Request(DateOnly? From, DateOnly? To);

    /// <param name="Findings">By kind; one by one: <c>GET /v1/reconcile</c>.</param>
    /// <param name="Counts">By day and connection, and the calls of a day without one.</param>
    internal sealed record Response(DateOnly From, DateOnly To, IReadOnlyDictionary<string, int> Findings, IReadOnlyList<DayCounts> Counts);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.From).InclusiveBetween(new DateOnly(2000, 1, 1), new DateOnly(2099, 12, 31));
            RuleFor(r => r.To).InclusiveBetween(new DateOnly(2000, 1, 1), new DateOnly(2099, 12, 31));
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/", HandleAsync).Validate(new Validator()).ProducesProblem(StatusCodes.Status409Conflict)
        .WithExample("""{"from":"2026-08-01","to":"2026-08-31"}""");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Request request, ProjectScope scope, Database db, IOptions<ReconcileOptions> options, TimeProvider clock, CancellationToken ct)
    {
        // A lead of another project with the same CRM account is no stranger: Finding looks for it there.
        await using var connection = await db.Reading.OpenUnwalledAsync(ct);
        var now = clock.GetUtcNow();
        var today = await connection.ExecuteScalarAsync<DateOnly>(new CommandDefinition("select (@Now at time zone time_zone)::date from projects where project_id = @ProjectId", new { scope.ProjectId, Now = now }, cancellationToken: ct));
        var to = request.To ?? (request.From > today ? request.From.Value : today);
        var from = request.From ?? to.AddDays(-options.Value.Days);
        if (to < from || to.DayNumber - from.DayNumber >= MostDays) return Problems.Invalid("to", $"Not before `from`, and within {MostDays} days of it.");
        return await Comparison.RunAsync(connection, scope.ProjectId, from, to, null, options.Value, now, ct) is { } done
            ? TypedResults.Ok(new Response(from, to, done.Findings, done.Counts))
            : Problems.Conflict("reconcile-running", "A comparison is running", "It takes seconds: ask for its findings, or come again.");
    }
}
