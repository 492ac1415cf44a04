using System.Diagnostics;
using LeadIngest.Resilience.Checks;
using LeadIngest.Resilience.Load;
using LeadIngest.Resilience.Rig;
using LeadIngest.Resilience.Trouble;

namespace LeadIngest.Resilience.Scenarios;

/// <summary>
/// R3 to R7 together: three processes that are killed and stand still at random, CRMs that fail in every way, tokens that end at random
/// moments. Each lead ends in each CRM exactly once, the leads of each person in their order, with one refresh for each end of a token.
/// </summary>
internal sealed class Chaos : IScenario
{
    private const int Processes = 3;

    public string Name => "chaos";

    public async Task PlayAsync(SoakRun run, ScenarioReport report, CancellationToken ct)
    {
        var (smoke, seed) = (run.Options.Smoke, run.Options.Seed);
        var settings = Shortened.Leases();
        settings["Demo__Enabled"] = "false";
        // A look-up is one call a lead in amoCRM: the short form cannot wait for seven of them a second.
        if (smoke) settings["Crm__RequestsPerSecond"] = "40";
        using var stage = await Stage.SetAsync(run, Name, settings, ct, Processes, smoke ? 50 : 7);
        using var business = await Business.OpenAsync(run.Folder, run.Postgres.ConnectionString("soak_" + Name), stage.Services, stage.Emulator, ct);
        await stage.Emulator.AddFaultAsync("rate_limit", 1, ct);
        using var misfortunes = new Misfortunes(stage.Services, seed);
        var weathers = CrmContents.Crms.Select((crm, i) => new Weather(stage.Emulator, crm, seed + 10 + i)).ToList();
        var expiries = CrmContents.Crms.Select((crm, i) => (crm, Ends: new Expiries(business, stage.Emulator, stage.Stored, misfortunes, crm, seed + 20 + i))).ToDictionary(e => e.crm, e => e.Ends);

        var leads = run.Options.Pick(1_500, 20_000);
        var plan = new LeadPlan(Name, seed, leads / 4, sharedPeople: leads / 40);
        await using var balancer = new Balancer(stage.Services);
        using var sender = new LeadSender(balancer.Choose, stage.Ledger, stage.Traffic, TimeSpan.FromMilliseconds(300), inTurn: true);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var drained = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var since = Stopwatch.GetTimestamp();
        await using var load = SteadyLoad.Start(plan, sender, run.Options.Pick(18, 40), leads, 256, ct);
        List<Task> troubles =
        [
            misfortunes.RunAsync(run.Options.Pick((2.0, 8.0), (5.0, 20.0)), enough.Token, ct),
            .. weathers.Select(w => w.RunAsync(enough.Token, ct)),
            .. expiries.Values.Select(e => e.RunAsync(run.Options.Pick((4.0, 8.0), (10.0, 20.0)), run.Options.Pick(2, 5), enough.Token, ct)),
        ];
        var mending = Task.WhenAll(expiries.Values.Select(e => e.MendAsync(drained.Token, ct)));
        try
        {
            await Task.WhenAny([load.Made, .. troubles]);
            await enough.CancelAsync();
            await Task.WhenAll(troubles);
            report.Must(await load.FinishAsync(TimeSpan.FromSeconds(60)), "Leads were not acknowledged within 60 s after the last fault.");
            var took = Stopwatch.GetElapsedTime(since).TotalSeconds;
            await stage.Emulator.ClearFaultsAsync(ct);
            report.Figure("seconds_of_chaos", took);
            report.Figure("leads_per_second", stage.Ledger.Acknowledged.Count / took);
            report.Figure("kills", misfortunes.Kills);
            report.Figure("stops", misfortunes.Stops);
            report.Figure("delivered_in_chaos", await stage.Stored.ScalarAsync<int>("select count(*)::int from deliveries where state = 'delivered'", ct));
            report.Figure("in_doubt_at_end_of_chaos", await stage.Stored.ScalarAsync<int>("select count(*)::int from deliveries where state = 'in_doubt'", ct));
            foreach (var (kind, count) in weathers.SelectMany(w => w.Spells).GroupBy(s => s.Key, s => s.Value).Select(g => (g.Key, g.Sum())))
                report.Figure($"spells.{kind}", count);
            await stage.JudgeAsync(report, run.Options.Pick(TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(40)), ct, mayTimeOut: true);
        }
        finally
        {
            await enough.CancelAsync();
            await drained.CancelAsync();
            await Task.WhenAll([.. troubles, mending]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await mending;
        foreach (var crm in CrmContents.Crms)
        {
            Verdict.OnOrder(report, await CrmContents.ReadAsync(stage.Emulator, crm, ct), stage.Ledger, await stage.Stored.LeadsAsync(ct));
            Verdict.OnLogins(report, crm, expiries[crm], await stage.Emulator.LoginsAsync(crm, ct));
        }
    }
}
