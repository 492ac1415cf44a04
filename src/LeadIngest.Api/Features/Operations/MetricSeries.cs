using System.Globalization;
using System.Text;

namespace LeadIngest.Api.Features.Operations;

/// <summary>The figures of one set of labels. Safe for any number of writers.</summary>
/// <param name="bounds">Upper bounds of a histogram's buckets, rising; null for a single value.</param>
internal sealed class MetricSeries(double[]? bounds)
{
    private readonly Lock _lock = new();
    private readonly long[] _buckets = bounds is null ? [] : new long[bounds.Length + 1];
    private double _value;

    public void Add(double value)
    {
        lock (_lock) _value += value;
    }

    public void Set(double value)
    {
        lock (_lock) _value = value;
    }

    /// <summary>A bucket holds what is at most its bound; what no bucket holds goes into the last.</summary>
    public void Observe(double value)
    {
        var found = Array.BinarySearch(bounds!, value);
        lock (_lock)
        {
            _buckets[found >= 0 ? found : ~found]++;
            _value += value;
        }
    }

    public void Write(StringBuilder text, string name, string labels)
    {
        lock (_lock)
        {
            if (bounds is null)
            {
                Line(text, name, labels, _value);
                return;
            }
            var count = 0L;
            for (var i = 0; i < _buckets.Length; i++)
            {
                count += _buckets[i];
                var bound = $"le=\"{(i < bounds.Length ? bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf")}\"";
                Line(text, name + "_bucket", labels.Length == 0 ? bound : $"{labels},{bound}", count);
            }
            Line(text, name + "_sum", labels, _value);
            Line(text, name + "_count", labels, count);
        }
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        var figure = double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
        text.Append(' ').Append(figure).Append('\n');
    }
}
