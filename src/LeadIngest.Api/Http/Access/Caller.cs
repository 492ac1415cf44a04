using LeadIngest.Api.Data;

namespace LeadIngest.Api.Http.Access;

/// <summary>A user of a CRM account.</summary>
/// <param name="UserId">The CRM's id.</param>
internal sealed record CrmUser(Guid ConnectionId, string UserId);

/// <summary>
/// Who asks, in which project, and with what rights. Made by whatever logged the caller in and kept with the request; a handler takes it as a parameter.
/// </summary>
/// <param name="ProjectId">The project that was asked for, which the caller is a member of.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="UserId">Null for an API key.</param>
/// <param name="KeyId">Null for a user.</param>
/// <param name="Name">For the audit log: the user's name or the key's.</param>
/// <param name="SeesContacts">False: phones and e-mail addresses are masked in what is answered.</param>
/// <param name="OnlyOf">
/// Not null: the caller sees only what belongs to these users of the CRMs, that is leads, clients, calls and deals of deals that they answer for. Empty: nothing.
/// </param>
internal sealed record Caller(Guid ProjectId, string Role, Guid? UserId, Guid? KeyId, string Name, bool SeesContacts = true, IReadOnlyList<CrmUser>? OnlyOf = null)
{
    public Right Rights => Roles.RightsOf(Role);

    /// <summary>Of <see cref="OnlyOf"/>, one a user; with <see cref="OwnUsers"/> the parameters of <see cref="OwnRows"/>. Null: everything is the caller's own.</summary>
    public Guid[]? OwnConnections => OnlyOf is null ? null : [.. OnlyOf.Select(u => u.ConnectionId)];

    public string[]? OwnUsers => OnlyOf is null ? null : [.. OnlyOf.Select(u => u.UserId)];

    public bool May(Right right) => (Rights & right) == right;

    /// <summary>From here on the request has its caller, and sees the caller's project: the one place where the wall opens.</summary>
    public void KeepIn(HttpContext context)
    {
        context.Features.Set(this);
        ProjectWall.Current?.Show(ProjectId);
    }

    /// <exception cref="InvalidOperationException">Nobody is logged in: the route lacks its policy.</exception>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? throw new InvalidOperationException("Nobody is logged in.");

    public static ValueTask<Caller> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));
}
