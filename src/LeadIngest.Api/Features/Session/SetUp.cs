using Dapper;
using FluentValidation;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Projects;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Session;

/// <summary>Makes the first person, the owner of every project that is there, and the first project; signs them in.</summary>
/// <remarks>Works once, as long as nobody can sign in, with the code that the service printed when it started.</remarks>
internal sealed class SetUp : IEndpoint
{
    /// <param name="Code">From the console; case and dashes do not count.</param>
    /// <param name="Password">12 to 128 characters.</param>
    /// <param name="ProjectName">1 to 200 characters; a project that has this name already is not made again.</param>
    /// <param name="TimeZone">IANA name; <c>Europe/Moscow</c> when absent.</param>
    /// <param name="Currency">ISO 4217 code; <c>RUB</c> when absent.</param>
    internal sealed record Request(string Code, string Email, string Name, string Password, string ProjectName, string? TimeZone = null, string? Currency = null);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Code).NotEmpty().MaximumLength(40);
            RuleFor(r => r.Email).Address();
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200);
            RuleFor(r => r.Password).NewPassword(r => [r.Email, r.Name]);
            RuleFor(r => r.ProjectName).NotEmpty().MaximumLength(200);
            RuleFor(r => r.TimeZone).Must(z => z is null || TimeZoneName.IsValid(z)).WithMessage("Not an IANA time zone: Europe/Moscow.");
            RuleFor(r => r.Currency).Matches("^[A-Z]{3}$").WithMessage("Not an ISO 4217 code: RUB.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/setup", HandleAsync).Validate(new Validator()).ProducesPasswordProblems()
        .WithExample("""{"code":"7QK2-M9XD-4TRB-V0HE","email":"olga@okna-plus.ru","name":"Ольга","password":"three quiet rivers","projectName":"Окна Плюс"}""");

    internal static async Task<Results<Ok<SessionAnswer>, ProblemHttpResult>> HandleAsync(Request request, HttpContext context, Database db, AddressLimits addresses, Passwords passwords, Sessions sessions,
        People people, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        var address = context.Connection.RemoteIpAddress;
        if (addresses.Take(address) is { } after) return PasswordCheck.TooMany(context, after);
        var (now, code) = (clock.GetUtcNow(), Secrets.HashOfCode(request.Code));
        if (await people.AnybodyAsync(ct) || !await IsKnownAsync(db, code, ct))
            return Problems.Of(403, "setup-code", "Not set up", "The code is wrong or was used: it is the one that the service printed when it was started last.");
        string hash;
        try
        {
            hash = await passwords.HashAsync(request.Password, ct);
        }
        catch (TooBusyException)
        {
            return PasswordCheck.TooMany(context, TimeSpan.FromSeconds(3));
        }
        Guid userId;
        // Only now: hashing takes its turn, and must not hold a session meanwhile.
        await using (var connection = await db.Access.OpenConnectionAsync(ct))
        await using (var tx = await connection.BeginTransactionAsync(ct))
        {
            // Two at once: the second finds no code any more.
            if (await connection.ExecuteAsync(new CommandDefinition("delete from setup_codes where code_hash = @code", new { code }, tx, cancellationToken: ct)) == 0)
                return Problems.Of(403, "setup-code", "Not set up", "The code was used just now.");
            userId = await connection.QuerySingleAsync<Guid>(new CommandDefinition(Make, new
            {
                UserId = Guid.CreateVersion7(now),
                Email = PasswordCheck.Spell(request.Email),
                Name = request.Name.Trim(),
                Hash = hash,
                Project = Guid.CreateVersion7(now),
                ProjectName = request.ProjectName.Trim(),
                TimeZone = request.TimeZone ?? "Europe/Moscow",
                Currency = request.Currency ?? "RUB",
                Now = now,
            }, tx, cancellationToken: ct));
            await tx.CommitAsync(ct);
        }
        addresses.GiveBack(address);
        var person = await sessions.StartAsync(context, userId, ct);
        await audit.AddToAllAsync(userId, person.Name, context, nameof(SetUp), new() { ["outcome"] = 200 }, ct);
        return TypedResults.Ok(await people.AnswerAsync(person, ct));
    }

    private static async Task<bool> IsKnownAsync(Database db, byte[] code, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select exists (select from setup_codes where code_hash = @code)", new { code }, cancellationToken: ct));
    }

    // An address that was asked in before anybody came is taken over: whoever has the code runs the service.
    private const string Make = """
        insert into users (id, email, name, password_hash, created_at) values (@UserId, @Email, @Name, @Hash, @Now)
            on conflict (email) do update set name = excluded.name, password_hash = excluded.password_hash;
        insert into projects (project_id, name, time_zone, currency) select @Project, @ProjectName, @TimeZone, @Currency where not exists (select from projects where name = @ProjectName);
        delete from invitations where user_id = (select id from users where email = @Email);
        insert into memberships (project_id, user_id, role, sees_contacts, created_at) select p.project_id, u.id, 'owner', true, @Now from projects p join users u on u.email = @Email;
        select id from users where email = @Email
        """;
}
