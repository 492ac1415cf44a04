using System.Security.Claims;
using System.Text.Json;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Sources;
using LeadIngest.Api.Http;
using LeadIngest.Api.Rebuilds;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api.Features.Rebuilds;

/// <summary>Tries a dictionary on history: what would change, with examples and figures side by side. Nothing is written.</summary>
/// <remarks>Over more than 200,000 visits and leads, or when it takes too long, the answer is 202 with a job whose <c>preview</c> tells it in the end.</remarks>
internal sealed class PreviewRebuild : IEndpoint
{
    private const int MostDays = 1100;
    private const int DefaultDays = 90;

    /// <param name="Entries">Lines on top of the dictionary; at most 500. None and nothing left out: what a rebuild would change today.</param>
    /// <param name="Without">Ids of the project's own lines to be left out.</param>
    /// <param name="From">First day, in the project's time zone; absent: 90 days before the last.</param>
    /// <param name="To">Last day; absent: today.</param>
    internal sealed record Request(SourceLine[]? Entries, Guid[]? Without, DateOnly? From, DateOnly? To);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Entries).Must(e => e is null || e.Length <= 500).WithMessage("At most 500 lines.");
            RuleForEach(r => r.Entries).NotNull().SetValidator(new SourceLine.Validator());
            RuleFor(r => r.Without).Must(w => w is null || w.Length <= SourceRows.Most).WithMessage($"At most {SourceRows.Most} lines.");
            RuleFor(r => r.From).InclusiveBetween(new DateOnly(2000, 1, 1), new DateOnly(2099, 12, 31));
            RuleFor(r => r.To).InclusiveBetween(new DateOnly(2000, 1, 1), new DateOnly(2099, 12, 31))
                .Must((r, to) => r.From is null || to is null || (to >= r.From && to.Value.DayNumber - r.From.Value.DayNumber < MostDays)).WithMessage($"Not before `from`, and within {MostDays} days of it.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/preview", (Delegate)HandleAsync).Validate(new Validator())
        .Produces<PreviewAnswer>().Produces<RebuildAnswer>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status409Conflict)
        .WithExample("""{"entries":[{"source":"blogger","name":"Блогеры","channel":"organic_social"}],"from":"2026-08-01","to":"2026-08-31"}""");

    internal static async Task<IResult> HandleAsync(Request request, ProjectScope scope, ClaimsPrincipal user, Database db, RebuildSignal signal, IOptions<RebuildOptions> options, TimeProvider clock,
        CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var today = await connection.ExecuteScalarAsync<DateOnly>(new CommandDefinition("select (@Now at time zone time_zone)::date from projects where project_id = @ProjectId",
            new { scope.ProjectId, Now = clock.GetUtcNow() }, cancellationToken: ct));
        var to = request.To ?? (request.From > today ? request.From.Value : today);
        var question = new PreviewQuestion(request.From ?? to.AddDays(1 - DefaultDays), to,
            [.. (request.Entries ?? []).Select(e => e.ToEntry()).Select(e => new PreviewQuestion.Line(e.Source, e.Medium, e.Name, Core.Passports.PassportNames.ToWire(e.Channel)))], request.Without ?? []);
        if (to.DayNumber - question.From.DayNumber >= MostDays) return Problems.Invalid("from", $"Within {MostDays} days of the last one.");
        if (await AtOnceAsync(connection, scope.ProjectId, question, options.Value, ct) is { } answer) return TypedResults.Ok(answer);

        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await using (var fresh = await db.Reading.OpenConnectionAsync(ct))
        {
            var added = await fresh.ExecuteAsync(new CommandDefinition(Add, new
            {
                scope.ProjectId,
                Id = id,
                KeyId = Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!),
                Request = JsonSerializer.Serialize(question, PreviewQuestion.Json),
                MostWaiting,
            }, cancellationToken: ct));
            if (added == 0) return Problems.Conflict("previews-waiting", "Too many previews wait", $"{MostWaiting} are under way already: wait for them, or cancel some.");
            signal.Wake();
            return TypedResults.Accepted($"/v1/rebuilds/{id}", await RebuildAnswer.FindAsync(fresh, scope.ProjectId, id, ct));
        }
    }

    private const int MostWaiting = 10;

    private const string Add = """
        insert into rebuilds (project_id, id, what, key_id, request) select @ProjectId, @Id, 'preview', @KeyId, @Request::jsonb
        where (select count(*) from rebuilds where project_id = @ProjectId and what = 'preview' and state in ('waiting', 'running')) < @MostWaiting
        """;

    /// <returns>Null: too much for a request.</returns>
    private static async Task<PreviewAnswer?> AtOnceAsync(NpgsqlConnection connection, Guid project, PreviewQuestion question, RebuildOptions options, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(options.Patience);
        try
        {
            var (within, _) = await Preview.BoundsAsync(connection, project, question, patience.Token);
            if (await PassportRows.CountAsync(connection, project, within, options.MostAtOnce + 1, patience.Token) > options.MostAtOnce) return null;
            return await Preview.RunAsync(connection, project, question, static (_, _) => Task.CompletedTask, patience.Token);
        }
        catch (Exception e) when (patience.IsCancellationRequested && !ct.IsCancellationRequested && e is OperationCanceledException or NpgsqlException)
        {
            return null;
        }
    }
}
