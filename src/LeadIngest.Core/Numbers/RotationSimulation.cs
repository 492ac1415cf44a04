namespace LeadIngest.Core.Numbers;

/// <param name="Visits">Simulated visits.</param>
/// <param name="Right">Share of calls that reached the right visit: it had a number, and nobody else had been given it when the call came.</param>
/// <param name="Loss">Share of visits that found no number free.</param>
/// <param name="RestMinutes">Mean rest of a number between two holders.</param>
public readonly record struct RotationOutcome(int Visits, double Right, double Loss, double RestMinutes);

/// <summary>Plays a pool visit by visit: the check of <see cref="PoolSize"/> that shares none of its formulas.</summary>
public static class RotationSimulation
{
    private const double VisitShare = 0.6;

    /// <summary>
    /// Visits arrive at random (Poisson). Each holds its number for an exponentially distributed stay of 60 % of the mean hold on average, plus a fixed
    /// tail of 40 %; the longest-free number is lent first. Each visit calls once, at any moment of <paramref name="lateCallMinutes"/> after its hold has ended.
    /// </summary>
    /// <param name="numbers">Numbers in the pool; at least 1.</param>
    /// <param name="visitsPerHour">Above 0.</param>
    /// <param name="holdMinutes">Mean hold; above 0.</param>
    /// <param name="lateCallMinutes">0 or more.</param>
    /// <param name="visits">How many are played; the first tenth fills the pool and is not counted.</param>
    /// <param name="seed">The same seed gives the same outcome.</param>
    public static RotationOutcome Run(int numbers, double visitsPerHour, double holdMinutes, double lateCallMinutes, int visits, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numbers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(visits, 10);
#pragma warning disable CA5394 // a simulation has to be repeatable, not secret
        var random = new Random(seed);
        var free = new Queue<int>(Enumerable.Range(0, numbers));
        var held = new PriorityQueue<int, double>();
        var (freeSince, callAt) = (new double[numbers], new double[numbers]);
        Array.Fill(freeSince, double.NaN);
        Array.Fill(callAt, double.NaN);
        var (now, counted, right, lost, rests, rest) = (0.0, 0, 0, 0, 0, 0.0);
        for (var visit = 0; visit < visits; visit++)
        {
            now += Exponential(60 / visitsPerHour);
            while (held.TryPeek(out var number, out var until) && until <= now)
            {
                held.Dequeue();
                freeSince[number] = until;
                free.Enqueue(number);
            }
            var counts = visit >= visits / 10;
            if (counts) counted++;
            if (!free.TryDequeue(out var lent))
            {
                if (counts) lost++;
                continue;
            }
            // The one before calls the right number only while nobody else is shown it.
            if (!double.IsNaN(freeSince[lent]) && counts)
            {
                rests++;
                rest += now - freeSince[lent];
                if (callAt[lent] <= now) right++;
            }
            var end = now + Exponential(holdMinutes * VisitShare) + (holdMinutes * (1 - VisitShare));
            callAt[lent] = end + (random.NextDouble() * lateCallMinutes);
            held.Enqueue(lent, end);
        }
        var given = rests == 0 ? 0 : (double)right / rests;
        var loss = (double)lost / counted;
        return new(counted, given * (1 - loss), loss, rests == 0 ? 0 : rest / rests);

        double Exponential(double mean) => -mean * Math.Log(1 - random.NextDouble());
#pragma warning restore CA5394
    }
}
