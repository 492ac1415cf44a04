using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Core.Calls;
using LeadIngest.Core.Clients;
using LeadIngest.Core.Passports;
using Npgsql;

namespace LeadIngest.Api.Calls;

/// <summary>
/// Writes a folded call, what its lead shows of it and when the lead's deliveries may go, in one transaction that begins by locking the call: it writes
/// nothing when an event came since the call was read.
/// </summary>
internal sealed class CallRow(Database db, DeliverySignal deliveries, TimeProvider clock)
{
    /// <returns>False when what was read is stale by now; another fold is due then.</returns>
    public async Task<bool> WriteAsync(FoldedCall call, CallLead? lead, CancellationToken ct)
    {
        await using var connection = await db.Delivery.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var revision = await connection.ExecuteScalarAsync<int?>(new CommandDefinition("select revision from calls where project_id = @ProjectId and id = @Id for update", call.Key, tx, cancellationToken: ct));
        if (revision != call.Revision) return false;
        if (lead is not null) await LeadAsync(connection, tx, call, lead, ct);
        await connection.ExecuteAsync(new CommandDefinition(Update, Values(call), tx, cancellationToken: ct));
        var moved = lead is not null && await DeliveriesAsync(connection, tx, call, lead.Due, ct);
        await tx.CommitAsync(ct);
        if (moved) deliveries.Wake();
        return true;
    }

