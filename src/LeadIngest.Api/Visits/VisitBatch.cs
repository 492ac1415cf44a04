using System.Buffers;
using System.Text;
using System.Text.Json;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Numbers;
using LeadIngest.Core.Passports;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Visits;

/// <summary>
/// The beacons of one project that are written together, one row a visit: in one transaction and one round trip the visits are stored, holds are
/// extended and numbers lent. Rows are locked in the order of their ids, visits before numbers, so that two nodes never wait for each other in a ring.
/// </summary>
internal sealed class VisitBatch
{
    private readonly List<VisitFacts> _visits;
    private readonly Dictionary<Guid, List<VisitItem>> _items = [];

    /// <summary>Beacons whose visit id belongs to another site or visitor: nothing of them was written.</summary>
    public List<VisitItem> Strays { get; } = [];

    /// <summary>Visits that were new, with what was stored of them.</summary>
    public List<VisitFacts> Opened { get; } = [];

    public VisitBatch(List<VisitItem> items)
    {
        var visits = new Dictionary<Guid, VisitFacts>(items.Count);
        foreach (var item in items)
        {
            var facts = item.Facts;
            if (!visits.TryGetValue(facts.Id, out var known)) visits[facts.Id] = facts;
            else if (known.VisitorId == facts.VisitorId && known.Site.SiteId == facts.Site.SiteId) visits[facts.Id] = known.With(facts);
            else
            {
                Strays.Add(item);
                continue;
            }
            if (_items.TryGetValue(facts.Id, out var same)) same.Add(item);
            else _items[facts.Id] = [item];
        }
        _visits = [.. visits.Values.OrderBy(v => v.Id)];
    }

