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

    /// <summary>The deals, which are read after the people, and are under way in their own time.</summary>
    public DealsProgress Deals { get; init; } = null!;

    internal bool IsOver => State is not ("waiting" or "running" or "paused") && Deals.State is not ("waiting" or "running" or "paused");

    /// <returns>Null when the project has no such connection.</returns>
    public static async Task<ImportProgress?> FindAsync(NpgsqlConnection db, Guid projectId, Guid id, bool withDeals, CancellationToken ct) =>
        (await db.QueryAsync<ImportProgress, DealsProgress, ImportProgress>(new CommandDefinition(One, new { ProjectId = projectId, Id = id, WithDeals = withDeals }, cancellationToken: ct),
            (import, deals) => import with { Deals = deals }, splitOn: "deals_from")).SingleOrDefault();

    private const string One = """
        select coalesce(i.state, 'none') as state, coalesce(i.contacts, 0) as contacts, coalesce(i.companies, 0) as companies, coalesce(i.identities, 0) as identities,
            coalesce(i.skipped, 0) as skipped, i.started_at, i.finished_at, i.last_error, i.read_until,
            case when i.pass_began is not null and i.since is null then i.phase || coalesce(':' || i.cursor, '') end as cursor,
            1 as deals_from, case when @WithDeals then coalesce(r.state, 'none') else 'off' end as state, coalesce(r.deals, 0) as read, coalesce(r.changes, 0) as changes,
            coalesce(r.tasks, 0) as tasks, coalesce(r.touches, 0) as touches, coalesce(r.refused, '{}') as refused, r.started_at, r.finished_at, r.last_error, r.read_until,
            case when r.pass_began is not null and r.since is null then r.part || coalesce(':' || r.cursor, '') end as cursor
        from connections k left join crm_imports i on i.project_id = k.project_id and i.connection_id = k.id
            left join deal_readings r on r.project_id = k.project_id and r.connection_id = k.id
        where k.project_id = @ProjectId and k.id = @Id
        """;
}

/// <summary>How far the reading of a CRM's deals has come.</summary>
internal sealed record DealsProgress
{
    /// <summary>As of the people; <c>off</c>: this installation does not read deals.</summary>
    public required string State { get; init; }

    /// <summary>Cards of deals read, and in Bitrix24 of leads.</summary>
    public required int Read { get; init; }

    /// <summary>Moves between stages and changes of amounts that became known.</summary>
    public required int Changes { get; init; }

    public required int Tasks { get; init; }

    /// <summary>Calls and messages: that they took place, nothing more.</summary>
    public required int Touches { get; init; }

    /// <summary>Parts that the CRM does not let us read: <c>history</c>, <c>lead_history</c>, <c>leads</c>, <c>tasks</c>.</summary>
    public required string[] Refused { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public string? LastError { get; init; }

    /// <summary>Where it goes on, also after a restart; null between two readings.</summary>
    public string? Cursor { get; init; }

    /// <summary>Everything changed before this moment is known here.</summary>
    public DateTimeOffset? ReadUntil { get; init; }

    // A list does not compare by what is in it, and a progress is looked at for changes.
    public bool Equals(DealsProgress? other) => other is not null && (State, Read, Changes, Tasks, Touches, StartedAt, FinishedAt) == (other.State, other.Read, other.Changes, other.Tasks, other.Touches, other.StartedAt, other.FinishedAt)
        && (LastError, Cursor, ReadUntil) == (other.LastError, other.Cursor, other.ReadUntil) && Refused.SequenceEqual(other.Refused);

    public override int GetHashCode() => HashCode.Combine(State, Read, Changes, Tasks, Touches, Cursor);
}
