using System.Diagnostics.Metrics;

namespace LeadIngest.Api.Delivery;

/// <summary>What delivery counts. Labels name CRMs, connections and classes of outcome; nothing personal.</summary>
internal sealed class DeliveryMetrics
{
    private static readonly Meter Meter = new("LeadIngest");
    private static IReadOnlyList<Backlog> _backlog = [];
    private readonly Counter<long> _attempts = Meter.CreateCounter<long>("leadingest_delivery_attempts_total");
    private readonly Counter<long> _inDoubt = Meter.CreateCounter<long>("leadingest_delivery_in_doubt_total");
    private readonly Counter<long> _dead = Meter.CreateCounter<long>("leadingest_delivery_dead_total");
    private readonly Counter<long> _takeOvers = Meter.CreateCounter<long>("leadingest_lease_takeovers_total");
    private readonly Counter<long> _fenced = Meter.CreateCounter<long>("leadingest_fenced_updates_total");
    private readonly Histogram<double> _latency = Meter.CreateHistogram<double>("leadingest_delivery_latency_seconds", "s");

    static DeliveryMetrics()
    {
        Meter.CreateObservableGauge("leadingest_delivery_oldest_due_seconds", () => Each(b => b.OldestDueSeconds), "s");
        Meter.CreateObservableGauge("leadingest_delivery_backlog", () => Each(b => (double)b.Rows));
    }

    /// <summary>One connection's unfinished rows, as last measured.</summary>
    internal sealed record Backlog(Guid ConnectionId, string Crm, int Rows, double OldestDueSeconds);

    public void Attempt(string crm, string outcome) => _attempts.Add(1, new KeyValuePair<string, object?>("crm", crm), new("outcome", outcome));

    /// <param name="result">unknown and orphan: fell into doubt; found, absent, failed: a look-up's answer.</param>
    public void InDoubt(string result, int rows = 1) => _inDoubt.Add(rows, new KeyValuePair<string, object?>("result", result));

    public void Dead() => _dead.Add(1);

    public void TakenOver() => _takeOvers.Add(1);

    public void Fenced() => _fenced.Add(1);

    public void Delivered(string crm, double seconds) => _latency.Record(seconds, new KeyValuePair<string, object?>("crm", crm));

    public static void Measured(IReadOnlyList<Backlog> backlog) => Volatile.Write(ref _backlog, backlog);

    private static IEnumerable<Measurement<double>> Each(Func<Backlog, double> value) => Volatile.Read(ref _backlog)
        .Select(b => new Measurement<double>(value(b), new KeyValuePair<string, object?>("connection", b.ConnectionId.ToString()), new("crm", b.Crm)));
}
