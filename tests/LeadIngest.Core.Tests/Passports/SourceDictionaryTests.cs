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
}