    /// <summary>Gives a call that had turned out to be none of ours, and is one after all, the id of its lead.</summary>
    public async Task<bool> ReserveAsync(CallKey key, int revision, CancellationToken ct)
    {
        await using var connection = await db.Delivery.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(
            "update calls set lead_id = coalesce(lead_id, @Lead) where project_id = @ProjectId and id = @Id and revision = @Revision",
            new { key.ProjectId, key.Id, Revision = revision, Lead = Guid.CreateVersion7(clock.GetUtcNow()) }, cancellationToken: ct)) > 0;
    }

    public async Task<Guid> LeadIdAsync(CallKey key, CancellationToken ct)
    {
        await using var connection = await db.Delivery.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<Guid>(new CommandDefinition("select lead_id from calls where project_id = @ProjectId and id = @Id", key, cancellationToken: ct));
    }

    /// <summary>The database or the writer is busy: sooner than the lease would bring it back.</summary>
    public async Task ComeAgainAsync(CallKey key, DateTimeOffset at, CancellationToken ct)
    {
        await using var connection = await db.Delivery.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("update calls set fold_at = least(fold_at, @At) where project_id = @ProjectId and id = @Id",
            new { key.ProjectId, key.Id, At = at }, cancellationToken: ct));
    }

    private static async Task LeadAsync(NpgsqlConnection connection, NpgsqlTransaction tx, FoldedCall call, CallLead lead, CancellationToken ct)
    {
        var (item, passport) = (lead.Item, lead.Item.Passport);
        await connection.ExecuteAsync(new CommandDefinition(Lead, new
        {
            call.Key.ProjectId,
            Lead = call.LeadId,
            item.Site.SiteId,
            item.OccurredAt,
            item.Name,
            Nameless = CallWords.Nameless,
            item.Phone,
            item.Comment,
            item.VisitorId,
            item.VisitId,
            Channel = PassportNames.ToWire(passport.Channel),
            passport.Source,
            passport.Medium,
            passport.Campaign,
            passport.Content,
            passport.Keyword,
            Passport = item.PassportJson,
            Details = item.DetailsJson,
        }, tx, cancellationToken: ct));
        if (item.Identities.Count == 0) return;
        await connection.ExecuteAsync(new CommandDefinition(Identities, new
        {
            call.Key.ProjectId,
            Lead = call.LeadId,
            Ids = item.Identities.Select(_ => Guid.CreateVersion7(lead.Due.Now)).ToArray(),
            Kinds = item.Identities.Select(i => Identity.Wire(i.Kind)).ToArray(),
            Values = item.Identities.Select(i => i.Value).ToArray(),
        }, tx, cancellationToken: ct));
    }

    /// <returns>True when a delivery may be due earlier than before.</returns>
    private static async Task<bool> DeliveriesAsync(NpgsqlConnection connection, NpgsqlTransaction tx, FoldedCall call, CallDue due, CancellationToken ct)
    {
        var moved = await connection.ExecuteAsync(new CommandDefinition(Move,
            new { call.Key.ProjectId, Lead = call.LeadId, due.Deal, due.Entry, due.Now }, tx, cancellationToken: ct));
        if (call.Facts.HasEnded && call.Heard.Complete is { } complete)
        {
            var without = (await connection.QueryAsync<Guid>(new CommandDefinition(WithoutEntry, new { call.Key.ProjectId, Lead = call.LeadId, Complete = complete }, tx, cancellationToken: ct))).ToArray();
            if (without.Length > 0)
                moved += await connection.ExecuteAsync(new CommandDefinition(AddEntries, new
                {
                    call.Key.ProjectId,
                    Lead = call.LeadId,
                    Connections = without,
                    Ids = without.Select(_ => Guid.CreateVersion7(due.Now)).ToArray(),
                    due.Entry,
                }, tx, cancellationToken: ct));
        }
        if (moved == 0) return false;
        await connection.ExecuteAsync(new CommandDefinition($"select pg_notify('{DeliverySignal.Channel}', '')", transaction: tx, cancellationToken: ct));
        return true;
    }

    private static object Values(FoldedCall call)
    {
        var facts = call.Facts;
        return new
        {
            call.Key.ProjectId,
            call.Key.Id,
            call.SiteId,
            Direction = CallWords.Wire(facts.Direction),
            Phase = CallWords.Wire(facts.Phase),
            Outcome = CallWords.Wire(facts.Outcome),
            facts.ClientPhone,
            facts.ClientPhoneTyped,
            facts.LinePhone,
            facts.Employee,
            facts.StartedAt,
            facts.AnsweredAt,
            facts.EndedAt,
            facts.WaitSeconds,
            facts.TalkSeconds,
            facts.RecordingUrl,
            facts.RecordingId,
            call.LeadId,
            call.Origin.VisitId,
            call.NumberId,
            MatchedBy = CallPassport.Wire(call.Origin.Match),
            Facts = call.FactsJson,
            call.Again,
        };
    }

    // The client of the lead; a call without one (outgoing) still counts as contact with a client whose phone it is.
    private const string Update = """
        update calls set site_id = @SiteId, direction = @Direction, phase = @Phase, outcome = @Outcome, client_phone = @ClientPhone, client_phone_typed = @ClientPhoneTyped,
            line_phone = @LinePhone, employee = @Employee, started_at = @StartedAt, answered_at = @AnsweredAt, ended_at = @EndedAt, wait_seconds = @WaitSeconds,
            talk_seconds = @TalkSeconds, recording_url = @RecordingUrl, recording_id = @RecordingId, lead_id = @LeadId, visit_id = @VisitId, number_id = @NumberId,
            matched_by = @MatchedBy, facts = @Facts::jsonb, fold_at = @Again,
            client_id = coalesce(
                (select l.client_id from leads l where l.project_id = @ProjectId and l.id = @LeadId),
                (select coalesce(c.merged_into, c.id) from identities i join clients c on c.project_id = i.project_id and c.id = i.client_id
                 where i.project_id = @ProjectId and i.kind = 'phone' and i.value = @ClientPhone and @Direction <> 'internal'))
        where project_id = @ProjectId and id = @Id
        """;

    private const string Lead = """
        update leads set site_id = @SiteId, occurred_at = @OccurredAt, name = @Name, phone = @Phone, comment = @Comment, visitor_id = @VisitorId, visit_id = @VisitId,
            channel = @Channel, source = @Source, medium = @Medium, campaign = @Campaign, content = @Content, keyword = @Keyword, passport = @Passport::jsonb,
            -- Why it was put aside, or taken back, is not the call's to say.
            details = (details - 'fields' - 'warnings' - 'extension') || (@Details::jsonb - 'reasons')
        where project_id = @ProjectId and id = @Lead;
        update clients set name = @Name
        where project_id = @ProjectId and first_lead_id = @Lead and (name is null or name = @Nameless) and name is distinct from @Name
        """;

    // What a later event told of the caller. Somebody else's number is a question for a person: two clients are not joined behind their backs.
    private const string Identities = """
        insert into identities (project_id, kind, value, client_id)
        select @ProjectId, i.kind, i.value, l.client_id from unnest(@Kinds, @Values) i (kind, value)
        join leads l on l.project_id = @ProjectId and l.id = @Lead and l.client_id is not null
        order by i.kind, i.value
        on conflict do nothing;
        insert into merge_suggestions (project_id, id, client_a, client_b, reason, lead_id)
        select @ProjectId, pair.id, least(pair.mine, pair.theirs), greatest(pair.mine, pair.theirs), 'a call told later whose number it is', @Lead
        from (
            select asked.id, coalesce(m.merged_into, m.id) as mine, coalesce(t.merged_into, t.id) as theirs
            from unnest(@Ids, @Kinds, @Values) asked (id, kind, value)
            join leads l on l.project_id = @ProjectId and l.id = @Lead
            join clients m on m.project_id = l.project_id and m.id = l.client_id
            join identities i on i.project_id = @ProjectId and i.kind = asked.kind and i.value = asked.value
            join clients t on t.project_id = i.project_id and t.id = i.client_id) pair
        where pair.mine <> pair.theirs
        on conflict (project_id, client_a, client_b) do nothing
        """;

    // Only what nobody has tried yet: a retry has its own schedule, and a row that rests behind another is woken by that one's end.
    private const string Move = """
        update deliveries set next_attempt_at = case when kind = 'call' then @Entry else @Deal end
        where project_id = @ProjectId and lead_id = @Lead and state = 'pending' and attempts = 0 and not parked and waits_for is null
            and next_attempt_at <> case when kind = 'call' then @Entry else @Deal end
            and (next_attempt_at > @Now or case when kind = 'call' then @Entry else @Deal end > @Now)
        """;

    // Cards that went before all was known, and no entry that has told the rest or is about to: a recording may come after the entry as well.
    private const string WithoutEntry = """
        select distinct d.connection_id from deliveries d
        where d.project_id = @ProjectId and d.lead_id = @Lead and d.kind in ('deal', 'note') and d.state in ('sending', 'in_doubt', 'delivered') and d.sent_at < @Complete
            and not exists (select 1 from deliveries o where o.project_id = @ProjectId and o.lead_id = @Lead and o.connection_id = d.connection_id and o.kind = 'call'
                and (o.sent_at is null or o.sent_at >= @Complete))
        order by 1
        """;

    private const string AddEntries = """
        insert into deliveries (project_id, id, lead_id, connection_id, client_id, kind, next_attempt_at)
        select @ProjectId, n.id, l.id, n.connection_id, l.client_id, 'call', @Entry
        from unnest(@Ids, @Connections) n (id, connection_id) join leads l on l.project_id = @ProjectId and l.id = @Lead
        where l.client_id is not null and l.status not in ('spam', 'test') and l.erasure_id is null
        """;
}
