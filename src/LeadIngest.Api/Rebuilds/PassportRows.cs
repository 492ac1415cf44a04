using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Figures;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Passports;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Rebuilds;

/// <summary>Moments from <paramref name="From"/> on and before <paramref name="To"/>.</summary>
internal readonly record struct Moments(DateTimeOffset From, DateTimeOffset To);

/// <summary>A visit or a lead with the passport it has and the one it gets.</summary>
/// <param name="At">When the visit began; when the lead happened, else when it was received.</param>
/// <param name="Counts">No bot, no spam, no trial, no duplicate.</param>
/// <param name="Again">Null: what the passport was written from is not all kept.</param>
/// <param name="Hash">Of the stored passport: it is replaced only while it is this one.</param>
internal sealed record PassportRow(Guid Id, DateTimeOffset At, bool Counts, Passport Kept, Passport? Again, string Hash)
{
    public bool IsChanged => Again is not null && !PassportAgain.AreSame(Kept, Again);
    public bool IsMoved => Again is not null && !PassportAgain.HaveOneSource(Kept, Again);
}

/// <summary>Reads visits and leads of a project in the order of their ids, writes their passports again by a dictionary, and stores those that became others.</summary>
internal sealed class PassportRows(Guid project, IReadOnlyDictionary<Guid, IReadOnlyList<string>> hosts)
{
    public static async Task<PassportRows> OpenAsync(NpgsqlConnection connection, Guid project, CancellationToken ct)
    {
        var sites = await connection.QueryAsync<Site>(new CommandDefinition("select id, allowed_origins from sites where project_id = @Project", new { Project = project }, cancellationToken: ct));
        return new(project, sites.ToDictionary(s => s.Id, s => SiteDirectory.HostsOf(s.AllowedOrigins)));
    }

    /// <param name="table"><c>visits</c> or <c>leads</c>.</param>
    /// <param name="after">The last id seen.</param>
    /// <param name="within">Null: the whole history.</param>
    /// <param name="dictionary">By which they are written again.</param>
    public async Task<List<PassportRow>> ReadAsync(NpgsqlConnection connection, string table, Guid after, int limit, Moments? within, SourceDictionary dictionary, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(table == "visits" ? Visits : Leads, connection)
        {
            Parameters = { Columns.Of(project), Columns.Of(after), Columns.Of(limit), Moment(within?.From ?? DateTimeOffset.MinValue), Moment(within?.To ?? DateTimeOffset.MaxValue) },
        };
        var rows = new List<PassportRow>(limit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var kept = StoredPassport.Read(reader, 7);
            var visit = table == "leads" && !await reader.IsDBNullAsync(14, ct) ? StoredPassport.Read(reader, 14) : null;
            var evidence = new KeptEvidence(await reader.IsDBNullAsync(5, ct) ? null : reader.GetString(5), Fields(await reader.IsDBNullAsync(6, ct) ? null : reader.GetString(6)),
                hosts.GetValueOrDefault(reader.GetGuid(1)) ?? [], visit);
            rows.Add(new(reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(2), reader.GetBoolean(3), kept,
                PassportAgain.Write(kept, evidence, SourceCatalog.Default, dictionary), reader.GetString(4)));
        }
        return rows;
    }

    /// <returns>How many were written: those that somebody else wrote meanwhile are by the dictionary of now already.</returns>
    public async Task<int> WriteAsync(NpgsqlConnection connection, NpgsqlTransaction tx, string table, IReadOnlyList<PassportRow> changed, CancellationToken ct)
    {
        if (changed.Count == 0) return 0;
        await using var command = new NpgsqlCommand(table == "visits" ? Update("visits") : Update("leads"), connection, tx)
        {
            Parameters =
            {
                Columns.Of(project),
                Columns.Of(changed, NpgsqlDbType.Uuid, r => r.Id),
                Columns.Of(changed, NpgsqlDbType.Text, r => r.Hash),
                Columns.Of(changed, NpgsqlDbType.Text, r => PassportNames.ToWire(r.Again!.Channel)),
                Columns.Of(changed, NpgsqlDbType.Text, r => r.Again!.Source),
                Columns.Of(changed, NpgsqlDbType.Text, r => r.Again!.Medium),
                Columns.Of(changed, NpgsqlDbType.Text, r => r.Again!.Campaign),
                Columns.Of(changed, NpgsqlDbType.Text, r => r.Again!.Content),
                Columns.Of(changed, NpgsqlDbType.Text, r => r.Again!.Keyword),
                Columns.Of(changed, NpgsqlDbType.Jsonb, r => LeadNormalising.PassportJson(r.Again!)),
            },
        };
        return await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<long> CountAsync(NpgsqlConnection connection, Guid project, Moments? within, int most, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Count, connection)
        {
            Parameters = { Columns.Of(project), Moment(within?.From ?? DateTimeOffset.MinValue), Moment(within?.To ?? DateTimeOffset.MaxValue), Columns.Of(most) },
        };
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static List<KeyValuePair<string, string>> Fields(string? json)
    {
        if (json is null) return [];
        using var document = JsonDocument.Parse($$"""{"fields":{{json}}}""");
        return [.. StoredJson.Pairs(document.RootElement, "fields")];
    }

    private static NpgsqlParameter Moment(DateTimeOffset at) => new()
    {
        // The ends of time are read as infinite by the driver.
        Value = at.UtcDateTime,
        NpgsqlDbType = NpgsqlDbType.TimestampTz,
    };

    private sealed class Site
    {
        public Guid Id { get; init; }
        public string[] AllowedOrigins { get; init; } = [];
    }

    private const string Visits = $"""
        select v.id, v.site_id, v.started_at, not v.is_bot, md5(v.passport::text), null::text, null::text, {StoredPassport.Columns}
        from visits v where v.project_id = $1 and v.id > $2 and v.started_at >= $4 and v.started_at < $5 order by v.id limit $3
        """;

    // The visit is asked only where a weak label may have gone before it. What was posted as its id is any text.
    private const string Leads = $$"""
        select v.id, v.site_id, coalesce(v.occurred_at, v.received_at), v.status not in ('spam', 'test', 'duplicate'), md5(v.passport::text), v.details ->> 'page', (v.details -> 'fields')::text, {{StoredPassport.Columns}},
            w.channel, w.source, w.medium, w.campaign, w.content, w.keyword, w.passport::text
        from leads v left join lateral (
            select * from visits where visits.project_id = v.project_id and v.passport ->> 'confidence' = 'guessed'
                and visits.id = case when v.visit_id ~ '{{ClientTouches.Uuid}}' then v.visit_id::uuid end limit 1) w on true
        where v.project_id = $1 and v.id > $2 and coalesce(v.occurred_at, v.received_at) >= $4 and coalesce(v.occurred_at, v.received_at) < $5 order by v.id limit $3
        """;

    private const string Count = """
        select (select count(*) from (select 1 from visits where project_id = $1 and started_at >= $2 and started_at < $3 limit $4) v)
            + (select count(*) from (select 1 from leads where project_id = $1 and coalesce(occurred_at, received_at) >= $2 and coalesce(occurred_at, received_at) < $3 limit $4) l)
        """;

    private static string Update(string table) => $"""
        update {table} t set channel = u.channel, source = u.source, medium = u.medium, campaign = u.campaign, content = u.content, keyword = u.keyword, passport = u.passport
        from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10) u (id, hash, channel, source, medium, campaign, content, keyword, passport)
        where t.project_id = $1 and t.id = u.id and md5(t.passport::text) = u.hash
        """;
}
