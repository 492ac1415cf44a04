using System.Diagnostics.Metrics;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>What the operator watches of cabinets. Labels name vendors and classes of outcome.</summary>
internal sealed class CabinetMetrics
{
    private static readonly Meter Meter = new("LeadIngest");
    private static IReadOnlyList<Measure> _measured = [];
    private readonly Counter<long> _parts = Meter.CreateCounter<long>("leadingest_spend_cabinet_parts_total");
    private readonly Counter<long> _stops = Meter.CreateCounter<long>("leadingest_spend_cabinets_stopped_total");

    static CabinetMetrics()
    {
        Meter.CreateObservableGauge("leadingest_spend_cabinets_waiting", () => Each(m => m.NeedsReauth));
        Meter.CreateObservableGauge("leadingest_spend_cabinet_oldest_due_seconds", () => Each(m => m.OldestDueSeconds), "s");
    }

    /// <param name="NeedsReauth">Cabinets that wait for a person.</param>
    /// <param name="OldestDueSeconds">By how long the load is late that is the latest.</param>
    internal sealed record Measure(string Kind, double NeedsReauth, double OldestDueSeconds);

    public void Asked(string kind, CabinetEnd end) => _parts.Add(1, new KeyValuePair<string, object?>("kind", kind), new("outcome", end switch
    {
        CabinetEnd.Loaded => "loaded",
        CabinetEnd.Building => "building",
        CabinetEnd.TooMuch => "too_much",
        CabinetEnd.Refused => "refused",
        _ => "failed",
    }));

    /// <summary>A cabinet that was loaded waits for a person now: to be alerted on.</summary>
    public void Stopped(string kind) => _stops.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public static void Measured(IReadOnlyList<Measure> measured) => Volatile.Write(ref _measured, measured);

    private static IEnumerable<Measurement<double>> Each(Func<Measure, double> value) => Volatile.Read(ref _measured).Select(m => new Measurement<double>(value(m), new KeyValuePair<string, object?>("kind", m.Kind)));
}
