namespace LeadIngest.Core.Metrics;

/// <summary>What a client brings over time. Money in any one unit.</summary>
public static class LifetimeValue
{
    /// <summary>What a cohort (clients by the month of their first payment) has brought so far, per client: all clients, those who never came back too.</summary>
    /// <param name="brought">Gross profit of the cohort, or revenue: the page says which.</param>
    /// <param name="clients">Of the cohort.</param>
    public static Ratio Historical(decimal brought, long clients) => new(brought, clients);

    /// <summary>Average check × purchases per period × lifetime in periods × margin.</summary>
    /// <param name="averageCheck">Null when there was no deal: then there is no value.</param>
    /// <param name="purchasesPerPeriod">Of one client.</param>
    /// <param name="lifetimePeriods">How many periods a client stays.</param>
    /// <param name="margin">Share of the check that remains: 0.4 for 40 %; 1 counts revenue.</param>
    public static decimal? Simple(decimal? averageCheck, decimal purchasesPerPeriod, decimal lifetimePeriods, decimal margin) =>
        averageCheck * purchasesPerPeriod * lifetimePeriods * margin;

    /// <summary>LTV / CAC; no value when either has none.</summary>
    public static Ratio ToCac(decimal? lifetimeValue, decimal? cac) => new(lifetimeValue, cac);

    /// <summary>The month in which what a client brought first reaches what the client cost.</summary>
    /// <param name="cac">Null: no value.</param>
    /// <param name="marginPerClient">By month since the first payment: margin per client of the cohort in that month, not cumulated; finished months only.</param>
    /// <returns>0: within the month of the first payment; 1: within the next… Null: not yet, or CAC has no value.</returns>
    public static int? PaybackMonth(decimal? cac, IReadOnlyList<decimal> marginPerClient)
    {
        if (cac is null) return null;
        var sum = 0m;
        for (var month = 0; month < marginPerClient.Count; month++)
        {
            sum += marginPerClient[month];
            if (sum >= cac) return month;
        }
        return null;
    }
}
