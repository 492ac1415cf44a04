using LeadIngest.Api.Access;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Users;

/// <summary>A user of a CRM account whose leads a manager sees.</summary>
/// <param name="UserId">The CRM's id.</param>
internal sealed record CrmUserRef(Guid ConnectionId, string UserId);

/// <summary>Somebody who is a member of the project or asked in.</summary>
/// <param name="Role"><c>owner</c>, <c>marketer</c>, <c>manager</c> or <c>operator</c>.</param>
/// <param name="SeesContacts">False: phones and e-mail addresses come masked.</param>
/// <param name="CrmUsers">Of a manager: whose leads, clients, calls and deals are shown; none: nothing.</param>
/// <param name="State"><c>invited</c>, <c>active</c> or <c>disabled</c>.</param>
internal sealed record UserAnswer(Guid Id, string Email, string Name, string Role, bool SeesContacts, IReadOnlyList<CrmUserRef> CrmUsers, string State, bool HasTotp, DateTimeOffset? LastSeenAt, DateTimeOffset CreatedAt);

/// <summary>A member, or an open invitation, on its way to the API.</summary>
internal sealed record UserRow
{
    public Guid Id { get; init; }
    public string Email { get; init; } = "";
    public string Name { get; init; } = "";
    public string Role { get; init; } = "";
    public bool SeesContacts { get; init; }
    public string CrmUsers { get; init; } = "[]";
    public string State { get; init; } = "";
    public bool HasTotp { get; init; }
    public DateTimeOffset? LastSeenAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    public UserAnswer Answer() => new(Id, Email, Name, Role, SeesContacts, [.. Membership.Read(CrmUsers).Select(u => new CrmUserRef(u.ConnectionId, u.UserId))], State, HasTotp, LastSeenAt, CreatedAt);

    public static string Stored(IReadOnlyList<CrmUserRef> users) => Membership.Write(users.Select(u => new CrmUser(u.ConnectionId, u.UserId)));

    /// <summary>Of people who have not accepted nothing is told but what the invitation says: they may be somebody elsewhere.</summary>
    public const string All = """
        select * from (
            select u.id, u.email, u.name, m.role, m.sees_contacts, m.crm_users::text as crm_users, case when m.disabled_at is null then 'active' else 'disabled' end as state, u.totp is not null as has_totp,
                u.last_seen_at, m.created_at
            from memberships m join users u on u.id = m.user_id where m.project_id = @ProjectId
            union all
            select u.id, u.email, i.name, i.role, i.sees_contacts, i.crm_users::text, 'invited', false, null, i.created_at
            from invitations i join users u on u.id = i.user_id where i.project_id = @ProjectId and not exists (select from memberships m where m.project_id = i.project_id and m.user_id = i.user_id)
        ) everybody
        """;

    public const string One = All + " where id = @Id";
}
