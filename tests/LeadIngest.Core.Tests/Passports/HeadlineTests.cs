using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Tests.Passports;

public sealed class HeadlineTests
{
    private const string Landing = "https://example.ru/crm?utm_source=yandex&utm_medium=cpc&utm_campaign=%D0%9F%D0%BE%D0%B8%D1%81%D0%BA_CRM_" +
        "%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0&utm_term=%D0%B2%D0%BD%D0%B5%D0%B4%D1%80%D0%B5%D0%BD%D0%B8%D0%B5%20crm%20%D1%86%D0%B5%D0%BD%D0%B0";

    [Fact]
    public void A_tagged_link_tells_source_campaign_and_keyword()
    {
        var passport = Writing.Page(Landing);

        Assert.Equal((Channel.PaidSearch, "Яндекс.Директ", "cpc"), (passport.Channel, passport.Source, passport.Medium));
        Assert.Equal(("Поиск_CRM_Москва", "внедрение crm цена"), (passport.Campaign, passport.Keyword));
        Assert.Equal((Origin.Utm, Confidence.Exact), (passport.Origin, passport.Confidence));
        Assert.Equal(["utm_source=yandex in the page URL", "dictionary: yandex/cpc"], passport.Evidence);
        Assert.Empty(passport.Warnings);
        Assert.Equal(Landing, passport.LandingPage);
        Assert.Equal(["utm_source", "utm_medium", "utm_campaign", "utm_term"], passport.Utm.Keys);
    }

    [Fact]
    public void Nothing_known_is_an_empty_passport()
    {
        var passport = Writing.Input(new PassportInput());

        Assert.Equal((Channel.Unknown, null, Origin.None, Confidence.Guessed), (passport.Channel, passport.Source, passport.Origin, passport.Confidence));
        Assert.Empty(passport.Warnings);
    }

    [Fact]
    public void A_page_alone_is_a_direct_visit()
    {
        var passport = Writing.Page("https://example.ru/prices");

        Assert.Equal((Channel.Direct, "Прямой заход", Origin.Direct), (passport.Channel, passport.Source, passport.Origin));
    }
}
