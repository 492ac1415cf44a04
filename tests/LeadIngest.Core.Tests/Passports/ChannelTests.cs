using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Tests.Passports;

/// <summary>Which channel and name each kind of evidence gives.</summary>
public sealed class ChannelTests
{
    [Theory]
    [InlineData("utm_source=yandex&utm_medium=cpc", Channel.PaidSearch, "Яндекс.Директ")]
    [InlineData("utm_source=ya&utm_medium=ppc", Channel.PaidSearch, "Яндекс.Директ")]
    [InlineData("utm_source=direct&utm_medium=cpc", Channel.PaidSearch, "Яндекс.Директ")]
    [InlineData("utm_source=yandex_direct", Channel.PaidSearch, "Яндекс.Директ")]
    [InlineData("utm_source=yandex&yclid=1", Channel.PaidSearch, "Яндекс.Директ")]
    [InlineData("utm_source=yandex&utm_medium=cpm", Channel.Display, "Яндекс.Директ")]
    [InlineData("utm_source=yandex&utm_medium=cpc&source_type=context", Channel.Display, "Яндекс.Директ")]
    [InlineData("utm_source=yandex&utm_medium=cpc&utm_campaign=RSYA_Moscow", Channel.Display, "Яндекс.Директ")]
    [InlineData("utm_source=yandex&utm_medium=organic", Channel.OrganicSearch, "Яндекс (органика)")]
    [InlineData("utm_source=yandex", Channel.Other, "Яндекс")]
    [InlineData("utm_source=yandex_maps", Channel.Maps, "Яндекс Карты")]
    [InlineData("utm_source=google&utm_medium=cpc", Channel.PaidSearch, "Google Ads")]
    [InlineData("utm_source=vk_ads&utm_medium=cpc", Channel.PaidSocial, "VK Реклама")]
    [InlineData("utm_source=vk&utm_medium=cpc", Channel.PaidSocial, "VK Реклама")]
    [InlineData("utm_source=VK&utm_medium=social", Channel.OrganicSocial, "ВКонтакте")]
    [InlineData("utm_source=vk.com", Channel.OrganicSocial, "ВКонтакте")]
    [InlineData("utm_source=ok&utm_medium=social", Channel.OrganicSocial, "Одноклассники")]
    [InlineData("utm_source=tg", Channel.Messenger, "Telegram")]
    [InlineData("utm_source=telegram&utm_medium=cpm", Channel.PaidSocial, "Telegram Ads")]
    [InlineData("utm_source=max&utm_medium=bot", Channel.Messenger, "MAX")]
    [InlineData("utm_source=avito-ads&utm_medium=cpc", Channel.Classifieds, "Авито Реклама")]
    [InlineData("utm_source=2gis", Channel.Maps, "2ГИС")]
    [InlineData("utm_source=Unisender&utm_medium=email", Channel.Email, "Email-рассылка")]
    [InlineData("utm_source=sms&utm_medium=sms", Channel.Sms, "SMS")]
    [InlineData("utm_source=flyer&utm_medium=offline", Channel.Offline, "Листовка")]
    [InlineData("utm_source=%D1%8F%D0%BD%D0%B4%D0%B5%D0%BA%D1%81&utm_medium=cpc", Channel.PaidSearch, "Яндекс.Директ")]
    [InlineData("utm_source=chatgpt.com", Channel.AiAssistant, "ChatGPT")]
    [InlineData("utm_source=m.facebook.com&utm_medium=cpc", Channel.PaidSocial, "Facebook Ads")]
    [InlineData("utm_source=reddit.com&utm_medium=cpc", Channel.PaidSocial, "reddit")]
    [InlineData("utm_source=NewsPaper&utm_medium=cpc", Channel.Other, "NewsPaper")]
    [InlineData("utm_source=NewsPaper&utm_medium=banner", Channel.Display, "NewsPaper")]
    [InlineData("utm_source=NewsPaper&utm_medium=cpa", Channel.Affiliate, "NewsPaper")]
    [InlineData("utm_source=NewsPaper&utm_medium=whatever", Channel.Other, "NewsPaper")]
    [InlineData("utm_source=brand&utm_medium=cpc&yclid=7", Channel.PaidSearch, "brand")]
    public void Tags(string query, Channel channel, string source)
    {
        var passport = Writing.Query(query);

        Assert.Equal((channel, source, Origin.Utm, Confidence.Exact), (passport.Channel, passport.Source, passport.Origin, passport.Confidence));
    }

