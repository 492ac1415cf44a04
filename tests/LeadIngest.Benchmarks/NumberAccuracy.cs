using LeadIngest.Core.Numbers;

namespace LeadIngest.Benchmarks;

/// <summary>Whether a pool of the advised size does what is promised: each size is played visit by visit, half a million of them, with a fixed seed.</summary>
internal static class NumberAccuracy
{
    private const double VisitsPerHour = 60, HoldMinutes = 5.5, LateCallMinutes = 30;
    private const int Visits = 500_000, Seed = 20261122;

    public static void Run(Report report)
    {
        var advised = PoolSize.Advise(VisitsPerHour, HoldMinutes, LateCallMinutes, 0.99)!.Value.Numbers;
        report.Add("numbers.advised", advised);
        report.Add("numbers.accuracy_at_advice", Play(advised));
        report.Add("numbers.accuracy_at_half", Play(advised / 2));
        report.Add("numbers.accuracy_at_double", Play(advised * 2));
    }

    private static double Play(int numbers) => RotationSimulation.Run(numbers, VisitsPerHour, HoldMinutes, LateCallMinutes, Visits, Seed).Right;
}
