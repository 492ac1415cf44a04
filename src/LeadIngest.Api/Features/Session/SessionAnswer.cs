namespace LeadIngest.Api.Features.Session;

/// <summary>Who is there, and what the page may show them.</summary>
/// <param name="State"><c>setup</c>: nobody can sign in yet; <c>signedOut</c>; <c>signedIn</c>.</param>
/// <param name="CsrfToken">Send it as <c>X-CSRF</c> with everything that changes something.</param>
/// <param name="CanMail">Whether letters can be sent: invitations and new passwords come by mail then.</param>
/// <param name="CanMakeProject">Whether <c>POST /v1/projects</c> is open to this person: to members of any project, and to everybody where no project has an owner who could invite them.</param>
internal sealed record SessionAnswer(string State, string? CsrfToken, SessionUser? User, IReadOnlyList<SessionProject> Projects, bool IsDemo, bool CanMail, bool CanMakeProject);

/// <param name="Language"><c>ru</c> or <c>en</c>.</param>
/// <param name="NeedsTotp">True: nothing but the own account works until a second factor is set up.</param>
internal sealed record SessionUser(Guid Id, string Email, string Name, string Language, bool HasTotp, bool NeedsTotp);

/// <summary>A project that somebody is a member of.</summary>
internal sealed record SessionProject
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required bool IsDemo { get; init; }

    /// <summary><c>owner</c>, <c>marketer</c>, <c>manager</c> or <c>operator</c>.</summary>
    public required string Role { get; init; }

    /// <summary>What the role may do: <c>reports</c>, <c>leads</c>, <c>workLeads</c>, <c>spend</c>, <c>operate</c>, <c>settings</c>, <c>people</c>, <c>export</c>, <c>forgotten</c>, <c>names</c>.</summary>
    public required IReadOnlyList<string> Rights { get; init; }

    /// <summary>False: phones and e-mail addresses come masked.</summary>
    public required bool SeesContacts { get; init; }

    public required string Currency { get; init; }
    public required string TimeZone { get; init; }

    /// <summary><c>payback</c> or <c>net</c>.</summary>
    public required string Romi { get; init; }
}
