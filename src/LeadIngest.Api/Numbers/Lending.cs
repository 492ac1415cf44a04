using LeadIngest.Api.Ingest;
using LeadIngest.Api.Visits;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Numbers;

/// <param name="Given">Visits that got or kept a number, once for each region.</param>
/// <param name="Overflowed">Those that were shown the overflow number.</param>
/// <param name="Without">Those that were shown none.</param>
internal readonly record struct LendingResult(int Given, int Overflowed, int Without);

/// <summary>
/// Lends the numbers of a batch in one statement. A visitor keeps the number that is still his, held or resting and lent to nobody since; else the one
/// that has been free the longest is taken. A number is locked before it is lent and skipped when another node has it in hand: no two live visits share one.
/// </summary>
internal sealed class Lending
{
    private sealed record Ask(VisitFacts Visit, string Region);

    private readonly List<Ask> _asks;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<(Guid Site, Guid Visitor, string Region), string> _numbers = [];

    private Lending(List<Ask> asks, DateTimeOffset now) => (_asks, _now) = (asks, now);

    public LendingResult Result { get; private set; }

    /// <returns>Null when nobody asks.</returns>
    public static Lending? Of(IReadOnlyList<VisitFacts> visits, DateTimeOffset now)
    {
        // Two visits of one visitor in one batch have one number; the one that loaded a page last holds it.
        var asks = visits.Where(v => v.WantsNumbers)
            .SelectMany(v => v.Site.ReplacedNumbers.Select(r => r.Region).Distinct(StringComparer.Ordinal).Select(region => new Ask(v, region)))
            .GroupBy(a => (a.Visit.Site.SiteId, a.Visit.VisitorId, a.Region))
            .Select(same => same.MaxBy(a => (a.Visit.TakesOver, a.Visit.StartedAt))!)
            .ToList();
        return asks.Count == 0 ? null : new(asks, now);
    }

    public NpgsqlBatchCommand Command(Guid project)
    {
        var command = new NpgsqlBatchCommand(Lend);
        foreach (var parameter in (NpgsqlParameter[])[
            Columns.Of(project),
            new NpgsqlParameter<DateTime> { TypedValue = _now.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            Columns.Of(_asks, NpgsqlDbType.Uuid, a => a.Visit.Id),
            Columns.Of(_asks, NpgsqlDbType.Uuid, a => a.Visit.VisitorId),
            Columns.Of(_asks, NpgsqlDbType.Uuid, a => a.Visit.Site.SiteId),
            Columns.Of(_asks, NpgsqlDbType.Text, a => a.Region),
            Columns.Of(_asks, NpgsqlDbType.TimestampTz, a => (_now + a.Visit.Site.NumberHold).UtcDateTime),
            Columns.Of(_asks, NpgsqlDbType.TimestampTz, a => (_now + a.Visit.Site.NumberHold + a.Visit.Site.NumberRest).UtcDateTime),
            Columns.Of(_asks, NpgsqlDbType.Boolean, a => a.Visit.TakesOver),
            Columns.Of(_asks, NpgsqlDbType.Uuid, _ => Guid.CreateVersion7(_now)),
        ]) command.Parameters.Add(parameter);
        return command;
    }

    public async Task ReadAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var (given, overflowed, without) = (0, 0, 0);
        while (await reader.ReadAsync(ct))
        {
            var ask = _asks[(int)reader.GetInt64(0) - 1];
            var number = await reader.IsDBNullAsync(1, ct) ? null : reader.GetString(1);
            if (number is null) without++;
            else if (reader.GetBoolean(2)) given++;
            else overflowed++;
            if (number is not null) _numbers[(ask.Visit.Site.SiteId, ask.Visit.VisitorId, ask.Region)] = number;
        }
        Result = new(given, overflowed, without);
    }

