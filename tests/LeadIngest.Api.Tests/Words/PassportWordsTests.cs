using LeadIngest.Api.Http;
using LeadIngest.Api.Numbers;
using LeadIngest.Api.Senders.Calls;
using LeadIngest.Core.Calls;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Tests.Words;

/// <summary>Passports explain themselves in English, for programs; the page says the same in Russian by <c>src/words/passports.json</c> and <c>tag-faults.csv</c>. Here both ends are held together.</summary>
public class PassportWordsTests
{
    private static readonly Sentences Russian = new(RussianSentencesTests.Book("passports"));

    // One of every way to find a source. Tags without a source, click ids, labels, hosts, cookies; then what the rules do with each.
    private static readonly string[] Pages =
    [
        "https://okna.ru/", "https://okna.ru/?utm_source=yandex&utm_medium=cpc&utm_campaign=Окна_РСЯ", "https://okna.ru/?utm_source=yandex&utm_medium=cpc&source_type=context", "https://okna.ru/?utm_source=yandex&yclid=1",
        "https://okna.ru/#utm_source=vk&utm_medium=cpc", "https://okna.ru/?next=https%3A%2F%2Fokna.ru%2F%3Futm_source%3Dvk%26utm_medium%3Dcpc", "https://okna.ru/?yclid=1", "https://okna.ru/?gclid=1&utm_campaign=a", "https://okna.ru/?utm_campaign=spring",
        "https://okna.ru/?utm_source=unheard&utm_medium=cpc&yclid=1", "https://okna.ru/?utm_source=unheard&utm_medium=email", "https://okna.ru/?utm_source=unheard", "https://okna.ru/?utm_source=dzen.ru&utm_medium=unheard", "https://okna.ru/?utm_source=instagram.com&utm_medium=unheard",
        "https://okna.ru/?utm_source=pikabu.ru&utm_medium=unheard", "https://okna.ru/?utm_source=unheard&utm_medium=unheard&yclid=1", "https://okna.ru/?_openstat=ZGlyZWN0LnlhbmRleC5ydTs2OzI7eWFuZGV4LnJ1", "https://okna.ru/?_openstat=x", "https://okna.ru/?from=vk", "https://okna.ru/?roistat=direct1_search_2_a",
        "https://okna.ru/?utm_source=yandex&utm_source=vk", "https://okna.ru/?utm_source=google&yclid=1", "https://okna.ru/?utm_term={keyword}&utm_source=yandex", "https://okna.ru/?utm_source=%25D1%258F", "https://okna.ru/utm_source=yandex", "https://okna.ru/&utm_source=yandex",
        "https://okna.ru/?a=1?utm_source=yandex", "https://okna.ru/?utm_source=yandex&utm_source[]=vk&utm_sourse=vk&utm_medium=", "https://okna.ru/?utm_source=Yandex%20&utm_campaign=%EE%EA%ED%E0", "https://okna.ru/?utm_source=" + new string('a', 9000), "https://okna.ru/?utm_source=own-one&utm_medium=cpc", "https://okna.ru/?utm_source=badoo.com&utm_medium=unheard",
    ];

    private static readonly string?[] Referrers = [null, "https://www.google.com/", "https://yandex.ru/search/", "https://okna.ru/a", "https://yookassa.ru/pay", "https://unheard.example/", "https://semalt.com/", "::", "https://r.ru/" + new string('a', 9000)];

    private static readonly string?[] Cookies =
    [
        null, "utm_source=vk; utm_medium=cpc", "_openstat=ZGlyZWN0LnlhbmRleC5ydTs2OzI7eWFuZGV4LnJ1", "sbjs_first=typ%3Dorganic%7C%7C%7Csrc%3Dyandex%7C%7C%7Cmdm%3Dorganic%7C%7C%7Ccmp%3D(none)%7C%7C%7Ccnt%3D(none)%7C%7C%7Ctrm%3D(none)",
        "sbjs_current=typ%3Dorganic%7C%7C%7Csrc%3Dyandex%7C%7C%7Cmdm%3Dorganic%7C%7C%7Ccmp%3D(none)%7C%7C%7Ccnt%3D(none)%7C%7C%7Ctrm%3D(none)", "gclid=1",
    ];

