using System.Text.Json;
using Dapper;
using Npgsql;

namespace LeadIngest.Api.Reconcile;

/// <summary>One day of one connection, or the calls of a day (then without a connection).</summary>
/// <param name="Leads">Enquiries: new and repeat.</param>
/// <param name="Cards">Of these: delivered.</param>
/// <param name="Deals">Of these: there as a deal of the mirror.</param>
/// <param name="Calls">Calls that came in.</param>
/// <param name="CallLeads">Of these: with a lead.</param>
internal sealed record DayCounts(DateOnly Day, Guid? ConnectionId, int Leads, int Cards, int Deals, int Calls, int CallLeads);

/// <summary>What a comparison came to.</summary>
internal sealed record Compared(Guid RunId, IReadOnlyDictionary<string, int> Findings, IReadOnlyList<DayCounts> Counts);

/// <summary>Compares what came in with what stands in the CRMs' mirror and lists what is missing on either side.</summary>
internal static class Comparison
{
    /// <param name="night">The project's day whose night it is; null: asked for by a person.</param>
    /// <returns>Null: somebody else is at it, or the night has its comparison.</returns>
    public static async Task<Compared?> RunAsync(NpgsqlConnection connection, Guid project, DateOnly first, DateOnly last, DateOnly? night, ReconcileOptions options, DateTimeOffset now, CancellationToken ct)
    {
        await using var tx = await connection.BeginTransactionAsync(ct);
        // One at a time a project on all nodes; let go with the transaction.
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select pg_try_advisory_xact_lock(hashtextextended('reconcile ' || @Project, 0))", new { Project = project.ToString() }, tx, cancellationToken: ct)))
            return null;
        if (night is not null && await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select exists (select 1 from reconcile_runs where project_id = @Project and night = @Night)",
            new { Project = project, Night = night }, tx, cancellationToken: ct))) return null;
        var (from, to) = await connection.QuerySingleAsync<(DateTimeOffset, DateTimeOffset)>(new CommandDefinition(
            "select @First::timestamp at time zone time_zone, (@Last + 1)::timestamp at time zone time_zone from projects where project_id = @Project", new { Project = project, First = first, Last = last }, tx, cancellationToken: ct));
        var args = new { Project = project, From = from, To = to, Due = now - options.Grace, ByHand = options.ByHandWithin, Rows = options.MostOfAKind + 1 };
        var found = new Dictionary<string, int>();
        foreach (var (kind, sql) in FindingSql.All)
        {
            var rows = (await connection.QueryAsync<Finding>(new CommandDefinition($"{Frame(sql)} order by day desc, subject_id limit @Rows", args, tx, cancellationToken: ct))).AsList();
            var whole = rows.Count <= options.MostOfAKind;
            if (!whole) rows.RemoveAt(rows.Count - 1);
            await SaveAsync(connection, tx, project, kind, rows, now, ct);
            // Of a list that was cut nothing can be said of what is not on it. A lead is looked at in the period of its day and in that in which it came.
            if (whole)
                await connection.ExecuteAsync(new CommandDefinition("""
                    update reconcile_findings set resolved_at = @Now where project_id = @Project and kind = @Kind and resolved_at is null and last_seen_at < @Now and (day between @First and @Last
                        or @Kind = 'lead_without_card' and exists (select 1 from leads l where l.project_id = @Project and l.id = lead_id and l.received_at >= @From and l.received_at < @To))
                    """, new { Project = project, Kind = kind, Now = now, First = first, Last = last, From = from, To = to }, tx, cancellationToken: ct));
            found[kind] = rows.Count;
        }
        var counts = (await connection.QueryAsync<DayCounts>(new CommandDefinition(Frame(FindingSql.Counts, isList: false), args, tx, cancellationToken: ct))).AsList();
        var run = Guid.CreateVersion7(now);
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into reconcile_runs (project_id, id, first_day, last_day, night, counts, findings, created_at) values (@Project, @Run, @First, @Last, @Night, @Counts::jsonb, @Findings, @Now);
            delete from reconcile_runs where project_id = @Project and created_at < @Old;
            delete from reconcile_findings where project_id = @Project and resolved_at < @Old
            """, new
        {
            Project = project,
            Run = run,
            First = first,
            Last = last,
            Night = night,
            Counts = JsonSerializer.Serialize(counts, JsonSerializerOptions.Web),
            Findings = found.Values.Sum(),
            Now = now,
            Old = now.AddDays(-options.KeepDays),
        }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        return new(run, found, counts);
    }

    private static string Frame(string sql, bool isList = true) =>
        $"with p as (select project_id, time_zone as zone from projects where project_id = @Project) {(isList ? $"select * from ({sql}) f" : sql)}";

    private static Task SaveAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid project, string kind, List<Finding> rows, DateTimeOffset now, CancellationToken ct) => rows.Count == 0 ? Task.CompletedTask
        : connection.ExecuteAsync(new CommandDefinition(Save, new
        {
            Project = project,
            Kind = kind,
            Now = now,
            Ids = rows.Select(_ => Guid.CreateVersion7(now)).ToArray(),
            Subjects = rows.Select(r => r.SubjectId).ToArray(),
            Connections = rows.Select(r => r.ConnectionId).ToArray(),
            Days = rows.Select(r => r.Day).ToArray(),
            Leads = rows.Select(r => r.LeadId).ToArray(),
            Deals = rows.Select(r => r.DealId).ToArray(),
            Calls = rows.Select(r => r.CallId).ToArray(),
            Remotes = rows.Select(r => r.RemoteId).ToArray(),
            Details = rows.Select(r => Core.Identities.Text.Clean(r.Detail, 1000) ?? "").ToArray(),
        }, tx, cancellationToken: ct));

    private const string Save = """
        insert into reconcile_findings (project_id, id, kind, subject_id, connection_id, day, lead_id, deal_id, call_id, remote_id, detail, first_seen_at, last_seen_at)
        select @Project, f.id, @Kind, f.subject_id, f.connection_id, f.day, f.lead_id, f.deal_id, f.call_id, f.remote_id, f.detail, @Now, @Now
        from unnest(@Ids, @Subjects, @Connections::uuid[], @Days::date[], @Leads::uuid[], @Deals::uuid[], @Calls::uuid[], @Remotes::text[], @Details)
            f (id, subject_id, connection_id, day, lead_id, deal_id, call_id, remote_id, detail)
        on conflict (project_id, kind, subject_id, connection_id) do update set day = excluded.day, lead_id = excluded.lead_id, deal_id = excluded.deal_id, call_id = excluded.call_id,
            remote_id = excluded.remote_id, detail = excluded.detail, last_seen_at = excluded.last_seen_at, resolved_at = null
        """;
}
