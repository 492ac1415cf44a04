using Dapper;
using Npgsql;

namespace LeadIngest.Api.Privacy;

/// <summary>What is over its term in a project, and taking it away, a thousand rows at a time so that no table is held for long.</summary>
internal static class Retention
{
    /// <summary>How long acts of erasure are kept.</summary>
    private const int ActsDays = 1_095;

    private const int Rows = 1_000;

    /// <param name="Days">Null: no term.</param>
    /// <param name="From">What is over its term: <c>from …</c> with an alias <c>t</c>, <c>@ProjectId</c> and <c>@Before</c>.</param>
    /// <param name="Take">Takes at most <c>@Rows</c> of it away.</param>
    /// <param name="Table">That must be there; null: it is.</param>
    private sealed record Rule(string Kind, Func<PrivacySettings, int?> Days, string From, Func<string, string> Take, string? Table = null);

    public sealed record Due(string Kind, DateTimeOffset Before, long Rows);

    /// <summary>How many rows each term takes away now.</summary>
    public static async Task<IReadOnlyList<Due>> CountAsync(NpgsqlConnection connection, Guid project, DateTimeOffset now, CancellationToken ct)
    {
        var due = new List<Due>();
        await foreach (var (rule, before) in RulesAsync(connection, project, now, ct))
            due.Add(new(rule.Kind, before, await connection.ExecuteScalarAsync<long>(new CommandDefinition($"select count(*) {rule.From}", new { ProjectId = project, Before = before }, cancellationToken: ct))));
        return due;
    }

    /// <returns>How many rows went, by kind; those of which none did are left out.</returns>
    public static async Task<IReadOnlyDictionary<string, long>> RunAsync(NpgsqlConnection connection, Guid project, DateTimeOffset now, CancellationToken ct)
    {
        var gone = new Dictionary<string, long>();
        await foreach (var (rule, before) in RulesAsync(connection, project, now, ct))
        {
            int some;
            do
            {
                await using var tx = await connection.BeginTransactionAsync(ct);
                // The proof of consent and the audit log are kept from everybody else.
                await connection.ExecuteAsync(new CommandDefinition("select set_config('app.erasing', 'on', true), set_config('app.audit_retention', 'on', true)", null, tx, cancellationToken: ct));
                some = await connection.ExecuteAsync(new CommandDefinition(rule.Take(rule.From), new { ProjectId = project, Before = before, Rows }, tx, cancellationToken: ct));
                await tx.CommitAsync(ct);
                if (some > 0) gone[rule.Kind] = gone.GetValueOrDefault(rule.Kind) + some;
            }
            while (some > 0);
        }
        return gone;
    }

