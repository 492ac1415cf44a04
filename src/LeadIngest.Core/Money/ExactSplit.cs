namespace LeadIngest.Core.Money;

/// <summary>
/// Shares an amount in minor units (kopecks) so that the parts add up to exactly the amount: by the largest remainder. Every part is its exact share
/// rounded down or up, never further off than one unit. Pure; the same input gives the same parts.
/// </summary>
/// <remarks>
/// A negative amount is shared like its opposite: the parts of −x are the opposites of those of x, so that a full refund cancels a sale part by part.
/// Equal remainders: the earlier part gets the unit.
/// </remarks>
public static class ExactSplit
{
    /// <summary>The greatest weight after scaling; 2^50 keeps all that a double of this size knows, without its last noisy bits.</summary>
    private const double Scale = 1L << 50;

    /// <param name="amount">Minor units, of either sign.</param>
    /// <param name="weights">Not negative. All 0: in equal parts.</param>
    /// <exception cref="ArgumentOutOfRangeException">No weights, or a negative one.</exception>
    public static long[] Of(long amount, ReadOnlySpan<long> weights)
    {
        ArgumentOutOfRangeException.ThrowIfZero(weights.Length, nameof(weights));
        Int128 sum = 0;
        foreach (var weight in weights)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weight, nameof(weights));
            sum += weight;
        }
        if (sum == 0) return Evenly(amount, weights.Length);

        var whole = Int128.Abs(amount);
        var parts = new Int128[weights.Length];
        var rests = new Int128[weights.Length];
        var left = whole;
        for (var i = 0; i < weights.Length; i++)
        {
            (parts[i], rests[i]) = Int128.DivRem(whole * weights[i], sum);
            left -= parts[i];
        }
        if (left > 0)
        {
            var order = Enumerable.Range(0, parts.Length).OrderByDescending(i => rests[i]).ThenBy(i => i);
            foreach (var i in order.Take((int)left)) parts[i]++;
        }
        return [.. parts.Select(part => (long)(amount < 0 ? -part : part))];
    }

    /// <inheritdoc cref="Of(long, ReadOnlySpan{long})"/>
    /// <param name="amount">Minor units, of either sign.</param>
    /// <param name="weights">Learnt weights. What is negative or not a number counts as 0; all 0: in equal parts.</param>
    public static long[] Of(long amount, ReadOnlySpan<double> weights)
    {
        var most = 0.0;
        foreach (var weight in weights)
            if (double.IsFinite(weight) && weight > most) most = weight;
        var whole = new long[weights.Length];
        for (var i = 0; i < weights.Length && most > 0; i++)
            whole[i] = double.IsFinite(weights[i]) && weights[i] > 0 ? (long)Math.Round(weights[i] / most * Scale) : 0;
        return Of(amount, whole);
    }

    /// <summary>Equal parts; what is left over goes to the first ones, a unit each. A sum for a period becomes sums for its days this way.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No parts.</exception>
    public static long[] Evenly(long amount, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        var (each, left) = Math.DivRem(amount, parts);
        return [.. Enumerable.Range(0, parts).Select(i => each + (i < Math.Abs(left) ? Math.Sign(left) : 0))];
    }

    /// <summary>Rounds parts so that they add up to their rounded sum, half away from zero; each is its own value rounded down or up.</summary>
    /// <param name="parts">Of either sign.</param>
    /// <param name="digits">After the decimal point; 2 for kopecks.</param>
    public static decimal[] Round(ReadOnlySpan<decimal> parts, int digits = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(digits);
        var unit = 1m;
        for (var i = 0; i < digits; i++) unit /= 10;
        var (rounded, rests) = (new decimal[parts.Length], new decimal[parts.Length]);
        var sum = 0m;
        for (var i = 0; i < parts.Length; i++)
        {
            sum += parts[i];
            rounded[i] = decimal.Round(parts[i], digits, MidpointRounding.ToNegativeInfinity);
            rests[i] = parts[i] - rounded[i];
        }
        var left = (int)((decimal.Round(sum, digits, MidpointRounding.AwayFromZero) - rounded.Sum()) / unit);
        foreach (var i in Enumerable.Range(0, rounded.Length).OrderByDescending(i => rests[i]).ThenBy(i => i).Take(left)) rounded[i] += unit;
        return rounded;
    }
}
