using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Demo;
using LeadIngest.Api.Features.Session;
using LeadIngest.Api.Http.Access;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Access;

/// <summary>Who is there, as the page is told.</summary>
internal sealed class People(Database db, IOptions<AccessOptions> options, IOptions<DemoOptions> demo, Letters letters, IHostEnvironment environment)
{
    // People never become none again.
    private volatile bool _hasPeople;

    /// <summary>Whether anybody can sign in: until then the first start is to be set up.</summary>
    public async Task<bool> AnybodyAsync(CancellationToken ct)
    {
        if (_hasPeople) return true;
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        return _hasPeople = await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select exists (select from users where password_hash is not null)", cancellationToken: ct));
    }

    public bool IsDemo => demo.Value.Enabled;

    public SessionUser Answer(SignedIn person) =>
        new(person.UserId, person.Email, person.Name, person.Language, person.HasTotp, AccessRules.NeedsTotp(person, options.Value, environment));

    /// <summary>Whether this person may make a project: a member of any may; somebody who is a member of none only where no project has an owner who could invite them.</summary>
    public async Task<bool> MayMakeProjectAsync(SignedIn person, CancellationToken ct)
    {
        if (person.Memberships.Count > 0) return true;
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        return !await connection.ExecuteScalarAsync<bool>(new CommandDefinition(AnyOwner, cancellationToken: ct));
    }

    /// <param name="person">Null: nobody is signed in.</param>
    public async Task<SessionAnswer> AnswerAsync(SignedIn? person, CancellationToken ct)
    {
        if (person is null) return new(!IsDemo && !await AnybodyAsync(ct) ? "setup" : "signedOut", null, null, [], IsDemo, letters.CanSend, false);
        var mayMake = await MayMakeProjectAsync(person, ct);
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<SessionProject>(new CommandDefinition(Projects, new { person.UserId }, cancellationToken: ct));
        return new("signedIn", person.CsrfToken, Answer(person), [.. rows.Select(p => p with { Rights = Roles.RightNamesOf(p.Role) })], IsDemo, letters.CanSend, mayMake);
    }

    private const string AnyOwner = """
        select exists (select from memberships m join users u on u.id = m.user_id where m.role = 'owner' and m.disabled_at is null and u.password_hash is not null)
        """;

    private const string Projects = """
        select p.project_id as id, p.name, p.is_demo, m.role, m.sees_contacts, p.currency::text as currency, p.time_zone, p.romi
        from memberships m join projects p on p.project_id = m.project_id where m.user_id = @UserId and m.disabled_at is null order by lower(p.name), p.project_id
        """;
}
