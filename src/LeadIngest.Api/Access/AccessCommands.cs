using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http.Access;
using Npgsql;

namespace LeadIngest.Api.Access;

/// <summary>What an operator does for people from the command line. Each prints what is to be handed over and returns the exit code.</summary>
internal static class AccessCommands
{
    /// <summary>A link to a new password, for 30 minutes; the old password works until it is used.</summary>
    /// <param name="root">The public address; empty: the page's path alone is printed.</param>
    public static async Task<int> ResetAsync(string connectionString, string email, string root, TextWriter console)
    {
        await Migrator.ApplyAsync(connectionString, CancellationToken.None);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        if (await connection.ExecuteScalarAsync<Guid?>("select id from users where email = @Email", new { Email = PasswordCheck.Spell(email) }) is not { } id)
        {
            await console.WriteLineAsync("Nobody has this e-mail.");
            return 1;
        }
        var token = await new PasswordResets(TimeProvider.System).NewAsync(connection, id, CancellationToken.None);
        await console.WriteLineAsync($"A new password, within 30 minutes and once: {root}/password#{token}");
        return 0;
    }

    /// <summary>An invitation, for 72 hours.</summary>
    public static async Task<int> AddAsync(string connectionString, string email, string project, string role, string root, TextWriter console)
    {
        await Migrator.ApplyAsync(connectionString, CancellationToken.None);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var fault = !Core.Identities.Email.TryParse(email, out _) ? "Not an e-mail address." : !Roles.OfUsers.Contains(role) ? $"The role is one of: {string.Join(", ", Roles.OfUsers)}."
            : !Guid.TryParse(project, out var id) || !await connection.ExecuteScalarAsync<bool>("select exists (select from projects where project_id = @id)", new { id }) ? "No such project." : null;
        var made = fault is not null ? null : await new Invitations(TimeProvider.System).MakeAsync(connection, Guid.Parse(project), PasswordCheck.Spell(email), email.Split('@')[0], role, Membership.SeesContactsAs(role), "[]", CancellationToken.None);
        await console.WriteLineAsync(fault ?? (made is var (_, token) ? $"An invitation, within 72 hours and once: {root}/invitation#{token}" : "Somebody with this e-mail is a member of this project."));
        return made is null ? 1 : 0;
    }

    /// <summary>Looks whether the audit logs of all projects are as they were written; the exit code is 3 when one is not.</summary>
    public static async Task<int> CheckAsync(string connectionString, TextWriter console)
    {
        await Migrator.ApplyAsync(connectionString, CancellationToken.None);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 }.ConnectionString);
        await connection.OpenAsync();
        var (projects, faults) = (0, 0);
        foreach (var (project, at) in await connection.QueryAsync<(Guid, long?)>("select project_id, audit_fault(project_id) from audit_heads order by project_id"))
        {
            projects++;
            if (at is null) continue;
            faults++;
            await console.WriteLineAsync($"Project {project}: the audit log was changed at entry {at} or just before it.");
        }
        await console.WriteLineAsync($"{projects} audit logs, {faults} changed.");
        return faults == 0 ? 0 : 3;
    }
}
