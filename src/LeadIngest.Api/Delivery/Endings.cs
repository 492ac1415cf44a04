using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Dapper;
using LeadIngest.Crm;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>One row's way through a call.</summary>
/// <param name="StartedAt">When its call began.</param>
/// <param name="AttemptId">Of the row in <c>delivery_attempts</c>; made before the write, so that a repeated write leaves one row.</param>
internal sealed record Ended(Claim Claim, Ending Ending, DateTimeOffset StartedAt, Guid AttemptId);

/// <summary>
/// Records how calls ended, all rows of a call (and of calls that ended together) in one transaction. A row is written only while it is still in the state it was called in, and
/// only under the account's current token; the attempt itself is kept in any case.
/// </summary>
internal sealed class Endings(NpgsqlDataSource db)
{
    /// <param name="fromSending">True after a sending, false after a look-up.</param>
    /// <returns>The rows written; <c>Fenced</c> when the lease belongs to somebody else by now.</returns>
    public async Task<(IReadOnlyList<Written> Rows, bool Fenced)> RecordAsync(AccountLease lease, ConnectionRow connection, bool fromSending, IReadOnlyList<Ended> ended,
        int maxBatch, CancellationToken ct)
    {
        await using var session = await db.OpenConnectionAsync(ct);
        await using var tx = await session.BeginTransactionAsync(ct);
        var rows = (await session.QueryAsync<Written>(new CommandDefinition(Record, new
        {
            connection.ProjectId,
            lease.AccountKey,
            lease.Token,
            FromState = fromSending ? "sending" : Ending.InDoubt,
            Action = fromSending ? "send" : "lookup",
            Prefix = $"{connection.Id}/",
            Started = All(e => e.StartedAt.UtcDateTime),
            Ids = All(e => e.Claim.Id),
            Clients = All(e => e.Claim.ClientId),
            Attempts = All(e => e.Claim.Attempt),
            AttemptIds = All(e => e.AttemptId),
            States = All(e => e.Ending.State),
            Outcomes = All(e => e.Ending.Outcome),
            Delays = All(e => e.Ending.Delay),
            Errors = All(e => e.Ending.Error),
            StepMaps = All(e => Steps.Write(e.Ending.Steps)),
            Warnings = All(e => e.Ending.Warnings.Count == 0 ? null : JsonSerializer.Serialize(e.Ending.Warnings)),
            RemoteLeads = All(RemoteLead),
            Kinds = All(e => e.Ending.To is { } to ? to.Kind switch { OutgoingKind.Note => DueDelivery.Note, OutgoingKind.Call => DueDelivery.Call, _ => "deal" } : null),
            RemoteContacts = All(RemoteContact),
            GivenBack = All(e => e.Ending.GivenBack),
            Suspect = All(e => e.Ending.Suspect),
            Probed = All(e => e.Ending.Probed),
        }, tx, cancellationToken: ct))).AsList();
        var finished = rows.Where(r => r.State is Ending.Delivered or Ending.Dead).ToList();
        await Followers.ReleaseAsync(session, tx, connection, [.. finished.Select(r => r.ClientId)], maxBatch, ct);
        await Followers.ReleaseNotesAsync(session, tx, connection, [.. finished.Where(r => r.State == Ending.Delivered).Select(r => r.Id)], ct);
        var ids = rows.Select(r => r.Id).ToHashSet();
        await Redirects.RememberAsync(session, tx, connection, [.. ended.Where(e => e.Ending.To is not null && ids.Contains(e.Claim.Id))], ct);
        var token = await session.ExecuteScalarAsync<long?>(new CommandDefinition("select lease_token from crm_accounts where account_key = @AccountKey",
            new { lease.AccountKey }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        return (rows, token != lease.Token);

        T[] All<T>(Func<Ended, T> value) => [.. ended.Select(value)];
    }

    // A note leads to the card it stands in.
    private static string? RemoteLead(Ended e) => e.Ending.To is { } to ? to.DealId : e.Ending.Steps.GetValueOrDefault(Step.Deal) ?? e.Claim.DealId;

    private static string? RemoteContact(Ended e) => e.Ending.Steps.GetValueOrDefault(Step.Contact) ?? e.Claim.ContactId;

    /// <summary>A row that was written.</summary>
    /// <param name="Latency">Seconds from the lead's arrival to its delivery; null unless delivered.</param>
    /// <param name="ForeignContact">The CRM's contact is known as that of another client: somebody should look whether the two are one.</param>
    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    internal sealed record Written(Guid Id, Guid ClientId, string State, double? Latency, bool ForeignContact);

    // sent_at goes when no attempt is left that could have reached the CRM: such a row needs no look-up when a person sends it again.
    private const string Record = """
        with e as materialized (
            select * from unnest(@Ids::uuid[], @Clients::uuid[], @Attempts::int[], @AttemptIds::uuid[], @Started::timestamptz[], @States::text[], @Outcomes::text[], @Delays::interval[],
                    @Errors::text[], @StepMaps::jsonb[], @Warnings::jsonb[], @Kinds::text[], @RemoteLeads::text[], @RemoteContacts::text[],
                    @GivenBack::boolean[], @Suspect::boolean[], @Probed::boolean[])
                as t (id, client_id, attempt, attempt_id, started_at, state, outcome, delay, error, steps, warnings, kind, remote_lead, remote_contact, given_back, suspect, probed)),
        tried as (
            insert into delivery_attempts (project_id, delivery_id, id, attempt, action, started_at, ended_at, outcome, error)
            select @ProjectId, e.id, e.attempt_id, e.attempt, @Action, e.started_at, clock_timestamp(), e.outcome,
                -- Words of the CRM about somebody who was erased meanwhile.
                case when e.error is not null and exists (select 1 from deliveries d join leads l on l.project_id = d.project_id and l.id = d.lead_id
                    where d.project_id = @ProjectId and d.id = e.id and l.erasure_id is not null) then null else left(e.error, 500) end from e
            on conflict do nothing),
        written as (
            update deliveries d
            set state = e.state,
                attempts = case when e.given_back then greatest(d.attempts - 1, 0) else d.attempts end,
                sent_at = case when e.given_back and d.attempts <= 1 then null else d.sent_at end,
                crash_claims = case when @FromState = 'sending' and not e.suspect or e.state = 'delivered' then 0 else d.crash_claims end,
                next_attempt_at = clock_timestamp() + e.delay,
                doubt_since = case when e.state <> 'in_doubt' then null when @FromState = 'sending' then clock_timestamp() else d.doubt_since end,
                lookups = case when @FromState = 'sending' then 0 when e.probed then d.lookups + 1 else d.lookups end,
                -- A row that goes another way leaves the deal behind that it was on its way to.
                kind = coalesce(e.kind, d.kind),
                redirects = d.redirects + case when e.kind is null then 0 else 1 end,
                steps = nullif(case when e.kind is null then coalesce(d.steps, '{}') || e.steps else (coalesce(d.steps, '{}') || e.steps) - 'deal' end, '{}'),
                remote_lead_id = case when e.kind is null then coalesce(e.remote_lead, d.remote_lead_id) else e.remote_lead end,
                remote_contact_id = coalesce(e.remote_contact, d.remote_contact_id),
                warnings = case when e.warnings is null then d.warnings else
                    array(select distinct w from unnest(coalesce(d.warnings, '{}') || array(select jsonb_array_elements_text(e.warnings))) w order by w) end,
                last_error = case when e.state = 'delivered' then null else coalesce(e.error, d.last_error) end,
                delivered_at = case when e.state = 'delivered' then clock_timestamp() end
            from e
            where d.project_id = @ProjectId and d.id = any(@Ids) and d.id = e.id and d.state = @FromState
                and (@FromState <> 'sending' or d.lease_token = @Token)
                and exists (select 1 from crm_accounts where account_key = @AccountKey and lease_token = @Token)
            -- A call's entry comes when the call is over: no measure of how soon its lead arrived.
            returning d.id, d.state, d.lead_id, case when d.kind <> 'call' then d.delivered_at end as delivered_at),
        learned as (
            insert into identities (project_id, kind, value, client_id)
            select distinct on (e.remote_contact) @ProjectId, 'crm_contact', @Prefix || e.remote_contact, e.client_id
            from e join written w on w.id = e.id where e.remote_contact is not null
                and not exists (select 1 from clients c where c.project_id = @ProjectId and c.id = e.client_id and c.erasure_id is not null)
            order by e.remote_contact
            on conflict do nothing)
        select w.id, e.client_id, w.state, extract(epoch from w.delivered_at - l.received_at)::float8 as latency,
            e.remote_contact is not null and exists (
                select 1 from identities i left join clients c on c.project_id = i.project_id and c.id = i.client_id
                where i.project_id = @ProjectId and i.kind = 'crm_contact' and i.value = @Prefix || e.remote_contact
                    and coalesce(c.merged_into, i.client_id) <> e.client_id) as foreign_contact
        from written w join e on e.id = w.id left join leads l on l.project_id = @ProjectId and l.id = w.lead_id
        """;
}
