using LeadIngest.Core.Calls;
using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Tests.Calls;

public class CallPassportTests
{
    private static readonly Guid HeldBy = Guid.CreateVersion7();
    private static readonly Guid Named = Guid.CreateVersion7();

    private static readonly Passport Ads = Write(page: "https://okna.ru/?utm_source=yandex&utm_medium=cpc&utm_campaign=spring");
    private static readonly Passport Vk = Write(page: "https://okna.ru/?utm_source=vk&utm_medium=cpc");
    private static readonly Passport Search = Write(page: "https://okna.ru/", referrer: "https://www.google.com/");

    private static Passport Write(string? page = null, string? referrer = null) =>
        PassportRules.Write(new PassportInput { Page = page, Referrer = referrer }, SourceCatalog.Default, SourceDictionary.Default);

    private static CallFacts Facts => new()
    {
        Direction = CallDirection.In,
        LinePhone = "+74951234567",
        StartedAt = new DateTimeOffset(2026, 11, 22, 12, 3, 0, TimeSpan.Zero),
    };

    private static CallFacts Tagged => Facts with { Tags = [new("utm_source", "vk"), new("utm_medium", "cpc")] };

    private static CallPassport Decide(CallFacts facts, DialledLine? line = null, Passport? session = null, Guid? sessionId = null) => CallPassport.Decide(
        new CallPassportInput { Facts = facts, Provider = "calltouch", Line = line ?? DialledLine.Unknown, SessionVisit = session, SessionVisitId = sessionId ?? (session is null ? null : Named) },
        SourceCatalog.Default, SourceDictionary.Default);

    [Fact]
    public void The_visit_that_held_the_number_beats_everything()
    {
        var call = Decide(Tagged, new(LineMatch.Holder, HeldBy, Ads), Vk);
        Assert.Equal((CallMatch.Holder, HeldBy, Origin.Number, Confidence.Exact, "Яндекс.Директ", "spring"),
            (call.Match, call.VisitId, call.Passport.Origin, call.Passport.Confidence, call.Passport.Source, call.Passport.Campaign));
        Assert.Equal("number +74951234567 was held by the visit when the call began (2026-11-22 12:03Z)", call.Passport.Evidence[0]);
    }

    [Fact]
    public void A_visit_that_the_provider_names_beats_its_tags()
    {
        var call = Decide(Tagged, session: Ads);
        Assert.Equal((CallMatch.Session, Named, Origin.Visit, Confidence.Exact, "Яндекс.Директ"), (call.Match, call.VisitId, call.Passport.Origin, call.Passport.Confidence, call.Passport.Source));
    }

    [Fact]
    public void The_providers_tags_beat_the_last_holder_and_a_static_number()
    {
        foreach (var line in new DialledLine[] { new(LineMatch.Recent, HeldBy, Ads), new(LineMatch.Static, null, Ads) })
        {
            var call = Decide(Tagged, line);
            Assert.Equal((CallMatch.Provider, Origin.Calltracking, Confidence.Exact, Vk.Source), (call.Match, call.Passport.Origin, call.Passport.Confidence, call.Passport.Source));
            Assert.Equal("calltouch: utm_source=vk", call.Passport.Evidence[0]);
        }
    }

    [Fact]
    public void The_last_holder_is_likely_and_says_how_long_the_number_had_rested()
    {
        var call = Decide(Facts, new(LineMatch.Recent, HeldBy, Ads, TimeSpan.FromMinutes(12)));
        Assert.Equal((CallMatch.Recent, HeldBy, Origin.Number, Confidence.Likely), (call.Match, call.VisitId, call.Passport.Origin, call.Passport.Confidence));
        Assert.Equal("number +74951234567 was last held by the visit, 12 min before the call", call.Passport.Evidence[0]);
    }

    [Fact]
    public void A_static_number_beats_the_page_and_the_referrer_that_the_provider_saw()
    {
        var seen = Facts with { Page = "https://okna.ru/", Referrer = "https://www.google.com/" };
        var call = Decide(seen, new(LineMatch.Static, null, Ads));
        Assert.Equal((CallMatch.Static, Origin.Number, "Яндекс.Директ"), (call.Match, call.Passport.Origin, call.Passport.Source));
        call = Decide(seen);
        Assert.Equal((CallMatch.Provider, Origin.Calltracking, Channel.OrganicSearch, Confidence.Likely), (call.Match, call.Passport.Origin, call.Passport.Channel, call.Passport.Confidence));
    }

    [Fact]
    public void Tags_in_the_page_that_the_provider_saw_are_tags() =>
        Assert.Equal((CallMatch.Provider, "Яндекс.Директ"), Decide(Facts with { Page = "https://okna.ru/?utm_source=yandex&utm_medium=cpc" }, new(LineMatch.Static, null, Vk)) is var call
            ? (call.Match, call.Passport.Source) : default);

    [Fact]
    public void A_chain_is_as_sure_as_its_weakest_link() => Assert.Equal(Confidence.Likely, Decide(Facts, new(LineMatch.Holder, HeldBy, Search)).Passport.Confidence);

    [Fact]
    public void A_source_that_the_provider_doubts_is_guessed()
    {
        var passport = Decide(Tagged with { Warnings = [CallRules.SourceNotAccurate] }).Passport;
        Assert.Equal(Confidence.Guessed, passport.Confidence);
        Assert.Contains("calltouch is not sure of the source", passport.Evidence);
    }

    [Fact]
    public void Nothing_known_is_unknown_and_never_invented()
    {
        var call = Decide(Facts, new(LineMatch.Site));
        Assert.Equal((CallMatch.None, null, Origin.None, Channel.Unknown, null), (call.Match, call.VisitId, call.Passport.Origin, call.Passport.Channel, call.Passport.Source));
        Assert.Equal(["number +74951234567 is the site's own, held by no visit"], call.Passport.Evidence);
    }

    [Fact]
    public void A_holder_without_a_source_leaves_the_word_to_the_provider_and_keeps_the_visit()
    {
        var nameless = Ads with { Channel = Channel.Unknown, Source = null };
        var call = Decide(Tagged, new(LineMatch.Holder, HeldBy, nameless));
        Assert.Equal((CallMatch.Provider, HeldBy), (call.Match, call.VisitId));
        Assert.Equal(CallMatch.Holder, Decide(Facts, new(LineMatch.Holder, HeldBy, nameless)).Match);
    }
}
