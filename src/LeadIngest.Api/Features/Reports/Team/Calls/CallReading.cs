using Dapper;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Team.Calls;

/// <summary>Parameters that the reports of calls share.</summary>
internal interface ITakesCalls
{
    string? Employee { get; }
    string? Number { get; }
    int? ShorterThan { get; }
}

/// <summary>A call as a report looks at it.</summary>
/// <param name="IsCounted">It lies in the period and passes the filters; others are read only for what became of missed ones.</param>
/// <param name="IsFirst">The first incoming call of its number.</param>
internal sealed record Heard(Guid Id, DateTimeOffset At, string Direction, string Outcome, int? WaitSeconds, int? TalkSeconds, string? Employee, string? ClientPhone, string? LinePhone, Guid? ClientId,
    string? Source, bool IsCounted, bool IsFirst, string? Key)
{
    public bool IsIncoming => Direction == "in";
    public bool IsAnswered => Outcome == "answered";
    public bool IsMissed => IsIncoming && Outcome is ("missed" or "unanswered" or "rejected");
}

/// <summary>A missed contact with the call that began it and the one that ended it.</summary>
/// <param name="Closing">Null while nobody has spoken.</param>
internal sealed record MissedOne(MissedContact Contact, Heard First, Heard? Closing);

/// <summary>
/// Reads calls number by number. Own lines, internal calls, numbers of the stop list, spam and tests are left out; so are missed calls shorter than a menu needs, which are counted apart.
/// </summary>
internal static class CallReading
{
    /// <summary>A chain of redials that began before the period belongs to the days before: so far back its beginning is looked for.</summary>
    private static readonly TimeSpan ChainBegins = TimeSpan.FromDays(1);

    public static readonly Dictionary<string, Dimension> Dimensions = new(
        [
            new("employee", new("nullif(btrim(c.employee), '')")), new("number", new("c.line_phone")), new("site", new("c.site_id::text")), .. Dimension.OfPassport("l"),
            new("weekday", new($"extract(isodow from {LocalTime})::integer::text", IsPeriod: true)), new("hour", new($"to_char({LocalTime}, 'HH24')", IsPeriod: true)), .. Dimension.OfDay($"({LocalTime})::date"),
        ], StringComparer.Ordinal);

    /// <summary>The calls of one number after the other. What came after the period is read only of numbers that were missed in it.</summary>
    /// <param name="each">Of every counted call; the flag says that it was dropped in the menu.</param>
    /// <param name="missed">Of every missed contact that began with a counted call.</param>
    public static async Task ReadAsync(NpgsqlConnection connection, ReportProject project, ReportQuery query, Dimension? dimension, DayRange range, DateTimeOffset now,
        Action<Heard, bool> each, Action<MissedOne> missed, CancellationToken ct)
    {
        var asked = (ITakesCalls)query;
        var values = Values(project, query, range);
        var (begin, _) = range.Bounds(project.Zone);
        values.AddDynamicParams(new { Since = begin - ChainBegins });
        var own = new List<Heard>();
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition($"""
            select c.id, {At} as at, c.direction, c.outcome, c.wait_seconds, c.talk_seconds, nullif(btrim(c.employee), '') as employee, c.client_phone, c.line_phone, c.client_id, l.source,
                {At} >= @Begin and {At} < @End{Where(query)} as is_counted,
                case when c.direction = 'in' and c.client_phone is not null and {At} < @End
                    then c.id = (select e.id from calls e where e.project_id = c.project_id and e.client_phone = c.client_phone and e.direction = 'in' order by e.id limit 1) else false end as is_first,
                {dimension?.Key ?? "null::text"} as key
            {From} and {At} >= @Since and ({At} < @End or c.client_phone in (
                select m.client_phone from calls m where m.project_id = @ProjectId and m.direction = 'in' and m.outcome in ('missed', 'unanswered', 'rejected') and m.client_phone is not null
                    and (case when m.started_at is not null then m.started_at else m.first_seen_at end) >= @Since and (case when m.started_at is not null then m.started_at else m.first_seen_at end) < @End))
            order by c.client_phone nulls last, at, c.id
            """, values, cancellationToken: ct));
        var parse = reader.GetRowParser<Heard>();
        while (await reader.ReadAsync(ct))
        {
            var call = parse(reader);
            // A hidden number is a caller of its own.
            if (own.Count > 0 && (call.ClientPhone is null || call.ClientPhone != own[0].ClientPhone)) Number();
            own.Add(call);
        }
        if (own.Count > 0) Number();

        void Number()
        {
            var contacts = new List<PhoneContact>();
            foreach (var call in own)
            {
                var dropped = call.IsMissed && call.WaitSeconds < asked.ShorterThan;
                if (call.IsCounted) each(call, dropped);
                if (call.IsMissed && !dropped) contacts.Add(new(call.At, ContactKind.MissedIncoming));
                else if (call.IsAnswered) contacts.Add(new(call.At, call.IsIncoming ? ContactKind.AnsweredIncoming : ContactKind.SuccessfulOutgoing));
            }
            if (contacts.Exists(c => c.Kind == ContactKind.MissedIncoming))
                foreach (var contact in MissedCalls.Of(contacts, now, project.Working, project.Zone))
                    if (own.Find(c => c.At == contact.FirstMiss && c.IsMissed) is { IsCounted: true } first)
                        missed(new(contact, first, contact.ClosedAt is { } at ? own.Find(c => c.At == at && c.IsAnswered) : null));
            own.Clear();
        }
    }

    public static DynamicParameters Values(ReportProject project, ReportQuery query, DayRange range)
    {
        var asked = (ITakesCalls)query;
        var values = Filters.Values(project, query, range);
        values.AddDynamicParams(new { asked.Employee, asked.Number });
        return values;
    }

    public static string Where(ReportQuery query) => Filters.OfPassport(query, "l").With("c.site_id", query.SiteId, "@SiteId")
        .With("nullif(btrim(c.employee), '')", ((ITakesCalls)query).Employee, "@Employee").With("c.line_phone", ((ITakesCalls)query).Number, "@Number").ToString();

    public const string At = "(case when c.started_at is not null then c.started_at else c.first_seen_at end)";

    public const string LocalTime = $"({At} at time zone @Zone)";

    public const string IsMissed = "c.direction = 'in' and c.outcome in ('missed', 'unanswered', 'rejected')";

    /// <summary>Calls with people outside.</summary>
    public const string Counts = """
        c.project_id = @ProjectId and c.direction in ('in', 'out') and coalesce(l.status, 'new') not in ('spam', 'test')
            and not exists (select from stop_list s where s.project_id = c.project_id and s.kind = 'phone' and s.value = c.client_phone)
            and not exists (select from tracking_numbers n where n.project_id = c.project_id and n.number = c.client_phone)
        """;

    private const string From = $"from calls c left join leads l on l.project_id = c.project_id and l.id = c.lead_id where {Counts}";
}
