using Dapper;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>What money is made of in a range of days.</summary>
internal sealed record MoneyCounts
{
    /// <summary>L: new and repeat leads.</summary>
    public long Leads { get; init; }

    /// <summary>Who paid: clients, and each deal that is nobody's for one.</summary>
    public long Clients { get; init; }

    /// <summary>D: paid deals.</summary>
    public long Sales { get; init; }

    /// <summary>Kopecks.</summary>
    public decimal Revenue { get; init; }

    public MoneyFactors Factors => MoneyFactors.Of(Leads, Clients, Sales, Revenue / 100m);

    public static async Task<MoneyCounts> ReadAsync(NpgsqlConnection connection, ReportFilters filters, ReportProject project, DayRange range, CancellationToken ct) =>
        await connection.QuerySingleAsync<MoneyCounts>(new CommandDefinition($"""
            select
                (select count(*) from leads l where l.project_id = @ProjectId and {LeadsOf} {filters.Leads()}) as leads,
                count(distinct coalesce(d.client_id, d.deal_id)) filter (where {ReportFilters.Paid}) as clients, count(*) filter (where {ReportFilters.Paid}) as sales, coalesce(sum(d.amount), 0) as revenue
            from deal_facts d {(filters.BySource ? ReportFilters.DealOrigin : "")}
            where d.project_id = @ProjectId and {DealsOf} {filters.Deals()}
            """, Args(filters, project, range), cancellationToken: ct));

    public const string LeadsOf = "l.status in ('new', 'repeat') and (case when l.occurred_at is not null then l.occurred_at else l.received_at end) >= @Begin and (case when l.occurred_at is not null then l.occurred_at else l.received_at end) < @Before";
    public const string DealsOf = "d.won_day between @From and @To and d.amount is distinct from 0";

    public static DynamicParameters Args(ReportFilters filters, ReportProject project, DayRange range)
    {
        var (begin, before) = range.Bounds(project.Zone);
        var args = filters.Args();
        args.AddDynamicParams(new { range.From, range.To, Begin = begin, Before = before });
        return args;
    }

    /// <summary>These filters part deals and not the leads before them.</summary>
    public static void Rules<T>(FluentValidation.AbstractValidator<T> validator) where T : ReportQuery
    {
        validator.Refuse(q => q.Manager, "leads have no responsible user, and their conversion would be of all of them.");
        validator.Refuse(q => q.Pipeline, "leads are in no pipeline, and their conversion would be of all of them.");
    }
}

/// <summary>The factors of one period.</summary>
/// <param name="Leads">L.</param>
/// <param name="Conversion">C = clients who paid / leads; above 1 when old leads pay.</param>
/// <param name="AverageCheck">P = revenue / sales.</param>
/// <param name="SalesPerClient">Qs = sales / clients.</param>
/// <param name="Money">Their product.</param>
/// <param name="Clients">Who paid.</param>
/// <param name="Sales">Paid deals.</param>
/// <param name="Revenue">As counted. It differs from the money only where there is nothing to divide by: revenue without a lead.</param>
internal sealed record PeriodFactors(DateOnly From, DateOnly To, decimal Leads, decimal Conversion, decimal AverageCheck, decimal SalesPerClient, decimal Money, long Clients, long Sales, decimal Revenue)
{
    public static PeriodFactors Of(DayRange range, MoneyCounts counts)
    {
        var factors = counts.Factors;
        return new(range.From, range.To, counts.Leads, Round(factors.Conversion, 6), Round(factors.AverageCheck, 2), Round(factors.SalesPerClient, 6), Round(factors.Money, 2), counts.Clients, counts.Sales, counts.Revenue.Money());
    }

    public static decimal Round(decimal value, int digits) => decimal.Round(value, digits, MidpointRounding.AwayFromZero);
}

/// <summary>What each factor did to the change of money; the four add up to it to the kopeck.</summary>
/// <param name="Method"><c>chain</c>: one factor after another in the order L, C, P, Qs; <c>logMean</c>: without an order. A factor of 0 leaves only the chain.</param>
internal sealed record FactorEffects(string Method, decimal Leads, decimal Conversion, decimal AverageCheck, decimal SalesPerClient, decimal Change)
{
    public static FactorEffects Of(MoneyFactors before, MoneyFactors after, ShareMethod method)
    {
        var shares = Decomposition.Of(before, after, method).Rounded();
        return new(shares.Method == ShareMethod.Chain ? "chain" : "logMean", shares.Leads, shares.Conversion, shares.AverageCheck, shares.SalesPerClient, shares.Change);
    }
}
