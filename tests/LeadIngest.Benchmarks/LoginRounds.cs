using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace LeadIngest.Benchmarks;

/// <summary>
/// Leads beside a storm of sign-ins: 50 leads a second, evenly, alone and with 200 wrong passwords a second, each of another account and, as from a net of stolen machines, with no limit by address.
/// Rounds of both alternate. What counts is how long a lead waits for its answer: a password costs a processor a quarter of a second, and those who guess must not take it from ingest.
/// </summary>
internal static class LoginRounds
{
    private const int Rounds = 3, Seconds = 15, LeadsPerSecond = 50, LoginsPerSecond = 200;

    /// <summary>Delivery is off: the CRMs of the demo are never called.</summary>
    private static readonly Uri NoCrm = new("http://127.0.0.1:1");

    private readonly record struct Storm(int Checked, int Refused);

    public static async Task RunAsync(PostgresUnderTest postgres, Report report, CancellationToken ct)
    {
        await using var database = await postgres.CreateAsync("logins", ct);
        await using var service = await ServiceProcess.StartAsync(database.ConnectionString, NoCrm, delivers: false, ct, new Dictionary<string, string> { ["Access__AddressFailures"] = "100000" });
        // Of its own: a storm must not take the connections of whoever posts leads.
        using var strangers = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = 256 }) { BaseAddress = service.Url, Timeout = TimeSpan.FromSeconds(30) };
        var numbers = new LeadNumbers();
        report.Progress($"warming up");
        await LeadsAsync(service, numbers.TakeRange(), ct);
        await StormAsync(strangers, 1, ct);

        var (alone, beside, storms) = (new List<double>(), new List<double>(), new List<Storm>());
        for (var round = 0; round < Rounds; round++)
        {
            await database.CheckpointAsync(ct);
            alone.Add(await LeadsAsync(service, numbers.TakeRange(), ct));
            await database.CheckpointAsync(ct);
            var storm = StormAsync(strangers, Seconds, ct);
            beside.Add(await LeadsAsync(service, numbers.TakeRange(), ct));
            storms.Add(await storm);
            report.Progress($"round {round + 1}: p99 {alone[^1]:F1} ms alone, {beside[^1]:F1} ms beside sign-ins, of which {storms[^1].Checked} were looked at and {storms[^1].Refused} refused");
        }
        report.Add("logins.lead_p99_ms_alone", Figures.Median(alone));
        report.Add("logins.lead_p99_ms", Figures.Median(beside));
        report.Add("logins.lead_p99_ratio", Figures.Median(beside.Zip(alone, (b, a) => b / a)));
        report.Add("logins.checked_per_second", Figures.Median(storms.Select(s => (double)s.Checked / Seconds)));
        report.Add("logins.refused_per_second", Figures.Median(storms.Select(s => (double)s.Refused / Seconds)));
    }

    /// <returns>The 99th percentile of the answers, in ms. By a fixed timetable: a slow answer delays no later lead.</returns>
    private static async Task<double> LeadsAsync(ServiceProcess service, long first, CancellationToken ct)
    {
        var times = await OnTimeAsync(LeadsPerSecond, Seconds, async i =>
        {
            var began = Stopwatch.GetTimestamp();
            await Posting.PostAsync(service, first + i, ct);
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }, ct);
        return Figures.Percentile([.. times.Order()], 99);
    }

    private static async Task<Storm> StormAsync(HttpClient strangers, int seconds, CancellationToken ct)
    {
        var answers = await OnTimeAsync(LoginsPerSecond, seconds, async _ =>
        {
            using var answer = await strangers.PostAsJsonAsync("/v1/session", new { email = $"{Guid.CreateVersion7():N}@example.ru", password = "not the password" }, ct);
            return answer.StatusCode;
        }, ct);
        if (answers.FirstOrDefault(s => s is not (HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests)) is var other and not 0) throw new BenchFailure($"A wrong password was answered with {(int)other}.");
        return new(answers.Count(s => s == HttpStatusCode.Unauthorized), answers.Count(s => s == HttpStatusCode.TooManyRequests));
    }

    private static async Task<T[]> OnTimeAsync<T>(int perSecond, int seconds, Func<int, Task<T>> call, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        var calls = new List<Task<T>>(perSecond * seconds);
        while (calls.Count < perSecond * seconds)
        {
            var due = TimeSpan.FromSeconds((double)calls.Count / perSecond) - Stopwatch.GetElapsedTime(began);
            if (due > TimeSpan.Zero) await Task.Delay(due, ct);
            calls.Add(call(calls.Count));
        }
        return await Task.WhenAll(calls);
    }
}
