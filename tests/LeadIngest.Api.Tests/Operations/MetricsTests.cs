using System.Diagnostics.Metrics;
using LeadIngest.Api.Features.Operations;

namespace LeadIngest.Api.Tests.Operations;

public sealed class MetricsTests : IDisposable
{
    private readonly Meter _meter = new("LeadIngest");
    private readonly MetricsRegistry _metrics = new();
    private readonly string _name = "test" + Guid.CreateVersion7().ToString("N");

    public void Dispose()
    {
        _metrics.Dispose();
        _meter.Dispose();
    }

    private string[] Lines() => [.. _metrics.Text().Split('\n').Where(l => l.Contains(_name, StringComparison.Ordinal)).Select(l => l.Replace(_name, "x", StringComparison.Ordinal))];

    [Fact]
    public void A_counter_adds_up_by_labels()
    {
        var counter = _meter.CreateCounter<long>(_name + ".leads", description: "Leads\nby outcome");
        counter.Add(2, new KeyValuePair<string, object?>("outcome", "new"));
        counter.Add(3, new KeyValuePair<string, object?>("outcome", "new"));
        counter.Add(1, new("outcome", "spam"), new("channel", "a\"b\\c\nd"));
        Assert.Equal(["# HELP x_leads_total Leads by outcome", "# TYPE x_leads_total counter",
            """x_leads_total{channel="a\"b\\c\nd",outcome="spam"} 1""", """x_leads_total{outcome="new"} 5"""], Lines());
    }

    [Fact]
    public void A_histogram_counts_what_is_at_most_its_bounds()
    {
        var histogram = _meter.CreateHistogram(_name + ".wait", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var value in new[] { 0.05, 0.1, 0.5, 7 }) histogram.Record(value);
        Assert.Equal(["# TYPE x_wait_seconds histogram", """x_wait_seconds_bucket{le="0.1"} 2""", """x_wait_seconds_bucket{le="1"} 3""",
            """x_wait_seconds_bucket{le="+Inf"} 4""", "x_wait_seconds_sum 7.65", "x_wait_seconds_count 4"], Lines());
    }

    [Fact]
    public void Gauges_tell_the_present_and_forget_what_is_gone()
    {
        var depth = new Dictionary<string, int> { ["a"] = 3, ["b"] = 4 };
        _meter.CreateObservableGauge(_name + ".depth", () => depth.Select(d => new Measurement<int>(d.Value, new KeyValuePair<string, object?>("queue", d.Key))));
        var held = _meter.CreateUpDownCounter<int>(_name + ".held");
        held.Add(5);
        held.Add(-2);
        Assert.Equal(["# TYPE x_depth gauge", """x_depth{queue="a"} 3""", """x_depth{queue="b"} 4""", "# TYPE x_held gauge", "x_held 3"], Lines());
        depth.Remove("a");
        Assert.DoesNotContain(Lines(), l => l.Contains("\"a\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_without_end_do_not_eat_the_memory()
    {
        var counter = _meter.CreateCounter<int>(_name + ".many");
        for (var i = 0; i < 5000; i++) counter.Add(1, new KeyValuePair<string, object?>("id", i));
        var lines = Lines();
        Assert.InRange(lines.Length, 1000, 1003);
        Assert.Contains("""x_many_total{overflow="true"} 4000""", lines);
    }

    [Fact]
    public void Twenty_writers_lose_nothing()
    {
        var counter = _meter.CreateCounter<int>(_name + ".parallel");
        Parallel.For(0, 20, _ =>
        {
            for (var i = 0; i < 1000; i++) counter.Add(1, new KeyValuePair<string, object?>("k", i % 3));
        });
        Assert.Equal(20_000, Lines().Where(l => l.StartsWith("x_", StringComparison.Ordinal)).Sum(l => int.Parse(l.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)));
    }
}

public class MetricsRouteTests(MetricsRouteTests.GuardedApi api) : IClassFixture<MetricsRouteTests.GuardedApi>
{
    public sealed class GuardedApi : ApiFixture
    {
        protected override string[] Args => ["--Operations:MetricsToken=for-the-scraper"];
    }

    [Fact]
    public async Task The_figures_want_their_token_where_one_is_set()
    {
        foreach (var token in new[] { null, "wrong" })
        {
            var refused = await api.SendAsync(token is null ? null : new TestProject(default, token, "", default), HttpMethod.Get, "/metrics");
            await refused.ProblemAsync(401);
        }
        var answer = await api.SendAsync(new TestProject(default, "for-the-scraper", "", default), HttpMethod.Get, "/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Contains("# TYPE dotnet_gc_collections_total counter", await answer.Content.ReadAsStringAsync());
    }
}
