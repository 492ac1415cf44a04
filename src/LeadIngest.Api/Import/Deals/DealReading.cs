using System.Diagnostics.CodeAnalysis;
using Dapper;
using LeadIngest.Api.Delivery;
using LeadIngest.Crm;
using Npgsql;

namespace LeadIngest.Api.Import.Deals;

/// <summary>How far the reading of a connection's deals has come, and what of it is due.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
internal sealed record DealReading
{
    public required string State { get; init; }
    public DateTimeOffset? PassBegan { get; init; }
    public DateTimeOffset? Since { get; init; }
    public required string Part { get; init; }
    public string? Cursor { get; init; }
    public required bool HasEvents { get; init; }
    public required bool IsPassDue { get; init; }
    public required bool AreDirectoriesDue { get; init; }
    public required bool HasProductsDue { get; init; }
    public required bool IsSweepDue { get; init; }
    public required string SweepPart { get; init; }
    public required DateTime[] SweepMonths { get; init; }
    public string? SweepCursor { get; init; }
    public required long SweepSeen { get; init; }
    public DateTimeOffset? SweepBegan { get; init; }

    /// <returns>Null: nothing is due.</returns>
    public static async Task<DealReading?> DueAsync(NpgsqlDataSource db, ConnectionRow connection, ImportOptions options, CancellationToken ct)
    {
        await using var session = await db.OpenConnectionAsync(ct);
        return await session.QuerySingleOrDefaultAsync<DealReading>(new CommandDefinition(Due,
            new { connection.ProjectId, connection.Id, options.PollEvery, options.DirectoriesEvery, options.SweepEvery }, cancellationToken: ct));
    }

    /// <returns>Why in words, and after how long again; null: not by itself.</returns>
    public static (string Why, TimeSpan? After) WhyNot(DealsRead read, ImportOptions options) => read switch
    {
        DealsRead.Failed failed => (failed.Why, failed.After > options.RetryAfter ? failed.After : options.RetryAfter),
        DealsRead.Refused refused => (refused.Why, null),
        DealsRead.CredentialsRefused refused => (refused.Why, options.PollEvery),
        DealsRead.AccountBlocked blocked => (blocked.Why, options.PollEvery),
        _ => ("The connector answered with nothing.", options.RetryAfter),
    };

    // The first reading waits for the people: whose deals these are is known by their cards.
    private const string Due = """
        select r.state, r.pass_began, r.since, r.part, r.cursor,
            exists (select 1 from crm_events e where e.connection_id = r.connection_id and e.project_id = r.project_id and e.deals <> '{}') as has_events,
            (r.state = 'waiting' and i.state not in ('waiting', 'running', 'paused')) or r.state = 'running'
                or (r.state in ('done', 'cancelled') and (r.pass_began is not null or r.read_until is null or r.read_until + @PollEvery <= clock_timestamp())) as is_pass_due,
            r.directories_at is null or r.directories_at + @DirectoriesEvery <= clock_timestamp() as are_directories_due,
            r.state in ('done', 'cancelled') and exists (select 1 from deals d where d.project_id = r.project_id and d.connection_id = r.connection_id and d.products_due) as has_products_due,
            r.state = 'done' and coalesce(r.sweep_at, r.finished_at + @SweepEvery) <= clock_timestamp() as is_sweep_due,
            r.sweep_part, r.sweep_months, r.sweep_cursor, r.sweep_seen, r.sweep_began
        from deal_readings r join crm_imports i on i.project_id = r.project_id and i.connection_id = r.connection_id
        where r.project_id = @ProjectId and r.connection_id = @Id and r.next_at <= clock_timestamp()
        """;
}
