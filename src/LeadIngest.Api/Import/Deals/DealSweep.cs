using Dapper;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Ingest;
using LeadIngest.Crm;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Import.Deals;

/// <summary>
/// The nightly comparison, a page at a time. Where the CRM counts, the deals made in each month are counted on both sides, and only months that differ are
/// read again; where it does not, all are. What is known here and not listed is asked for by its id, which alone says that it is gone. Open tasks last.
/// </summary>
internal sealed class DealSweep(DeliveryTools tools, AccountLease lease, CallWatch watch, ImportOptions options)
{
    private const int MonthsACount = 600;

    /// <summary>In the place of a month: all of them at once.</summary>
    private static readonly DateTime Whole = DateTime.MinValue;

    private readonly DealWriter _deals = new(tools.ImportDb, tools.ImportPlaces, tools.Clock);

    /// <returns>Null, or why not now.</returns>
    public async Task<DealsRead?> StepAsync(ConnectionRow connection, DealReading row, IDealReader reader, CancellationToken ct, CancellationToken call)
    {
        if (row.SweepPart == "tasks") return await TasksAsync(connection, row, reader, ct, call);
        var part = row.SweepPart == "leads" ? DealPart.Leads : DealPart.Deals;
        if (!reader.Parts.Contains(part))
        {
            await MoveAsync(connection, row, "tasks", [], null, 0, over: false);
            return null;
        }
        return row.SweepMonths.Length == 0 ? await CountAsync(connection, row, reader, ct, call) : await CompareAsync(connection, row, part, reader, ct, call);
    }

