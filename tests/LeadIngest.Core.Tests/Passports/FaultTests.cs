using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Tests.Passports;

/// <summary>One table row for each fault of links seen in the wild.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("{keyword}")]
    [InlineData("{{campaign_id}}")]
    [InlineData("%7Bkeyword%7D")]
    [InlineData("%7B%7Bad.id%7D%7D")]
    [InlineData("{campaignid}")]
    [InlineData("{keyword:%D0%BE%D0%BA%D0%BD%D0%B0}")]
    [InlineData("[CAMPAIGN]")]
    [InlineData("__CAMPAIGN__")]
    [InlineData("__CAMPAIGN_ID__|__AID__")]
    [InlineData("<campaign>")]
    [InlineData("%3Ccampaign%3E")]
    [InlineData("${campaign}")]
    [InlineData("%campaign%")]
    [InlineData("%25campaign%25")]
    [InlineData("{campaign_id}|{campaign_name}")]
    public void A_macro_that_nobody_substituted_is_no_value(string macro)
    {
        var passport = Writing.Query("utm_source=yandex&utm_medium=cpc&utm_term=" + macro);

        Assert.Null(passport.Keyword);
        Assert.Equal("Яндекс.Директ", passport.Source);
        Assert.Equal(["macro_unsubstituted: utm_term"], passport.Warnings);
        Assert.Contains(macro, passport.LandingPage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sale_{keyword}", "sale")]
    [InlineData("{source}-sale", "sale")]
    [InlineData("sale|{{ad.id}}", "sale")]
    [InlineData("a_{x}_b", "a__b")]
    public void A_macro_inside_a_value_is_cut_out(string value, string left)
    {
        var passport = Writing.Query("utm_source=yandex&utm_campaign=" + value);

        Assert.Equal(left, passport.Campaign);
        Assert.Contains("macro_unsubstituted: utm_campaign", passport.Warnings);
    }

    [Theory]
    [InlineData("[%D0%9F%D0%BE%D0%B8%D1%81%D0%BA]+%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0", "[Поиск] Москва")]
    [InlineData("my__campaign", "my__campaign")]
    [InlineData("%3Cscript%3E", "<script>")]
    [InlineData("%3Dcmd%7C%27%20/C%20calc%27!A0", "=cmd|' /C calc'!A0")]
    [InlineData("'%20OR%201=1", "' OR 1=1")]
    [InlineData("50%25", "50%")]
    [InlineData("%D1%81%D0%BA%D0%B8%D0%B4%D0%BA%D0%B0+50%25", "скидка 50%")]
    [InlineData("a%2Bb", "a+b")]
    [InlineData("10+2", "10 2")]
    [InlineData("a=b", "a=b")]
    [InlineData("%D0%BE%D0%BA%D0%BD%D0%B0%F0%9F%98%80", "окна😀")]
    public void What_is_no_fault_stays_as_it_is(string encoded, string value)
    {
        var passport = Writing.Query("utm_source=yandex&utm_campaign=" + encoded);

        Assert.Equal(value, passport.Campaign);
        Assert.Empty(passport.Warnings);
    }

    [Theory]
    [InlineData("%EA%F3%EF%E8%F2%FC+%EE%EA%ED%E0", "купить окна", "windows_1251")]
    [InlineData("%25D0%25BE%25D0%25BA%25D0%25BD%25D0%25B0", "окна", "double_encoding")]
    [InlineData("%252525D0%252525BE%252525D0%252525BA", "ок", "double_encoding")]
    [InlineData("%25EE%25EA%25ED%25E0", "окна", "double_encoding")]
    [InlineData("%D0%A0%D1%95%D0%A0%D1%94%D0%A0%D0%85%D0%A0%C2%B0", "окна", "mojibake")]
    [InlineData("РѕРєРЅР°", "окна", "mojibake")]
    [InlineData("%u043E%u043A%u043D%u0430", "окна", "js_escape")]
    [InlineData("%uD83D%uDE00", "😀", "js_escape")]
    [InlineData("%D0%BE%D0%BA%D0", "ок", "truncated_encoding")]
    [InlineData("%D0%BE%D0%BA%D0%B", "ок", "truncated_encoding")]
    [InlineData("%zz", "%zz", "invalid_encoding")]
    [InlineData("%D0%BE%D0%BA%D0%BD%D0%B0%20", "окна", "spaces")]
    [InlineData("%C2%A0%D0%BE%D0%BA%D0%BD%D0%B0%E2%80%8B", "окна", "spaces")]
    [InlineData("%EF%BB%BF%D0%BE%D0%BA%D0%BD%D0%B0%09%0D%0A%20pvc", "окна pvc", "spaces")]
    [InlineData("%E2%80%8F%D0%BE%D0%BA%D0%BD%D0%B0", "окна", "spaces")]
    [InlineData("%D0%B8%CC%86%D0%BE%D0%B4", "йод", "not_composed")]
    [InlineData("%26quot%3B%D0%BE%D0%BA%D0%BD%D0%B0%26quot%3B", "\"окна\"", "html_escaped")]
    public void A_broken_value_is_mended_and_named(string encoded, string value, string fault)
    {
        var passport = Writing.Query("utm_source=yandex&utm_term=" + encoded);

        Assert.Equal(value, passport.Keyword);
        Assert.Contains($"{fault}: utm_term", passport.Warnings);
    }

    [Fact]
    public void A_lone_cut_byte_leaves_nothing() => Assert.Null(Writing.Term("%D0%B"));

    [Theory]
    [InlineData("(none)")]
    [InlineData("(not set)")]
    [InlineData("undefined")]
    [InlineData("NULL")]
    [InlineData("none")]
    [InlineData("-")]
    [InlineData("0")]
    [InlineData("NaN")]
    [InlineData("[object Object]")]
    [InlineData("false")]
    public void A_placeholder_is_no_value(string placeholder)
    {
        var passport = Writing.Query("utm_source=yandex&utm_medium=cpc&utm_campaign=" + Uri.EscapeDataString(placeholder));

        Assert.Null(passport.Campaign);
        Assert.Equal(["placeholder: utm_campaign"], passport.Warnings);
    }

    [Theory]
    [InlineData("utm_source=Yandex&utm_medium=CPC", "case: utm_source")]
    [InlineData("utm_source=yandex&amp;utm_medium=cpc", "html_escaped: utm_medium")]
    [InlineData("utm_source=yandex&amp;amp;utm_medium=cpc", "html_escaped: utm_medium")]
    [InlineData("id=5?utm_source=yandex&utm_medium=cpc", "second_question_mark: page")]
    [InlineData("utm_source=yandex?utm_medium=cpc", "second_question_mark: page")]
    [InlineData("utm_source[]=yandex&utm_medium[0]=cpc", "array_param: utm_source")]
    [InlineData("utm_sourse=yandex&utm-medium=cpc", "name_typo: utm_source")]
    [InlineData("utm_sorce=yandex&utm%20medium=cpc", "name_typo: utm_medium")]
    [InlineData("utm＿source=yandex&utm_medium=cpc", "look_alike: utm_source")]
    [InlineData("utm_sоurce=yandex&utm_medium=cpc", "look_alike: utm_source")]
    [InlineData("utm_s%D0%BEurce=yandex&utm_medium=cpc", "look_alike: utm_source")]
    [InlineData("utm_source=yandex&utm_medium=сpc", "look_alike: utm_medium")]
    [InlineData("utm_source=yandex&utm_source=vk&utm_medium=cpc", "duplicate_param: utm_source")]
    [InlineData("utm_source=&utm_source=yandex&utm_medium=cpc", "empty_param: utm_source")]
    [InlineData("utm_source={source}&utm_source=yandex&utm_medium=cpc", "macro_unsubstituted: utm_source")]
    [InlineData("redirect=https%3A%2F%2Fa.ru%2F%3Futm_source%3Dyandex%26utm_medium%3Dcpc", "nested: page")]
    [InlineData("x=%3Futm_source%3Dyandex%26utm_medium%3Dcpc", "nested: page")]
    public void A_broken_link_still_tells_its_source(string query, string warning)
    {
        var passport = Writing.Query(query);

        Assert.Equal((Channel.PaidSearch, "Яндекс.Директ", "cpc"), (passport.Channel, passport.Source, passport.Medium));
        Assert.Contains(warning, passport.Warnings);
    }

    [Theory]
    [InlineData("https://example.ru/page&utm_source=yandex&utm_medium=cpc", "missing_question_mark: page")]
    [InlineData("https://example.ru/#utm_source=yandex&utm_medium=cpc", "tags_in_fragment: page")]
    [InlineData("https://example.ru/#/route?utm_source=yandex&utm_medium=cpc", "tags_in_fragment: page")]
    [InlineData("https://example.ru/#!utm_source=yandex&utm_medium=cpc", "tags_in_fragment: page")]
    [InlineData("https://example.ru/page%3Futm_source%3Dyandex%26utm_medium%3Dcpc", "nested: page")]
    [InlineData("/relative?utm_source=yandex;utm_medium=cpc", null)]
    [InlineData("?UTM_Source=yandex&Utm_Medium=cpc", null)]
    [InlineData("example.ru:8080/a?utmSource=yandex&utm[medium]=cpc", null)]
    [InlineData("  https://пример.рф./?mtm_source=yandex&pk_medium=cpc  ", null)]
    [InlineData("https://example.ru/?utm_source=yandex&utm_source=yandex&utm_medium=cpc", null)]
    public void A_broken_address_still_tells_its_source(string page, string? warning)
    {
        var passport = Writing.Page(page);

        Assert.Equal((Channel.PaidSearch, "Яндекс.Директ"), (passport.Channel, passport.Source));
        Assert.Equal(warning is null ? [] : [warning], passport.Warnings);
    }

    [Fact]
    public void Tags_in_the_path_are_left_and_pointed_at()
    {
        var passport = Writing.Page("https://example.ru/page/utm_source=ya");

        Assert.Equal((Origin.Direct, "tag_in_path: page"), (passport.Origin, Assert.Single(passport.Warnings)));
    }

    [Fact]
    public void The_query_wins_over_the_fragment() =>
        Assert.Equal("Google Ads", Writing.Page("https://example.ru/?utm_source=google&utm_medium=cpc#utm_source=vk&utm_medium=cpc").Source);

    [Fact]
    public void A_long_value_is_cut_between_characters()
    {
        var passport = Writing.Query("utm_source=yandex&utm_campaign=" + Uri.EscapeDataString(string.Concat(Enumerable.Repeat("😀", 600))));

        Assert.Equal(string.Concat(Enumerable.Repeat("😀", Mending.LongestValue)), passport.Campaign);
        Assert.Contains("truncated: utm_campaign", passport.Warnings);
    }

    [Fact]
    public void A_long_page_is_cut_at_8_KiB()
    {
        var passport = Writing.Page("https://example.ru/?utm_source=yandex&x=" + new string('я', 8000));

        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(passport.LandingPage!), 8190, 8192);
        Assert.Contains("truncated: page", passport.Warnings);
    }

    [Fact]
    public void Posted_fields_are_mended_as_text()
    {
        var passport = Writing.Fields(("utm_source", "yandex"), ("UF_CRM_UTM_MEDIUM", "cpc"), ("utm_term", "РѕРєРЅР°"), ("utm_campaign", "10+2 &quot;x&quot;"));

        Assert.Equal(("Яндекс.Директ", "окна", "10+2 \"x\""), (passport.Source, passport.Keyword, passport.Campaign));
        Assert.Contains("utm_source=yandex in the posted fields", passport.Evidence);
    }

    [Fact]
    public void What_is_encoded_without_end_is_set_aside()
    {
        var passport = Writing.Query("utm_source=yandex&utm_campaign=a%26" + string.Concat(Enumerable.Repeat("amp;", 20)));

        Assert.Null(passport.Campaign);
        Assert.Contains("encoded_too_deep: utm_campaign", passport.Warnings);
    }

    [Theory]
    [InlineData("{", 8000)]
    [InlineData("%25", 2700)]
    [InlineData("%26amp;", 1000)]
    [InlineData("?a=", 2700)]
    [InlineData("_", 8000)]
    [InlineData("&utm_source=1", 600)]
    public void A_hostile_link_costs_no_more_than_a_long_one(string piece, int times)
    {
        var page = "https://example.ru/?utm_source=" + string.Concat(Enumerable.Repeat(piece, times));
        var least = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            Writing.Page(page);
            var took = System.Diagnostics.Stopwatch.GetElapsedTime(start);
            least = took < least ? took : least;
        }

        // The bound is a hundred times what it takes: only quadratic work would reach it.
        Assert.True(least < TimeSpan.FromMilliseconds(50), least.ToString());
    }
}