    [Fact]
    public void An_unknown_source_without_medium_is_a_guess()
    {
        var passport = Writing.Query("utm_source=NewsPaper");

        Assert.Equal((Channel.Other, "NewsPaper", Confidence.Guessed), (passport.Channel, passport.Source, passport.Confidence));
        Assert.Contains("dictionary: no entry for newspaper/(none)", passport.Evidence);
    }

    [Theory]
    [InlineData("yclid=1", Channel.PaidSearch, "Яндекс.Директ", "cpc")]
    [InlineData("ymclid=1", Channel.Classifieds, "Яндекс Маркет", "cpc")]
    [InlineData("ysclid=1", Channel.OrganicSearch, "Яндекс (органика)", "organic")]
    [InlineData("gclid=1", Channel.PaidSearch, "Google Ads", "cpc")]
    [InlineData("WBRAID=1", Channel.PaidSearch, "Google Ads", "cpc")]
    [InlineData("dclid=1", Channel.Display, "Google Ads", "display")]
    [InlineData("srsltid=1", Channel.OrganicSearch, "Google (органика)", "organic")]
    [InlineData("rb_clickid=1", Channel.PaidSocial, "VK Реклама", "cpc")]
    [InlineData("vkclid=1", Channel.PaidSocial, "VK Реклама", "cpc")]
    [InlineData("fbclid=1", Channel.OrganicSocial, "Facebook", "social")]
    [InlineData("msclkid=1", Channel.PaidSearch, "Microsoft Ads", "cpc")]
    [InlineData("ttclid=1", Channel.OrganicSocial, "TikTok", null)]
    [InlineData("ysclid=1&yclid=2", Channel.PaidSearch, "Яндекс.Директ", "cpc")]
    [InlineData("fbclid=1&gclid=2", Channel.PaidSearch, "Google Ads", "cpc")]
    public void Click_ids(string query, Channel channel, string source, string? medium)
    {
        var passport = Writing.Query(query);

        Assert.Equal((channel, source, medium), (passport.Channel, passport.Source, passport.Medium));
        Assert.Equal((Origin.ClickId, Confidence.Likely), (passport.Origin, passport.Confidence));
        Assert.Equal(query.Split('&').Length, passport.ClickIds.Count);
        Assert.Empty(passport.Utm);
    }

