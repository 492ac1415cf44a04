using Dapper;
using Npgsql;

namespace LeadIngest.Api.Access;

/// <summary>Whom projects have asked in: a link that works once, for 72 hours, for one address and one project.</summary>
internal sealed class Invitations(TimeProvider clock)
{
    public static readonly TimeSpan Valid = TimeSpan.FromHours(72);

    /// <summary>An invitation that can be accepted.</summary>
    public sealed record Open
    {
        public Guid ProjectId { get; init; }
        public Guid UserId { get; init; }
        public string Email { get; init; } = "";
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public bool SeesContacts { get; init; }
        public string ProjectName { get; init; } = "";
        public bool HasPassword { get; init; }
    }

    /// <summary>Asks somebody in, or anew: the link of before is void.</summary>
    /// <returns>The user's id and the token of the link; null: they are a member already.</returns>
    public async Task<(Guid UserId, string Token)?> MakeAsync(NpgsqlConnection connection, Guid projectId, string email, string name, string role, bool seesContacts, string crmUsers, CancellationToken ct)
    {
        var (now, token) = (clock.GetUtcNow(), Secrets.NewToken());
        var id = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(Make, new
        {
            ProjectId = projectId,
            NewId = Guid.CreateVersion7(now),
            Email = email,
            Name = name,
            Role = role,
            SeesContacts = seesContacts,
            CrmUsers = crmUsers,
            Hash = Secrets.Hash(token),
            Now = now,
            Until = now + Valid,
        }, cancellationToken: ct));
        return id is { } userId ? (userId, token) : null;
    }

    /// <returns>The token of a new link; null: nobody of this id is asked in.</returns>
    public async Task<string?> RenewAsync(NpgsqlConnection connection, Guid projectId, Guid userId, CancellationToken ct)
    {
        var token = Secrets.NewToken();
        var rows = await connection.ExecuteAsync(new CommandDefinition("update invitations set token_hash = @Hash, expires_at = @Until where project_id = @projectId and user_id = @userId",
            new { Hash = Secrets.Hash(token), Until = clock.GetUtcNow() + Valid, projectId, userId }, cancellationToken: ct));
        return rows > 0 ? token : null;
    }

    public async Task<Open?> FindAsync(NpgsqlConnection connection, string token, CancellationToken ct) =>
        await connection.QuerySingleOrDefaultAsync<Open>(new CommandDefinition(Find, new { Hash = Secrets.Hash(token), Now = clock.GetUtcNow() }, cancellationToken: ct));

    /// <returns>False: it was used or taken back in the meantime.</returns>
    /// <param name="hash">Of the password that somebody new has chosen; null: they had one.</param>
    public async Task<bool> AcceptAsync(NpgsqlConnection connection, Open invitation, string token, string? name, string? hash, CancellationToken ct)
    {
        await using var tx = await connection.BeginTransactionAsync(ct);
        var rows = await connection.ExecuteAsync(new CommandDefinition(Accept, new { invitation.ProjectId, invitation.UserId, Hash = Secrets.Hash(token), Now = clock.GetUtcNow() }, tx, cancellationToken: ct));
        if (rows == 0) return false;
        if (hash is not null
            && await connection.ExecuteAsync(new CommandDefinition("update users set name = @Name, password_hash = @hash where id = @UserId and password_hash is null", new { invitation.UserId, Name = name ?? invitation.Name, hash }, tx, cancellationToken: ct)) == 0)
            return false;
        await tx.CommitAsync(ct);
        return true;
    }

    private const string Make = """
        with person as (insert into users (id, email, name, created_at) values (@NewId, @Email, @Name, @Now) on conflict (email) do update set email = excluded.email returning id)
        insert into invitations (project_id, user_id, token_hash, name, role, sees_contacts, crm_users, created_at, expires_at)
        select @ProjectId, id, @Hash, @Name, @Role, @SeesContacts, @CrmUsers::jsonb, @Now, @Until from person
        where not exists (select from memberships m where m.project_id = @ProjectId and m.user_id = person.id)
        on conflict (project_id, user_id) do update set token_hash = excluded.token_hash, name = excluded.name, role = excluded.role, sees_contacts = excluded.sees_contacts,
            crm_users = excluded.crm_users, created_at = excluded.created_at, expires_at = excluded.expires_at
        returning user_id
        """;

    private const string Find = """
        select i.project_id, i.user_id, u.email, i.name, i.role, i.sees_contacts, p.name as project_name, u.password_hash is not null as has_password
        from invitations i join users u on u.id = i.user_id join projects p on p.project_id = i.project_id where i.token_hash = @Hash and i.expires_at > @Now
        """;

    private const string Accept = """
        with accepted as (delete from invitations where project_id = @ProjectId and user_id = @UserId and token_hash = @Hash and expires_at > @Now returning *)
        insert into memberships (project_id, user_id, role, sees_contacts, crm_users, created_at) select project_id, user_id, role, sees_contacts, crm_users, @Now from accepted
        on conflict do nothing
        """;
}
