using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Core.Spend;
using Npgsql;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>A load that has its turn.</summary>
internal sealed record DueLoad
{
    public Guid Id { get; init; }
    public string Reason { get; init; } = "";
    public DateOnly FirstDay { get; init; }
    public DateOnly NextDay { get; init; }
    public short? PartDays { get; init; }
    public int Attempts { get; init; }

    /// <summary>The days that are asked for now: the newest that are not loaded yet.</summary>
    public (DateOnly From, DateOnly To) Part(CabinetRow cabinet)
    {
        var from = cabinet.PartFrom(NextDay);
        if (PartDays is { } most && NextDay.AddDays(1 - most) is var nearer && nearer > from) from = nearer;
        return (from < FirstDay ? FirstDay : from, NextDay);
    }
}

/// <summary>What is to be loaded from one cabinet, and what became of it. Every write is fenced by the lease: false from any of them means that it is lost.</summary>
internal sealed class CabinetQueue(ProjectPool db, TimeProvider clock, CabinetLease lease)
{
    private CabinetRow Cabinet => lease.Row;

    /// <summary>Puts the daily load into the queue when its hour has come. One that still waits from yesterday is taken into it.</summary>
    public Task<bool> ScheduleAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (Cabinet.ScheduleAt > now) return Task.FromResult(true);
        var yesterday = Cabinet.Clock.Today(now).AddDays(-1);
        var since = (Cabinet.LoadedTo is { } loaded && loaded < yesterday ? loaded : yesterday).AddDays(1 - Cabinet.RestateDays);
        var oldest = CabinetRow.Oldest(yesterday);
        return FencedAsync(Daily, new { Id = Guid.CreateVersion7(now), From = since < oldest ? oldest : since, To = yesterday, Now = now, Next = Cabinet.Clock.Next(Cabinet.LoadHour, now) }, ct);
    }

    /// <returns>Null: nothing is due.</returns>
    public async Task<DueLoad?> NextAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QueryFirstOrDefaultAsync<DueLoad>(new CommandDefinition(Due, new { Cabinet.ProjectId, Cabinet.AccountId, Now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>The spend of the part and how far the load has come, in one transaction.</summary>
    public async Task<bool> LoadedAsync(DueLoad load, DateOnly from, DateOnly to, CabinetEnd.Loaded end, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        // The account's row first, as all who write spend take it.
        if (await SpendAccount.LockAsync(connection, tx, Cabinet.ProjectId, Cabinet.AccountId, null, new SpendOptions(), default, ct) is null || !await HoldsAsync(connection, tx, ct)) return false;
        var import = Guid.CreateVersion7(now);
        var report = LoadReport.Of(Cabinet.Kind, from, to, end);
        await connection.ExecuteAsync(new CommandDefinition(Import, new
        {
            Cabinet.ProjectId,
            Id = import,
            Cabinet.AccountId,
            Origin = Cabinet.Kind,
            FileName = $"{from:yyyy-MM-dd} – {to:yyyy-MM-dd}",
            end.Hash,
            From = from,
            To = to,
            report.Taken,
            Report = JsonSerializer.Serialize(report, JsonSerializerOptions.Web),
        }, tx, cancellationToken: ct));
        var days = Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1).Select(DateOnly.FromDayNumber).ToArray();
        await SpendStore.WriteAsync(connection, tx, Cabinet.ProjectId, Cabinet.AccountId, import, SpendDays.Of(end.Lines), days, null, now, ct);
        await SpendStore.ForgetToldBeforeAsync(connection, tx, Cabinet.ProjectId, Cabinet.AccountId, import, days, ct);
        await connection.ExecuteAsync(new CommandDefinition(Progress, new { Cabinet.ProjectId, Cabinet.AccountId, load.Id, Next = from.AddDays(-1), report.Taken, Now = now }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        return true;
    }

    /// <summary>Nothing has failed; the vendor wants to be asked again.</summary>
    public Task<bool> WaitAsync(DueLoad load, string note, TimeSpan pause, CancellationToken ct) =>
        FencedAsync(Wait, new { load.Id, Note = note, At = clock.GetUtcNow() + pause }, ct);

    /// <param name="load">That failed.</param>
    /// <param name="why">For people.</param>
    /// <param name="pause">Until it is tried again.</param>
    /// <param name="partDays">So few days at a time from now on; null: as before.</param>
    /// <param name="ct">The caller's.</param>
    public Task<bool> FailedAsync(DueLoad load, string why, TimeSpan pause, int? partDays, CancellationToken ct) =>
        FencedAsync(Fail, new { load.Id, Why = why, At = clock.GetUtcNow() + pause, PartDays = partDays, Now = clock.GetUtcNow() }, ct);

    /// <summary>A person has to do something; until then nothing is loaded.</summary>
    public Task<bool> StopAsync(string why, CancellationToken ct) => FencedAsync(Stop, new { Why = why, Now = clock.GetUtcNow() }, ct);

    private async Task<bool> FencedAsync(string sql, object args, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        if (!await HoldsAsync(connection, tx, ct)) return false;
        var all = new DynamicParameters(args);
        all.AddDynamicParams(new { Cabinet.ProjectId, Cabinet.AccountId });
        await connection.ExecuteAsync(new CommandDefinition(sql, all, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        return true;
    }

    private async Task<bool> HoldsAsync(NpgsqlConnection connection, NpgsqlTransaction tx, CancellationToken ct) => await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
        "select account_id from spend_cabinets where project_id = @ProjectId and account_id = @AccountId and lease_token = @LeaseToken for update",
        new { Cabinet.ProjectId, Cabinet.AccountId, Cabinet.LeaseToken }, tx, cancellationToken: ct)) is not null;

    private const string Daily = """
        with old as (
            update spend_loads set state = 'replaced', done_at = @Now where project_id = @ProjectId and account_id = @AccountId and reason = 'daily' and state = 'waiting' returning first_day)
        insert into spend_loads (project_id, id, account_id, reason, first_day, last_day, next_day, next_at, created_at)
        select @ProjectId, @Id, @AccountId, 'daily', least(@From::date, (select min(first_day) from old)), @To, @To, @Now, @Now;
        update spend_cabinets set schedule_at = @Next where project_id = @ProjectId and account_id = @AccountId
        """;

    // What somebody waits for comes first, years of history last.
    private const string Due = """
        select id, reason, first_day, next_day, part_days, attempts from spend_loads
        where project_id = @ProjectId and account_id = @AccountId and state = 'waiting' and next_at <= @Now
        order by array_position(array['person', 'daily', 'first'], reason), created_at, id limit 1
        """;

    private const string Import = """
        insert into spend_imports (project_id, id, account_id, origin, file_name, file_sha256, first_day, last_day, taken, refused, skipped, report)
        values (@ProjectId, @Id, @AccountId, @Origin, @FileName, @Hash, @From, @To, @Taken, 0, 0, @Report::jsonb)
        """;

    // Fewer days at a time is not for ever: the vendor may only have been slow.
    private const string Progress = """
        with l as (
            update spend_loads set next_day = @Next, taken = taken + @Taken, attempts = 0, note = null, part_days = case when part_days < 45 then part_days * 2 end,
                state = case when @Next::date < first_day then 'done' else state end, done_at = case when @Next::date < first_day then @Now::timestamptz end
            where project_id = @ProjectId and id = @Id returning *)
        update spend_cabinets c set last_load_at = @Now, last_error = null, last_error_at = null,
            loaded_to = case when l.state = 'done' and l.reason <> 'person' then greatest(c.loaded_to, l.last_day) else c.loaded_to end
        from l where c.project_id = @ProjectId and c.account_id = @AccountId
        """;

    // The others of the cabinet wait with it: the vendor counts all of them together.
    private const string Others = "update spend_loads set next_at = greatest(next_at, @At) where project_id = @ProjectId and account_id = @AccountId and state = 'waiting' and id <> @Id";

    private const string Wait = "update spend_loads set note = @Note, next_at = @At where project_id = @ProjectId and id = @Id; " + Others;

    private const string Fail = """
        update spend_loads set note = @Why, next_at = @At, attempts = attempts + 1, part_days = coalesce(@PartDays::int, part_days) where project_id = @ProjectId and id = @Id;
        update spend_cabinets set last_error = @Why, last_error_at = @Now where project_id = @ProjectId and account_id = @AccountId;
        """ + Others;

    private const string Stop = "update spend_cabinets set state = 'needs_reauth', last_error = @Why, last_error_at = @Now where project_id = @ProjectId and account_id = @AccountId";
}
