using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Http.Masks;
using LeadIngest.Core.Times;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Clients whom nobody cares for: without contact for long, great ones who stopped buying, and those with an open deal and no task.</summary>
/// <remarks>
/// A contact is a call or a message of either side, or an enquiry. Looked at are clients who have ever bought or have an open deal; closed deals make nobody forgotten. `openDealNoTask`: an open
/// deal without an open task and without contact for so many working days (days of the calendar when the project has no working hours), or with an overdue task. `from`, `to` and
/// `pipeline` are refused.
/// </remarks>
internal sealed class ListForgottenClients : IEndpoint
{
    internal sealed record Query : RowsQuery
    {
        /// <summary><c>noContact</c> (when absent), <c>stoppedBuying</c> or <c>openDealNoTask</c>.</summary>
        public string? Kind { get; init; }

        /// <summary>Of silence, 1 to 3650. When absent: 60 without contact, 180 without a purchase, 3 working days without a task.</summary>
        public int? Days { get; init; }

        /// <summary>Only clients who have brought so much. For <c>stoppedBuying</c>, when absent: the 80th percentile (type 7) over all who ever bought.</summary>
        public decimal? MinLtv { get; init; }

        /// <summary><c>ltv</c> (when absent), <c>silence</c> or <c>lastPurchase</c>: the greatest, the longest, the latest first.</summary>
        public string? Sort { get; init; }
    }

