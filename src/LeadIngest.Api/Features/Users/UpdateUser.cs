using Dapper;
using FluentValidation;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Users;

/// <summary>Changes what somebody is in the project; what is absent stays. A new role, or being switched off, ends all their sessions.</summary>
internal sealed class UpdateUser : IEndpoint
{
    /// <param name="Role"><c>owner</c>, <c>marketer</c>, <c>manager</c> or <c>operator</c>.</param>
    /// <param name="CrmUsers">Replaces all of them.</param>
    /// <param name="Disabled">True: cannot come into this project any more, until it is false again.</param>
    internal sealed record Request(string? Role, bool? SeesContacts, IReadOnlyList<CrmUserRef>? CrmUsers, bool? Disabled);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Role).Role();
            RuleFor(r => r.CrmUsers).CrmUsers();
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPatch("/{id:guid}", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).WithExample("""{"role":"marketer","seesContacts":false}""");

    internal static async Task<Results<Ok<UserAnswer>, ProblemHttpResult>> HandleAsync(Guid id, Request request, Caller caller, Database db, Sessions sessions, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        if (!await UserRules.AreOwnAsync(connection, caller.ProjectId, request.CrmUsers, ct)) return Problems.Invalid("crmUsers", "Names a connection that this project has not.");
        await using var tx = await connection.BeginTransactionAsync(ct);
        var hasOther = await UserRules.HasOtherOwnerAsync(connection, tx, caller.ProjectId, id, ct);
        var args = new { caller.ProjectId, Id = id, request.Role, request.SeesContacts, CrmUsers = request.CrmUsers is { } users ? UserRow.Stored(users) : null, request.Disabled, Now = clock.GetUtcNow() };
        var before = await connection.QuerySingleOrDefaultAsync<UserRow>(new CommandDefinition(UserRow.One, args, tx, cancellationToken: ct));
        if (before is null) return Problems.NotFound("user");
        if (before is { Role: Roles.Owner, State: "active" } && !hasOther && ((request.Role ?? Roles.Owner) != Roles.Owner || request.Disabled == true)) return UserRules.LastOwner();
        await connection.ExecuteAsync(new CommandDefinition(before.State == "invited" ? UpdateInvitation : UpdateMember, args, tx, cancellationToken: ct));
        var after = await connection.QuerySingleAsync<UserRow>(new CommandDefinition(UserRow.One, args, tx, cancellationToken: ct));
        if (after.Role != before.Role || (after.State == "disabled" && before.State != "disabled")) await sessions.EndAsync(connection, tx, id, null, null, ct);
        await tx.CommitAsync(ct);
        sessions.Clear();
        return TypedResults.Ok(after.Answer());
    }

    // Somebody new to a role sees by default what the role does.
    private const string What = """
        sees_contacts = coalesce(@SeesContacts, case when @Role is null or @Role = role then sees_contacts else @Role <> 'marketer' end),
            role = coalesce(@Role, role), crm_users = coalesce(@CrmUsers::jsonb, crm_users)
        """;

    private const string UpdateMember = $"""
        update memberships set {What}, disabled_at = case @Disabled when true then coalesce(disabled_at, @Now) when false then null else disabled_at end
        where project_id = @ProjectId and user_id = @Id
        """;

    private const string UpdateInvitation = $"update invitations set {What} where project_id = @ProjectId and user_id = @Id";
}
