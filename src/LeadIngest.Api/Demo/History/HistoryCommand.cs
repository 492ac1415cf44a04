using System.Globalization;
using LeadIngest.Api.Data;

namespace LeadIngest.Api.Demo.History;

/// <summary><c>demo-history --months 18 --seed 1 [--project id]</c>.</summary>
internal static class HistoryCommand
{
    public const string Usage = "demo-history [--months 18] [--seed 1] [--project <id>]";

    /// <returns>0: written, or there already. 1: refused or broken off.</returns>
    public static async Task<int> RunAsync(string connectionString, string[] args, string environment, IConfiguration configuration, TextWriter said, CancellationToken ct)
    {
        if (Read(args, configuration) is not { } request)
        {
            await said.WriteLineAsync($"Usage: LeadIngest.Api {Usage}");
            return 2;
        }
        var told = -1;
        try
        {
            var outcome = await new DemoHistory(connectionString, environment, TimeProvider.System).RunAsync(request, done =>
            {
                if ((int)(done * 10) <= told) return;
                told = (int)(done * 10);
                said.WriteLine(string.Create(CultureInfo.InvariantCulture, $"demo history: {told * 10} %"));
            }, ct);
            await said.WriteLineAsync(Words(outcome));
            return outcome is HistoryOutcome.Refused ? 1 : 0;
        }
        catch (HistoryFailure e)
        {
            await said.WriteLineAsync($"demo history: broken off. {e.Message}");
            return 1;
        }
    }

    public static string Words(HistoryOutcome outcome) => outcome switch
    {
        HistoryOutcome.Written w => string.Create(CultureInfo.InvariantCulture, $"demo history: written, {w.Visits} visits, {w.Forms} forms, {w.Calls} calls, {w.Deals} deals.")
            + (w.IsReadBack ? "" : " The deals will be read out of the CRM while the service runs."),
        HistoryOutcome.AlreadyThere => "demo history: there already, nothing was written.",
        HistoryOutcome.Refused r => $"demo history: nothing was written. {r.Why}",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private static HistoryRequest? Read(string[] args, IConfiguration configuration)
    {
        var demo = configuration.GetSection("Demo").Get<DemoOptions>() ?? new();
        if (!Uri.TryCreate(demo.EmulatorUrl, UriKind.Absolute, out var emulator)) throw new SettingException("Demo__EmulatorUrl is not an address.");
        var request = new HistoryRequest { Emulator = emulator, PastFile = demo.PastFile };
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length) return null;
            var number = int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : (int?)null;
            HistoryRequest? next = args[i] switch
            {
                "--months" when number is { } months => request with { Months = months },
                "--seed" when number is { } seed => request with { Seed = seed },
                "--project" when Guid.TryParse(args[i + 1], out var project) => request with { Project = project },
                _ => null,
            };
            if (next is null) return null;
            request = next;
        }
        return request;
    }
}
