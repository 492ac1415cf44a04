namespace LeadIngest.Core.Numbers;

/// <summary>What a pool of so many numbers comes to.</summary>
/// <param name="Numbers">Numbers in the pool.</param>
/// <param name="Accuracy">Share of calls that reach the right visit, 0 to 1.</param>
/// <param name="Loss">Share of visits that find no number free.</param>
/// <param name="Held">Numbers held on average.</param>
/// <param name="RestMinutes">How long a number rests on average before somebody else gets it.</param>
/// <param name="RestMinutesInMostCases">The rest that is exceeded in 95 % of cases.</param>
public readonly record struct PoolFigures(int Numbers, double Accuracy, double Loss, double Held, double RestMinutes, double RestMinutesInMostCases);

/// <summary>
/// How many numbers a pool needs so that a call reaches the visit that was shown the number. Pure and exact for random arrivals; the derivation, with its
/// assumptions, stands in <c>docs/number-pool.md</c>.
/// </summary>
/// <remarks>
/// Sources: J. Little (1961), L = λW; A. K. Erlang (1917), the loss formula; B. Sevastyanov (1957), its insensitivity to the distribution of holding
/// times. With the longest-free number lent first, a number that comes free as the k-th in the queue is lent again at the k-th arrival after that:
/// its rest has the Erlang distribution of order k.
/// </remarks>
public static class PoolSize
{
    /// <summary>Larger pools are not computed: nobody rents them.</summary>
    public const int MostNumbers = 100_000;

    /// <param name="visitsPerHour">Visits that are shown a number, in the busiest hour; above 0.</param>
    /// <param name="holdMinutes">Mean minutes that a visit holds its number, the tail after its last message included; above 0.</param>
    /// <param name="lateCallMinutes">Calls come up to so long after the hold has ended, all moments alike; 0: only during the hold.</param>
    /// <param name="accuracy">Wanted share of calls that reach the right visit; between 0 and 1, both excluded.</param>
    /// <returns>The figures of the smallest pool that reaches it; null when that would be more than <see cref="MostNumbers"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static PoolFigures? Advise(double visitsPerHour, double holdMinutes, double lateCallMinutes, double accuracy)
    {
        Check(visitsPerHour, holdMinutes, lateCallMinutes);
        if (!(accuracy is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(accuracy), accuracy, "Between 0 and 1.");
        // Fewer than are held on average can never do.
        if (accuracy * visitsPerHour / 60 * holdMinutes > MostNumbers) return null;
        var enough = 1;
        while (AccuracyOf(enough, visitsPerHour, holdMinutes, lateCallMinutes) < accuracy)
        {
            if (enough == MostNumbers) return null;
            enough = Math.Min(enough * 2, MostNumbers);
        }
        var tooFew = enough / 2;
        while (enough - tooFew > 1)
        {
            var middle = (enough + tooFew) / 2;
            if (AccuracyOf(middle, visitsPerHour, holdMinutes, lateCallMinutes) >= accuracy) enough = middle;
            else tooFew = middle;
        }
        return Figures(enough, visitsPerHour, holdMinutes, lateCallMinutes);
    }

    /// <inheritdoc cref="Advise"/>
    /// <param name="numbers">Numbers in the pool; at least 1.</param>
    /// <param name="visitsPerHour"><inheritdoc cref="Advise"/></param>
    /// <param name="holdMinutes"><inheritdoc cref="Advise"/></param>
    /// <param name="lateCallMinutes"><inheritdoc cref="Advise"/></param>
    /// <returns>What this pool comes to.</returns>
    public static PoolFigures Figures(int numbers, double visitsPerHour, double holdMinutes, double lateCallMinutes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numbers, 1);
        Check(visitsPerHour, holdMinutes, lateCallMinutes);
        var perMinute = visitsPerHour / 60;
        var load = perMinute * holdMinutes;
        var loss = Loss(numbers, load);
        var held = load * (1 - loss);
        var busy = BusyAtRelease(numbers, load);
        // Little's law for the queue of free numbers: as many come as visits are given one.
        var rest = (numbers - held) / (perMinute * (1 - loss));
        return new(numbers, AccuracyOf(numbers, visitsPerHour, holdMinutes, lateCallMinutes), loss, held, rest, RestExceeded(busy, perMinute, rest, 0.95));
    }

