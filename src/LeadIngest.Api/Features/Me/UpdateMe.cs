using Dapper;
using FluentValidation;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Session;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Me;

/// <summary>Changes one's own name and language; what is absent stays.</summary>
internal sealed class UpdateMe : IEndpoint
{
    /// <param name="Name">1 to 200 characters.</param>
    /// <param name="Language"><c>ru</c> or <c>en</c>.</param>
    internal sealed record Request(string? Name, string? Language);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200).When(r => r.Name is not null);
            RuleFor(r => r.Language).OneOf("ru", "en");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPatch("/", HandleAsync).Validate(new Validator()).WithExample("""{"name":"Ольга","language":"ru"}""");

    internal static async Task<Ok<SessionUser>> HandleAsync(Request request, SignedIn person, Database db, Sessions sessions, People people, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        var (name, language) = await connection.QuerySingleAsync<(string, string)>(new CommandDefinition(
            "update users set name = coalesce(@Name, name), language = coalesce(@Language, language) where id = @UserId returning name, language",
            new { Name = request.Name?.Trim(), request.Language, person.UserId }, cancellationToken: ct));
        sessions.Clear();
        return TypedResults.Ok(people.Answer(person with { Name = name, Language = language }));
    }
}
