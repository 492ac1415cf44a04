using Dapper;
using LeadIngest.Core.Metrics;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Won deals whose money is in no sum, because no rate of their currency is known for the day.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Deals">How many.</param>
/// <param name="Amount">In that currency.</param>
internal sealed record UnconvertedDeals(string? Currency, long Deals, decimal Amount);

internal static class ReportMoney
{
    /// <summary>Kopecks to money; what is a quotient of kopecks is rounded to them, half away from zero.</summary>
    public static decimal Money(this decimal kopecks) => decimal.Round(kopecks, 0, MidpointRounding.AwayFromZero) / 100m;

    /// <summary>A quotient of kopecks.</summary>
    public static decimal? Money(this Ratio ratio) => ratio.Value?.Money();

    /// <summary>A share or a number: six digits, nothing that a reader could miss.</summary>
    public static decimal? Number(this Ratio ratio) => ratio.Value is { } value ? decimal.Round(value, 6, MidpointRounding.AwayFromZero) : null;

    private sealed record Row
    {
        public string? Currency { get; init; }
        public long Deals { get; init; }
        public decimal Amount { get; init; }
    }

    /// <param name="connection">Any.</param>
    /// <param name="where">Conditions on <c>d</c> of deal_facts, and on whatever <paramref name="joins"/> join; beginning with <c>and</c>.</param>
    /// <param name="args">Of those.</param>
    /// <param name="joins">None when empty.</param>
    public static async Task<IReadOnlyList<UnconvertedDeals>> UnconvertedAsync(NpgsqlConnection connection, string where, DynamicParameters args, CancellationToken ct, string joins = "")
    {
        var rows = await connection.QueryAsync<Row>(new CommandDefinition($"""
            select r.currency, count(*) as deals, sum(r.amount) as amount
            from deal_facts d join deals r on r.project_id = d.project_id and r.id = d.deal_id {joins}
            where d.project_id = @ProjectId and d.won_day is not null and d.amount is null {where}
            group by r.currency order by r.currency
            """, args, cancellationToken: ct));
        return [.. rows.Select(r => new UnconvertedDeals(r.Currency, r.Deals, r.Amount))];
    }

    /// <summary>The same under filters of clients.</summary>
    public static Task<IReadOnlyList<UnconvertedDeals>> UnconvertedAsync(NpgsqlConnection connection, ReportFilters filters, string where, DynamicParameters args, CancellationToken ct) =>
        UnconvertedAsync(connection, where + (filters.OfClients ? filters.Clients() : ""), args, ct, filters.OfClients
            ? "join client_facts c on c.project_id = d.project_id and c.client_id = d.client_id" + ReportFilters.ClientOrigin : "");
}
