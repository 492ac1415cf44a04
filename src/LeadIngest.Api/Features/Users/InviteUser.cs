using Dapper;
using FluentValidation;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Users;

/// <summary>Asks somebody into the project, by a link that works once and for 72 hours; once more for the same address makes a new link and voids the old one.</summary>
internal sealed class InviteUser : IEndpoint
{
    /// <param name="Name">1 to 200 characters.</param>
    /// <param name="Role"><c>owner</c>, <c>marketer</c>, <c>manager</c> or <c>operator</c>.</param>
    /// <param name="SeesContacts">Absent: everybody but marketers.</param>
    /// <param name="CrmUsers">Of a manager: whose leads are shown.</param>
    internal sealed record Request(string Email, string Name, string Role, bool? SeesContacts = null, IReadOnlyList<CrmUserRef>? CrmUsers = null);

    /// <param name="Link">To be handed over; null when a letter with it was sent.</param>
    internal sealed record Response(UserAnswer User, string? Link);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Email).Address();
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200);
            RuleFor(r => r.Role).NotEmpty().Role();
            RuleFor(r => r.CrmUsers).CrmUsers();
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/", HandleAsync).Validate(new Validator()).ProducesProblem(StatusCodes.Status409Conflict)
        .WithExample("""{"email":"boris@okna-plus.ru","name":"Борис","role":"manager"}""");

    internal static async Task<Results<Created<Response>, ProblemHttpResult>> HandleAsync(Request request, Caller caller, HttpContext context, Database db, Invitations invitations, Letters letters,
        IOptions<PublicAddress> address, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        if (!await UserRules.AreOwnAsync(connection, caller.ProjectId, request.CrmUsers, ct)) return Problems.Invalid("crmUsers", "Names a connection that this project has not.");
        var email = PasswordCheck.Spell(request.Email);
        var made = await invitations.MakeAsync(connection, caller.ProjectId, email, request.Name.Trim(), request.Role, request.SeesContacts ?? Membership.SeesContactsAs(request.Role), UserRow.Stored(request.CrmUsers ?? []), ct);
        if (made is not var (userId, token)) return Problems.Conflict("already-member", "A member already", "Somebody with this e-mail is a member of this project.");
        var row = await connection.QuerySingleAsync<UserRow>(new CommandDefinition(UserRow.One, new { caller.ProjectId, Id = userId }, cancellationToken: ct));
        return TypedResults.Created($"/v1/users/{userId}", new Response(row.Answer(), await SendAsync(connection, caller, context, letters, address.Value, email, token, ct)));
    }

    /// <returns>The link for the inviter to hand over; null: a letter went out, which only the address's owner can read.</returns>
    internal static async Task<string?> SendAsync(Npgsql.NpgsqlConnection connection, Caller caller, HttpContext context, Letters letters, PublicAddress address, string email, string token, CancellationToken ct)
    {
        var link = $"{address.For(context.Request)}/invitation#{token}";
        var (project, language) = await connection.QuerySingleAsync<(string, string)>(new CommandDefinition(
            "select name, coalesce((select language from users where id = @UserId), 'ru') from projects where project_id = @ProjectId", new { caller.ProjectId, caller.UserId }, cancellationToken: ct));
        return await letters.SendAsync(Letters.Invitation(email, language, project, link), ct) ? null : link;
    }
}

/// <summary>Makes a new link for somebody who was asked in; the one of before is void.</summary>
internal sealed class RenewInvitation : IEndpoint
{
    /// <param name="Link">To be handed over; null when a letter with it was sent.</param>
    internal sealed record Response(string? Link);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/invitation", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Guid id, Caller caller, HttpContext context, Database db, Invitations invitations, Letters letters, IOptions<PublicAddress> address,
        CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        if (await invitations.RenewAsync(connection, caller.ProjectId, id, ct) is not { } token) return Problems.NotFound("invitation");
        var email = await connection.QuerySingleAsync<string>(new CommandDefinition("select email from users where id = @id", new { id }, cancellationToken: ct));
        return TypedResults.Ok(new Response(await InviteUser.SendAsync(connection, caller, context, letters, address.Value, email, token, ct)));
    }
}
