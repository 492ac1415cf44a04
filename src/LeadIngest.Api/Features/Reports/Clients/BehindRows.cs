using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Masks;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>What every list behind a figure may be asked with.</summary>
internal abstract record RowsQuery : ReportQuery
{
    /// <summary>Rows a page, 1 to 500; 50 when absent. Files hold all rows, at most 100,000.</summary>
    public int? Limit { get; init; }

    /// <summary><c>nextCursor</c> of the page before.</summary>
    public string? Cursor { get; init; }
}

internal class RowsValidator<T> : ReportValidator<T> where T : RowsQuery
{
    protected RowsValidator()
    {
        RuleFor(q => q.Limit).InclusiveBetween(1, Cursor.MaxLimit).WithMessage($"From 1 to {Cursor.MaxLimit}.");
        RuleFor(q => q.Cursor).Must(c => Place.TryRead(c, out _)).WithMessage("Not a cursor: pass nextCursor of the page before, unchanged.");
    }
}

/// <summary>A cursor of lists in an order of their own: how many rows have been seen. Rows that come in between may move by as many places.</summary>
internal static class Place
{
    private const int Most = 1_000_000;

    public static string Write(int seen) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes("n" + seen.ToString(CultureInfo.InvariantCulture)));

    public static bool TryRead(string? cursor, out int seen)
    {
        seen = 0;
        if (string.IsNullOrEmpty(cursor)) return true;
        Span<byte> bytes = stackalloc byte[16];
        return cursor.Length <= 16 && Base64Url.TryDecodeFromUtf8(Encoding.ASCII.GetBytes(cursor), bytes, out var written) && written > 1 && bytes[0] == 'n'
            && int.TryParse(Encoding.ASCII.GetString(bytes[1..written]), NumberStyles.None, CultureInfo.InvariantCulture, out seen) && seen <= Most;
    }
}

/// <summary>Reads what is behind a figure: a page of it for JSON, all of it for files.</summary>
internal static class BehindRows
{
    /// <summary>Of a file; more are refused, so that nobody takes a part for the whole.</summary>
    public const int MostInFile = 100_000;

    public static bool IsFile(this ReportQuery query) => query.Format is "csv" or "xlsx";

    /// <summary>Adds <c>@Rows</c> and <c>@Seen</c>: write <c>limit @Rows offset @Seen</c>.</summary>
    public static DynamicParameters Paged(this DynamicParameters args, RowsQuery query)
    {
        _ = Place.TryRead(query.Cursor, out var seen);
        args.Add("Rows", (query.IsFile() ? MostInFile : Cursor.Limit(query.Limit)) + 1);
        args.Add("Seen", query.IsFile() ? 0 : seen);
        return args;
    }

    /// <summary>The answer over rows read by <see cref="Paged"/>.</summary>
    public static IResult Answer<T>(RowsQuery query, IReadOnlyList<T> rows, Func<IEnumerable<T>, ReportTable> table)
    {
        if (query.IsFile())
            return rows.Count > MostInFile ? Problems.Invalid("format", $"More than {MostInFile} rows: ask for fewer days, or filter.") : ReportAnswer.Of(query, rows, () => table(rows));
        _ = Place.TryRead(query.Cursor, out var seen);
        var limit = Cursor.Limit(query.Limit);
        return TypedResults.Ok(rows.Count <= limit ? new Page<T>(rows, null) : new([.. rows.Take(limit)], Place.Write(seen + limit)));
    }
}

/// <summary>A client behind a figure.</summary>
internal sealed record ReportClient
{
    public required Guid ClientId { get; init; }
    [Contact(MaskKind.Free)] public string? Name { get; init; }

    /// <summary>Of the first touch of all.</summary>
    public string? Channel { get; init; }

    public string? Source { get; init; }
    public string? Medium { get; init; }
    public string? Campaign { get; init; }

    /// <summary>The day of the first enquiry, else of the first deal.</summary>
    public required DateOnly CameOn { get; init; }

    /// <summary>Paid deals in all.</summary>
    public required long Purchases { get; init; }

    /// <summary>What they brought in all.</summary>
    public required decimal Revenue { get; init; }

    public DateOnly? FirstPurchase { get; init; }
    public DateOnly? LastPurchase { get; init; }

