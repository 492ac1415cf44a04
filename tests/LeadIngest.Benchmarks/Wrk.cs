using System.Globalization;

namespace LeadIngest.Benchmarks;

/// <summary>What one round of load came to.</summary>
/// <param name="Answered">Answers with 2xx.</param>
/// <param name="PerSecond">Leads answered a second.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
internal readonly record struct Load(long Answered, double PerSecond, double P50, double P99);

/// <summary>wrk: one thread, keep-alive connections that post one lead after the other, each a new person.</summary>
internal sealed class Wrk(string folder, LeadNumbers numbers)
{
    public Task<Load> RunAsync(ServiceProcess service, int connections, int seconds, CancellationToken ct) =>
        RunAsync(service, "leads", Script(numbers.TakeRange()), service.Leads, connections, seconds, ct);

    /// <summary>Visits of <see cref="TypicalVisit"/>: four messages each, one after the other on its connection.</summary>
    public Task<Load> VisitsAsync(ServiceProcess service, int connections, int seconds, CancellationToken ct) =>
        RunAsync(service, "visits", VisitScript(numbers.TakeRange()), service.Visits, connections, seconds, ct);

    private async Task<Load> RunAsync(ServiceProcess service, string name, string text, Uri address, int connections, int seconds, CancellationToken ct)
    {
        var script = Path.Combine(folder, name + ".lua");
        await File.WriteAllTextAsync(script, text, ct);
        var output = await Programs.RunAsync(Programs.Wrk,
        [
            "-t1", "-c" + connections.ToString(CultureInfo.InvariantCulture), "-d" + seconds.ToString(CultureInfo.InvariantCulture) + "s", "--latency",
            "-s", script, address.AbsoluteUri,
        ], ct);
        service.ExpectAlive();
        var line = output.Split('\n').FirstOrDefault(l => l.StartsWith("result ", StringComparison.Ordinal)) ?? throw new BenchFailure($"wrk printed no result.\n{output}");
        var values = line.Split(' ').Skip(1).Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
        var (requests, micros, refused, broken, p50, p99) = ((long)values[0], values[1], values[2], values[3], values[4], values[5]);
        if (refused > 0 || broken > 0) throw new BenchFailure($"Of {requests} posts {refused} were not answered with 2xx, and {broken} connections broke.\n{output}");
        if (requests == 0) throw new BenchFailure($"Nothing was answered.\n{output}");
        if (requests > LeadNumbers.RangeSize - connections) throw new BenchFailure("A round posted more than its range of numbers holds.");
        return new(requests, requests / (micros / 1e6), p50 / 1000, p99 / 1000);
    }

    private static string VisitScript(long first) => string.Create(CultureInfo.InvariantCulture, $$"""
        local n = 0
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "text/plain"
        local events = {"start", "page", "beat", "leave"}
        local body = '{{TypicalVisit.LuaFormat()}}'

        function request()
          local round = math.floor(n / {{TypicalVisit.Visitors}})
          local visitor, step = n % {{TypicalVisit.Visitors}}, round % {{TypicalVisit.Messages}}
          local visit = {{first}} + visitor + math.floor(round / {{TypicalVisit.Messages}}) * {{TypicalVisit.Visitors}}
          n = n + 1
          return wrk.format(nil, nil, nil, string.format(body, events[step + 1], visitor, visit, visit, visit, step * 20, step + 1))
        end

        {{Done}}
        """);

    private static string Script(long first) => string.Create(CultureInfo.InvariantCulture, $$"""
        local n = {{first - 1}}
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/json"
        local body = '{{TypicalLead.LuaFormat()}}'

        function request()
          n = n + 1
          local number = n * {{TypicalLead.Scatter}} % {{TypicalLead.PhoneRange}}
          return wrk.format(nil, nil, nil, string.format(body, number, number, number))
        end

        {{Done}}
        """);

    private const string Done = """
        function done(summary, latency, requests)
          local e = summary.errors
          print(string.format("result %d %d %d %d %.0f %.0f", summary.requests, summary.duration, e.status,
            e.connect + e.read + e.write + e.timeout, latency:percentile(50), latency:percentile(99)))
        end
        """;
}
