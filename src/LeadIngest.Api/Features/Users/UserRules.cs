using Dapper;
using FluentValidation;
using LeadIngest.Api.Http.Access;
using Npgsql;

namespace LeadIngest.Api.Features.Users;

/// <summary>What is common to asking people in and changing what they are.</summary>
internal static class UserRules
{
    private const int MostCrmUsers = 50;

    public static IRuleBuilderOptions<T, string?> Role<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(r => r is null || Roles.OfUsers.Contains(r)).WithMessage($"One of: {string.Join(", ", Roles.OfUsers)}.");

    public static IRuleBuilderOptions<T, IReadOnlyList<CrmUserRef>?> CrmUsers<T>(this IRuleBuilder<T, IReadOnlyList<CrmUserRef>?> rule) =>
        rule.Must(u => u is null || (u.Count <= MostCrmUsers && u.All(c => c is { UserId.Length: > 0 and <= 100 }))).WithMessage($"At most {MostCrmUsers}, each with connectionId and userId.");

    /// <returns>Whether all the connections are the project's own.</returns>
    public static async Task<bool> AreOwnAsync(NpgsqlConnection connection, Guid projectId, IReadOnlyList<CrmUserRef>? users, CancellationToken ct)
    {
        if (users is not { Count: > 0 }) return true;
        Guid[] ids = [.. users.Select(u => u.ConnectionId).Distinct()];
        return ids.Length == await connection.ExecuteScalarAsync<long>(new CommandDefinition("select count(*) from connections where project_id = @projectId and id = any(@ids)", new { projectId, ids }, cancellationToken: ct));
    }

    /// <summary>Locks the owners of a project, so that two cannot take each other's place away at once.</summary>
    /// <returns>Whether somebody else than this one is an owner that counts.</returns>
    public static async Task<bool> HasOtherOwnerAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid projectId, Guid userId, CancellationToken ct)
    {
        var owners = await connection.QueryAsync<Guid>(new CommandDefinition("select user_id from memberships where project_id = @projectId and role = 'owner' and disabled_at is null order by user_id for update", new { projectId }, tx, cancellationToken: ct));
        return owners.Any(o => o != userId);
    }

    public static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult LastOwner() => Http.Problems.Conflict("last-owner", "The last owner", "A project needs an owner: make somebody else one first.");
}
