using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace LeadIngest.Api.Features.Operations;

/// <summary>One metric and its series, one series a set of labels.</summary>
internal sealed class Metric
{
    /// <summary>Label sets beyond this are counted together: a label that grows without end must not eat the memory.</summary>
    private const int MaxSeries = 1000;
    private const string Overflow = "overflow=\"true\"";

    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    private static readonly double[] Amounts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

    private readonly string _name;
    private readonly string _help;
    private readonly string _type;
    private readonly bool _adds;
    private readonly bool _observable;
    private readonly double[]? _bounds;
    private readonly ConcurrentDictionary<string, MetricSeries> _series = new();

    public Metric(Instrument instrument)
    {
        _name = NameOf(instrument);
        _help = (instrument.Description ?? "").Replace("\\", @"\\", StringComparison.Ordinal).ReplaceLineEndings(" ");
        _type = TypeOf(instrument);
        _observable = instrument.IsObservable;
        _adds = !_observable && !KindOf(instrument).StartsWith("Gauge", StringComparison.Ordinal);
        _bounds = _type == "histogram" ? BoundsOf(instrument) : null;
    }

    /// <summary><c>leadingest.ingest.duration</c> in <c>s</c> → <c>leadingest_ingest_duration_seconds</c>; counters end in <c>_total</c>.</summary>
    public static string NameOf(Instrument instrument)
    {
        var name = string.Concat(instrument.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c == ':' ? c : '_'));
        var unit = instrument.Unit switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", _ => "" };
        if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return TypeOf(instrument) == "counter" && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>False for a second instrument that took the name with another meaning; it is left out.</summary>
    public bool Fits(Instrument instrument) => _type == TypeOf(instrument) && _observable == instrument.IsObservable;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        if (!_series.TryGetValue(labels, out var series))
            series = _series.GetOrAdd(_series.Count < MaxSeries ? labels : Overflow, static (_, bounds) => new MetricSeries(bounds), _bounds);
        if (_bounds is not null) series.Observe(value);
        else if (_adds) series.Add(value);
        else series.Set(value);
    }

    public void BeforeObserving()
    {
        if (_observable) _series.Clear();
    }

    public void Write(StringBuilder text)
    {
        if (_series.IsEmpty) return;
        if (_help.Length > 0) text.Append("# HELP ").Append(_name).Append(' ').Append(_help).Append('\n');
        text.Append("# TYPE ").Append(_name).Append(' ').Append(_type).Append('\n');
        foreach (var (labels, series) in _series.OrderBy(s => s.Key, StringComparer.Ordinal)) series.Write(text, _name, labels);
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name;

    private static string TypeOf(Instrument instrument)
    {
        var kind = KindOf(instrument);
        return kind.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
            : kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal) ? "counter" : "gauge";
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds.Select(b => (double)b)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds.Select(b => (double)b)],
        { Unit: "s" } => Seconds,
        _ => Amounts,
    };

    private static string Escaped(string value) => value.Replace("\\", @"\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        var pairs = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            var name = string.Concat(tags[i].Key.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
            var value = Convert.ToString(tags[i].Value, CultureInfo.InvariantCulture) ?? "";
            pairs[i] = $"{name}=\"{Escaped(value)}\"";
        }
        Array.Sort(pairs, StringComparer.Ordinal);
        return string.Join(',', pairs);
    }
}
