using LeadIngest.Api.Data;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Calls;
using LeadIngest.Core.Numbers;
using LeadIngest.Core.Passports;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Numbers;

/// <param name="Match">How it was found.</param>
/// <param name="NumberId">The number; null for <see cref="LineMatch.None"/>.</param>
/// <param name="SiteId">The number's site.</param>
/// <param name="VisitId">Of <see cref="LineMatch.Holder"/> and <see cref="LineMatch.Recent"/>.</param>
/// <param name="Passport">The visit's or the static number's; null also for a visit that is not kept any more.</param>
/// <param name="RestedFor">For <see cref="LineMatch.Recent"/>: between the end of the hold and the call.</param>
internal sealed record DialledNumberMatch(LineMatch Match, Guid? NumberId = null, Guid? SiteId = null, Guid? VisitId = null, Passport? Passport = null, TimeSpan? RestedFor = null)
{
    public static DialledNumberMatch Nothing { get; } = new(LineMatch.None);
}

/// <summary>Answers whose number was dialled, and notes the call: its number is lent to nobody else while they talk.</summary>
internal sealed class NumberBook(Database db, IOptions<NumberOptions> options, NumberMetrics metrics)
{
    /// <param name="projectId">Of the call.</param>
    /// <param name="line">E.164, as the client dialled it.</param>
    /// <param name="at">When the call began. The same moment in every question about one call: a call is counted once.</param>
    /// <param name="ct">Ends the search.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<DialledNumberMatch> FindAsync(Guid projectId, string line, DateTimeOffset at, CancellationToken ct)
    {
        await using var connection = await db.Delivery.OpenConnectionAsync(ct);
        var number = await ReadAsync(connection, projectId, line, at, ct);
        if (number is null) return DialledNumberMatch.Nothing;
        var match = Match(number, at);
        if (number.Kind != "static") await NoteAsync(connection, projectId, number, match, at, ct);
        metrics.Call(match.Match);
        return match;
    }

    private static DialledNumberMatch Match(Dialled number, DateTimeOffset at)
    {
        if (number.Kind == "static")
            return new(LineMatch.Static, number.Id, number.SiteId, Passport: StaticPassport.Parse(number.Passport).ToPassport(number.Number, number.Name));
        if (number.Kind == "dynamic" && HoldAt.Find(number.Holds, at, number.LookBack) is { } held)
            return new(held.RestedFor is null ? LineMatch.Holder : LineMatch.Recent, number.Id, number.SiteId, held.Hold.Id, number.Passports.GetValueOrDefault(held.Hold.Id),
                held.RestedFor);
        return new(LineMatch.Site, number.Id, number.SiteId);
    }

    private sealed record Dialled(Guid Id, Guid SiteId, string Number, string Kind, string? Name, string Passport, TimeSpan Hold, TimeSpan LookBack)
    {
        /// <summary>The newest first, each by its visit.</summary>
        public List<NumberHold> Holds { get; } = [];

        public Dictionary<Guid, Passport> Passports { get; } = [];
    }

    private static async Task<Dialled?> ReadAsync(NpgsqlConnection connection, Guid projectId, string line, DateTimeOffset at, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(FindNumber) { Parameters = { Columns.Of(projectId), new NpgsqlParameter<string> { TypedValue = line }, Moment(at + HoldAt.Tolerance) } },
                new NpgsqlBatchCommand(FindHolds)
                {
                    Parameters = { Columns.Of(projectId), new NpgsqlParameter<string> { TypedValue = line }, Moment(at + HoldAt.Tolerance) },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;
        var number = new Dialled(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), await reader.IsDBNullAsync(4, ct) ? null : reader.GetString(4),
            reader.GetString(5), TimeSpan.FromSeconds(reader.GetInt32(6)), TimeSpan.FromSeconds(reader.GetInt32(7)));
        await reader.NextResultAsync(ct);
        var newer = default(DateTimeOffset?);
        while (await reader.ReadAsync(ct))
        {
            var visit = reader.GetGuid(0);
            var from = reader.GetFieldValue<DateTimeOffset>(1);
            // An end that was not written down: two nodes moved the hold at the same moment.
            var until = await reader.IsDBNullAsync(2, ct) ? newer ?? from : reader.GetFieldValue<DateTimeOffset>(2);
            number.Holds.Add(new(visit, from, until));
            if (!await reader.IsDBNullAsync(3, ct)) number.Passports[visit] = StoredPassport.Read(reader, 3);
            newer = from;
        }
        return number;
    }

    private async Task NoteAsync(NpgsqlConnection connection, Guid projectId, Dialled number, DialledNumberMatch match, DateTimeOffset at, CancellationToken ct)
    {
        var rest = TimeSpan.FromSeconds(options.Value.CallRestSeconds);
        if (rest < 2 * number.Hold) rest = 2 * number.Hold;
        await using var command = new NpgsqlCommand(Note, connection)
        {
            Parameters =
            {
                Columns.Of(projectId), Columns.Of(number.Id), Moment(at), Moment(match.VisitId is null ? at : at + rest), Columns.Of((int)HoldAt.Tolerance.TotalSeconds),
                Columns.Of(match.Match == LineMatch.Recent ? 1 : 0), Columns.Of(match.VisitId is null ? 1 : 0),
            },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlParameter<DateTime> Moment(DateTimeOffset at) => new() { TypedValue = at.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    // A number that has moved to another site, or was added anew, stands there as active, and its former self as inactive: a call is asked of the row that
    // was there when it began.
    private const string FindNumber = """
        select t.id, t.site_id, t.number, t.kind, t.name, t.passport::text, s.number_hold_seconds, s.number_look_back_seconds
        from tracking_numbers t join sites s on s.project_id = t.project_id and s.id = t.site_id
        where t.project_id = $1 and t.number = $2 order by t.created_at <= $3 desc, t.is_active desc, t.id desc limit 1
        """;

    private const string FindHolds = $"""
        select h.visit_id, h.from_at, coalesce(h.until_at, case when t.hold_id = h.id then t.held_until end), {StoredPassport.Columns}
        from (select * from tracking_numbers where project_id = $1 and number = $2 order by created_at <= $3 desc, is_active desc, id desc limit 1) t
        cross join lateral (
            select * from number_holds where project_id = $1 and number_id = t.id and from_at <= $3 order by from_at desc limit 3) h
        left join visits v on v.project_id = $1 and v.id = h.visit_id
        order by h.from_at desc
        """;

    private const string Note = """
        with noted as (
            update tracking_numbers set last_call_at = $3, free_at = greatest(free_at, $4)
            where project_id = $1 and id = $2 and (last_call_at is null or last_call_at < $3 - make_interval(secs => $5))
            returning site_id)
        insert into number_usage as u (project_id, site_id, hour, calls, late_calls, unmatched_calls)
        select $1, site_id, date_trunc('hour', $3, 'UTC'), 1, $6, $7 from noted
        on conflict (project_id, site_id, hour) do update set calls = u.calls + 1, late_calls = u.late_calls + excluded.late_calls,
            unmatched_calls = u.unmatched_calls + excluded.unmatched_calls
        """;
}
