using Dapper;
using Npgsql;

namespace LeadIngest.Api.Features.Imports;

/// <summary>How far the reading of a CRM's people and firms has come.</summary>
internal sealed record ImportProgress
{
    /// <summary>
    /// <c>none</c> (never asked for), <c>waiting</c>, <c>running</c>, <c>paused</c> or <c>cancelled</c> (by a person), <c>failed</c> (the CRM will not answer), <c>done</c>.
    /// </summary>
    public required string State { get; init; }

    /// <summary>People's cards read.</summary>
    public required int Contacts { get; init; }

    /// <summary>Firms' cards read.</summary>
    public required int Companies { get; init; }

    /// <summary>Phones, e-mails and cards that a client is known by since; those found by webhooks and later readings included.</summary>
    public required int Identities { get; init; }

    /// <summary>Cards that nobody can be recognised by: no phone and no e-mail, or more than ten of a kind.</summary>
    public required int Skipped { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>What stands in the way, in the CRM's own words; null when the last page came through.</summary>
    public string? LastError { get; init; }

    /// <summary>Where it goes on, also after a restart; null between two readings.</summary>
    public string? Cursor { get; init; }

    /// <summary>Everything changed before this moment is known here.</summary>
    public DateTimeOffset? ReadUntil { get; init; }

    internal bool IsOver => State is not ("waiting" or "running" or "paused");

    /// <returns>Null when the project has no such connection.</returns>
    public static Task<ImportProgress?> FindAsync(NpgsqlConnection db, Guid projectId, Guid id, CancellationToken ct) =>
        db.QuerySingleOrDefaultAsync<ImportProgress>(new CommandDefinition(One, new { ProjectId = projectId, Id = id }, cancellationToken: ct));

    public const string One = """
        select coalesce(i.state, 'none') as state, coalesce(i.contacts, 0) as contacts, coalesce(i.companies, 0) as companies, coalesce(i.identities, 0) as identities,
            coalesce(i.skipped, 0) as skipped, i.started_at, i.finished_at, i.last_error, i.read_until,
            case when i.pass_began is not null and i.since is null then i.phase || coalesce(':' || i.cursor, '') end as cursor
        from connections k left join crm_imports i on i.project_id = k.project_id and i.connection_id = k.id
        where k.project_id = @ProjectId and k.id = @Id
        """;
}