    private static async IAsyncEnumerable<(Rule Rule, DateTimeOffset Before)> RulesAsync(NpgsqlConnection connection, Guid project, DateTimeOffset now, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var settings = await PrivacySettings.ReadAsync(connection, project, ct);
        foreach (var rule in Rules)
        {
            if (rule.Days(settings) is not { } days) continue;
            if (rule.Table is { } table && !await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select to_regclass(@Table) is not null", new { Table = "public." + table }, cancellationToken: ct))) continue;
            yield return (rule, now.AddDays(-days));
        }
    }

    private static Func<string, string> Delete(string table) => from => $"delete from {table} where ctid = any(array(select t.ctid {from} limit @Rows))";

    // Nobody is known by a client whose enquiries are all over their term, unless something younger is: a call, a deal, a card in a CRM.
    private const string OldClients = """
        from clients t where t.project_id = @ProjectId and t.last_lead_at < @Before
            and (t.name is not null or exists (select 1 from identities i where i.project_id = t.project_id and i.client_id = t.id and i.kind in ('phone', 'email', 'messenger')))
            and not exists (select 1 from identities i where i.project_id = t.project_id and i.client_id = t.id and i.kind = 'crm_contact')
            and not exists (select 1 from calls c where c.project_id = t.project_id and c.client_id = t.id and coalesce(c.started_at, c.first_seen_at) >= @Before)
            and not exists (select 1 from deals d where d.project_id = t.project_id and d.client_id = t.id and coalesce(d.updated_at, d.first_seen_at) >= @Before)
        """;

    private static readonly Rule[] Rules =
    [
        // What was read in a message stays; only the message as it came goes.
        new("callBodies", s => s.RawBodiesDays, "from call_events t where t.project_id = @ProjectId and t.received_at < @Before and (octet_length(t.body) > 0 or t.query is not null)",
            from => $"update call_events set body = '', query = null where ctid = any(array(select t.ctid {from} limit @Rows))"),
        // An open one may still become a lead.
        new("rejectBodies", s => s.RawBodiesDays < s.RejectsDays ? s.RawBodiesDays : null,
            "from rejects t where t.project_id = @ProjectId and t.received_at < @Before and t.state <> 'open' and octet_length(t.body) > 0",
            from => $"update rejects set body = '', headers = '{{}}', ip = null where ctid = any(array(select t.ctid {from} limit @Rows))"),
        new("rejects", s => s.RejectsDays, "from rejects t where t.project_id = @ProjectId and t.received_at < @Before", Delete("rejects")),
        new("attempts", s => s.AttemptsDays, "from delivery_attempts t where t.project_id = @ProjectId and t.started_at < @Before", Delete("delivery_attempts")),
        new("visits", s => s.VisitsDays, "from visits t where t.project_id = @ProjectId and t.started_at < @Before", Delete("visits")),
        new("leads", s => s.LeadsDays, """
            from leads t where t.project_id = @ProjectId and coalesce(t.occurred_at, t.received_at) < @Before and t.received_at < @Before
                and (coalesce(t.name, t.phone, t.phone_typed, t.email, t.email_typed, t.messenger, t.comment) is not null or t.details ? 'ip' or t.details -> 'consent' ? 'ip')
                and not exists (select 1 from deliveries d where d.project_id = t.project_id and d.lead_id = t.id and d.state in ('pending', 'sending', 'in_doubt'))
            """,
            from => $"""
                update leads t set name = null, phone = null, phone_typed = null, email = null, email_typed = null, messenger = null, comment = null,
                    details = anonymous_details(t.details, array[]::text[]), passport = anonymous_passport(t.passport, array[]::text[])
                where t.ctid = any(array(select t.ctid {from} limit @Rows))
                """),
        new("calls", s => s.LeadsDays, """
            from calls t where t.project_id = @ProjectId and coalesce(t.started_at, t.first_seen_at) < @Before and t.fold_at is null
                and (coalesce(t.client_phone, t.client_phone_typed, t.recording_url, t.recording_id) is not null or t.facts <> '{}')
            """,
            from => $$"""
                with old as (select t.project_id, t.id {{from}} limit @Rows),
                events as (update call_events e set event = anonymous_call_event(e.event), body = '', query = null from old where e.project_id = old.project_id and e.call_id = old.id)
                update calls c set client_phone = null, client_phone_typed = null, recording_url = null, recording_id = null, facts = '{}', revision = c.revision + 1
                from old where c.project_id = old.project_id and c.id = old.id
                """),
        new("clients", s => s.LeadsDays, OldClients,
            from => $"""
                with old as (select t.project_id, t.id {from} limit @Rows),
                known as (delete from identities i using old where i.project_id = old.project_id and i.client_id = old.id and i.kind in ('phone', 'email', 'messenger'))
                update clients c set name = null, version = c.version + 1 from old where c.project_id = old.project_id and c.id = old.id
                """),
        new("audit", s => s.AuditDays, "from audit t where t.project_id = @ProjectId and t.at < @Before", Delete("audit"), "audit"),
        new("acts", _ => ActsDays, "from erasures t where t.project_id = @ProjectId and t.at < @Before", Delete("erasures")),
    ];
}
