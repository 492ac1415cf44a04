using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Deals;
using LeadIngest.Api.Features.Leads;
using LeadIngest.Api.Figures;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Journeys;
using LeadIngest.Core.Attribution;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadIngest.Api.Features.Clients;

/// <summary>Shows the whole way of a client and of all those merged with it: visits, leads, calls, deals and contacts in the CRM, oldest first.</summary>
/// <remarks>
/// Every deal tells what each touch before it gets of its amount under every model, and what the client's first source gets: the same rule by which reports share deals.
/// Deleted deals, spam and trials are shown as what they are and take no part.
/// </remarks>
internal sealed class GetClientJourney : IEndpoint
{
    /// <param name="Limit">Steps a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(int? Limit, string? Cursor);

    private sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Limit).InclusiveBetween(1, Http.Cursor.MaxLimit).WithMessage($"From 1 to {Http.Cursor.MaxLimit}.");
            RuleFor(q => q.Cursor).Must(c => TryRead(c, out _, out _)).WithMessage("Not a cursor: pass nextCursor of the page before, unchanged.");
        }
    }

    /// <param name="IsPartial">More than 10,000 touches: credits do not see the oldest of them.</param>
    internal sealed record Response(Guid ClientId, IReadOnlyList<Step> Items, string? NextCursor, bool IsPartial);

    /// <param name="Kind"><c>visit</c>, <c>lead</c>, <c>call</c>, <c>deal</c> or <c>contact</c> (a call, message or letter in the CRM).</param>
    /// <param name="At">When the visit or the call began, the lead happened (was received, where its sender does not say), the deal was made, the contact happened.</param>
    /// <param name="Id">Of the visit, lead, call or deal; null for a contact.</param>
    /// <param name="Passport">Of a visit or a lead; of a call its lead's, else its visit's.</param>
    /// <param name="Status">Of a lead.</param>
    /// <param name="Direction">Of a call or a contact.</param>
    /// <param name="Outcome">Of a call.</param>
    /// <param name="Contact">Of a contact: <c>call</c>, <c>message</c>, <c>email</c> or <c>sms</c>.</param>
    /// <param name="LeadId">Of a call or a deal: the lead that it is or came from.</param>
    /// <param name="VisitId">Of a lead or a call.</param>
    /// <param name="Deal">Of a deal: how it stands in the CRM.</param>
    /// <param name="Credit">Of a deal: who gets what of it. Null for leads of Bitrix24 and deals that were deleted.</param>
    internal sealed record Step(string Kind, DateTimeOffset At, Guid? Id, PassportAnswer? Passport, string? Status, string? Direction, string? Outcome, string? Contact, Guid? LeadId, Guid? VisitId,
        DealAnswer? Deal, DealCreditAnswer? Credit);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}/journey", HandleAsync).Validate(new Validator()).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Guid id, [AsParameters] Query query, Caller caller, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        if (!await caller.MaySeeAsync(connection, Own.Client, id, ct)) return Problems.NotFound("client");
        var root = await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition("select coalesce(merged_into, id) from clients where project_id = @ProjectId and id = @Id",
            new { caller.ProjectId, Id = id }, cancellationToken: ct));
        if (root is null) return Problems.NotFound("client");
        _ = TryRead(query.Cursor, out var after, out var key);
        var limit = Http.Cursor.Limit(query.Limit);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(caller.OnlyOf is null ? Steps : OwnSteps, new { caller.ProjectId, ClientId = root, After = after, Key = key, Rows = limit + 1, caller.OwnConnections, caller.OwnUsers }, cancellationToken: ct))).AsList();
        var shown = rows.Count > limit ? rows[..limit] : rows;
        var deals = await DealsAsync(connection, caller.ProjectId, root.Value, [.. shown.Where(r => r.Kind == "deal").Select(r => r.Id!.Value)], ct);
        return TypedResults.Ok(new Response(root.Value, [.. shown.Select(r => r.Step(deals))], rows.Count > limit ? Write(shown[^1]) : null, deals.IsPartial));
    }

    private static async Task<DealsOfPage> DealsAsync(NpgsqlConnection connection, Guid project, Guid root, Guid[] ids, CancellationToken ct)
    {
        if (ids.Length == 0) return new([], [], false);
        var args = new { ProjectId = project, ClientId = root, Ids = ids };
        var deals = (await connection.QueryAsync<DealRow>(new CommandDefinition($"{DealRow.Select} where d.project_id = @ProjectId and d.id = any(@Ids)", args, cancellationToken: ct))).ToDictionary(d => d.Id);
        var made = await connection.QueryAsync<(Guid Id, DateTimeOffset At, bool IsRepeat)>(new CommandDefinition(Made, args, cancellationToken: ct));
        var touches = await FamilyTouches.ReadAsync(connection, project, root, ct);
        var (rules, learntAt) = await connection.QuerySingleAsync<(string, DateTime?)>(new CommandDefinition(
            "select p.attribution::text, (select l.learnt_at from learnings l where l.project_id = p.project_id) from projects p where p.project_id = @ProjectId", args, cancellationToken: ct));
        var settings = AttributionRules.Read(rules).Settings;
        var learnt = await FigureProject.LearntAsync(connection, project, ct);
        var credits = made.ToDictionary(m => m.Id, m => DealCreditAnswer.Of(DealPath.Of(touches, m.At, deals[m.Id].LeadId, settings), deals[m.Id].Amount, deals[m.Id].Currency, m.IsRepeat, settings, learnt,
            learntAt is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : null));
        return new(deals, credits, touches.Count == FamilyTouches.Most);
    }

    private sealed record DealsOfPage(Dictionary<Guid, DealRow> Deals, Dictionary<Guid, DealCreditAnswer> Credits, bool IsPartial);

    private sealed class Row
    {
        public string Kind { get; init; } = "";
        public string Key { get; init; } = "";
        public DateTimeOffset At { get; init; }
        public Guid? Id { get; init; }
        public string? Channel { get; init; }
        public string? Source { get; init; }
        public string? Medium { get; init; }
        public string? Campaign { get; init; }
        public string? Content { get; init; }
        public string? Keyword { get; init; }
        public string? Passport { get; init; }
        public string? Status { get; init; }
        public string? Direction { get; init; }
        public string? Outcome { get; init; }
        public string? Contact { get; init; }
        public Guid? LeadId { get; init; }
        public Guid? VisitId { get; init; }

        public Step Step(DealsOfPage page) => new(Kind, At, Id, Passport is null ? null : new LeadRow
        {
            Channel = Channel ?? "unknown",
            Source = Source,
            Medium = Medium,
            Campaign = Campaign,
            Content = Content,
            Keyword = Keyword,
            Passport = Passport,
        }.PassportOf(), Status, Direction, Outcome, Contact, LeadId, VisitId, Id is { } deal ? page.Deals.GetValueOrDefault(deal)?.Answer() : null, Id is { } made ? page.Credits.GetValueOrDefault(made) : null);
    }

    /// <summary>Where a page ended: the moment in microseconds, as the database keeps it, and the row's key.</summary>
    private static string Write(Row last) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.At.UtcTicks}|{last.Key}")));

    private static bool TryRead(string? cursor, out DateTimeOffset after, out string key)
    {
        (after, key) = (DateTimeOffset.MinValue, "");
        if (string.IsNullOrEmpty(cursor)) return true;
        if (cursor.Length > 300 || !Base64Url.IsValid(cursor)) return false;
        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        if (text.Contains('\0') || text.Split('|', 2) is not [var ticks, var rest] || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at > DateTimeOffset.MaxValue.UtcTicks)
            return false;
        (after, key) = (new DateTimeOffset(at, TimeSpan.Zero), rest);
        return true;
    }

    // What came of one arrival stands in the order in which it happened: the visit, then the call, then the lead, then the deal.
    internal static readonly string Steps = StepsOf("", "");

    // A client may be of several managers: each sees the leads and deals that are his own, and how the client came here.
    private static readonly string OwnSteps = StepsOf($"and l.id = any(array({OwnRows.Leads}))", $"where {OwnRows.Deal}");

    private static string StepsOf(string leads, string deals) => $$"""
        with family as materialized (select f.id from unnest(array{{ClientFamily.Ids}}) f (id)),
        own as materialized (select d.* from deals d where d.project_id = @ProjectId and d.client_id in (select id from family)),
        -- Read first, then looked up: behind row-level security no index takes a value that is still to be made of another column.
        visitors as materialized (
            select case when i.value ~ '{{ClientTouches.Uuid}}' then i.value::uuid end as id from identities i
            where i.project_id = @ProjectId and i.kind = 'visitor' and i.client_id in (select id from family)),
        cards as (
            select connection_id, kind as owner_kind, remote_id as owner_id from own
            union
            select split_part(i.value, '/', 1)::uuid, 'contact', split_part(i.value, '/', 2)::bigint from identities i
            where i.project_id = @ProjectId and i.kind = 'crm_contact' and i.client_id in (select id from family) and i.value ~ '^[0-9a-f-]{36}/[0-9]{1,18}$'
            union
            select substr(split_part(i.value, '/', 1), 9)::uuid, 'company', split_part(i.value, '/', 2)::bigint from identities i
            where i.project_id = @ProjectId and i.kind = 'crm_contact' and i.client_id in (select id from family) and i.value ~ '^company:[0-9a-f-]{36}/[0-9]{1,18}$'),
        steps as (
            select 'visit' as kind, '1' || v.id as key, v.started_at as at, v.id, v.channel, v.source, v.medium, v.campaign, v.content, v.keyword, v.passport::text as passport,
                null::text as status, null::text as direction, null::text as outcome, null::text as contact, null::uuid as lead_id, null::uuid as visit_id
            from visitors i join visits v on v.project_id = @ProjectId and v.visitor_id = i.id where not v.is_bot
            union all
            select 'call', '2' || c.id, (case when c.started_at is not null then c.started_at else c.first_seen_at end), c.id, coalesce(l.channel, v.channel), case when l.id is null then v.source else l.source end,
                case when l.id is null then v.medium else l.medium end, case when l.id is null then v.campaign else l.campaign end, case when l.id is null then v.content else l.content end,
                case when l.id is null then v.keyword else l.keyword end, coalesce(l.passport, v.passport)::text, null, c.direction, c.outcome, null, l.id, c.visit_id
            from calls c left join leads l on l.project_id = c.project_id and l.id = c.lead_id left join visits v on v.project_id = c.project_id and v.id = c.visit_id
            where c.project_id = @ProjectId and c.client_id in (select id from family) and c.direction <> 'internal'
            union all
            select 'lead', '3' || l.id, (case when l.occurred_at is not null then l.occurred_at else l.received_at end), l.id, l.channel, l.source, l.medium, l.campaign, l.content, l.keyword, l.passport::text, l.status, null, null, null, null,
                case when l.visit_id ~ '{{ClientTouches.Uuid}}' then l.visit_id::uuid end
            from leads l where l.project_id = @ProjectId and l.client_id in (select id from family) {{leads}}
            union all
            select 'deal', '4' || d.id, coalesce(d.created_at, d.first_seen_at), d.id, null, null, null, null, null, null, null, null, null, null, null, d.lead_id, null from own d {{deals}}
            union all
            select 'contact', '5' || t.connection_id || t.id, t.at, null, null, null, null, null, null, null, null, null, t.direction, null, t.kind, null, null
            from cards k join crm_touches t on t.project_id = @ProjectId and t.connection_id = k.connection_id and t.owner_kind = k.owner_kind and t.owner_id = k.owner_id)
        select * from steps where (at, key) > (@After, @Key) order by at, key limit @Rows
        """;

    // Repeat: the family had another deal before it.
    private static readonly string Made = $"""
        with family as materialized (select f.id from unnest(array{ClientFamily.Ids}) f (id)),
        own as materialized (
            select d.id, coalesce(d.created_at, d.first_seen_at) as at from deals d
            where d.project_id = @ProjectId and d.client_id in (select id from family) and d.kind = 'deal' and d.deleted_at is null)
        select o.id, o.at, exists (select 1 from own e where (e.at, e.id) < (o.at, o.id)) from own o where o.id = any(@Ids)
        """;
}
