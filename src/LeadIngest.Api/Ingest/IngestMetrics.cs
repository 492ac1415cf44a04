using System.Diagnostics.Metrics;

namespace LeadIngest.Api.Ingest;

/// <summary>What came in and what became of it: sent = stored + rejected + refused. No personal data.</summary>
internal sealed class IngestMetrics
{
    private static readonly Meter Meter = new("LeadIngest");
    private readonly Counter<long> _ingest = Meter.CreateCounter<long>("leadingest_ingest_total");
    private readonly Histogram<double> _seconds = Meter.CreateHistogram<double>("leadingest_ingest_seconds", "s");
    private readonly Histogram<int> _batch = Meter.CreateHistogram<int>("leadingest_ingest_batch_leads");
    private readonly Counter<long> _stale = Meter.CreateCounter<long>("leadingest_ingest_stale_batches_total");
    private static int _waiting;

    static IngestMetrics() => Meter.CreateObservableGauge("leadingest_ingest_waiting", () => Volatile.Read(ref _waiting));

    /// <param name="source">The route: leads, forms, replay.</param>
    /// <param name="outcome">stored, rejected or refused.</param>
    /// <param name="reason">Of a refusal or reject; empty for a stored lead.</param>
    public void Count(string source, string outcome, string reason = "") =>
        _ingest.Add(1, new KeyValuePair<string, object?>("source", source), new("outcome", outcome), new("reason", reason));

    public void Took(TimeSpan time) => _seconds.Record(time.TotalSeconds);

    public void Batch(int leads) => _batch.Record(leads);

    public void Stale() => _stale.Add(1);

    public static void Entered() => Interlocked.Increment(ref _waiting);

    public static void Left() => Interlocked.Decrement(ref _waiting);
}
