using System.Security.Claims;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Rebuilds;

namespace LeadIngest.Api.Features.Rebuilds;

/// <summary>Counts the project's history anew after a rule has changed; it runs in the background, one a project.</summary>
/// <remarks>
/// Passports of visits and leads are written again from the tags that are kept, rows that do not change are left alone, and what a call tracker or a number has
/// found stays found. The figures of before are kept: see the comparison. Asked for again before it has begun it is the same rebuild.
/// </remarks>
internal sealed class StartRebuild : IEndpoint
{
    /// <param name="What"><c>dictionary</c>, <c>clients</c>, <c>attribution</c>, <c>cost</c> or <c>all</c>.</param>
    internal sealed record Request(string What);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.What).NotNull().OneOf("dictionary", "clients", "attribution", "cost", "all");
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/", (Delegate)HandleAsync).Validate(new Validator())
        .Produces<RebuildAnswer>(StatusCodes.Status202Accepted).WithExample("""{"what":"dictionary"}""");

    internal static async Task<IResult> HandleAsync(Request request, ProjectScope scope, ClaimsPrincipal user, Database db, RebuildSignal signal, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var id = await connection.ExecuteScalarAsync<Guid>(new CommandDefinition(Ask, new
        {
            scope.ProjectId,
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            request.What,
            KeyId = Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!),
        }, cancellationToken: ct));
        signal.Wake();
        return TypedResults.Accepted($"/v1/rebuilds/{id}", await RebuildAnswer.FindAsync(connection, scope.ProjectId, id, ct));
    }

    private const string Ask = """
        insert into rebuilds as r (project_id, id, what, key_id) values (@ProjectId, @Id, @What, @KeyId)
        on conflict (project_id, what) where state = 'waiting' and what <> 'preview' do update set what = r.what
        returning id
        """;
}