    /// <summary>The responsible user of the newest deal: the CRM's id.</summary>
    public string? ManagerId { get; init; }

    public string? Manager { get; init; }
    public Guid? ConnectionId { get; init; }

    /// <summary>The CRM account, for people.</summary>
    public string? ConnectionName { get; init; }

    /// <param name="set">Selects <c>client_id</c> and <c>rank</c>, by which they are ordered, the greatest first.</param>
    /// <param name="with">Common table expressions before it, each ending with a comma.</param>
    public static string Select(string set, string with = "") => $"""
        with {with} chosen as (select client_id, rank from ({set}) chosen order by rank desc, client_id limit @Rows offset @Seen)
        select c.client_id, k.name, o.channel, o.source, o.medium, {ReportFilters.Campaign} as campaign, c.came_day as came_on, p.purchases, coalesce(p.revenue, 0) / 100.0 as revenue,
            p.first_purchase, p.last_purchase, c.manager_id, u.name as manager, c.connection_id, a.name as connection_name
        from chosen x join client_facts c on c.project_id = @ProjectId and c.client_id = x.client_id
            join clients k on k.project_id = @ProjectId and k.id = x.client_id {ReportFilters.ClientOrigin}
            left join crm_users u on u.project_id = @ProjectId and u.connection_id = c.connection_id and u.id = c.manager_id
            left join connections a on a.project_id = @ProjectId and a.id = c.connection_id
            cross join lateral (
                select count(*) filter (where {ReportFilters.Paid}) as purchases, sum(d.amount) as revenue,
                    min(d.won_day) filter (where {ReportFilters.Paid}) as first_purchase, max(d.won_day) filter (where {ReportFilters.Paid}) as last_purchase
                from deal_facts d where d.project_id = @ProjectId and d.client_id = x.client_id and d.won_day is not null) p
        order by x.rank desc, x.client_id
        """;

    private static readonly ReportColumn[] Columns =
    [
        new("Клиент", "Client"), new("Id", "Id"), new("Канал", "Channel"), new("Источник", "Source"), new("Тип трафика", "Medium"), new("Кампания", "Campaign"), new("Пришёл", "Came on", ColumnKind.Day),
        new("Покупок", "Purchases", ColumnKind.Count), new("Выручка", "Revenue", ColumnKind.Money), new("Первая покупка", "First purchase", ColumnKind.Day),
        new("Последняя покупка", "Last purchase", ColumnKind.Day), new("Ответственный", "Manager"),
    ];

    public static ReportTable Table(string name, IEnumerable<ReportClient> clients, TimeZoneInfo zone) => new(name, Columns, clients.Select(c => (IReadOnlyList<object?>)
        [c.Name, c.ClientId.ToString(), c.Channel, c.Source, c.Medium, c.Campaign, c.CameOn, c.Purchases, c.Revenue, c.FirstPurchase, c.LastPurchase, c.Manager ?? c.ManagerId]), zone);
}

/// <summary>A deal behind a figure.</summary>
internal sealed record ReportDeal
{
    public required Guid DealId { get; init; }
    public required Guid ConnectionId { get; init; }

    /// <summary>The CRM account, for people; null when it was removed since.</summary>
    public string? ConnectionName { get; init; }

    /// <summary>Its id in the CRM.</summary>
    public required string RemoteId { get; init; }

    [Contact(MaskKind.Free)] public string? Name { get; init; }
    public Guid? ClientId { get; init; }
    [Contact(MaskKind.Free)] public string? ClientName { get; init; }

    /// <summary>Of the deal; of its client where it has none of its own.</summary>
    public string? Channel { get; init; }

    public string? Source { get; init; }
    public string? Medium { get; init; }
    public string? Campaign { get; init; }
    public required string State { get; init; }
    public required DateOnly MadeOn { get; init; }
    public DateOnly? WonOn { get; init; }

    /// <summary>In the project's currency; null: no rate is known for the day.</summary>
    public decimal? Amount { get; init; }

    public string? ManagerId { get; init; }
    public string? Manager { get; init; }