    private sealed class Validator : RowsValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Kind).OneOf("noContact", "stoppedBuying", "openDealNoTask");
            RuleFor(q => q.Days).InclusiveBetween(1, 3_650).WithMessage("From 1 to 3650.");
            RuleFor(q => q.MinLtv).InclusiveBetween(0, 1_000_000_000_000).WithMessage("Not negative, at most 1,000,000,000,000.");
            RuleFor(q => q.Sort).OneOf("ltv", "silence", "lastPurchase");
            this.Refuse(q => q.From, "it counts back from today; use 'days'.");
            this.Refuse(q => q.To, "it counts back from today; use 'days'.");
            this.RefusePipeline();
        }
    }

    /// <param name="Day">Today, in the project's time zone.</param>
    /// <param name="Since">Who has been silent since then is forgotten.</param>
    /// <param name="MinLtv">The limit used; null: none.</param>
    /// <param name="Clients">How many in all.</param>
    /// <param name="Ltv">What they have brought in all.</param>
    internal sealed record Response(DateOnly Day, string Kind, int Days, DateTimeOffset Since, decimal? MinLtv, string Currency, long Clients, decimal Ltv, IReadOnlyList<Client> Items, string? NextCursor) : ICounted
    {
        int ICounted.Count => Items.Count;
    }

    internal record Client
    {
        public required Guid ClientId { get; init; }
        [Contact(MaskKind.Free)] public string? Name { get; init; }
        public string? Channel { get; init; }
        public string? Source { get; init; }
        public string? Campaign { get; init; }
        public Guid? ConnectionId { get; init; }

        /// <summary>The CRM account, for people.</summary>
        public string? ConnectionName { get; init; }

        public string? ManagerId { get; init; }
        public string? Manager { get; init; }

        /// <summary>What the client has brought.</summary>
        public required decimal Ltv { get; init; }

        public required long Purchases { get; init; }
        public DateOnly? LastPurchase { get; init; }

        /// <summary>Null: never.</summary>
        public DateTimeOffset? LastContactAt { get; init; }

        /// <summary>Days of the calendar since the last contact.</summary>
        public int? SilentDays { get; init; }

        public required long OpenDeals { get; init; }

        /// <summary>Of all open deals, as far as it is known.</summary>
        public required decimal OpenAmount { get; init; }

        public required long DealsWithoutTask { get; init; }
        public required long OverdueTasks { get; init; }
    }

    /// <summary>With what is the same in every row.</summary>
    private sealed record Found : Client
    {
        public decimal? MinLtv { get; init; }
        public long AllClients { get; init; }
        public decimal AllLtv { get; init; }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/forgotten", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, Caller caller, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, caller.ProjectId, ct);
        var (kind, now, today) = (query.Kind ?? "noContact", clock.GetUtcNow(), project.Today(clock));
        var days = query.Days ?? kind switch { "stoppedBuying" => 180, "openDealNoTask" => 3, _ => 60 };
        var since = kind == "openDealNoTask" && project.Working is not null ? WorkingDaysBack(project, now, days) : now.AddDays(-days);
        var filters = new ReportFilters(caller.ProjectId, query);
        var args = filters.Args();
        args.AddDynamicParams(new { Now = now, Since = since, LastDay = today.AddDays(-days), Today = today, Zone = project.Zone.Id, MinLtv = query.MinLtv * 100, caller.OwnConnections, caller.OwnUsers });
        var with = With(filters, kind, query.MinLtv is not null, caller.OnlyOf is not null);
        var page = with + $"""
            , page as (select x.*, count(*) over () as all_clients, sum(x.ltv) over () as all_ltv from chosen x order by {Order(query.Sort)} limit @Rows offset @Seen)
            select x.client_id, k.name, o.channel, o.source, {ReportFilters.Campaign} as campaign, c.connection_id, a.name as connection_name, c.manager_id, u.name as manager, x.ltv / 100.0 as ltv, x.purchases, x.last_purchase,
                x.contact_at as last_contact_at, @Today::date - (x.contact_at at time zone @Zone)::date as silent_days, x.open_deals, x.open_amount / 100.0 as open_amount,
                t.without_task as deals_without_task, t.overdue as overdue_tasks, x.all_clients, x.all_ltv, (select min_ltv from least_ltv) as min_ltv
            from page x join client_facts c on c.project_id = @ProjectId and c.client_id = x.client_id join clients k on k.project_id = @ProjectId and k.id = x.client_id {ReportFilters.ClientOrigin}
                left join crm_users u on u.project_id = @ProjectId and u.connection_id = c.connection_id and u.id = c.manager_id
                left join connections a on a.project_id = @ProjectId and a.id = c.connection_id
                cross join lateral ({Tasks}) t
            order by {Order(query.Sort)}
            """;
        var rows = (await connection.QueryAsync<Found>(new CommandDefinition(page, args.Paged(query), cancellationToken: ct))).AsList();
        // Nobody on the page says nothing of the limit, nor of those before it.
        var all = rows.Count > 0 ? rows[0] : await connection.QuerySingleAsync<Found>(new CommandDefinition(
            with + " select (select min_ltv from least_ltv) as min_ltv, count(*) as all_clients, coalesce(sum(ltv), 0) as all_ltv from chosen", args, cancellationToken: ct));

        if (query.IsFile() && rows.Count > BehindRows.MostInFile) return Problems.Invalid("format", $"More than {BehindRows.MostInFile} clients: filter, or raise 'minLtv'.");
        _ = Place.TryRead(query.Cursor, out var seen);
        var most = query.IsFile() ? BehindRows.MostInFile : Cursor.Limit(query.Limit);
        var response = new Response(today, kind, days, TimeZoneInfo.ConvertTime(since, project.Zone), all.MinLtv?.Money(), project.Currency, all.AllClients, all.AllLtv.Money(), [.. rows.Take(most)],
            rows.Count > most ? Place.Write(seen + most) : null);
        return ReportAnswer.Of(query, response, () => Table(response, project));
    }

    /// <summary>The same time of day so many worked days ago.</summary>
    private static DateTimeOffset WorkingDaysBack(ReportProject project, DateTimeOffset now, int days)
    {
        // Hours that never come must not be searched for without end.
        var at = now;
        for (int left = days, steps = 0; left > 0 && steps < 5_000; steps++)
        {
            var begin = Periods.Begin(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, project.Zone).DateTime), project.Zone);
            if (project.Working!.Between(begin, begin.AddDays(1), project.Zone) > TimeSpan.Zero) left--;
            at = at.AddDays(-1);
        }
        return at;
    }

    private static string Order(string? sort) =>
        (sort switch { "silence" => "coalesce(x.contact_at, x.came_at)", "lastPurchase" => "x.last_purchase desc nulls last", _ => "x.ltv desc" }) + ", x.client_id";

    private static string With(ReportFilters filters, string kind, bool limited, bool onlyOwn)
    {
        var low = kind == "stoppedBuying" || limited ? "x.ltv >= (select min_ltv from least_ltv)" : "true";
        // Tasks are looked up deal by deal: for those who have an open one, and only where tasks decide who is on the list.
        var chosen = kind switch
        {
            "stoppedBuying" => "select x.* from near x where x.last_purchase <= @LastDay",
            "openDealNoTask" => $"select x.* from near x cross join lateral ({Tasks}) t where t.without_task > 0 and coalesce(x.contact_at, x.came_at) < @Since or t.overdue > 0",
            _ => "select x.* from near x where coalesce(x.contact_at, x.came_at) < @Since",
        };
        return $"""
            with sums as materialized (
                select d.client_id, count(*) filter (where d.won_day is not null and d.amount is distinct from 0 and {ReportFilters.Paid}) as purchases,
                    coalesce(sum(d.amount) filter (where d.won_day is not null), 0) as ltv,
                    max(d.won_day) filter (where d.amount is distinct from 0 and {ReportFilters.Paid}) as last_purchase, count(*) filter (where d.state = 'open') as open_deals,
                    coalesce(sum(d.amount) filter (where d.state = 'open'), 0) as open_amount
                from deal_facts d where d.project_id = @ProjectId and d.client_id is not null group by d.client_id),
            least_ltv as materialized (
                select {(limited ? "@MinLtv::numeric" : kind == "stoppedBuying" ? "(select round(percentile_cont(0.8) within group (order by ltv::float8)::numeric, 3) from sums where purchases > 0)" : "null::numeric")} as min_ltv),
            merged as materialized (
                select merged_into as id, max(last_lead_at) as last_lead_at from clients where project_id = @ProjectId and merged_into is not null group by merged_into),
            near as (
                select x.*, c.came_at, greatest(c.contact_at, k.last_lead_at, m.last_lead_at) as contact_at
                from sums x join client_facts c on c.project_id = @ProjectId and c.client_id = x.client_id join clients k on k.project_id = @ProjectId and k.id = x.client_id
                    left join merged m on m.id = x.client_id {(filters.BySource ? ReportFilters.ClientOrigin : "")}
                where (x.purchases > 0 or x.open_deals > 0) {filters.Clients()} and {low} {(kind == "openDealNoTask" ? "and x.open_deals > 0" : "")}
                    {(onlyOwn ? $"and x.client_id in ({OwnRows.Clients})" : "")}),
            chosen as materialized ({chosen})
            """;
    }

    /// <summary>Of the open deals of <c>x</c>.</summary>
    private const string Tasks = $"""
        select count(*) filter (where not exists ({OpenTask})) as without_task, coalesce(sum((select count(*) from ({OpenTask} and z.due_at < @Now) q)), 0)::bigint as overdue
        from deal_facts d join deals r on r.project_id = d.project_id and r.id = d.deal_id
        where x.open_deals > 0 and d.project_id = @ProjectId and d.client_id = x.client_id and d.state = 'open'
        """;

    private const string OpenTask = """
        select 1 from crm_tasks z where z.project_id = d.project_id and z.connection_id = d.connection_id and z.owner_kind = 'deal' and z.owner_id = r.remote_id and not z.is_done and z.removed_at is null
        """;

    private static ReportTable Table(Response response, ReportProject project) => new("forgotten",
    [
        new("Клиент", "Client"), new("Id", "Id"), new("Канал", "Channel"), new("Источник", "Source"), new("Кампания", "Campaign"), new("Ответственный", "Manager"), new("LTV", "LTV", ColumnKind.Money),
        new("Покупок", "Purchases", ColumnKind.Count), new("Последняя покупка", "Last purchase", ColumnKind.Day), new("Последний контакт", "Last contact", ColumnKind.Moment),
        new("Дней без контакта", "Days of silence", ColumnKind.Count), new("Открытых сделок", "Open deals", ColumnKind.Count), new("Сумма открытых", "Open amount", ColumnKind.Money),
        new("Сделок без задачи", "Deals without a task", ColumnKind.Count), new("Просроченных задач", "Overdue tasks", ColumnKind.Count),
    ], response.Items.Select(c => (IReadOnlyList<object?>)[c.Name, c.ClientId.ToString(), c.Channel, c.Source, c.Campaign, c.Manager ?? c.ManagerId, c.Ltv, c.Purchases, c.LastPurchase, c.LastContactAt,
        (long?)c.SilentDays, c.OpenDeals, c.OpenAmount, c.DealsWithoutTask, c.OverdueTasks]), project.Zone)
    {
        About = [("День", "Day", response.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), ("Вид", "Kind", response.Kind), ("Дней", "Days", response.Days.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("Валюта", "Currency", project.Currency)],
    };
}
