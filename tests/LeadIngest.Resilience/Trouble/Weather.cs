using LeadIngest.Resilience.Rig;

namespace LeadIngest.Resilience.Trouble;

/// <summary>
/// What befalls one CRM: a spell of one kind of fault, calm, the next spell. Answers are never lost at the token endpoint, where no client could
/// make up for it: that is <see cref="Expiries"/>'s part, and counted there.
/// </summary>
internal sealed class Weather(EmulatorProcess emulator, string crm, int seed)
{
    private readonly Random _dice = new(seed);

    /// <summary>Spells by kind.</summary>
    public SortedDictionary<string, int> Spells { get; } = [];

    /// <summary>Part of the path of every call that is none for a token.</summary>
    private string Calls => crm == "amocrm" ? "/api/v4/" : "/rest/";

    public static string TokenCalls(string crm) => crm == "amocrm" ? "/oauth2/access_token" : "/oauth/token";

    public async Task RunAsync(CancellationToken enough, CancellationToken ct)
    {
        while (await Pause.PassesAsync(Pause.Between(_dice, 1, 4), enough))
        {
            var seconds = 2 + _dice.NextDouble() * 5;
            var kind = await BeginAsync(seconds, ct);
            Spells[kind] = Spells.GetValueOrDefault(kind) + 1;
            await Pause.PassesAsync(TimeSpan.FromSeconds(seconds), enough);
        }
    }

    /// <returns>The kind's name.</returns>
    private async Task<string> BeginAsync(double seconds, CancellationToken ct)
    {
        switch (_dice.Next(11))
        {
            case 0:
                return await AddAsync("drop_after", 0.4);
            case 1:
                return await AddAsync("status_after", 0.4, status: 500);
            case 2:
                return await AddAsync("drop_before", 0.4);
            case 3:
                return await AddAsync("status_before", 0.4, status: 503);
            case 4:
                // A little longer than the service waits for an answer.
                return await AddAsync("hang", 0.3, ms: 2_000);
            case 5:
                return await AddAsync("html", 0.4);
            case 6:
                return await AddAsync("truncated", 0.3);
            case 7:
                return await AddAsync("late", 0.5, ms: 700);
            case 8:
                await emulator.AddFaultAsync("down", 1, ct, crm, seconds: seconds / 2);
                return "down";
            case 9:
                await emulator.AddFaultAsync("status_before", 0.7, ct, crm, status: 503, seconds: seconds, path: TokenCalls(crm));
                return "no_tokens";
            default:
                // Longer than the first look-up waits, shorter than the last one.
                await AddAsync("search_lag", 1, ms: 2_500);
                await AddAsync("drop_after", 0.3);
                return "search_lag";
        }

        async Task<string> AddAsync(string kind, double probability, int? ms = null, int? status = null)
        {
            await emulator.AddFaultAsync(kind, probability, ct, crm, ms, status, seconds, Calls);
            return kind;
        }
    }
}
