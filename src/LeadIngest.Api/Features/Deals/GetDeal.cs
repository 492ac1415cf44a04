using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Clients;
using LeadIngest.Api.Features.Leads;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Deals;

/// <summary>Shows one deal with its course, what it was worth when, its products, tasks and contacts with the client, its lead and its client.</summary>
internal sealed class GetDeal : IEndpoint
{
    private const int Most = 500;

    /// <param name="Stages">Its whole course, oldest first: each step begins where the one before ended.</param>
    /// <param name="Amounts">What it was worth from when on, oldest first.</param>
    /// <param name="Tasks">The last 500, open ones first.</param>
    /// <param name="Touches">Calls and messages at its card and at its contacts, the last 500, newest first. Only that they took place: what was said is not read.</param>
    /// <param name="Lead">The lead that became it; null for a deal made by hand.</param>
    /// <param name="Client">Null: nobody is known by its contact.</param>
    internal sealed record Response(DealAnswer Deal, IReadOnlyList<StageStep> Stages, IReadOnlyList<AmountStep> Amounts, IReadOnlyList<Product> Products, IReadOnlyList<DealTask> Tasks,
        IReadOnlyList<DealTouch> Touches, LeadAnswer? Lead, ClientSummary? Client);

    /// <param name="From">Null: this is how it began, or how far back is known.</param>
    /// <param name="By">Null: not known, or a program.</param>
    /// <param name="Origin"><c>history</c> (told by the CRM), <c>seen</c> (by looking at the card: the moment may be late) or <c>inferred</c> (from what is known around it).</param>
    internal sealed record StageStep(DateTimeOffset At, StagePlace? From, StagePlace To, DealName? By, string Origin);

    /// <param name="PipelineId">Null where the CRM has only one.</param>
    internal sealed record StagePlace(string? PipelineId, string StageId, string? Name, string? State);

    /// <param name="From">Null: the first that is known.</param>
    /// <param name="Origin">As with stages.</param>
    internal sealed record AmountStep(DateTimeOffset At, decimal? From, decimal Amount, string? Currency, DealName? By, string Origin);

    /// <param name="ProductId">The CRM's; null for one that was typed by hand.</param>
    /// <param name="Price">Of one; null when the CRM does not say.</param>
    internal sealed record Product(string? ProductId, string? Name, decimal? Price, decimal Quantity);

    /// <param name="Kind"><c>call</c>, <c>meeting</c>, <c>email</c> or <c>task</c>.</param>
    /// <param name="IsOverdue">It should have been done by now.</param>
    /// <param name="RemovedAt">When it was seen to be gone from the CRM.</param>
    internal sealed record DealTask(string Id, string Kind, DealName? Responsible, DateTimeOffset? CreatedAt, DateTimeOffset? DueAt, bool IsDone, bool IsOverdue, DateTimeOffset? DoneAt, DateTimeOffset? RemovedAt);