    private async Task<DealsRead?> CountAsync(ConnectionRow connection, DealReading row, IDealReader reader, CancellationToken ct, CancellationToken call)
    {
        List<(DateTime Month, int Deals)> ours;
        await using (var session = await tools.Db.OpenConnectionAsync(ct))
            ours = (await session.QueryAsync<(DateTime, int)>(new CommandDefinition(Counts, new { connection.ProjectId, connection.Id, Kind = Kind(row) }, cancellationToken: ct))).AsList();
        var months = ours.Select(o => new Period(Utc(o.Month), Utc(o.Month).AddMonths(1))).TakeLast(MonthsACount).ToList();
        // What was made before the first deal that is known here.
        if (months.Count > 0) months.Insert(0, new Period(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), months[0].From));
        var read = months.Count == 0 ? new DealsRead.Refused("") : await watch.OverAsync(() => reader.CountAsync(row.SweepPart == "leads" ? DealKind.Lead : DealKind.Deal, months, lease, call));
        if (read is DealsRead.Refused)
        {
            await MoveAsync(connection, row, row.SweepPart, [Whole], null, 0, over: false);
            return null;
        }
        if (read is not DealsRead.Page page || page.Counts.Count != months.Count) return read;
        var differing = months.Index().Where(m => page.Counts[m.Index] != (m.Index == 0 ? 0 : ours[^(months.Count - m.Index)].Deals)).Select(m => m.Item.From.UtcDateTime).ToArray();
        if (differing.Length > 0) tools.Log.MonthsDiffer(connection.Id, row.SweepPart, differing.Length);
        await MoveAsync(connection, row, differing.Length > 0 ? row.SweepPart : After(row.SweepPart), differing, null, 0, over: false);
        return null;
    }

    private async Task<DealsRead?> CompareAsync(ConnectionRow connection, DealReading row, DealPart part, IDealReader reader, CancellationToken ct, CancellationToken call)
    {
        var month = row.SweepMonths[0];
        var made = month == Whole ? (Period?)null : new Period(Utc(month), month.Year == 2000 && month.Month == 1 ? await FirstMonthAsync(connection, row, ct) : Utc(month).AddMonths(1));
        var read = await watch.OverAsync(() => reader.ReadAsync(new DealQuery(part, null, row.SweepCursor) { Made = made }, lease, call));
        if (read is not DealsRead.Page page) return read;
        var listed = page.Deals.Select(d => long.Parse(d.Key.Id, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var until = page.Next is null ? (long?)null : Math.Max(row.SweepSeen, listed.DefaultIfEmpty(0).Max());
        var left = page.Next is null ? row.SweepMonths[1..] : row.SweepMonths;
        await _deals.WriteAsync(connection, page, DealSource.Changed, _ =>
        [
            Fenced.Command(Missing, connection, lease, new NpgsqlParameter<string> { TypedValue = Kind(row) }, new NpgsqlParameter<long> { TypedValue = row.SweepSeen },
                new NpgsqlParameter { Value = (object?)until ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint }, Columns.Of(listed, NpgsqlDbType.Bigint),
                Moment(made?.From), Moment(made?.To), Moment(row.SweepBegan)),
            Moved(connection, row, left.Length > 0 ? row.SweepPart : After(row.SweepPart), left, page.Next, page.Next is null ? 0 : until!.Value, over: false),
        ], ct);
        return null;
    }

    private async Task<DealsRead?> TasksAsync(ConnectionRow connection, DealReading row, IDealReader reader, CancellationToken ct, CancellationToken call)
    {
        var read = await watch.OverAsync(() => reader.ReadAsync(new DealQuery(DealPart.Tasks, null, row.SweepCursor) { OpenOnly = true }, lease, call));
        // No right to tasks: nothing to compare with.
        if (read is DealsRead.Refused or DealsRead.AccountBlocked) read = null;
        if (read is not (null or DealsRead.Page)) return read;
        var page = read as DealsRead.Page ?? new DealsRead.Page();
        var commands = new List<NpgsqlBatchCommand> { Moved(connection, row, page.Next is null ? "deals" : "tasks", [], page.Next, 0, over: page.Next is null) };
        if (page.Next is null && read is not null) commands.Insert(0, Fenced.Command(TasksGone, connection, lease, Moment(row.SweepBegan)));
        await _deals.WriteAsync(connection, page, DealSource.Changed, _ => commands, ct);
        if (page.Next is null) tools.Log.PassRead(connection.Id, "deals.sweep");
        return null;
    }

    private async Task<DateTimeOffset> FirstMonthAsync(ConnectionRow connection, DealReading row, CancellationToken ct)
    {
        await using var session = await tools.Db.OpenConnectionAsync(ct);
        var first = await session.ExecuteScalarAsync<DateTime?>(new CommandDefinition(
            "select date_trunc('month', min(created_at), 'UTC') from deals where project_id = @ProjectId and connection_id = @Id and kind = @Kind and deleted_at is null and created_at >= '2000-02-01'",
            new { connection.ProjectId, connection.Id, Kind = Kind(row) }, cancellationToken: ct));
        return first is { } month ? Utc(month) : tools.Clock.GetUtcNow();
    }

    private async Task MoveAsync(ConnectionRow connection, DealReading row, string part, DateTime[] months, string? cursor, long seen, bool over) =>
        await _deals.WriteAsync(connection, new DealsRead.Page(), DealSource.Changed, _ => [Moved(connection, row, part, months, cursor, seen, over)], CancellationToken.None);

    private NpgsqlBatchCommand Moved(ConnectionRow connection, DealReading row, string part, DateTime[] months, string? cursor, long seen, bool over) => Fenced.Command(Swept, connection, lease,
        new NpgsqlParameter<string> { TypedValue = row.SweepPart }, Fenced.TextOrNull(row.SweepCursor), new NpgsqlParameter<string> { TypedValue = part },
        Columns.Of(months.Select(m => DateTime.SpecifyKind(m, DateTimeKind.Utc)).ToArray(), NpgsqlDbType.TimestampTz), Fenced.TextOrNull(cursor), new NpgsqlParameter<long> { TypedValue = seen },
        new NpgsqlParameter<TimeSpan> { TypedValue = over ? options.SweepEvery : options.SweepPause }, new NpgsqlParameter<bool> { TypedValue = over });

    private static string After(string part) => part == "deals" ? "leads" : "tasks";

    private static string Kind(DealReading row) => row.SweepPart == "leads" ? "lead" : "deal";

    private static DateTimeOffset Utc(DateTime moment) => new(DateTime.SpecifyKind(moment, DateTimeKind.Utc));

    private static NpgsqlParameter Moment(DateTimeOffset? moment) => new() { Value = (object?)moment?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    // Every month from the first deal on, those without any included.
    private const string Counts = """
        select m.month at time zone 'UTC' as month, count(d.id)::int as deals
        from generate_series(
            (select date_trunc('month', min(created_at) at time zone 'UTC') from deals
                where project_id = @ProjectId and connection_id = @Id and kind = @Kind and deleted_at is null and created_at >= '2000-02-01'),
            date_trunc('month', clock_timestamp() at time zone 'UTC'), interval '1 month') as m (month)
        left join deals d on d.project_id = @ProjectId and d.connection_id = @Id and d.kind = @Kind and d.deleted_at is null
            and d.created_at >= m.month at time zone 'UTC' and d.created_at < (m.month + interval '1 month') at time zone 'UTC'
        group by m.month order by m.month
        """;

    // Up to $7, on the last page to the end. What was made since the comparison began may be too young for the lists.
    private static readonly string Missing = $"""
        with missing as (
            select kind, remote_id from deals
            where project_id = $1 and connection_id = $2 and kind = $5 and deleted_at is null and remote_id > $6 and ($7::bigint is null or remote_id <= $7) and remote_id <> all($8)
                and ($9::timestamptz is null or (created_at >= $9 and created_at < $10)) and first_seen_at < coalesce($11, clock_timestamp())
            order by remote_id limit {LookAgain.MostAtOnce}),
        asked as (select array(select kind || ':' || remote_id from missing order by remote_id) as cards),
        again as ({DealSql.Ask("sweep")})
        select {Fenced.Fence}
        """;

    private const string TasksGone = $"""
        with gone as (
            update crm_tasks set removed_at = clock_timestamp()
            where project_id = $1 and connection_id = $2 and not is_done and removed_at is null and seen_at < $5)
        select {Fenced.Fence}
        """;

    private const string Swept = $"""
        with moved as (
            update deal_readings set sweep_part = $7, sweep_months = $8, sweep_cursor = $9, sweep_seen = $10,
                sweep_began = case when $12 then null else coalesce(sweep_began, clock_timestamp()) end,
                sweep_at = clock_timestamp() + $11, next_at = clock_timestamp()
            where project_id = $1 and connection_id = $2 and sweep_part = $5 and sweep_cursor is not distinct from $6 and state = 'done'
            returning 1)
        select require_rows((select count(*) from moved), 1), {Fenced.Fence}
        """;
}