    private static readonly KeyValuePair<string, string>[][] Fields = [[], [new("utm_source", "vk"), new("utm_medium", "cpc")], [new("yclid", "1")], [new("_openstat", "ZGlyZWN0LnlhbmRleC5ydTs2OzI7eWFuZGV4LnJ1")]];

    private static readonly SourceDictionary Own = SourceDictionary.Default.With([new SourceEntry("own-one", "cpc", "Своя", Channel.PaidSearch)]);

    private static readonly Lazy<(HashSet<string> Evidence, HashSet<string> Warnings)> All = new(Everything);

    [Fact]
    public void Every_line_of_evidence_is_known_in_Russian() => Assert.Equal([], All.Value.Evidence.Where(line => Russian.Say(line) is null));

    [Fact]
    public void Every_warning_is_a_fault_that_the_page_can_name() => Assert.Equal([], All.Value.Warnings.Where(warning => TagFaults.Of(warning) is null));

    /// <summary>A new line of evidence makes this test fail until a case above brings it forth, and then the one before it until it has its sentence.</summary>
    [Fact]
    public void Every_shape_that_the_rules_can_write_is_among_them()
    {
        var lines = All.Value.Evidence.Concat(All.Value.Warnings).ToList();
        string[] files = ["TagRules", "WeakRules", "PassportRules", "PassportDraft", "GatheredTags", "UrlTags"];
        var shapes = files.SelectMany(f => Literal.Of($"LeadIngest.Core/Passports/{f}.cs")).Concat(Literal.Of("LeadIngest.Core/Calls/CallPassport.cs")).Concat(Literal.Of("LeadIngest.Api/Numbers/StaticPassport.cs"))
            // The name of a source is no evidence.
            .Where(l => l.Text.Contains(' ', StringComparison.Ordinal) && l.Text != "Прямой заход").ToList();
        Assert.True(shapes.Count > 40, $"{shapes.Count} shapes.");
        Assert.Equal([], shapes.Where(s => !lines.Exists(s.Shape.IsMatch)).Select(s => $"{s.File}: {s.Filled}"));
    }

    [Fact]
    public void Every_provider_of_calls_has_its_name() => Assert.Equal([], CallProviders.Names.Where(name => Russian.Say($"{name}: utm_source=vk") is null));

    private static (HashSet<string>, HashSet<string>) Everything()
    {
        var visit = Write(new() { Page = Pages[1] });
        var all = new List<Passport>();
        foreach (var page in Pages.Prepend(null))
            foreach (var referrer in Referrers)
                foreach (var cookies in Cookies)
                    foreach (var fields in Fields)
                        all.Add(Write(new() { Page = page, Referrer = referrer, Cookies = cookies, Fields = fields, OwnHosts = ["okna.ru"] }));
        all.Add(Write(new() { Visit = visit }));
        all.AddRange(Calls(visit));
        all.Add(new StaticPassport().ToPassport("+74951234567", "Листовка"));
        all.Add(new StaticPassport().ToPassport("+74951234567", null));
        return ([.. all.SelectMany(p => p.Evidence)], [.. all.SelectMany(p => p.Warnings)]);
    }

    private static IEnumerable<Passport> Calls(Passport visit)
    {
        var facts = new CallFacts { Direction = CallDirection.In, LinePhone = "+74951234567" };
        var tagged = facts with { Tags = [new("utm_source", "vk"), new("utm_medium", "cpc")] };
        DialledLine[] lines = [DialledLine.Unknown, .. new[] { LineMatch.Holder, LineMatch.Recent, LineMatch.Static, LineMatch.Site }.SelectMany(m => (DialledLine[])[new(m, Guid.Empty, visit), new(m, Guid.Empty, visit, TimeSpan.FromMinutes(12)), new(m)])];
        foreach (var line in lines)
            foreach (var call in (CallFacts[])[facts, tagged, facts with { StartedAt = DateTimeOffset.UnixEpoch }, tagged with { Warnings = [CallRules.SourceNotAccurate] }, facts with { Page = "https://okna.ru/", Referrer = "https://www.google.com/" }])
                foreach (var session in new[] { null, visit })
                    yield return CallPassport.Decide(new() { Facts = call, Provider = "calltouch", Line = line, SessionVisit = session }, SourceCatalog.Default, Own).Passport;
    }

    private static Passport Write(PassportInput input) => PassportRules.Write(input, SourceCatalog.Default, Own);
}