    /// <param name="Kind"><c>call</c>, <c>message</c>, <c>email</c> or <c>sms</c>.</param>
    /// <param name="Direction"><c>in</c> or <c>out</c>; null when the CRM does not say.</param>
    internal sealed record DealTouch(DateTimeOffset At, string Kind, string? Direction, DealName? By);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Guid id, Caller caller, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        if (!await caller.MaySeeAsync(connection, Own.Deal, id, ct)) return Problems.NotFound("deal");
        CommandDefinition Of(string sql, Guid? other = null) => new(sql, new { caller.ProjectId, Id = other ?? id, Most, Now = clock.GetUtcNow() }, cancellationToken: ct);
        if (await connection.QuerySingleOrDefaultAsync<DealRow>(Of(One)) is not { } row) return Problems.NotFound("deal");
        var stages = await connection.QueryAsync<StageRow>(Of(Stages));
        var amounts = await connection.QueryAsync<AmountRow>(Of(Amounts));
        var products = await connection.QueryAsync<Product>(Of(Products));
        var tasks = await connection.QueryAsync<TaskRow>(Of(Tasks));
        var touches = await connection.QueryAsync<TouchRow>(Of(Touches));
        var lead = row.LeadId is { } leadId ? await connection.QueryFirstOrDefaultAsync<LeadRow>(Of(Lead, leadId)) : null;
        var client = row.ClientId is { } clientId ? await connection.QuerySingleOrDefaultAsync<ClientSummary>(Of(Client, clientId)) : null;
        return TypedResults.Ok(new Response(row.Answer(), [.. stages.Select(s => s.Step())], [.. amounts.Select(a => new AmountStep(a.At, a.FromAmount, a.Amount, a.Currency, Named(a.ById, a.ByName), a.Origin))],
            products.AsList(), [.. tasks.Select(t => t.Task(clock.GetUtcNow()))], [.. touches.Select(t => new DealTouch(t.At, t.Kind, t.Direction, Named(t.ById, t.ByName)))],
            lead is null ? null : (await LeadRow.AnswerAsync(connection, caller.ProjectId, [lead], ct))[0], client));
    }

    private static DealName? Named(string? id, string? name) => id is null ? null : new(id, name);

    private sealed class StageRow
    {
        public DateTimeOffset At { get; init; }
        public string? FromPipelineId { get; init; }
        public string? FromStageId { get; init; }
        public string? FromName { get; init; }
        public string? FromState { get; init; }
        public string PipelineId { get; init; } = "";
        public string StageId { get; init; } = "";
        public string? Name { get; init; }
        public string? State { get; init; }
        public string? ById { get; init; }
        public string? ByName { get; init; }
        public string Origin { get; init; } = "";

        public StageStep Step() => new(At, FromStageId is null ? null : new(Pipeline(FromPipelineId), FromStageId, FromName, FromState), new(Pipeline(PipelineId), StageId, Name, State),
            Named(ById, ByName), Origin);

        private static string? Pipeline(string? id) => id is { Length: > 0 } ? id : null;
    }

    private sealed class AmountRow
    {
        public DateTimeOffset At { get; init; }
        public decimal? FromAmount { get; init; }
        public decimal Amount { get; init; }
        public string? Currency { get; init; }
        public string? ById { get; init; }
        public string? ByName { get; init; }
        public string Origin { get; init; } = "";
    }

    private sealed class TaskRow
    {
        public long Id { get; init; }
        public string Kind { get; init; } = "";
        public string? ResponsibleId { get; init; }
        public string? ResponsibleName { get; init; }
        public DateTimeOffset? CreatedAt { get; init; }
        public DateTimeOffset? DueAt { get; init; }
        public bool IsDone { get; init; }
        public DateTimeOffset? DoneAt { get; init; }
        public DateTimeOffset? RemovedAt { get; init; }

        public DealTask Task(DateTimeOffset now) => new(Id.ToString(System.Globalization.CultureInfo.InvariantCulture), Kind, Named(ResponsibleId, ResponsibleName), CreatedAt, DueAt, IsDone,
            !IsDone && RemovedAt is null && DueAt < now, DoneAt, RemovedAt);
    }

    private sealed class TouchRow
    {
        public DateTimeOffset At { get; init; }
        public string Kind { get; init; } = "";
        public string? Direction { get; init; }
        public string? ById { get; init; }
        public string? ByName { get; init; }
    }

    private const string One = $"{DealRow.Select} where d.project_id = @ProjectId and d.id = @Id";

    private const string Stages = """
        select c.at, c.from_pipeline_id, c.from_stage_id, f.name as from_name, f.state as from_state, c.pipeline_id, c.stage_id, s.name, s.state, c.by_id, u.name as by_name, c.origin
        from stage_changes c join deals d on d.project_id = c.project_id and d.id = c.deal_id
            left join crm_stages f on f.project_id = d.project_id and f.connection_id = d.connection_id and f.kind = d.kind and f.pipeline_id = c.from_pipeline_id and f.id = c.from_stage_id
            left join crm_stages s on s.project_id = d.project_id and s.connection_id = d.connection_id and s.kind = d.kind and s.pipeline_id = c.pipeline_id and s.id = c.stage_id
            left join crm_users u on u.project_id = d.project_id and u.connection_id = d.connection_id and u.id = c.by_id
        where c.project_id = @ProjectId and c.deal_id = @Id order by c.n
        """;

    private const string Amounts = """
        select c.at, c.from_amount, c.amount, c.currency, c.by_id, u.name as by_name, c.origin
        from deal_changes c join deals d on d.project_id = c.project_id and d.id = c.deal_id
            left join crm_users u on u.project_id = d.project_id and u.connection_id = d.connection_id and u.id = c.by_id
        where c.project_id = @ProjectId and c.deal_id = @Id order by c.n
        """;

    private const string Products = "select product_id, name, price, quantity from deal_products where project_id = @ProjectId and deal_id = @Id order by n";

    private const string Tasks = """
        select t.id, t.kind, t.responsible_id, u.name as responsible_name, t.created_at, t.due_at, t.is_done, t.done_at, t.removed_at
        from deals d join crm_tasks t on t.project_id = d.project_id and t.connection_id = d.connection_id and t.owner_kind = d.kind and t.owner_id = d.remote_id
            left join crm_users u on u.project_id = d.project_id and u.connection_id = d.connection_id and u.id = t.responsible_id
        where d.project_id = @ProjectId and d.id = @Id order by t.is_done or t.removed_at is not null, t.due_at desc nulls last, t.id desc limit @Most
        """;

    internal const string Touches = """
        with d as (select * from deals where project_id = @ProjectId and id = @Id),
        -- Read first, then looked up: behind row-level security no index takes a value that is still to be made of another column.
        at as materialized (select kind, remote_id as id from d union all select 'contact', c::bigint from d cross join unnest(contact_ids) c)
        select t.at, t.kind, t.direction, t.by_id, u.name as by_name
        from d cross join at join crm_touches t on t.project_id = d.project_id and t.connection_id = d.connection_id and t.owner_kind = at.kind and t.owner_id = at.id
            left join crm_users u on u.project_id = d.project_id and u.connection_id = d.connection_id and u.id = t.by_id
        order by t.at desc, t.id limit @Most
        """;

    private const string Lead = $"{LeadRow.Select} where l.project_id = @ProjectId and l.id = @Id";

    private const string Client = $"select {ClientSummary.Columns} from clients c {ClientSummary.Joins} where c.project_id = @ProjectId and c.id = @Id";
}
