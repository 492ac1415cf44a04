using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Adds spend up: by period, account, source, campaign, group, ad or keyword; imported and by hand together.</summary>
/// <remarks>Money is in the project's currency and on its VAT basis (<c>spendVat</c>). What no rate is known for is shown apart, by its own currency, and is in no sum.</remarks>
internal sealed class SummarizeSpend : IEndpoint
{
    private const int MostGroups = 5_000;

    /// <param name="GroupBy"><c>day</c> (when absent), <c>week</c>, <c>month</c>, <c>quarter</c>, <c>account</c>, <c>source</c>, <c>campaign</c>, <c>group</c>, <c>ad</c> or <c>keyword</c>.</param>
    /// <param name="From">From this day on.</param>
    /// <param name="To">Up to this day.</param>
    internal sealed record Query(string? GroupBy, DateOnly? From, DateOnly? To);

    private sealed class Validator : AbstractValidator<Query>
    {
        public Validator() => RuleFor(q => q.GroupBy).OneOf([.. Groups.Keys]);
    }

    /// <param name="Items">The greatest spend first; periods in order. At most 5,000.</param>
    /// <param name="Total">Of all spend, also of groups that are not shown.</param>
    /// <param name="Currency">ISO 4217, of all money.</param>
    /// <param name="Vat"><c>gross</c> or <c>net</c>.</param>
    internal sealed record Response(IReadOnlyList<Group> Items, Group Total, string Currency, string Vat);

    /// <param name="Key">Of campaigns <c>id:…</c> or <c>name:…</c>; null: spend that names none.</param>
    /// <param name="Name">For people; of a renamed campaign the latest.</param>
    /// <param name="Money">Null: nothing that could be converted.</param>
    /// <param name="Unconverted">Amounts by currency for which no rate is known, as the cabinet tells them.</param>
    internal sealed record Group(string? Key, string? Name, decimal? Money, IReadOnlyDictionary<string, decimal> Unconverted, long Clicks, long Impressions);

    private sealed record Row(string? Key, string? Name, decimal? Money, string Unconverted, long Clicks, long Impressions, bool IsTotal);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/summary", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Response>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        var (key, name, order) = Groups[query.GroupBy ?? "day"];
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var (currency, vat) = await connection.QuerySingleAsync<(string, string)>(new CommandDefinition("select currency::text, spend_vat from projects where project_id = @ProjectId", new { scope.ProjectId }, cancellationToken: ct));
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Sum(key, name, order), new { scope.ProjectId, query.From, query.To, Most = MostGroups }, cancellationToken: ct))).AsList();
        var groups = rows.Where(r => !r.IsTotal).Select(Of).ToArray();
        return TypedResults.Ok(new Response(groups, rows.Where(r => r.IsTotal).Select(Of).SingleOrDefault() ?? new(null, null, 0, new Dictionary<string, decimal>(), 0, 0), currency, vat));
    }

    private static Group Of(Row row) => new(row.Key, row.Name, row.Money, System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, decimal>>(row.Unconverted)!, row.Clicks, row.Impressions);

    private const string ByMoney = "money desc nulls last, key";

    // Only these texts of our own get into the query.
    private static readonly Dictionary<string, (string Key, string Name, string Order)> Groups = new(StringComparer.Ordinal)
    {
        ["day"] = ("day::text", "null", "key"),
        ["week"] = ("date_trunc('week', day)::date::text", "null", "key"),
        ["month"] = ("date_trunc('month', day)::date::text", "null", "key"),
        ["quarter"] = ("date_trunc('quarter', day)::date::text", "null", "key"),
        ["account"] = ("account_id::text", "(select a.name from spend_accounts a where a.project_id = @ProjectId and a.id = s.account_id)", ByMoney),
        ["source"] = ("source", "source", ByMoney),
        ["campaign"] = ("campaign_key", "campaign_name", ByMoney),
        ["group"] = ("coalesce(group_id, group_name)", "group_name", ByMoney),
        ["ad"] = ("coalesce(ad_id, ad_name)", "ad_name", ByMoney),
        ["keyword"] = ("keyword", "keyword", ByMoney),
    };

    private static string Sum(string key, string name, string order) => $"""
        with rows as (
            select {key} as key, {name} as name, day, currency::text as currency, amount, money, clicks, impressions from spend_money s
            where project_id = @ProjectId and (@From::date is null or day >= @From) and (@To::date is null or day <= @To)),
        parts as (
            select key, grouping(key) = 1 as is_total, currency, (array_agg(name order by day desc) filter (where name is not null))[1] as name, sum(money) as money,
                sum(amount) filter (where money is null) as missing, sum(clicks) as clicks, sum(impressions) as impressions
            from rows group by grouping sets ((key, currency), (currency)))
        select key, max(name) filter (where not is_total) as name, round(sum(money), 2) as money, coalesce(jsonb_object_agg(currency, missing) filter (where missing is not null), '{NoneJson}')::text as unconverted,
            sum(clicks)::bigint as clicks, sum(impressions)::bigint as impressions, is_total
        from parts group by key, is_total order by is_total desc, {order} limit @Most + 1
        """;

    private const string NoneJson = "{}";
}
