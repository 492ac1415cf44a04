using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Tests.Passports;

public sealed class PassportAgainTests
{
    private static readonly SourceDictionary Own = SourceDictionary.Default.With([new("blogger", null, "Блогеры", Channel.OrganicSocial), new("yandex", "cpc", "Директ", Channel.PaidSearch)]);
    private static readonly KeptEvidence Nothing = new(null, [], ["okna-plus.ru"]);

    [Theory]
    [InlineData("https://okna-plus.ru/?utm_source=blogger&utm_medium=x&utm_campaign=a", null, "Блогеры")]
    [InlineData("https://okna-plus.ru/?from=blogger", null, "Блогеры")]
    [InlineData("https://okna-plus.ru/?yclid=1", null, "Директ")]
    [InlineData("https://okna-plus.ru/?utm_source=vk&utm_medium=cpc", null, "VK Реклама")]
    [InlineData("https://okna-plus.ru/", "https://www.google.com/", null)]
    [InlineData("https://okna-plus.ru/", null, null)]
    public void A_new_line_names_history_as_it_names_the_next_lead_and_goes_without_a_trace(string page, string? referrer, string? named)
    {
        var input = new PassportInput { Page = page, Referrer = referrer, OwnHosts = ["okna-plus.ru"] };
        var (before, after) = (Write(input, SourceDictionary.Default), Write(input, Own));

        var again = PassportAgain.Write(before, Nothing, SourceCatalog.Default, Own)!;

        Assert.True(PassportAgain.AreSame(after, again));
        if (named is not null) Assert.Equal(named, again.Source);
        Assert.True(PassportAgain.AreSame(before, PassportAgain.Write(again, Nothing, SourceCatalog.Default, SourceDictionary.Default)!));
    }

    [Fact]
    public void Tags_that_came_in_cookies_are_kept_and_named_anew()
    {
        var before = Write(new() { Page = "https://okna-plus.ru/", Cookies = "utm_source=blogger; utm_medium=x" }, SourceDictionary.Default);

        var again = PassportAgain.Write(before, Nothing, SourceCatalog.Default, Own)!;

        Assert.Equal(("Блогеры", "x"), (again.Source, again.Medium));
        Assert.Contains("utm_source=blogger in the cookies", again.Evidence);
    }

    [Fact]
    public void What_a_cookie_said_that_is_not_kept_is_not_made_up()
    {
        var before = Write(new() { Page = "https://okna-plus.ru/", Cookies = "sbjs_current=typ=organic|||src=yandex|||mdm=organic|||cmp=(none)|||cnt=(none)|||trm=(none)" }, SourceDictionary.Default);
        Assert.Equal(Channel.OrganicSearch, before.Channel);

        Assert.Null(PassportAgain.Write(before, Nothing, SourceCatalog.Default, Own));
    }

    [Theory]
    [InlineData(Origin.Visit)]
    [InlineData(Origin.Number)]
    [InlineData(Origin.Calltracking)]
    public void What_found_the_source_stays_and_only_its_name_changes(Origin origin)
    {
        var found = Write(new() { Page = "https://okna-plus.ru/?utm_source=ya&utm_medium=cpc&utm_campaign=Поиск" }, SourceDictionary.Default);
        var kept = found with { Origin = origin, Confidence = Confidence.Likely, Evidence = ["somebody found it", .. found.Evidence] };

        var again = PassportAgain.Write(kept, Nothing, SourceCatalog.Default, Own)!;

        Assert.Equal((origin, Confidence.Likely, "Директ", "Поиск"), (again.Origin, again.Confidence, again.Source, again.Campaign));
        Assert.Equal(["somebody found it", "utm_source=ya in the page URL", "the project's dictionary: yandex/cpc"], again.Evidence);
    }

    [Fact]
    public void A_static_numbers_own_passport_stays()
    {
        var leaflet = new Passport { Channel = Channel.Offline, Source = "Листовка", Origin = Origin.Number, Confidence = Confidence.Exact, Evidence = ["static number +74950000001"] };

        Assert.Same(leaflet, PassportAgain.Write(leaflet, Nothing, SourceCatalog.Default, Own));
    }

    [Fact]
    public void A_lead_that_a_label_had_named_takes_its_visits_passport_back()
    {
        var visit = Write(new() { Page = "https://okna-plus.ru/?utm_source=vk&utm_medium=cpc" }, SourceDictionary.Default);
        var input = new PassportInput { Page = "https://okna-plus.ru/form?from=blogger", Visit = visit };
        var named = Write(input, Own);
        Assert.Equal("Блогеры", named.Source);

        var again = PassportAgain.Write(named, Nothing with { Visit = visit }, SourceCatalog.Default, SourceDictionary.Default)!;

        Assert.Equal((Origin.Visit, "VK Реклама"), (again.Origin, again.Source));
    }

    private static Passport Write(PassportInput input, SourceDictionary dictionary) => PassportRules.Write(input, SourceCatalog.Default, dictionary);
}
