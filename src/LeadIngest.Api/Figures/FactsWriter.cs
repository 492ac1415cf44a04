using LeadIngest.Api.Ingest;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Figures;

/// <summary>Takes the facts of families out and puts the new ones in. Also says which days of deals that changes.</summary>
internal static class FactsWriter
{
    /// <param name="connection">In the transaction in which the families were read.</param>
    /// <param name="project">The project.</param>
    /// <param name="clients">All clients whose facts go: the families' members, and who was asked for.</param>
    /// <param name="deals">All deals whose facts go, beside those of these clients.</param>
    /// <returns>Days of deals and clients, and of leads, whose figures are old now.</returns>
    public static async Task<(IReadOnlyCollection<DateOnly> Deals, IReadOnlyCollection<DateOnly> Leads)> WriteAsync(NpgsqlConnection connection, Guid project, Guid[] clients, Guid[] deals,
        IReadOnlyList<CountedDeal> counted, IReadOnlyList<CountedClient> people, IReadOnlyList<CreditRow> credits, IReadOnlyList<MoveRow> moves, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(OldDays, Columns.Of(project), Columns.Of(clients, NpgsqlDbType.Uuid), Columns.Of([.. deals, .. counted.Select(d => d.Priced.Deal.Id)], NpgsqlDbType.Uuid));
        Add(Deals,
            Columns.Of(project),
            Columns.Of(counted, NpgsqlDbType.Uuid, d => d.Priced.Deal.Id),
            Columns.Of(counted, NpgsqlDbType.Uuid, d => d.Priced.Deal.Connection),
            Columns.Of(counted, NpgsqlDbType.Uuid, d => d.Root),
            Columns.Of(counted, NpgsqlDbType.Uuid, d => d.Priced.Deal.Lead),
            Columns.Of(counted, NpgsqlDbType.Uuid, d => d.Site),
            Columns.Of(counted, NpgsqlDbType.Text, d => d.Priced.Deal.Pipeline),
            Columns.Of(counted, NpgsqlDbType.Text, d => d.Priced.Deal.Stage),
            Columns.Of(counted, NpgsqlDbType.Text, d => d.Priced.Deal.Manager),
            Columns.Of(counted, NpgsqlDbType.Text, d => d.Priced.Deal.State),
            Columns.Of(counted, NpgsqlDbType.TimestampTz, d => d.Priced.Deal.MadeAt.UtcDateTime),
            Columns.Of(counted, NpgsqlDbType.Date, d => d.Priced.MadeDay),
            Columns.Of(counted, NpgsqlDbType.TimestampTz, d => d.Priced.Outcome.WonAt?.UtcDateTime),
            Columns.Of(counted, NpgsqlDbType.Date, d => d.Priced.WonDay),
            Columns.Of(counted, NpgsqlDbType.TimestampTz, d => d.Priced.Outcome.LostAt?.UtcDateTime),
            Columns.Of(counted, NpgsqlDbType.Date, d => d.Priced.LostDay),
            Columns.Of(counted, NpgsqlDbType.Text, d => d.Priced.Deal.LostReason),
            Columns.Of(counted, NpgsqlDbType.Text, d => d.Priced.Outcome.LostStage),
            Columns.Of(counted, NpgsqlDbType.Text, d => d.Priced.Deal.Currency),
            Columns.Of(counted, NpgsqlDbType.Bigint, d => d.Priced.Amount),
            Columns.Of(counted, NpgsqlDbType.Integer, d => d.Nth),
            Columns.Of(counted, NpgsqlDbType.Uuid, d => d.Latest?.Origin),
            Columns.Of(counted, NpgsqlDbType.Uuid, d => d.First?.Origin),
            Columns.Of(counted, NpgsqlDbType.Boolean, d => d.IsRepeat));
        Add(People,
            Columns.Of(project),
            Columns.Of(people, NpgsqlDbType.Uuid, c => c.Id),
            Columns.Of(people, NpgsqlDbType.TimestampTz, c => c.CameAt.UtcDateTime),
            Columns.Of(people, NpgsqlDbType.Uuid, c => c.First?.Origin),
            Columns.Of(people, NpgsqlDbType.Uuid, c => c.Site),
            Columns.Of(people, NpgsqlDbType.Integer, c => c.Leads),
            Columns.Of(people, NpgsqlDbType.Integer, c => c.Deals),
            Columns.Of(people, NpgsqlDbType.Integer, c => c.Won),
            Columns.Of(people, NpgsqlDbType.Bigint, c => c.Revenue),
            Columns.Of(people, NpgsqlDbType.Date, c => c.FirstWonDay),
            Columns.Of(people, NpgsqlDbType.Date, c => c.LastWonDay),
            Columns.Of(people, NpgsqlDbType.Uuid, c => c.Newest?.Connection),
            Columns.Of(people, NpgsqlDbType.Text, c => c.Newest?.Manager),
            Columns.Of(people, NpgsqlDbType.TimestampTz, c => c.ContactAt?.UtcDateTime));
        var (ofDeals, ofLeads) = (new HashSet<DateOnly>(), new HashSet<DateOnly>());
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            do
                while (await reader.ReadAsync(ct)) (reader.GetBoolean(1) ? ofLeads : ofDeals).Add(reader.GetFieldValue<DateOnly>(0));
            while (await reader.NextResultAsync(ct));
        }
        ofDeals.UnionWith(credits.Select(c => c.MadeDay));
        ofDeals.UnionWith(credits.Where(c => c.WonDay is not null).Select(c => c.WonDay!.Value));
        ofDeals.UnionWith(moves.Select(m => m.Day));
        ofLeads.UnionWith(counted.Where(d => d.Priced.WonDay is not null && d.Priced.Deal.LeadDay is not null).Select(d => d.Priced.Deal.LeadDay!.Value));
        await CopyAsync(connection, project, credits, moves, ct);
        return (ofDeals, ofLeads);

