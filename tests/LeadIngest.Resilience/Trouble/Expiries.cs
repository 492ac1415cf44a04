using System.Collections.Concurrent;
using LeadIngest.Resilience.Checks;
using LeadIngest.Resilience.Rig;

namespace LeadIngest.Resilience.Trouble;

/// <summary>
/// Access tokens of one CRM end at random moments. A refresh token works once, so each end must cost exactly one refresh: a second one with the same
/// token is refused and loses the login. One loss no client can prevent: the process dies between the vendor's answer and its own commit. That
/// is done on purpose too, and a person then logs in again, as the owner of the account would.
/// </summary>
internal sealed class Expiries(Business business, EmulatorProcess emulator, StoredLeads stored, Misfortunes misfortunes, string crm, int seed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1.5), Usual = TimeSpan.FromSeconds(0.7);
    private readonly ConcurrentDictionary<DateTimeOffset, bool> _aimed = [];
    private readonly Random _dice = new(seed);
    private readonly ConcurrentQueue<string> _unexplained = [];

    /// <summary>How often tokens ended.</summary>
    public int Ends { get; private set; }

    /// <summary>Of these, how often the answer was a person's login, because the one before was lost unseen.</summary>
    public int EndsInLogin { get; private set; }

    /// <summary>Refreshes at whose answer all processes were killed.</summary>
    public int AimedKills { get; private set; }

    /// <summary>Refreshes at whose answer all processes stood still.</summary>
    public int AimedStops { get; private set; }

    /// <summary>Logins that were lost, and mended by a person.</summary>
    public int Lost { get; private set; }

    /// <summary>What stopped a connection and was no kill at the moment of a refresh.</summary>
    public IReadOnlyCollection<string> Unexplained => _unexplained;

    /// <param name="enough">No more of it; the last end is answered when the task completes.</param>
    public async Task RunAsync((double Shortest, double Longest) pause, int aimEvery, CancellationToken enough, CancellationToken ct)
    {
        for (var i = 1; await Pause.PassesAsync(Pause.Between(_dice, pause.Shortest, pause.Longest), enough); i++)
        {
            await UntilAsync("the connection works again", async () => await StateAsync(ct) == "active", ct);
            var before = await emulator.LoginsAsync(crm, ct);
            var isAimed = i % aimEvery == 0;
            if (isAimed) await emulator.AddFaultAsync("late", 1, ct, crm, ms: (int)Late.TotalMilliseconds, path: Weather.TokenCalls(crm), times: 1);
            await emulator.AddFaultAsync("expire_tokens", 1, ct, crm);
            Ends++;
            // Others than the worker need the login too, on other processes.
            var checks = _dice.Next(2) == 0 ? Task.WhenAll(business.CheckAsync(crm, ct), business.CheckAsync(crm, ct)) : Task.CompletedTask;
            var after = before;
            await UntilAsync("the token is refreshed", async () => (after = await emulator.LoginsAsync(crm, ct)) is var now && (now.Refreshes > before.Refreshes || now.Codes > before.Codes), ct);
            if (isAimed && after.RefreshedAt is { } at) _aimed[at] = true;
            if (after.Refreshes == before.Refreshes) EndsInLogin++;
            else if (isAimed) await AimAsync(i / aimEvery % 2 == 1, ct);
            await checks;
        }
    }

    /// <summary>The owner of the account looks whether the connection works, and logs in where it does not.</summary>
    public async Task MendAsync(CancellationToken until, CancellationToken ct)
    {
        while (await Pause.PassesAsync(TimeSpan.FromMilliseconds(300), until))
        {
            if (await StateAsync(ct) is not { } state || state == "active") continue;
            var logins = await emulator.LoginsAsync(crm, ct);
            if (state != "needs_reauth" || logins.RefreshedAt is not { } at || !misfortunes.KilledAt(at, _aimed.ContainsKey(at) ? Late + Usual : Usual))
                _unexplained.Enqueue($"{crm} {state}: {await stored.ScalarAsync<string>($"select state_reason from connections where crm = '{crm}'", ct)}");
            Lost++;
            await business.LogInAsync(crm, ct);
        }
    }

    private async Task AimAsync(bool kill, CancellationToken ct)
    {
        if (kill)
        {
            await misfortunes.KillAllAsync(ct);
            AimedKills++;
            return;
        }
        await misfortunes.StopAllAsync(TimeSpan.FromSeconds(4), ct);
        AimedStops++;
    }

    private Task<string?> StateAsync(CancellationToken ct) => stored.ScalarAsync<string>($"select state from connections where crm = '{crm}'", ct);

    private async Task UntilAsync(string what, Func<Task<bool>> condition, CancellationToken ct)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(since) > Patience) throw new SoakException($"{crm}: waited in vain for {Patience.TotalSeconds:0} s until {what}.");
            await Task.Delay(20, ct);
        }
    }
}