    /// <returns>How the numbers were lent, for the metrics.</returns>
    public async Task<LendingResult> ExecuteAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        var project = _visits[0].Site.ProjectId;
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Upsert(project, _visits));
        var lending = Lending.Of(_visits, now);
        if (lending is not null) batch.BatchCommands.Add(lending.Command(project));
        var stored = new HashSet<Guid>(_visits.Count);
        var fresh = new HashSet<Guid>();
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                stored.Add(reader.GetGuid(0));
                if (reader.GetBoolean(1)) fresh.Add(reader.GetGuid(0));
            }
            if (lending is not null && await reader.NextResultAsync(ct)) await lending.ReadAsync(reader, ct);
        }
        foreach (var visit in _visits)
        {
            if (!stored.Contains(visit.Id)) Strays.AddRange(_items[visit.Id]);
            else if (fresh.Contains(visit.Id)) Opened.Add(visit);
        }
        _answers = visit => new VisitResult.Stored(visit.VisitorId, visit.Id, lending?.NumbersOf(visit) ?? NoNumbers);
        _stored = stored;
        return lending?.Result ?? default;
    }

    private Func<VisitFacts, VisitResult> _answers = _ => new VisitResult.Unavailable();
    private HashSet<Guid> _stored = [];

    /// <summary>Only after the commit.</summary>
    public void Answer()
    {
        foreach (var visit in _visits)
        {
            if (!_stored.Contains(visit.Id)) continue;
            var answer = _answers(visit);
            foreach (var item in _items[visit.Id]) item.Complete(answer);
        }
    }

    private static readonly Dictionary<string, string> NoNumbers = [];

    private static NpgsqlBatchCommand Upsert(Guid project, List<VisitFacts> rows)
    {
        var command = new NpgsqlBatchCommand(UpsertSql);
        foreach (var parameter in (NpgsqlParameter[])[
            Columns.Of(project),
            Columns.Of(rows, NpgsqlDbType.Uuid, v => v.Id),
            Columns.Of(rows, NpgsqlDbType.Uuid, v => v.Site.SiteId),
            Columns.Of(rows, NpgsqlDbType.Uuid, v => v.VisitorId),
            Columns.Of(rows, NpgsqlDbType.TimestampTz, v => v.StartedAt.UtcDateTime),
            Columns.Of(rows, NpgsqlDbType.TimestampTz, v => v.LastSeenAt.UtcDateTime),
            Columns.Of(rows, NpgsqlDbType.Text, v => PassportNames.ToWire(v.Passport.Channel)),
            Columns.Of(rows, NpgsqlDbType.Text, v => v.Passport.Source),
            Columns.Of(rows, NpgsqlDbType.Text, v => v.Passport.Medium),
            Columns.Of(rows, NpgsqlDbType.Text, v => v.Passport.Campaign),
            Columns.Of(rows, NpgsqlDbType.Text, v => v.Passport.Content),
            Columns.Of(rows, NpgsqlDbType.Text, v => v.Passport.Keyword),
            Columns.Of(rows, NpgsqlDbType.Jsonb, v => LeadNormalising.PassportJson(v.Passport)),
            Columns.Of(rows, NpgsqlDbType.Jsonb, v => v.ClientIds.Count == 0 ? "{}" : JsonSerializer.Serialize(v.ClientIds)),
            Columns.Of(rows, NpgsqlDbType.Jsonb, v => PagesJson(v.Pages)),
            Columns.Of(rows, NpgsqlDbType.Integer, v => v.PageViews),
            Columns.Of(rows, NpgsqlDbType.Integer, v => v.Seconds),
            Columns.Of(rows, NpgsqlDbType.Text, v => v.Ip),
            Columns.Of(rows, NpgsqlDbType.Text, v => v.UserAgent),
            Columns.Of(rows, NpgsqlDbType.Boolean, v => v.IsBot),
            Columns.Of(rows, NpgsqlDbType.Smallint, v => (short)(v.WantsNumbers ? 1 : 0)),
        ]) command.Parameters.Add(parameter);
        return command;
    }

    private static string PagesJson(IReadOnlyList<(string Path, long At)> pages)
    {
        if (pages.Count == 0) return "[]";
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var (path, at) in pages)
            {
                json.WriteStartArray();
                json.WriteStringValue(path);
                json.WriteNumberValue(at);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // A message may come twice, late or out of order: nothing falls, the start stays the earliest, and the passport is written once, unless the
    // message that wrote it knew nothing of the landing. A visit of another site or visitor is left alone; its id is then missing from the answer.
    private const string UpsertSql = """
        insert into visits as v (project_id, id, site_id, visitor_id, started_at, last_seen_at, channel, source, medium, campaign, content, keyword,
            passport, client_ids, pages, page_views, seconds, ip, user_agent, is_bot, asks)
        select $1, * from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        on conflict (project_id, id) do update set
            started_at = least(v.started_at, excluded.started_at),
            last_seen_at = greatest(v.last_seen_at, excluded.last_seen_at),
            channel = case when v.channel = 'unknown' then excluded.channel else v.channel end,
            source = case when v.channel = 'unknown' then excluded.source else v.source end,
            medium = case when v.channel = 'unknown' then excluded.medium else v.medium end,
            campaign = case when v.channel = 'unknown' then excluded.campaign else v.campaign end,
            content = case when v.channel = 'unknown' then excluded.content else v.content end,
            keyword = case when v.channel = 'unknown' then excluded.keyword else v.keyword end,
            passport = case when v.channel = 'unknown' then excluded.passport else v.passport end,
            client_ids = case when excluded.client_ids = '{}' then v.client_ids else v.client_ids || excluded.client_ids end,
            pages = case when jsonb_array_length(excluded.pages) > jsonb_array_length(v.pages) then excluded.pages else v.pages end,
            page_views = greatest(v.page_views, excluded.page_views),
            seconds = greatest(v.seconds, excluded.seconds),
            ip = coalesce(v.ip, excluded.ip),
            user_agent = coalesce(v.user_agent, excluded.user_agent),
            is_bot = v.is_bot or excluded.is_bot,
            asks = least(v.asks + excluded.asks, 2)
        where v.site_id = excluded.site_id and v.visitor_id = excluded.visitor_id
        returning v.id, xmax = 0
        """;
}
