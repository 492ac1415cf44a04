using System.Diagnostics;
using LeadIngest.Core.Identities;
using LeadIngest.Core.Passports;

namespace LeadIngest.Benchmarks;

/// <summary>Pure rules in this process: after a warm-up, the median of several loops.</summary>
internal static class MicroLoops
{
    private const int Loops = 9, Turns = 20_000;

    public static void Run(Report report)
    {
        var input = new PassportInput { Page = TypicalLead.Page(1), OwnHosts = ["example.ru"] };
        var passport = PassportRules.Write(input, SourceCatalog.Default, SourceDictionary.Default);
        if (passport is not { Origin: Origin.Utm, Medium: "cpc", Keyword: "внедрение crm цена" })
            throw new BenchFailure($"The typical address gave a passport by {passport.Origin}, medium {passport.Medium}, keyword {passport.Keyword}.");
        report.Add("passport.us", MicrosecondsOf(() => PassportRules.Write(input, SourceCatalog.Default, SourceDictionary.Default).Source is not null));

        if (!Phone.TryParse("8 (916) 123-45-67", "RU", out var phone) || phone.E164 != "+79161234567") throw new BenchFailure("The typical phone was not read.");
        report.Add("phone.us", MicrosecondsOf(() => Phone.TryParse("8 (916) 123-45-67", "RU", out _)));
    }

    private static double MicrosecondsOf(Func<bool> work)
    {
        var loops = new double[Loops];
        // The first loops run while the compiler still improves the code; the median leaves them behind.
        for (var turn = 0; turn < 3 * Turns; turn++) work();
        for (var loop = 0; loop < Loops; loop++)
        {
            var started = Stopwatch.GetTimestamp();
            var done = 0;
            for (var turn = 0; turn < Turns; turn++)
                if (work()) done++;
            if (done != Turns) throw new BenchFailure("A rule answered differently the second time.");
            loops[loop] = Stopwatch.GetElapsedTime(started).TotalMicroseconds / Turns;
        }
        return Figures.Median(loops);
    }
}
