using System.Diagnostics;
using System.Net;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Clients;
using LeadIngest.Core.Identities;
using LeadIngest.Core.Junk;
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
        report.Add("junk.judge_us", MicrosecondsOf(Judging()));
    }

    /// <summary>A whole judgement: contacts read, browser named, text compared with those before, ten thousand entries on the stop list.</summary>
    private static Func<bool> Judging()
    {
        var site = new SiteEntry
        {
            ProjectId = Guid.CreateVersion7(),
            SiteId = Guid.CreateVersion7(),
            SiteKey = "bench",
            AllowedOrigins = [],
            OwnHosts = ["example.ru"],
            DefaultCountry = "RU",
            FieldMap = new Dictionary<string, string>(),
            RatePerSecond = 50,
            RatePerIpPerMinute = 60,
            DuplicateWindow = TimeSpan.FromMinutes(10),
            RepeatPolicy = "deal",
            Connections = [],
            SharedContacts = [],
            StopList = new StopList(Enumerable.Range(0, 10_000).Select(n => (n % 4) switch
            {
                0 => new StopEntry(StopKind.Phone, $"+7903{n:0000000}", LeadStatus.Spam),
                1 => new StopEntry(StopKind.Ip, $"198.51.{n / 256 % 256}.{n % 256}", LeadStatus.Spam),
                2 => new StopEntry(StopKind.Word, $"слово{n} дело", LeadStatus.Spam),
                _ => new StopEntry(StopKind.Domain, $"spam{n}.example", LeadStatus.Spam),
            })),
        };
        var lead = new PostedLead
        {
            Name = "Анна Петрова",
            Phone = "8 (916) 123-45-67",
            Email = "anna@example.ru",
            Comment = "Здравствуйте! Сколько стоит остекление балкона шесть метров, и когда можно вызвать замерщика?",
            Page = TypicalLead.Page(1),
        };
        var origin = new PostOrigin(IPAddress.Parse("203.0.113.7"), "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36");
        var (judge, now) = (new JunkJudge(), TimeProvider.System.GetUtcNow());
        if (judge.Judge(lead, site, origin, now) is not { Status: null, Reasons: [] }) throw new BenchFailure("The typical lead was called junk.");
        if (judge.Judge(lead with { Phone = "+79030009996" }, site, origin, now).Status != LeadStatus.Spam) throw new BenchFailure("The stop list was not asked.");
        return () => judge.Judge(lead, site, origin, now).Status is null;
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
