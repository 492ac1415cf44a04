using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Tests.Passports;

public sealed class SourceDictionaryTests
{
    private static Passport Write(string page, string? referrer, params SourceEntry[] entries) =>
        PassportRules.Write(new PassportInput { Page = page, Referrer = referrer }, SourceCatalog.Default, SourceDictionary.Default.With(entries));

    [Theory]
    [InlineData("yandex", "cpc")]
    [InlineData("YA", null)]
    [InlineData("yandex", "@paid")]
    public void A_projects_line_wins(string source, string? medium)
    {
        var passport = Write("https://e.ru/?utm_source=ya&utm_medium=cpc", null, new SourceEntry(source, medium, "Директ агентства", Channel.PaidSearch));

        Assert.Equal("Директ агентства", passport.Source);
    }

    [Fact]
    public void A_line_without_a_name_keeps_the_tag_as_it_was_written()
    {
        var passport = Write("https://e.ru/?utm_source=BigBlog&utm_medium=post", null, new SourceEntry("bigblog", null, "", Channel.Affiliate));

        Assert.Equal(("BigBlog", Channel.Affiliate), (passport.Source, passport.Channel));
    }

    [Fact]
    public void A_host_in_a_line_renames_a_referrer()
    {
        var passport = Write("https://e.ru/", "https://partner.ru/x", new SourceEntry("partner.ru", null, "Партнёр", Channel.Affiliate));

        Assert.Equal(("Партнёр", Channel.Affiliate, Origin.Referrer), (passport.Source, passport.Channel, passport.Origin));
    }

    [Fact]
    public void Later_lines_replace_earlier_ones_and_the_default_stays_as_it_was()
    {
        var dictionary = SourceDictionary.Default.With([new SourceEntry("foo", "cpc", "A", Channel.Other)]).With([new SourceEntry("foo", "cpc", "B", Channel.Display)]);

        Assert.True(dictionary.TryFind("foo", "cpc", out var entry));
        Assert.Equal(("B", Channel.Display), (entry.Name, entry.Channel));
        Assert.False(SourceDictionary.Default.TryFind("foo", "cpc", out _));
    }

    [Fact]
    public void Wire_names_go_there_and_back()
    {
        foreach (var channel in Enum.GetValues<Channel>())
            Assert.True(PassportNames.TryParse(PassportNames.ToWire(channel), out Channel back) && back == channel);
        foreach (var origin in Enum.GetValues<Origin>())
            Assert.True(PassportNames.TryParse(PassportNames.ToWire(origin), out Origin back) && back == origin);
        foreach (var confidence in Enum.GetValues<Confidence>())
            Assert.True(PassportNames.TryParse(PassportNames.ToWire(confidence), out Confidence back) && back == confidence);
        Assert.Equal(("paid_search", "click_id", "ai_assistant"), (PassportNames.ToWire(Channel.PaidSearch), PassportNames.ToWire(Origin.ClickId), PassportNames.ToWire(Channel.AiAssistant)));
        Assert.False(PassportNames.TryParse("nowhere", out Channel _));
        Assert.Throws<ArgumentOutOfRangeException>(() => PassportNames.ToWire((Channel)99));
    }

    [Fact]
    public void Wire_names_are_the_snake_case_of_the_members() => Assert.All(
        Enum.GetValues<Channel>(), c => Assert.Equal(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(c.ToString()), PassportNames.ToWire(c)));

    [Theory]
    [InlineData("https://okna-plus.ru/?utm_source=Пример.рф", null)]
    [InlineData("https://okna-plus.ru/?utm_source=www.xn--e1afmkfd.xn--p1ai", null)]
    [InlineData("https://okna-plus.ru/?utm_source=https%3A%2F%2Fпример.рф%2Fobzor", null)]
    [InlineData("https://okna-plus.ru/", "https://www.xn--e1afmkfd.xn--p1ai/obzor")]
    public void A_projects_line_for_a_host_meets_every_spelling_of_it(string page, string? referrer)
    {
        var dictionary = SourceDictionary.Default.With([new SourceEntry(SourceEntry.KeyOf(" HTTPS://www.Пример.рф/ ")!, null, "Пример", Channel.Referral)]);
        Assert.Equal("Пример", PassportRules.Write(new PassportInput { Page = page, Referrer = referrer }, SourceCatalog.Default, dictionary).Source);
    }

    [Fact]
    public void A_line_of_the_project_is_named_as_such_in_the_evidence()
    {
        var dictionary = SourceDictionary.Default.With([new SourceEntry("yandex", "cpc", "Директ", Channel.PaidSearch)]);
        Assert.Contains("the project's dictionary: yandex/cpc", PassportRules.Write(new PassportInput { Page = "https://okna-plus.ru/?utm_source=ya&utm_medium=cpc" }, SourceCatalog.Default, dictionary).Evidence);
        Assert.Contains("dictionary: yandex/organic", PassportRules.Write(new PassportInput { Page = "https://okna-plus.ru/?utm_source=ya&utm_medium=organic" }, SourceCatalog.Default, dictionary).Evidence);
    }
}