    /// <summary>Erlang's loss: the chance that a visit finds all numbers held. B(0) = 1, B(n) = a·B(n−1) / (n + a·B(n−1)).</summary>
    /// <param name="numbers">In the pool; 0 or more.</param>
    /// <param name="load">Numbers that would be held on average if there were enough: a = λ · hold.</param>
    public static double Loss(int numbers, double load)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numbers);
        var loss = 1.0;
        for (var n = 1; n <= numbers; n++) loss = load * loss / (n + (load * loss));
        return loss;
    }

    /// <summary>Smallest pool whose loss is no greater.</summary>
    public static int ForLoss(double load, double loss)
    {
        var b = 1.0;
        for (var n = 1; n <= MostNumbers; n++)
        {
            b = load * b / (n + (load * b));
            if (b <= loss) return n;
        }
        return MostNumbers;
    }

    private static double AccuracyOf(int numbers, double visitsPerHour, double holdMinutes, double lateCallMinutes)
    {
        var load = visitsPerHour / 60 * holdMinutes;
        var right = 1.0;
        if (lateCallMinutes > 0)
        {
            var arrivals = visitsPerHour / 60 * lateCallMinutes;
            var busy = BusyAtRelease(numbers, load);
            var reached = FewerThan(numbers, arrivals);
            right = 0;
            for (var j = 0; j < numbers; j++) right += busy[j] * reached[numbers - j];
            right = Math.Min(1, right / arrivals);
        }
        return (1 - Loss(numbers, load)) * right;
    }

    /// <summary>Chance that j other numbers are held at the moment one comes free, j = 0 … n−1: Poisson's weights a^j/j!, cut off at n−1.</summary>
    private static double[] BusyAtRelease(int numbers, double load)
    {
        var weights = new double[numbers];
        var log = 0.0;
        var highest = 0.0;
        for (var j = 0; j < numbers; j++)
        {
            if (j > 0) log += Math.Log(load / j);
            weights[j] = log;
            highest = Math.Max(highest, log);
        }
        var sum = 0.0;
        for (var j = 0; j < numbers; j++) sum += weights[j] = Math.Exp(weights[j] - highest);
        for (var j = 0; j < numbers; j++) weights[j] /= sum;
        return weights;
    }

    /// <summary>
    /// For k = 0 … n the mean of min(X, k) with X Poisson of mean m = λT. Divided by m it is the chance that fewer than k visits arrive before a call that
    /// comes at any moment of T: (1/T)∫P(Poisson(λt) &lt; k)dt.
    /// </summary>
    private static double[] FewerThan(int most, double arrivals)
    {
        var means = new double[most + 1];
        var log = -arrivals;
        var below = 0.0;
        for (var k = 1; k <= most; k++)
        {
            if (k > 1) log += Math.Log(arrivals / (k - 1));
            below += Math.Exp(log); // P(X < k)
            means[k] = means[k - 1] + Math.Max(0, 1 - below); // the mean of min(X, k) is the sum of P(X ≥ i), i = 1 … k
        }
        return means;
    }

    /// <summary>The rest that is exceeded with this chance, by halving an interval.</summary>
    private static double RestExceeded(double[] busy, double perMinute, double mean, double chance)
    {
        var (low, high) = (0.0, Math.Max(mean * 4, 1e-6));
        for (var turn = 0; turn < 60; turn++)
        {
            var middle = (low + high) / 2;
            if (Exceeds(middle) > chance) low = middle;
            else high = middle;
        }
        return low;

        double Exceeds(double minutes)
        {
            var arrivals = perMinute * minutes;
            if (arrivals <= 0) return 1;
            var (log, below, sum) = (-arrivals, 0.0, 0.0);
            for (var k = 1; k <= busy.Length; k++)
            {
                if (k > 1) log += Math.Log(arrivals / (k - 1));
                below += Math.Exp(log);
                sum += busy[busy.Length - k] * Math.Min(1, below);
            }
            return sum;
        }
    }

    private static void Check(double visitsPerHour, double holdMinutes, double lateCallMinutes)
    {
        if (!(visitsPerHour > 0 && double.IsFinite(visitsPerHour))) throw new ArgumentOutOfRangeException(nameof(visitsPerHour), visitsPerHour, "Above 0.");
        if (!(holdMinutes > 0 && double.IsFinite(holdMinutes))) throw new ArgumentOutOfRangeException(nameof(holdMinutes), holdMinutes, "Above 0.");
        if (!(lateCallMinutes >= 0 && double.IsFinite(lateCallMinutes))) throw new ArgumentOutOfRangeException(nameof(lateCallMinutes), lateCallMinutes, "0 or more.");
    }
}
