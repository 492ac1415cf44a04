using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using LeadIngest.Resilience.Load;

namespace LeadIngest.Resilience.Scenarios;

/// <summary>R17: whatever is sent is stored, kept as a reject, or refused with a reason, and the three add up to what was sent.</summary>
internal sealed partial class Accounting : IScenario
{
    private const string KindHeader = "X-Soak-Kind";

    public string Name => "accounting";

    public async Task PlayAsync(SoakRun run, ScenarioReport report, CancellationToken ct)
    {
        using var stage = await Stage.SetAsync(run, Name, new Dictionary<string, string> { ["Delivery__Enabled"] = "false" }, ct);
        var service = stage.Services[0];
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var mix = new PostMix(run.Options.Seed);
        var posts = Enumerable.Range(0, run.Options.Pick(3_000, 100_000)).Select(_ => mix.Next()).ToList();
        var wrong = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        await Parallel.ForEachAsync(posts, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = ct }, async (post, token) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service.Address, post.Path)) { Content = new ByteArrayContent(post.Body) };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(post.ContentType);
            request.Headers.Add(KindHeader, post.Kind);
            if (post.Encoding is { } encoding) request.Content.Headers.ContentEncoding.Add(encoding);
            if (post.Key is { } key) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            using var answer = await http.SendAsync(request, token);
            var expected = post.Outcome switch { Outcome.Stored => answer.StatusCode == System.Net.HttpStatusCode.Accepted, _ => (int)answer.StatusCode is >= 400 and < 500 || post.IsRepeat };
            if (!expected) wrong.AddOrUpdate(string.Create(CultureInfo.InvariantCulture, $"{post.Kind}: {(int)answer.StatusCode}"), 1, (_, n) => n + 1);
        });
        var want = posts.CountBy(p => p.Outcome).ToDictionary(p => p.Key, p => p.Value);
        report.Figure("sent", posts.Count);
        report.None("wrong_answers", wrong.Values.Sum(), $"answers are not what the post deserves ({string.Join(", ", wrong.Select(w => $"{w.Value} × {w.Key}"))})");
        Equal("stored", await stage.Stored.ScalarAsync<int>("select count(*)::int from leads", ct), want.GetValueOrDefault(Outcome.Stored));
        var rejects = await stage.Stored.RejectsAsync(KindHeader, ct);
        Equal("rejected", rejects.Values.Sum(), want.GetValueOrDefault(Outcome.Rejected));
        foreach (var (kind, count) in posts.Where(p => p.Outcome == Outcome.Rejected).CountBy(p => p.Kind))
            report.Must(rejects.GetValueOrDefault(kind) == count, $"{kind}: {rejects.GetValueOrDefault(kind)} rejects of {count}.");
        if (await service.MetricsAsync(ct) is not { } metrics)
        {
            report.Say("(the service has no /metrics: what it counted itself could not be compared)");
            return;
        }
        var counted = Samples().Matches(metrics).GroupBy(m => m.Groups["outcome"].Value)
            .ToDictionary(g => g.Key, g => g.Sum(m => double.Parse(m.Groups["value"].Value, CultureInfo.InvariantCulture)));
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            var name = outcome.ToString().ToLowerInvariant();
            Equal($"counted_{name}", (int)counted.GetValueOrDefault(name), want.GetValueOrDefault(outcome));
        }
        Equal("counted", (int)counted.Values.Sum(), posts.Count);

        void Equal(string figure, int value, int wanted)
        {
            report.Figure(figure, value);
            report.Must(value == wanted, $"{figure}: {value}, but {wanted} were sent.");
        }
    }

    [GeneratedRegex("""^leadingest_ingest(_total)*\{(?=[^}]*outcome="(?<outcome>\w+)")[^}]*\} (?<value>[0-9.e+]+)""", RegexOptions.Multiline)]
    private static partial Regex Samples();
}
