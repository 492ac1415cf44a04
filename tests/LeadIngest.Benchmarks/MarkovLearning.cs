using System.Diagnostics;
using LeadIngest.Core.Attribution;

namespace LeadIngest.Benchmarks;

/// <summary>
/// The Markov model learnt from a million paths, counting them included, on one thread; the median of three turns. Fixed seed: 30 sources, the few great
/// ones far ahead, 1 to 12 touches a path, one path in twenty ends with a deal.
/// </summary>
internal static class MarkovLearning
{
    private const int Paths = 1_000_000, Sources = 30, Turns = 3, Seed = 20261122;

    public static void Run(Report report)
    {
        var (random, paths) = (new Random(Seed), new int[Paths][]);
        for (var i = 0; i < Paths; i++)
        {
            var touches = 1;
            while (touches < 12 && random.NextDouble() < 0.6) touches++;
            paths[i] = new int[touches];
            for (var t = 0; t < touches; t++) paths[i][t] = (int)(Sources * Math.Pow(random.NextDouble(), 3));
        }
        report.Add("attribution.markov_ms", Median(paths, order: 1));
        report.Add("attribution.markov_order2_ms", Median(paths, order: 2));
    }

    private static double Median(int[][] paths, int order)
    {
        var turns = new double[Turns];
        for (var turn = 0; turn < Turns; turn++)
        {
            var started = Stopwatch.GetTimestamp();
            var counts = new PathCounts<int>();
            for (var i = 0; i < paths.Length; i++) counts.Add(paths[i], i % 20 == 0 ? 1 : 0, i % 20 == 0 ? 0 : 1);
            var learnt = Markov.Learn(counts, order);
            turns[turn] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (learnt.Order != order || Math.Abs(learnt.Sources.Sum(s => s.Credit) - (paths.Length / 20)) > 1e-3) throw new BenchFailure("The Markov model did not share all conversions.");
        }
        return Figures.Median(turns);
    }
}
