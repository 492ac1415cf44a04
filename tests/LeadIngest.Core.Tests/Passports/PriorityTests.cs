using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Tests.Passports;

/// <summary>Which evidence wins when there are several, and what a contradiction leaves behind.</summary>
public sealed class PriorityTests
{
    private static readonly Passport Visit = Writing.Query("utm_source=google&utm_medium=cpc&utm_campaign=spring&gclid=9");

    private static PassportInput Input(string? page = null, string? referrer = null, string? cookies = null, params (string Name, string Value)[] fields) => new()
    {
        Page = page,
        Referrer = referrer,
        Cookies = cookies,
        Fields = [.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))],
    };

    [Fact]
    public void Fields_win_over_the_page_and_two_links_are_never_mixed()
    {
        var passport = Writing.Input(Input("https://e.ru/?utm_source=vk&utm_medium=cpc&utm_campaign=page&utm_term=t", fields: ("utm_source", "google")));

        Assert.Equal(("Google", null, null), (passport.Source, passport.Campaign, passport.Keyword));
        Assert.Contains("conflict: utm_source in the posted fields and in the page URL", passport.Warnings);
    }

    [Fact]
    public void The_page_fills_the_gaps_of_agreeing_fields()
    {
        var passport = Writing.Input(Input("https://e.ru/?utm_source=yandex&utm_medium=cpc&utm_term=t", fields: ("utm_source", "yandex")));

        Assert.Equal(("Яндекс.Директ", "t"), (passport.Source, passport.Keyword));
        Assert.Empty(passport.Warnings);
    }

    [Theory]
    [InlineData("TILDAUTM=utm_source%3Dyandex%7C%7C%7Cutm_medium%3Dcpc%7C%7C%7Cutm_campaign%3Dc_17%7C%7C%7C")]
    [InlineData("_ym_uid=1; TILDAUTM=utm_source%253Dyandex%257C%257C%257Cutm_medium%253Dcpc%257C%257C%257Cutm_campaign%253Dc_17%257C%257C%257C")]
    [InlineData("tildautm=utm_source%3Dyandex%7C%7C%7Camp%3Butm_medium%3Dcpc%7C%7C%7Camp%3Butm_campaign%3Dc_17%23form")]
    [InlineData("sbjs_current=typ%3Dutm%7C%7C%7Csrc%3Dyandex%7C%7C%7Cmdm%3Dcpc%7C%7C%7Ccmp%3Dc_17%7C%7C%7Ccnt%3D(none)%7C%7C%7Ctrm%3D(none)")]
    [InlineData("utm_source=yandex; utm_medium=cpc; utm_campaign=c_17")]
    public void Tags_in_cookies(string cookies)
    {
        foreach (var input in new[] { Input("https://e.ru/", cookies: cookies), Input(fields: ("COOKIES", cookies)) })
        {
            var passport = Writing.Input(input);

            Assert.Equal(("Яндекс.Директ", "c_17", Origin.Utm), (passport.Source, passport.Campaign, passport.Origin));
            Assert.Contains("utm_source=yandex in the cookies", passport.Evidence);
            Assert.DoesNotContain(passport.Warnings, w => w.StartsWith("placeholder", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_sourcebuster_field_is_read_like_the_cookie() =>
        Assert.Equal("Яндекс.Директ", Writing.Fields(("sbjs_current", "typ=utm|||src=yandex|||mdm=cpc|||cmp=(none)")).Source);

    [Theory]
    [InlineData("typ=organic|||src=google|||mdm=organic", Channel.OrganicSearch, "Google (органика)")]
    [InlineData("typ=referral|||src=partner.ru|||mdm=referral", Channel.Referral, "partner.ru")]
    [InlineData("typ=referral|||src=avito.ru|||mdm=referral", Channel.Classifieds, "Авито")]
    [InlineData("typ=typein|||src=(direct)|||mdm=(none)", Channel.Direct, "Прямой заход")]
    public void Sourcebuster_tells_the_referrer_of_the_first_page(string cookie, Channel channel, string source)
    {
        var passport = Writing.Input(Input("https://e.ru/order", "https://e.ru/", "sbjs_current=" + Uri.EscapeDataString(cookie)));

        Assert.Equal((channel, source), (passport.Channel, passport.Source));
    }

    [Fact]
    public void A_paid_click_on_the_page_beats_tags_that_only_a_cookie_remembers()
    {
        var passport = Writing.Input(Input("https://e.ru/?gclid=1", cookies: "TILDAUTM=utm_source=vk|||utm_medium=cpc|||"));

        Assert.Equal(("Google Ads", Origin.ClickId), (passport.Source, passport.Origin));
        Assert.Contains(passport.Warnings, w => w.StartsWith("conflict: utm_source=vk", StringComparison.Ordinal));
    }

    [Fact]
    public void Tags_name_the_source_and_a_foreign_click_id_is_kept_and_flagged()
    {
        var passport = Writing.Query("utm_source=google&utm_medium=cpc&yclid=5");

        Assert.Equal(("Google Ads", "5"), (passport.Source, passport.ClickIds["yclid"]));
        Assert.Equal(["conflict: utm_source=google and yclid"], passport.Warnings);
    }

    [Theory]
    [InlineData("utm_source=vk&utm_medium=cpc&rb_clickid=1")]
    [InlineData("utm_source=ya&utm_medium=cpc&yclid=1")]
    [InlineData("utm_source=instagram&utm_medium=cpc&fbclid=1")]
    [InlineData("utm_source=brand&utm_medium=cpc&yclid=1")]
    public void A_click_id_of_the_same_firm_is_no_conflict(string query) => Assert.Empty(Writing.Query(query).Warnings);

    [Fact]
    public void A_click_id_beats_openstat_openstat_beats_a_label_a_label_beats_the_referrer()
    {
        const string Market = "bWFya2V0LnlhbmRleC5ydTtzO2E7";
        const string Referrer = "https://www.google.com/";

        Assert.Equal("Google Ads", Writing.Page($"https://e.ru/?gclid=1&_openstat={Market}&from=vk", Referrer).Source);
        Assert.Equal("Яндекс Маркет", Writing.Page($"https://e.ru/?_openstat={Market}&from=vk", Referrer).Source);
        Assert.Equal("ВКонтакте", Writing.Page("https://e.ru/?from=vk", Referrer).Source);
        Assert.Equal("Google (органика)", Writing.Page("https://e.ru/?from=footer", Referrer).Source);
    }

    [Theory]
    [InlineData("from=vk", "ВКонтакте", Channel.OrganicSocial)]
    [InlineData("roistat=direct4_search_77_%D0%BE%D0%BA%D0%BD%D0%B0", "Яндекс.Директ", Channel.PaidSearch)]
    [InlineData("rs=vk2_x", "VK Реклама", Channel.PaidSocial)]
    [InlineData("frommarket=1", "Яндекс Маркет", Channel.Classifieds)]
    public void A_known_label_is_a_guess(string query, string source, Channel channel)
    {
        var passport = Writing.Query(query);

        Assert.Equal((source, channel, Confidence.Guessed), (passport.Source, passport.Channel, passport.Confidence));
    }

    [Fact]
    public void Fbclid_is_specified_by_the_referrer() =>
        Assert.Equal("Instagram", Writing.Page("https://e.ru/?fbclid=1", "https://l.instagram.com/").Source);

    [Fact]
    public void A_saved_referrer_counts_when_the_page_saw_only_itself() =>
        Assert.Equal("Яндекс (органика)", Writing.Page("https://e.ru/?utm_referrer=https%3A%2F%2Fyandex.ru%2F", "https://e.ru/").Source);

    [Fact]
    public void Tags_without_a_source_go_to_the_referrer()
    {
        var passport = Writing.Page("https://e.ru/?utm_medium=cpc&utm_campaign=x", "https://yandex.ru/");

        Assert.Equal(("Яндекс.Директ", "x", Origin.Referrer), (passport.Source, passport.Campaign, passport.Origin));
    }

    [Fact]
    public void Tags_without_any_source_keep_what_they_say()
    {
        var passport = Writing.Page("https://e.ru/?utm_medium=email&utm_campaign=x");

        Assert.Equal((Channel.Email, null, "x", Confidence.Guessed), (passport.Channel, passport.Source, passport.Campaign, passport.Confidence));
        Assert.Equal(["source_missing: utm_source"], passport.Warnings);
    }

    [Theory]
    [InlineData("https://e.ru/order", "https://e.ru/")]
    [InlineData("https://e.ru/order", "https://yoomoney.ru/")]
    [InlineData(null, null)]
    public void Without_evidence_of_its_own_a_lead_has_the_passport_of_its_visit(string? page, string? referrer)
    {
        var passport = Writing.Input(Input(page, referrer) with { Visit = Visit });

        Assert.Equal((Channel.PaidSearch, "Google Ads", "spring"), (passport.Channel, passport.Source, passport.Campaign));
        Assert.Equal((Origin.Visit, Confidence.Exact), (passport.Origin, passport.Confidence));
        Assert.Equal(("google", "9"), (passport.Utm["utm_source"], passport.ClickIds["gclid"]));
        Assert.Equal(Visit.LandingPage, passport.LandingPage);
    }

    [Fact]
    public void Own_tags_win_over_the_visit() =>
        Assert.Equal("VK Реклама", Writing.Input(Input("https://e.ru/?utm_source=vk&utm_medium=cpc") with { Visit = Visit }).Source);
}
