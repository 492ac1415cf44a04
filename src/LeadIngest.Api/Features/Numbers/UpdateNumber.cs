using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Numbers;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadIngest.Api.Features.Numbers;

/// <summary>Changes a tracking number; what is absent stays, an empty text clears. An inactive number is shown to nobody; the visit that holds it gets another one.</summary>
internal sealed class UpdateNumber : IEndpoint
{
    /// <param name="Name">For people.</param>
    /// <param name="Region">The region of its pool.</param>
    /// <param name="IsActive">Whether it may be shown.</param>
    /// <param name="Channel">Of a static number, like the rest.</param>
    internal sealed record Request(string? Name, string? Region, bool? IsActive, string? Channel, string? Source, string? Medium, string? Campaign, string? Content, string? Keyword);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            NumberRules.Region(RuleFor(r => r.Region));
            NumberRules.Channel(RuleFor(r => r.Channel));
            foreach (var text in (System.Linq.Expressions.Expression<Func<Request, string?>>[])[r => r.Name, r => r.Source, r => r.Medium, r => r.Campaign, r => r.Content, r => r.Keyword])
                NumberRules.Text(RuleFor(text));
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPatch("/{id:guid}", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .WithExample("""{"name":"Пул сайта","isActive":true}""");

    internal static async Task<Results<Ok<NumberAnswer>, ProblemHttpResult>> HandleAsync(Guid id, Request request, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<NumberRow>(new CommandDefinition(One, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        if (row is null) return Problems.NotFound("number");
        if (row.Kind != "static" && (request.Channel ?? request.Source ?? request.Medium ?? request.Campaign ?? request.Content ?? request.Keyword) is not null)
            return Problems.Invalid("channel", "Only a static number has a source of its own.");
        var old = StaticPassport.Parse(row.Passport);
        var passport = new StaticPassport(request.Channel ?? old.Channel, Or(request.Source, old.Source), Or(request.Medium, old.Medium), Or(request.Campaign, old.Campaign),
            Or(request.Content, old.Content), Or(request.Keyword, old.Keyword));
        try
        {
            row = await connection.QuerySingleOrDefaultAsync<NumberRow>(new CommandDefinition(Update, new
            {
                scope.ProjectId,
                Id = id,
                Name = Or(request.Name, row.Name),
                Region = NumberRules.CleanRegion(request.Region),
                request.IsActive,
                Passport = passport.ToJson(),
            }, cancellationToken: ct));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Problems.Conflict("number-in-use", "Number in use", "The project has this number already as an active one.");
        }
        return row is null ? Problems.NotFound("number") : TypedResults.Ok(row.Answer());
    }

    private static string? Or(string? text, string? old) => text is null ? old : NumberRules.Clean(text);

    private const string One = $"select {NumberRow.Columns} from tracking_numbers where project_id = @ProjectId and id = @Id";

    private const string Update = $"""
        update tracking_numbers set name = @Name, region = coalesce(@Region, region), is_active = coalesce(@IsActive, is_active), passport = @Passport::jsonb,
            free_at = greatest(free_at, (select max(o.free_at) from tracking_numbers o where o.project_id = @ProjectId and o.number = tracking_numbers.number))
        where project_id = @ProjectId and id = @Id returning {NumberRow.Columns}
        """;
}
