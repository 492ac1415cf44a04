using System.Runtime.InteropServices;
using LeadIngest.Api.Data.Embedded;
using LeadIngest.Benchmarks;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
try
{
    await (args is [] ? Benchmark.RunAsync(stop.Token) : Benchmark.PartsAsync(args, stop.Token));
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 130;
}
catch (Exception e) when (e is BenchFailure or EmbeddedPostgresException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

void Cancel(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

namespace LeadIngest.Benchmarks
{
    /// <summary>The benchmarks of the service, each figure taken in one run on one machine. Exit code 1 when rows are lost or leads refused, never for a slow figure.</summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item>PostgreSQL is the product's own private server with its own settings (<c>synchronous_commit=on</c>), in a folder removed at the end. The service, the
    /// emulated CRMs, pgbench and wrk are processes of their own. Validation, passport, client resolution and two deliveries a lead are all on.</item>
    /// <item><c>ingest.ratio</c>: <see cref="IngestRounds.AgainstFloorAsync"/>. Leads a second that wrk gets answered over 64 connections (<see cref="Wrk"/>), to commits a
    /// second of pgbench with 64 clients (<see cref="FloorTables"/>); rounds of both alternate. Deliveries are written and not sent; <c>ingest.leads_per_second_delivering</c> has them sent, with the CRMs on the same cores.</item>
    /// <item><c>machine.flush_us</c>: <see cref="DiskFlush"/>. The floor lives on it: where a flush is dear, one commit for many leads gains most.</item>
    /// <item><c>ingest.ratio_1m_clients</c>: <see cref="IngestRounds.AgainstEmptyAsync"/>. Two services side by side, one with <see cref="MillionClients"/>, loaded in turn;
    /// neither delivers.</item>
    /// <item><c>p50</c>, <c>p99</c>: as wrk saw them, the median of the rounds. wrk posts the next lead of a connection when the last is answered.</item>
    /// <item><c>memory</c>: resident memory of the service's process: five seconds after it was ready, and the most during the rounds (the kernel's own mark).</item>
    /// <item><c>start.seconds</c>: from the start of the process to the first 200 of <c>/health/ready</c>, database existing; median of three.</item>
    /// <item><c>visits</c>: <see cref="VisitRounds"/>. <c>numbers</c>: <see cref="NumberAccuracy"/>.</item>
    /// <item><c>backlog</c>: <see cref="BacklogRounds"/>. <c>accounts</c>: <see cref="AccountRounds"/>. <c>unlimited</c>: <see cref="UnlimitedAccount"/>. <c>hanging</c>:
    /// <see cref="HangingAccount"/>. <c>import</c>: <see cref="ImportRounds"/>. <c>reports</c>: <see cref="ReportRounds"/>, <c>page</c>: <see cref="PageRounds"/>, <c>logins</c>: <see cref="LoginRounds"/>, all three by their names only. Each of these names, and <c>visits</c>, is an argument that runs its part alone.</item>
    /// <item><c>delivery</c>: <see cref="DeliveryLatency"/>. <c>passport.us</c>, <c>phone.us</c>, <c>junk.judge_us</c>: <see cref="MicroLoops"/>. <c>attribution</c>: <see cref="MarkovLearning"/>.</item>
    /// </list>
    /// </remarks>
    internal static class Benchmark
    {
        private static readonly (string Name, Func<PostgresUnderTest, Report, CancellationToken, Task> RunAsync)[] Parts =
        [
            ("backlog", BacklogRounds.RunAsync), ("accounts", AccountRounds.RunAsync), ("unlimited", UnlimitedAccount.RunAsync), ("hanging", HangingAccount.RunAsync),
            ("import", ImportRounds.RunAsync),
        ];

        /// <summary>What can be run by its name; the beacons belong to the run of everything anyway.</summary>
        private static readonly (string Name, Func<PostgresUnderTest, Report, CancellationToken, Task> RunAsync)[] Named = [.. Parts, ("visits", VisitsAsync), ("reports", ReportRounds.RunAsync), ("page", PageRounds.RunAsync), ("logins", LoginRounds.RunAsync)];

        private const int Starts = 3, IdleSeconds = 5, LatencySeconds = 40, EachChecked = 2_000;

        public static async Task RunAsync(CancellationToken ct)
        {
            var report = new Report();
            var artifacts = Directory.CreateDirectory(Path.Combine(Programs.Root, "artifacts")).FullName;
            var folder = Directory.CreateDirectory(Path.Combine(artifacts, "bench")).FullName;
            var numbers = new LeadNumbers();
            var wrk = new Wrk(folder, numbers);
            report.Progress($"{Programs.Wrk}, {Programs.Pgbench}, {Environment.ProcessorCount} processors");

            MicroLoops.Run(report);
            MarkovLearning.Run(report);
            NumberAccuracy.Run(report);
            DiskFlush.Run(report, folder);
            await using var postgres = await PostgresUnderTest.StartAsync(Path.Combine(folder, "postgres"), ct);
            await using var emulator = await EmulatorProcess.StartAsync(ct);
            await using var database = await postgres.CreateAsync("bench", ct);

            IngestRounds rounds;
            await using (var service = await StartAsync(report, database, emulator, ct))
            {
                report.Progress($"lead to CRM: {LatencySeconds} s at 5 leads/s");
                await new DeliveryLatency(service, emulator, database, numbers).RunAsync(report, LatencySeconds, ct);
                rounds = new IngestRounds(new Pgbench(postgres, database, await FloorTables.CreateAsync(database, folder, ct)), wrk, report);
                report.Progress($"each of {EachChecked} answers against its row, then warming up");
                await Posting.CheckEachAsync(service, database, numbers, EachChecked, ct);
                await rounds.WarmUpAsync(service, database, ct);
                await rounds.AgainstFloorAsync(service, database, ct);
                await new VisitRounds(rounds, wrk, report).RunAsync(service, database, ct);
            }

            await using var empty = await postgres.CreateAsync("empty", ct);
            await using var million = await postgres.CreateAsync("million", ct);
            await using var first = await ServiceProcess.StartAsync(empty.ConnectionString, emulator.Url, delivers: false, ct);
            await using var second = await ServiceProcess.StartAsync(million.ConnectionString, emulator.Url, delivers: false, ct);
            await Posting.CheckEachAsync(second, million, numbers, 1, ct);
            report.Progress($"storing {MillionClients.Count:N0} clients");
            await MillionClients.StoreAsync(million, ct);
            report.Progress($"warming up");
            await rounds.WarmUpAsync(first, empty, ct);
            await rounds.WarmUpAsync(second, million, ct);
            await rounds.AgainstEmptyAsync((first, empty), (second, million), ct);
            foreach (var part in Parts) await part.RunAsync(postgres, report, ct);
            report.Write(Path.Combine(artifacts, "bench.json"));
        }

        /// <summary>Some parts alone, into a file of their own.</summary>
        /// <param name="names">Of <see cref="Named"/>.</param>
        public static async Task PartsAsync(string[] names, CancellationToken ct)
        {
            if (names.FirstOrDefault(n => Named.All(p => p.Name != n)) is { } unknown)
                throw new BenchFailure($"There is no part '{unknown}'. Parts: {string.Join(", ", Named.Select(p => p.Name))}; without any, everything runs.");
            var report = new Report();
            var artifacts = Directory.CreateDirectory(Path.Combine(Programs.Root, "artifacts")).FullName;
            await using var postgres = await PostgresUnderTest.StartAsync(Path.Combine(artifacts, "bench", "postgres"), ct);
            foreach (var part in Named.Where(p => names.Contains(p.Name))) await part.RunAsync(postgres, report, ct);
            report.Write(Path.Combine(artifacts, $"bench-{string.Join('-', names)}.json"));
        }

        private static async Task VisitsAsync(PostgresUnderTest postgres, Report report, CancellationToken ct)
        {
            var folder = Directory.CreateDirectory(Path.Combine(Programs.Root, "artifacts", "bench")).FullName;
            var numbers = new LeadNumbers();
            var wrk = new Wrk(folder, numbers);
            await using var emulator = await EmulatorProcess.StartAsync(ct);
            await using var database = await postgres.CreateAsync("bench", ct);
            await using var service = await ServiceProcess.StartAsync(database.ConnectionString, emulator.Url, delivers: false, ct);
            await Posting.CheckEachAsync(service, database, numbers, EachChecked, ct);
            var rounds = new IngestRounds(new Pgbench(postgres, database, await FloorTables.CreateAsync(database, folder, ct)), wrk, report);
            await rounds.WarmUpAsync(service, database, ct);
            await new VisitRounds(rounds, wrk, report).RunAsync(service, database, ct);
        }

        /// <summary>Starts the service on its database several times, and leaves the last one running.</summary>
        private static async Task<ServiceProcess> StartAsync(Report report, BenchDatabase database, EmulatorProcess emulator, CancellationToken ct)
        {
            report.Progress($"starting the service, then {Starts} times more with its database");
            await (await ServiceProcess.StartAsync(database.ConnectionString, emulator.Url, delivers: true, ct)).DisposeAsync();
            var times = new List<double>();
            while (true)
            {
                var service = await ServiceProcess.StartAsync(database.ConnectionString, emulator.Url, delivers: true, ct);
                times.Add(service.StartToReady.TotalSeconds);
                if (times.Count < Starts)
                {
                    await service.DisposeAsync();
                    continue;
                }
                await Task.Delay(TimeSpan.FromSeconds(IdleSeconds), ct);
                report.Add("start.seconds", Figures.Median(times));
                report.Add("memory.idle_mb", service.Megabytes());
                return service;
            }
        }
    }
}
