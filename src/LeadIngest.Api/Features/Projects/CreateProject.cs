using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Projects;

/// <summary>Makes a project; whoever makes it is its owner. For users only: an API key belongs to one project.</summary>
/// <remarks>
/// Every member of a project may. Somebody who is a member of none waits for an invitation, unless there is nobody to write one: where no project has an owner any more, whoever can still sign in begins anew.
/// </remarks>
internal sealed class CreateProject : IEndpoint
{
    /// <summary>That one user owns.</summary>
    public const int MostOfUser = 200;

    /// <param name="Name">1 to 200 characters.</param>
    /// <param name="TimeZone">IANA name; <c>Europe/Moscow</c> when absent.</param>
    /// <param name="Currency">ISO 4217 code; <c>RUB</c> when absent.</param>
    internal sealed record Request(string Name, string? TimeZone, string? Currency);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Name).Must(n => Core.Identities.Text.CleanLine(n, 200) is { Length: > 0 }).WithMessage("1 to 200 characters.").MaximumLength(200);
            RuleFor(r => r.TimeZone).Must(z => z is null || TimeZoneName.IsValid(z)).WithMessage("Not an IANA time zone: Europe/Moscow.");
            RuleFor(r => r.Currency).Must(c => c is null || UpdateProject.Currencies.Contains(c)).WithMessage("Not an ISO 4217 code: RUB.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status409Conflict).Needs(Right.Names)
        .WithExample("""{"name":"Окна Плюс","timeZone":"Asia/Yekaterinburg","currency":"RUB"}""");

    internal static async Task<Results<Created<ProjectAnswer>, ProblemHttpResult>> HandleAsync(Request request, HttpContext context, Database db, Access.Sessions sessions, Access.People people, TimeProvider clock, CancellationToken ct)
    {
        var (caller, person) = (context.Features.Get<Caller>(), Access.SignedIn.In(context));
        if (caller is null && (person is null || !await people.MayMakeProjectAsync(person, ct))) return Problems.NoProject();
        if ((caller is null ? person?.UserId : caller.UserId) is not { } user) return Problems.Of(403, "users-only", "For users only", "An API key belongs to one project. Log in as a user to make another one.");
        var args = new
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Name = Core.Identities.Text.CleanLine(request.Name, 200),
            TimeZone = request.TimeZone ?? "Europe/Moscow",
            Currency = request.Currency ?? "RUB",
            User = user,
            MostOfUser,
        };
        var row = await OutsideRequest.RunAsync(() => MakeAsync(db, args, ct));
        // What the user's session remembers of memberships lacks this one.
        sessions.Clear();
        return row is null ? Problems.Conflict("too-many-projects", "Too many projects", $"One user owns {MostOfUser} projects at most.") : TypedResults.Created($"/v1/projects/{row.Id}", row.Answer());
    }

    private static async Task<ProjectRow?> MakeAsync(Database db, object args, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<ProjectRow>(new CommandDefinition(Insert, args, tx, cancellationToken: ct));
        if (row is not null) await connection.ExecuteAsync(new CommandDefinition(Own, args, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        return row;
    }

    private const string Insert = $"""
        insert into projects (project_id, name, time_zone, currency)
        select @Id, @Name, @TimeZone, @Currency where (select count(*) from memberships where user_id = @User and role = 'owner') < @MostOfUser
        returning {ProjectRow.Columns}
        """;

    private const string Own = "insert into memberships (project_id, user_id, role, sees_contacts, crm_users, created_at) values (@Id, @User, 'owner', true, '[]', clock_timestamp())";
}
