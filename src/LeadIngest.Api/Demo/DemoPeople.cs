using Dapper;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Demo;

/// <summary>The people of the demo project, one of each role and all with one password; the manager is a user of both emulated CRMs.</summary>
internal sealed class DemoPeople(Database db, Passwords passwords, TimeProvider clock)
{
    /// <summary>Who <c>make run</c> says to sign in as.</summary>
    public const string Admin = "admin@demo.local";

    /// <param name="boris">Of whom the manager sees the leads: his ids in the emulated CRMs.</param>
    public async Task EnsureAsync(Guid projectId, string password, CrmUser[] boris, CancellationToken ct)
    {
        var (hash, now) = (await passwords.HashAsync(password, ct), clock.GetUtcNow());
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        foreach (var (email, name, role, last) in ((string, string, string, int)[])
            [(Admin, "Анна Администратор", Roles.Owner, 0x11), ("marketer@demo.local", "Мария Маркетолог", Roles.Marketer, 0x12), ("manager@demo.local", "Борис Менеджер", Roles.Manager, 0x13), ("operator@demo.local", "Олег Оператор", Roles.Operator, 0x14)])
            await connection.ExecuteAsync(new CommandDefinition(One, new
            {
                Id = Guid.Parse($"0190d3e0-0000-7000-8000-0000000000{last:x2}"),
                Email = email,
                Name = name,
                Hash = hash,
                Now = now,
                ProjectId = projectId,
                Role = role,
                SeesContacts = Membership.SeesContactsAs(role),
                CrmUsers = Membership.Write(role == Roles.Manager ? boris : []),
            }, cancellationToken: ct));
    }

    private const string One = """
        insert into users (id, email, name, password_hash, created_at) values (@Id, @Email, @Name, @Hash, @Now) on conflict (email) do update set password_hash = excluded.password_hash;
        insert into memberships (project_id, user_id, role, sees_contacts, crm_users, created_at) select @ProjectId, id, @Role, @SeesContacts, @CrmUsers::jsonb, @Now from users where email = @Email on conflict do nothing
        """;
}