    [Theory]
    [InlineData("https://www.google.com/", Channel.OrganicSearch, "Google (органика)", null)]
    [InlineData("https://www.google.com.tr/", Channel.OrganicSearch, "Google (органика)", null)]
    [InlineData("https://yandex.ru/search/?text=%D0%BE%D0%BA%D0%BD%D0%B0", Channel.OrganicSearch, "Яндекс (органика)", "окна")]
    [InlineData("https://yandex.kz/", Channel.OrganicSearch, "Яндекс (органика)", null)]
    [InlineData("https://ya.ru/", Channel.OrganicSearch, "Яндекс (органика)", null)]
    [InlineData("https://go.mail.ru/search?q=%EE%EA%ED%E0", Channel.OrganicSearch, "Mail.ru (органика)", "окна")]
    [InlineData("https://go.mail.ru/search?q=%D0%BE%D0%BA%D0%BD%D0%B0", Channel.OrganicSearch, "Mail.ru (органика)", "окна")]
    [InlineData("https://nova.rambler.ru/search?query=windows", Channel.OrganicSearch, "Рамблер (органика)", "windows")]
    [InlineData("https://www.bing.com/search?q=crm", Channel.OrganicSearch, "Bing (органика)", "crm")]
    [InlineData("https://duckduckgo.com/", Channel.OrganicSearch, "DuckDuckGo", null)]
    [InlineData("https://www.so.com/s?q=%C4%E3", Channel.OrganicSearch, "360search", null)]
    [InlineData("https://yandex.ru/maps/org/123/", Channel.Maps, "Яндекс Карты", null)]
    [InlineData("https://yandex.com.tr/maps?x=1", Channel.Maps, "Яндекс Карты", null)]
    [InlineData("https://maps.google.com/", Channel.Maps, "Google Карты", null)]
    [InlineData("https://2gis.ru/moscow", Channel.Maps, "2ГИС", null)]
    [InlineData("https://away.vk.com/away.php?to=x", Channel.OrganicSocial, "ВКонтакте", null)]
    [InlineData("https://M.VK.COM:443/club1", Channel.OrganicSocial, "ВКонтакте", null)]
    [InlineData("https://dzen.ru/a/x", Channel.OrganicSocial, "Дзен", null)]
    [InlineData("https://ok.ru/", Channel.OrganicSocial, "Одноклассники", null)]
    [InlineData("https://t.me/", Channel.Messenger, "Telegram", null)]
    [InlineData("https://web.telegram.org/k/", Channel.Messenger, "Telegram", null)]
    [InlineData("android-app://org.telegram.messenger", Channel.Messenger, "Telegram", null)]
    [InlineData("android-app://com.google.android.gm/", Channel.Email, "Gmail", null)]
    [InlineData("https://www.avito.ru/moskva", Channel.Classifieds, "Авито", null)]
    [InlineData("https://chatgpt.com/", Channel.AiAssistant, "ChatGPT", null)]
    [InlineData("https://alice.yandex.ru/", Channel.AiAssistant, "Алиса", null)]
    [InlineData("https://x.com/i/grok", Channel.AiAssistant, "Grok", null)]
    [InlineData("https://x.com/somebody", Channel.OrganicSocial, "X", null)]
    [InlineData("https://e.mail.ru/messages", Channel.Email, "Почта Mail.ru", null)]
    [InlineData("https://mail.yandex.ru/", Channel.Email, "Яндекс Почта", null)]
    [InlineData("https://yabs.yandex.ru/count/1", Channel.PaidSearch, "Яндекс.Директ", null)]
    [InlineData("https://ads.vk.com/", Channel.PaidSocial, "VK Реклама", null)]
    [InlineData("https://docs.google.com/document/1", Channel.Referral, "docs.google.com", null)]
    [InlineData("https://www.partner.ru/blog", Channel.Referral, "partner.ru", null)]
    [InlineData("https://xn--80aswg.xn--p1ai/", Channel.Referral, "сайт.рф", null)]
    [InlineData("https://сайт.рф/", Channel.Referral, "сайт.рф", null)]
    [InlineData("https://partner-site-ru.cdn.ampproject.org/c/", Channel.Referral, "partner.site.ru", null)]
    [InlineData("https://yandex.ru/turbo/s/partner.ru/page", Channel.Referral, "partner.ru", null)]
    public void Referrers(string referrer, Channel channel, string source, string? keyword)
    {
        var passport = Writing.Referrer(referrer);

        Assert.Equal((channel, source, keyword), (passport.Channel, passport.Source, passport.Keyword));
        Assert.Equal((Origin.Referrer, Confidence.Likely), (passport.Origin, passport.Confidence));
        Assert.Equal(referrer, passport.Referrer);
    }

    [Theory]
    [InlineData("https://example.ru/other", null)]
    [InlineData("https://www.EXAMPLE.ru:8443/", null)]
    [InlineData("https://shop.my-own.ru/", null)]
    [InlineData("https://my--own-ru.translate.goog/", null)]
    [InlineData("https://securepay.tinkoff.ru/x", null)]
    [InlineData("https://pay.yookassa.ru/x", null)]
    [InlineData("https://semalt.com/", "spam_referrer: semalt.com")]
    [InlineData("https://buttons.semalt.com/", "spam_referrer: buttons.semalt.com")]
    [InlineData("not an address", "unreadable: referrer")]
    [InlineData("about:blank", "unreadable: referrer")]
    [InlineData("undefined", null)]
    [InlineData("", null)]
    public void What_brings_nobody_is_a_direct_visit(string referrer, string? warning)
    {
        var passport = Writing.Page("https://example.ru/", referrer, "https://my-own.ru");

        Assert.Equal((Channel.Direct, "Прямой заход", Origin.Direct), (passport.Channel, passport.Source, passport.Origin));
        Assert.Equal(warning is null ? [] : [warning], passport.Warnings);
    }

    [Fact]
    public void A_local_page_is_its_own_host_too() =>
        Assert.Equal(Origin.Direct, Writing.Page("http://localhost:8080/order", "http://localhost:8080/").Origin);
}