    /// <param name="where">Conditions on <c>d</c> of deal_facts and <c>o</c> of <see cref="ReportFilters.DealOrigin"/>, beginning with <c>and</c>.</param>
    /// <param name="with">A <c>with</c> clause, or nothing.</param>
    public static string Select(string where, string with = "") => $"""
        {with}
        select d.deal_id, d.connection_id, a.name as connection_name, r.remote_id::text as remote_id, r.name, d.client_id, k.name as client_name, o.channel, o.source, o.medium, {ReportFilters.Campaign} as campaign,
            d.state, d.made_day as made_on, d.won_day as won_on, d.amount / 100.0 as amount, d.manager_id, u.name as manager
        from deal_facts d join deals r on r.project_id = d.project_id and r.id = d.deal_id
            left join clients k on k.project_id = d.project_id and k.id = d.client_id {ReportFilters.DealOrigin}
            left join crm_users u on u.project_id = d.project_id and u.connection_id = d.connection_id and u.id = d.manager_id
            left join connections a on a.project_id = d.project_id and a.id = d.connection_id
        where d.project_id = @ProjectId {where}
        order by coalesce(d.won_day, d.made_day) desc, d.deal_id desc limit @Rows offset @Seen
        """;

    private static readonly ReportColumn[] Columns =
    [
        new("Сделка", "Deal"), new("Id в CRM", "CRM id"), new("Клиент", "Client"), new("Канал", "Channel"), new("Источник", "Source"), new("Тип трафика", "Medium"), new("Кампания", "Campaign"),
        new("Состояние", "State"), new("Создана", "Made on", ColumnKind.Day), new("Выиграна", "Won on", ColumnKind.Day), new("Сумма", "Amount", ColumnKind.Money), new("Ответственный", "Manager"),
    ];

    public static ReportTable Table(string name, IEnumerable<ReportDeal> deals, TimeZoneInfo zone) => new(name, Columns, deals.Select(d => (IReadOnlyList<object?>)
        [d.Name, d.RemoteId, d.ClientName, d.Channel, d.Source, d.Medium, d.Campaign, d.State, d.MadeOn, d.WonOn, d.Amount, d.Manager ?? d.ManagerId]), zone);
}

/// <summary>A lead behind a figure.</summary>
internal sealed record ReportLead
{
    public required Guid LeadId { get; init; }
    public required string Kind { get; init; }
    public required string Status { get; init; }
    public required DateTimeOffset At { get; init; }
    [Contact(MaskKind.Free)] public string? Name { get; init; }
    public Guid? ClientId { get; init; }
    public string? Channel { get; init; }
    public string? Source { get; init; }
    public string? Medium { get; init; }
    public string? Campaign { get; init; }

    /// <param name="where">Conditions on <c>l</c> of leads, beginning with <c>and</c>.</param>
    /// <param name="with">A <c>with</c> clause, or nothing.</param>
    public static string Select(string where, string with = "") => $"""
        {with}
        select l.id as lead_id, l.kind, l.status, (case when l.occurred_at is not null then l.occurred_at else l.received_at end) as at, l.name, coalesce(k.merged_into, l.client_id) as client_id, l.channel, l.source, l.medium, l.campaign
        from leads l left join clients k on k.project_id = l.project_id and k.id = l.client_id
        where l.project_id = @ProjectId and l.status in ('new', 'repeat') {where}
        order by at desc, l.id desc limit @Rows offset @Seen
        """;

    private static readonly ReportColumn[] Columns =
    [
        new("Заявка", "Lead"), new("Вид", "Kind"), new("Время", "At", ColumnKind.Moment), new("Имя", "Name"), new("Канал", "Channel"), new("Источник", "Source"), new("Тип трафика", "Medium"), new("Кампания", "Campaign"),
    ];

    public static ReportTable Table(string name, IEnumerable<ReportLead> leads, TimeZoneInfo zone) => new(name, Columns, leads.Select(l => (IReadOnlyList<object?>)
        [l.LeadId.ToString(), l.Kind, l.At, l.Name, l.Channel, l.Source, l.Medium, l.Campaign]), zone);
}

internal static class BehindQueries
{
    /// <summary>Reads a page or a file of <typeparamref name="T"/>.</summary>
    public static async Task<IReadOnlyList<T>> BehindAsync<T>(this NpgsqlConnection connection, string sql, DynamicParameters args, RowsQuery query, CancellationToken ct) =>
        (await connection.QueryAsync<T>(new CommandDefinition(sql, args.Paged(query), cancellationToken: ct))).AsList();
}
