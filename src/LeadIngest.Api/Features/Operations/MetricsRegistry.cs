using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace LeadIngest.Api.Features.Operations;

/// <summary>
/// Listens to the meters of this process and tells what they measured in Prometheus' text format 0.0.4. Own because no exporter restores for this
/// target; it knows counters, up-down counters, gauges and histograms, plain and observable.
/// </summary>
internal sealed class MetricsRegistry : IDisposable
{
    /// <summary>The service's own meter and the runtime's (garbage collection, threads, exceptions).</summary>
    private static readonly HashSet<string> Meters = ["LeadIngest", "System.Runtime"];

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, Metric> _metrics = new();
    private readonly Lock _telling = new();

    public MetricsRegistry()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!Meters.Contains(instrument.Meter.Name)) return;
            var metric = _metrics.GetOrAdd(Metric.NameOf(instrument), _ => new Metric(instrument));
            if (metric.Fits(instrument)) listener.EnableMeasurementEvents(instrument, metric);
        };
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, metric) => ((Metric)metric!).Record(value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, metric) => ((Metric)metric!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, metric) => ((Metric)metric!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, metric) => ((Metric)metric!).Record(value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, metric) => ((Metric)metric!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, metric) => ((Metric)metric!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, metric) => ((Metric)metric!).Record((double)value, tags));
        _listener.Start();
    }

    public string Text()
    {
        lock (_telling)
        {
            // What an observable instrument does not report any more must not be told for ever.
            foreach (var metric in _metrics.Values) metric.BeforeObserving();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var (_, metric) in _metrics.OrderBy(m => m.Key, StringComparer.Ordinal)) metric.Write(text);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();
}
