using LeadIngest.Core.Money;

namespace LeadIngest.Core.Metrics;

/// <summary>Money = L × C × P × Qs: leads × conversion to clients × average check × sales per client.</summary>
/// <param name="Leads">L.</param>
/// <param name="Conversion">C = clients / leads.</param>
/// <param name="AverageCheck">P = money / sales.</param>
/// <param name="SalesPerClient">Qs = sales / clients.</param>
public readonly record struct MoneyFactors(decimal Leads, decimal Conversion, decimal AverageCheck, decimal SalesPerClient)
{
    public decimal Money => Leads * Conversion * AverageCheck * SalesPerClient;

    /// <summary>From what a period counted. Nothing to divide by makes a factor 0, and all after it: there was no money by these leads.</summary>
    public static MoneyFactors Of(long leads, long clients, long sales, decimal revenue) => leads == 0 ? default
        : new(leads, (decimal)clients / leads, clients == 0 || sales == 0 ? 0 : revenue / sales, clients == 0 ? 0 : (decimal)sales / clients);

    /// <summary>What if: each factor changed by a share, 0.1 for 10 % more.</summary>
    public MoneyFactors WhatIf(decimal leads = 0, decimal conversion = 0, decimal averageCheck = 0, decimal salesPerClient = 0) =>
        new(Leads * (1 + leads), Conversion * (1 + conversion), AverageCheck * (1 + averageCheck), SalesPerClient * (1 + salesPerClient));

    internal decimal[] All => [Leads, Conversion, AverageCheck, SalesPerClient];
}

/// <summary>How a change of money was shared among its factors.</summary>
public enum ShareMethod
{
    /// <summary>Chain substitution: factors are changed one after another in the order L, C, P, Qs; each gets the change it makes. Depends on the order.</summary>
    Chain,

    /// <summary>Log-mean (LMDI): (M₁ − M₀) / ln(M₁/M₀) × ln(x₁/x₀). Does not depend on the order; undefined where a factor is 0 or below.</summary>
    LogMean,
}

/// <summary>What each factor did to the change of money between two periods. The four add up to exactly <see cref="Change"/>.</summary>
/// <param name="Method">The one used.</param>
/// <param name="Leads">Money by the change of leads.</param>
/// <param name="Conversion">Money by the change of conversion.</param>
/// <param name="AverageCheck">Money by the change of the average check.</param>
/// <param name="SalesPerClient">Money by the change of sales per client.</param>
/// <param name="Change">M₁ − M₀.</param>
public sealed record FactorShares(ShareMethod Method, decimal Leads, decimal Conversion, decimal AverageCheck, decimal SalesPerClient, decimal Change)
{
    /// <summary>Shares in kopecks that add up to the change in kopecks: rounded each alone they may be one off.</summary>
    public FactorShares Rounded(int digits = 2)
    {
        var parts = ExactSplit.Round([Leads, Conversion, AverageCheck, SalesPerClient], digits);
        return new(Method, parts[0], parts[1], parts[2], parts[3], parts.Sum());
    }
}

/// <summary>Explains a change of money between two periods.</summary>
public static class Decomposition
{
    /// <summary>By the method asked for; a factor of 0 or below in either period leaves only the chain.</summary>
    public static FactorShares Of(MoneyFactors before, MoneyFactors after, ShareMethod method)
    {
        var (from, to) = (before.All, after.All);
        if (from.Concat(to).Any(f => f <= 0)) method = ShareMethod.Chain;
        var parts = method == ShareMethod.Chain ? Chain(from, to) : LogMean(from, to);
        var change = after.Money - before.Money;
        // The last digits of a quotient or a logarithm are rounded; the greatest part takes what that leaves.
        var greatest = Enumerable.Range(0, parts.Length).MaxBy(i => Math.Abs(parts[i]));
        parts[greatest] += change - parts.Sum();
        return new(method, parts[0], parts[1], parts[2], parts[3], change);
    }

    private static decimal[] Chain(decimal[] from, decimal[] to)
    {
        var mixed = (decimal[])from.Clone();
        var parts = new decimal[from.Length];
        var money = Product(mixed);
        for (var i = 0; i < parts.Length; i++)
        {
            mixed[i] = to[i];
            var next = Product(mixed);
            (parts[i], money) = (next - money, next);
        }
        return parts;
    }

    private static decimal[] LogMean(decimal[] from, decimal[] to)
    {
        var (before, after) = ((double)Product(from), (double)Product(to));
        var logs = from.Zip(to, (x, y) => Math.Log((double)(y / x))).ToArray();
        // Nearly equal money: the quotient would be of two roundings, and its limit is the money itself.
        var mean = Math.Abs(after - before) < before * 1e-9 ? (before + after) / 2 : (after - before) / Math.Log(after / before);
        return [.. logs.Select(log => (decimal)(mean * log))];
    }

    private static decimal Product(decimal[] factors) => factors.Aggregate(1m, (product, factor) => product * factor);
}