    /// <summary>The numbers of a visit by region.</summary>
    public IReadOnlyDictionary<string, string> NumbersOf(VisitFacts visit)
    {
        var numbers = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!visit.WantsNumbers) return numbers;
        foreach (var replaced in visit.Site.ReplacedNumbers)
            if (_numbers.TryGetValue((visit.Site.SiteId, visit.VisitorId, replaced.Region), out var number)) numbers[replaced.Region] = number;
        return numbers;
    }

    // asked:  who asks; a visit that was not stored (it belongs to somebody else) or is a robot's gets nothing.
    // locked: the askers' own numbers, waited for in the order of ids: another node may be extending them.
    // free:   as many of each pool as are still needed, oldest free first; what another node has in hand is skipped, and what it lent in the meantime
    //         fails the condition, which is asked again once the row is locked.
    // holds:  the end of the hold before, and the new one. Each goes by its key alone, as an insert does; an update would go by its plan.
    // Laterals with a limit, and that insert, keep every look-up to the batch's own keys, also by a plan that was made while the tables were empty: an update
    // of the ended holds, by id or by ctid, then reads all holds of the project, more with every visit until the server has looked at the table.
    // The hold's row stays while the visit stays; its end moves in tracking_numbers alone and is written down when the number changes hands.
    private const string Lend = """
        with asked as materialized (
            select a.*, v.asks = 1 as is_first,
                exists (select from tracking_numbers p where p.project_id = $1 and p.site_id = a.site_id and p.region = a.region
                    and p.kind = 'dynamic' and p.is_active) as has_pool
            from unnest($3, $4, $5, $6, $7, $8, $9, $10) with ordinality
                as a (visit_id, visitor_id, site_id, region, until_at, free_at, takes_over, new_hold, n)
            cross join lateral (
                select v.asks from visits v
                where v.project_id = $1 and v.id = a.visit_id and v.visitor_id = a.visitor_id and v.site_id = a.site_id and not v.is_bot limit 1) v
        ),
        locked as materialized (
            select t.id, t.number, t.held_by, t.hold_id, t.held_until, a.n
            from asked a
            join tracking_numbers t on t.project_id = $1 and t.held_visitor = any($4) and t.held_visitor = a.visitor_id and t.site_id = a.site_id and t.region = a.region
            where t.is_active and t.kind = 'dynamic'
            order by t.id for update of t
        ),
        mine as materialized (select distinct on (n) * from locked order by n, held_until desc, id),
        needy as materialized (
            select a.n, a.site_id, a.region, row_number() over (partition by a.site_id, a.region order by a.n) as place
            from asked a where not exists (select from mine m where m.n = a.n)
        ),
        free as materialized (
            select f.*, p.site_id, p.region, row_number() over (partition by p.site_id, p.region order by f.free_at, f.id) as place
            from (select site_id, region, count(*) as wanted from needy group by site_id, region) p
            cross join lateral (
                select t.id, t.number, t.hold_id, t.held_until, t.free_at
                from tracking_numbers t
                where t.project_id = $1 and t.site_id = p.site_id and t.region = p.region and t.is_active and t.kind = 'dynamic' and t.free_at <= $2
                    and not exists (select from locked l where l.id = t.id)
                order by t.free_at, t.id limit p.wanted for update skip locked
            ) f
        ),
        taken as materialized (
            select a.*, m.id, m.number, m.hold_id as old_hold, m.held_until as old_until,
                m.held_by = a.visit_id or (not a.takes_over and m.held_until >= $2) as stays
            from mine m join asked a on a.n = m.n
            union all
            select a.*, f.id, f.number, f.hold_id, f.held_until, false
            from free f join needy d on d.site_id = f.site_id and d.region = f.region and d.place = f.place join asked a on a.n = d.n
        ),
        lent as (
            update tracking_numbers t set held_by = case when k.stays then t.held_by else k.visit_id end, held_visitor = k.visitor_id,
                hold_id = case when k.stays then t.hold_id else k.new_hold end,
                held_until = greatest(t.held_until, k.until_at), free_at = greatest(t.free_at, k.free_at)
            from taken k where t.project_id = $1 and t.id = k.id
        ),
        holds as (
            insert into number_holds (project_id, id, number_id, visit_id, visitor_id, from_at, until_at)
            select $1, o.id, o.number_id, o.visit_id, o.visitor_id, o.from_at, least(k.old_until, $2) from taken k
            cross join lateral (select n.* from number_holds n where n.project_id = $1 and n.id = k.old_hold limit 1) o
            where not k.stays
            union all
            select $1, k.new_hold, k.id, k.visit_id, k.visitor_id, $2, null from taken k where not k.stays
            on conflict (project_id, id) do update set until_at = excluded.until_at
        ),
        answers as materialized (
            select a.n, a.site_id, a.is_first and a.has_pool as counts, coalesce(k.number, o.number) as number, k.number is not null as is_own
            from asked a
            left join taken k on k.n = a.n
            left join lateral (
                select t.number from tracking_numbers t
                where k.number is null and t.project_id = $1 and t.site_id = a.site_id and t.kind = 'overflow' and t.is_active and t.region in (a.region, '')
                order by t.region = a.region desc, t.id limit 1) o on true
        ),
        counted as (
            insert into number_usage as u (project_id, site_id, hour, asked, given, exhausted, overflowed, peak_held)
            select $1, s.site_id, date_trunc('hour', $2, 'UTC'), s.asked, s.given, s.asked - s.given, s.overflowed,
                (select count(*) from tracking_numbers t
                    where t.project_id = $1 and t.site_id = s.site_id and t.kind = 'dynamic' and t.is_active and t.held_until >= $2)
                + (select count(*) from taken k where k.site_id = s.site_id and (k.old_until is null or k.old_until < $2))
            from (select site_id, count(*) filter (where counts) as asked, count(*) filter (where counts and is_own) as given,
                    count(*) filter (where counts and not is_own and number is not null) as overflowed
                from answers group by site_id) s
            where s.asked > 0 or exists (select from taken k where k.site_id = s.site_id and not k.stays)
            order by s.site_id
            on conflict (project_id, site_id, hour) do update set asked = u.asked + excluded.asked, given = u.given + excluded.given,
                exhausted = u.exhausted + excluded.exhausted, overflowed = u.overflowed + excluded.overflowed,
                peak_held = greatest(u.peak_held, excluded.peak_held)
        )
        select n, number, is_own from answers
        """;
}