        void Add(string sql, params NpgsqlParameter[] values)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values) command.Parameters.Add(value);
            batch.BatchCommands.Add(command);
        }
    }

    // Lists of numbers have no place in unnest of lists.
    private static async Task CopyAsync(NpgsqlConnection connection, Guid project, IReadOnlyList<CreditRow> credits, IReadOnlyList<MoveRow> moves, CancellationToken ct)
    {
        if (credits.Count > 0)
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                "copy deal_credits (project_id, deal_id, n, origin_id, site_id, made_day, won_day, is_first, is_moved, shares, amounts) from stdin (format binary)", ct);
            foreach (var row in credits)
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(project, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(row.Deal, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(row.N, NpgsqlDbType.Integer, ct);
                await copy.WriteAsync(row.Origin, NpgsqlDbType.Uuid, ct);
                if (row.Site is { } site) await copy.WriteAsync(site, NpgsqlDbType.Uuid, ct); else await copy.WriteNullAsync(ct);
                await copy.WriteAsync(row.MadeDay, NpgsqlDbType.Date, ct);
                if (row.WonDay is { } won) await copy.WriteAsync(won, NpgsqlDbType.Date, ct); else await copy.WriteNullAsync(ct);
                await copy.WriteAsync(row.IsFirst, NpgsqlDbType.Boolean, ct);
                await copy.WriteAsync(row.IsMoved, NpgsqlDbType.Boolean, ct);
                await copy.WriteAsync(row.Shares, NpgsqlDbType.Array | NpgsqlDbType.Integer, ct);
                await copy.WriteAsync(row.Amounts, NpgsqlDbType.Array | NpgsqlDbType.Bigint, ct);
            }
            await copy.CompleteAsync(ct);
        }
        if (moves.Count == 0) return;
        await using var copied = await connection.BeginBinaryImportAsync("copy deal_moves (project_id, deal_id, n, day, origin_id, site_id, is_first, shares, amounts) from stdin (format binary)", ct);
        foreach (var row in moves)
        {
            await copied.StartRowAsync(ct);
            await copied.WriteAsync(project, NpgsqlDbType.Uuid, ct);
            await copied.WriteAsync(row.Deal, NpgsqlDbType.Uuid, ct);
            await copied.WriteAsync(row.N, NpgsqlDbType.Integer, ct);
            await copied.WriteAsync(row.Day, NpgsqlDbType.Date, ct);
            await copied.WriteAsync(row.Origin, NpgsqlDbType.Uuid, ct);
            if (row.Site is { } site) await copied.WriteAsync(site, NpgsqlDbType.Uuid, ct); else await copied.WriteNullAsync(ct);
            await copied.WriteAsync(row.IsFirst, NpgsqlDbType.Boolean, ct);
            await copied.WriteAsync(row.Shares, NpgsqlDbType.Array | NpgsqlDbType.Integer, ct);
            await copied.WriteAsync(row.Amounts, NpgsqlDbType.Array | NpgsqlDbType.Bigint, ct);
        }
        await copied.CompleteAsync(ct);
    }

    private const string OldDays = """
        with old_deals as (
            delete from deal_facts where project_id = $1 and (client_id = any($2) or deal_id = any($3)) returning deal_id, lead_id, won_day),
        old_clients as (
            delete from client_facts where project_id = $1 and client_id = any($2) returning came_day),
        old_credits as (
            delete from deal_credits c using old_deals d where c.project_id = $1 and c.deal_id = d.deal_id returning c.made_day, c.won_day),
        old_moves as (
            delete from deal_moves m using old_deals d where m.project_id = $1 and m.deal_id = d.deal_id returning m.day)
        select made_day, false from old_credits union select won_day, false from old_credits where won_day is not null union select day, false from old_moves
        union select came_day, false from old_clients
        union select day_in(l.at, p.time_zone), true from old_deals d join lead_rows l on l.project_id = $1 and l.id = d.lead_id join projects p on p.project_id = $1 where d.won_day is not null
        """;

    private const string Deals = """
        insert into deal_facts (project_id, deal_id, connection_id, client_id, lead_id, site_id, pipeline_id, stage_id, manager_id, state, made_at, made_day, won_at, won_day, lost_at, lost_day,
            lost_reason_id, lost_stage_id, currency, amount, nth, origin_id, client_origin_id, is_repeat)
        select $1, * from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
        """;

    private const string People = """
        with facts as (
            insert into client_facts (project_id, client_id, came_at, came_day, origin_id, site_id, leads, deals, won, revenue, first_won_day, last_won_day, connection_id, manager_id, contact_at)
            select $1, c.id, c.came_at, day_in(c.came_at, p.time_zone), c.origin_id, c.site_id, c.leads, c.deals, c.won, c.revenue, c.first_won_day, c.last_won_day, c.connection_id, c.manager_id, c.contact_at
            from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) c (id, came_at, origin_id, site_id, leads, deals, won, revenue, first_won_day, last_won_day, connection_id, manager_id, contact_at)
                join projects p on p.project_id = $1
            returning came_day)
        select distinct came_day, false from facts
        """;
}
