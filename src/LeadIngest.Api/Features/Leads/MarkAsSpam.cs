using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Features.StopList;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Junk;
using Npgsql;

namespace LeadIngest.Api.Features.Leads;

/// <summary>Says that a lead is spam: what has not been sent of it is called off, and it counts for no client any more.</summary>
/// <remarks>
/// Deliveries that wait end as <c>dead</c>, "Marked as spam before it was sent."; one under way, in doubt or delivered stays as it is, and the lead's
/// <c>warnings</c> then hold <c>sent_before_spam</c>: the CRM's card is for a person to close. <c>not-spam</c> takes everything back. A lead that is spam already is answered as it is.
/// </remarks>
internal sealed class MarkAsSpam : IEndpoint
{
    /// <param name="StopList">What of this lead goes onto the project's stop list too: <c>phone</c>, <c>email</c>, <c>ip</c>, <c>visitor</c>.</param>
    internal sealed record Request(string[]? StopList);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleForEach(r => r.StopList).Must(k => k is "phone" or "email" or "ip" or "visitor").WithMessage("One of: phone, email, ip, visitor.");
    }

    private const int Attempts = 4;

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/spam", (Delegate)HandleAsync)
        .Accepts<Request>(isOptional: true, "application/json").WithExample("""{"stopList":["phone"]}""")
        .Produces<LeadAnswer>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    internal static async Task<IResult> HandleAsync(Guid id, Caller caller, [Microsoft.AspNetCore.Mvc.FromBody] Request? request, Database db, DeliverySignal signal,
        TimeProvider clock, CancellationToken ct)
    {
        if (request is not null && await new Validator().ValidateAsync(request, ct) is { IsValid: false } invalid) return Problems.Invalid(invalid);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await db.Reading.OpenConnectionAsync(ct);
                if (!await caller.MaySeeAsync(connection, Own.Lead, id, ct)) return Problems.NotFound("lead");
                if (await MarkAsync(connection, caller.ProjectId, id, request?.StopList ?? [], clock.GetUtcNow(), ct) is { } problem) return problem;
                signal.Wake();
                return await GetLead.AnswerAsync(connection, caller.ProjectId, id, ct);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < Attempts)
            {
                // A batch that touches the same client was first; it is committed by now.
            }
        }
    }

    private static async Task<IResult?> MarkAsync(NpgsqlConnection connection, Guid project, Guid id, string[] kinds, DateTimeOffset now, CancellationToken ct)
    {
        await using var tx = await connection.BeginTransactionAsync(ct);
        var args = new { ProjectId = project, Id = id, Why = BatchWrite.MarkedAsSpam };
        var lead = await connection.QueryFirstOrDefaultAsync<Row>(new CommandDefinition(Lock, args, tx, cancellationToken: ct));
        if (lead is null) return Problems.NotFound("lead");
        if (kinds.Length > 0)
        {
            var entries = new List<StopListRow>();
            foreach (var (at, kind) in kinds.Distinct().Index())
            {
                var typed = kind switch { "phone" => lead.Phone, "email" => lead.Email, "ip" => lead.Ip, _ => lead.VisitorId };
                if (!StopValue.TryRead(Enum.Parse<StopKind>(kind, ignoreCase: true), typed, null, out var value, out _))
                    return Problems.Invalid($"stopList[{at}]", $"The lead has no {kind} that could be listed.");
                entries.Add(new(kind, value, "spam", null));
            }
            if (await StopListRows.SaveAsync(connection, tx, project, entries, now, ct) is null) return StopListRows.Full;
        }
        if (lead.Status != "spam")
        {
            await connection.ExecuteAsync(new CommandDefinition(Mark, args, tx, cancellationToken: ct));
            if (lead.ClientId is { } client) await TakeFromClientAsync(connection, tx, project, id, client, lead.Status, ct);
            await connection.ExecuteAsync(new CommandDefinition($"select pg_notify('{DeliverySignal.Channel}', '')", null, tx, cancellationToken: ct));
        }
        await tx.CommitAsync(ct);
        return null;
    }

    private static async Task TakeFromClientAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid project, Guid id, Guid client, string status, CancellationToken ct)
    {
        var args = new { ProjectId = project, Id = id, Client = client };
        var members = await connection.ExecuteScalarAsync<Guid[]?>(new CommandDefinition(Family, args, tx, cancellationToken: ct)) ?? [];
        var all = new { ProjectId = project, Id = id, Client = client, Members = members, Why = BatchWrite.MarkedAsSpam };
        await connection.ExecuteAsync(new CommandDefinition(Uncount, all, tx, cancellationToken: ct));
        if (await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(Heir, all, tx, cancellationToken: ct)) is { } heir)
            await connection.ExecuteAsync(new CommandDefinition(Succeed,
                new { ProjectId = project, Id = id, Members = members, Heir = heir, Status = status }, tx, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Follow, all, tx, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Forget, all, tx, cancellationToken: ct));
    }

    private sealed record Row(string Status, Guid? ClientId, string? Phone, string? Email, string? VisitorId, string? Ip);

    private const string Lock = """
        select status, client_id, phone, email, visitor_id, details ->> 'ip' as ip from leads where project_id = @ProjectId and id = @Id for update
        """;

    // A worker that takes a delivery at this moment is either before us (it is then sending, and stays) or finds it dead.
    private const string Mark = """
        update deliveries set state = 'dead', last_error = @Why, next_attempt_at = null, parked = false, waits_for = null
        where project_id = @ProjectId and lead_id = @Id and state = 'pending';

        update leads set status = 'spam', client_id = null, duplicate_of = null, details = jsonb_set(jsonb_set(details,
            '{reasons}', (coalesce(details -> 'reasons', '[]') - 'marked_by_hand') || '["marked_by_hand"]'),
            '{warnings}', (coalesce(details -> 'warnings', '[]') - 'sent_before_spam') || (
                select case when count(*) > 0 then '["sent_before_spam"]' else '[]' end::jsonb from deliveries d
                where d.project_id = @ProjectId and d.lead_id = @Id and (d.state <> 'dead' or (d.sent_at is not null and d.last_error is distinct from @Why))))
        where project_id = @ProjectId and id = @Id
        """;

    private const string Family = """
        select array_agg(f.id) from clients c join clients f on f.project_id = c.project_id
            and (f.id = case when c.merged_into is not null then c.merged_into else c.id end or f.merged_into = case when c.merged_into is not null then c.merged_into else c.id end)
        where c.project_id = @ProjectId and c.id = @Client
        """;

    // The client's figures without this lead. The version of everybody who is one with it grows too: nobody writes from what was read before.
    private const string Uncount = """
        update clients c set version = c.version + 1,
            lead_count = case when c.id = @Client then greatest(c.lead_count - 1, 0) else c.lead_count end,
            last_lead_at = case when c.id <> @Client then c.last_lead_at else (
                select max(l.received_at) from leads l where l.project_id = @ProjectId and l.client_id = c.id) end,
            first_lead_id = case when c.first_lead_id is distinct from @Id then c.first_lead_id else (
                select l.id from leads l where l.project_id = @ProjectId and l.client_id = c.id order by l.id limit 1) end
        where c.project_id = @ProjectId and c.id = any(@Members)
        """;

    private const string Heir = """
        select id from leads where project_id = @ProjectId and client_id = any(@Members) and duplicate_of = @Id and status = 'duplicate' order by id limit 1
        """;

    // Duplicates lose the deal that they would have been notes of: the first of them takes its place, the others follow that one.
    private const string Succeed = """
        update leads set duplicate_of = case when id <> @Heir then @Heir end, status = case when id <> @Heir then status else @Status end
        where project_id = @ProjectId and client_id = any(@Members) and duplicate_of = @Id and status = 'duplicate';

        update deliveries h set kind = off.kind, waits_for = null, parked = false, last_error = null, next_attempt_at = clock_timestamp()
        from deliveries off
        where off.project_id = @ProjectId and off.lead_id = @Id and off.state = 'dead'
            and h.project_id = @ProjectId and h.lead_id = @Heir and h.connection_id = off.connection_id and h.state = 'pending';

        update deliveries set waits_for = null, parked = false, last_error = null, next_attempt_at = clock_timestamp()
        where project_id = @ProjectId and state = 'pending'
            and waits_for = any(array(select id from deliveries where project_id = @ProjectId and lead_id = @Id and state = 'dead'))
        """;

    // What rested behind the deliveries called off goes on.
    private const string Follow = """
        update deliveries set parked = false, next_attempt_at = clock_timestamp()
        where project_id = @ProjectId and client_id = any(@Members) and state = 'pending' and parked
            and connection_id = any(array(select connection_id from deliveries where project_id = @ProjectId and lead_id = @Id and last_error = @Why))
        """;

    // Who was known by this lead alone is no client. One that a CRM knows, a call names, or that was joined with another stays.
    private const string Forget = """
        with gone as (
            delete from clients c
            where c.project_id = @ProjectId and c.id = @Client and c.lead_count = 0 and c.merged_into is null
                and not exists (select 1 from leads l where l.project_id = @ProjectId and l.client_id = c.id)
                and not exists (select 1 from clients m where m.project_id = @ProjectId and m.merged_into = c.id)
                and not exists (select 1 from client_merges m where m.project_id = @ProjectId and c.id in (m.kept_id, m.merged_id))
                and not exists (select 1 from calls k where k.project_id = @ProjectId and k.client_id = c.id)
                and not exists (select 1 from identities i where i.project_id = @ProjectId and i.client_id = c.id and i.kind = 'crm_contact')
                and not exists (select 1 from deliveries d where d.project_id = @ProjectId and d.lead_id = @Id and d.last_error is distinct from @Why)
            returning c.id),
        suggested as (delete from merge_suggestions s using gone where s.project_id = @ProjectId and gone.id in (s.client_a, s.client_b))
        delete from identities i using gone where i.project_id = @ProjectId and i.client_id = gone.id
        """;
}
