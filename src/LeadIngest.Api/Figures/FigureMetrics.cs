using System.Diagnostics.Metrics;

namespace LeadIngest.Api.Figures;

/// <summary>What the worker of figures counts.</summary>
internal sealed class FigureMetrics
{
    private static readonly Meter Meter = new("LeadIngest");
    private static double _oldest;
    private readonly Counter<long> _computed = Meter.CreateCounter<long>("leadingest_figures_computed_total", description: "Facts of deals and clients computed");
    private readonly Histogram<double> _turns = Meter.CreateHistogram<double>("leadingest_figures_turn_seconds", "s", "One transaction of the worker of figures");

    static FigureMetrics() => Meter.CreateObservableGauge("leadingest_figures_oldest_mark_seconds", () => Volatile.Read(ref _oldest), "s", "How long the oldest change has not shown in reports");

    public void Computed(int rows) => _computed.Add(rows);

    public void Turn(double seconds) => _turns.Record(seconds);

    public static void Measured(double oldestSeconds) => Volatile.Write(ref _oldest, oldestSeconds);
}
