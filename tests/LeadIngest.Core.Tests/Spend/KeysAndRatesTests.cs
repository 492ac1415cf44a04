using System.Text;
using LeadIngest.Core.Spend;

namespace LeadIngest.Core.Tests.Spend;

public sealed class KeysAndRatesTests
{
    [Theory]
    [InlineData("81234567", "81234567")]
    [InlineData("81234567|Поиск", "81234567")]
    [InlineData("Поиск_81234567", "81234567")]
    [InlineData("81234567_Поиск", "81234567")]
    [InlineData("cid:81234567|gid:5512345", "81234567 5512345")]
    [InlineData("top10000x", "")]
    [InlineData("осень 2026", "2026")]
    [InlineData("акция123456", "")]
    [InlineData(null, "")]
    public void An_id_is_found_in_the_forms_that_tags_have(string? text, string ids) => Assert.Equal(ids, string.Join(' ', CampaignKey.Ids(text)));

    [Theory]
    [InlineData("81234567", "Поиск", "id:81234567")]
    [InlineData(null, "  Поиск\u00A0CRM  Москва ", "name:поиск crm москва")]
    [InlineData("", "ПОИСК", "name:поиск")]
    [InlineData(null, " ", null)]
    public void The_key_is_the_id_else_the_name(string? id, string? name, string? key) => Assert.Equal(key, CampaignKey.Of(id, name));

    [Fact]
    public void Vat_is_20_to_the_end_of_2025_and_22_after()
    {
        Assert.Equal((20m, 22m), (Vat.Rate(new(2025, 12, 31)), Vat.Rate(new(2026, 1, 1))));
        Assert.Equal((122m, 100m), (Vat.Gross(100, false, 22), Vat.Net(122, true, 22)));
        Assert.Equal((122m, 100m), (Vat.Gross(122, true, 22), Vat.Net(100, false, 22)));
    }

    [Fact]
    public void The_daily_file_of_the_bank_is_read_in_windows_1251()
    {
        // "Ф" and friends in one byte each.
        var xml = Encoding.Latin1.GetBytes("""<?xml version="1.0" encoding="windows-1251"?><ValCurs Date="01.08.2026" name="Foreign Currency Market"><Valute ID="R01235"><NumCode>840</NumCode><CharCode>USD</CharCode><Nominal>1</Nominal><Name>""")
            .Concat(new byte[] { 0xC4, 0xEE, 0xEB, 0xEB, 0xE0, 0xF0 })
            .Concat(Encoding.Latin1.GetBytes("""</Name><Value>79,1234</Value></Valute><Valute ID="R01335"><CharCode>KZT</CharCode><Nominal>100</Nominal><Value>15,5</Value></Valute></ValCurs>""")).ToArray();
        Assert.True(RateFile.TryRead(xml, null, out var rates, out var why), why);
        Assert.Equal([new CurrencyRate("USD", new(2026, 8, 1), 79.1234m, 1), new("KZT", new(2026, 8, 1), 15.5m, 100)], rates);
    }

    [Fact]
    public void The_dynamic_file_names_its_currency_by_the_banks_id()
    {
        const string Xml = """<ValCurs ID="R01235" DateRange1="01.08.2026" DateRange2="04.08.2026"><Record Date="01.08.2026" Id="R01235"><Nominal>1</Nominal><Value>79,123</Value></Record><Record Date="04.08.2026" Id="R01235"><Nominal>1</Nominal><Value>80,0000</Value></Record></ValCurs>""";
        Assert.True(RateFile.TryRead(Encoding.UTF8.GetBytes(Xml), null, out var rates, out _));
        Assert.Equal([79.123m, 80m], rates.Select(r => r.Rubles));
        var unknown = Encoding.UTF8.GetBytes(Xml.Replace("R01235", "R09999", StringComparison.Ordinal));
        Assert.False(RateFile.TryRead(unknown, null, out _, out var why));
        Assert.Contains("R09999", why, StringComparison.Ordinal);
        Assert.True(RateFile.TryRead(unknown, "USD", out _, out _));
    }

    [Theory]
    [InlineData("date;currency;nominal;rate\n01.08.2026;KZT;100;15,5\n", 15.5)]
    [InlineData("2026-08-01\tKZT\t100\t15.5", 15.5)]
    public void Rates_come_as_csv_too(string text, double rate)
    {
        Assert.True(RateFile.TryRead(Encoding.UTF8.GetBytes(text), null, out var rates, out var why), why);
        Assert.Equal(new CurrencyRate("KZT", new(2026, 8, 1), (decimal)rate, 100), Assert.Single(rates));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'b'>]><ValCurs/>")]
    [InlineData("2026-08-01;USD;1;0")]
    [InlineData("2026-08-01;USD;1;-5")]
    [InlineData("2026-02-31;USD;1;5\n2026-03-01;USD;1;abc")]
    public void A_file_that_holds_no_rate_or_a_wrong_one_is_refused_whole(string text) => Assert.False(RateFile.TryRead(Encoding.UTF8.GetBytes(text), null, out _, out _));
}
