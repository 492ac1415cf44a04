using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Tests.Identities;

public class PhoneTests
{
    [Theory]
    [InlineData("+79161234567")]
    [InlineData("+7 (916) 123-45-67")]
    [InlineData("+7(916)1234567")]
    [InlineData("+7-916-123-45-67")]
    [InlineData("+7.916.123.45.67")]
    [InlineData("+7 916 123/45/67")]
    [InlineData("89161234567")]
    [InlineData("8 916 123 45 67")]
    [InlineData("8 (916) 123-45-67")]
    [InlineData("8-916-123-4567")]
    [InlineData("79161234567")]
    [InlineData("7 916 123 45 67")]
    [InlineData("9161234567")]
    [InlineData("(916) 123-45-67")]
    [InlineData("916 123 45 67")]
    [InlineData("0079161234567")]
    [InlineData("007 916 123-45-67")]
    [InlineData("8-10-7-916-123-45-67")]
    [InlineData("81079161234567")]
    [InlineData("+7 8 916 123 45 67")]
    [InlineData("+7(8916)1234567")]
    [InlineData("+7 7 916 123 45 67")]
    [InlineData("+7 +7 916 123-45-67")]
    [InlineData("8 7 916 123 45 67")]
    [InlineData("8 +7 916 123 45 67")]
    [InlineData("+8 916 123-45-67")]
    [InlineData("+8 (916) 123-45-67")]
    [InlineData("+9161234567")]
    [InlineData("  +7 916 123-45-67  ")]
    [InlineData("+7\u00A0916\u00A0123\u201145\u201167")]
    [InlineData("+7\u2009916\u2013123\u201445\u221267")]
    [InlineData("+7\u200B916\u200E1234567\uFEFF")]
    [InlineData("\u202A+7 916 123-45-67\u202C")]
    [InlineData("+7\t916\n123 45 67")]
    [InlineData("\uFF0B\uFF17\uFF08\uFF19\uFF11\uFF16\uFF09\uFF11\uFF12\uFF13\uFF0D45\uFF0D67")]
    [InlineData("٨٩١٦١٢٣٤٥٦٧")]
    [InlineData("۸۹۱۶۱۲۳۴۵۶۷")]
    [InlineData("8 916 123-45-67.")]
    [InlineData("тел. 8 916 123-45-67")]
    [InlineData("тел:89161234567")]
    [InlineData("мой номер 89161234567 звоните")]
    [InlineData("Ольга 8(916)123-45-67, после 18")]
    [InlineData("кв. 5 89161234567")]
    [InlineData("2 окна, 916 123 45 67")]
    [InlineData("12.05.2024 8 916 123 45 67")]
    [InlineData("WhatsApp:+7 916 123-45-67")]
    [InlineData("tel:+79161234567")]
    [InlineData("tel:+7-916-123-45-67")]
    [InlineData("callto:+79161234567")]
    [InlineData("https://wa.me/79161234567")]
    [InlineData("8_916_123_45_67")]
    [InlineData("[8][916][123][45][67]")]
    [InlineData("8~916~1234567")]
    [InlineData("8 916 123 45 67 890")]
    [InlineData("+7 916 123-45-67 +7 903 000-00-02")]
    public void Spellings_of_one_mobile_number(string text)
    {
        Assert.True(Phone.TryParse(text, "RU", out var phone), text);
        Assert.Equal(("+79161234567", "RU", true), (phone.E164, phone.Country, phone.IsAllotted));
    }

    [Theory]
    [InlineData("8 (495) 123-45-67", "RU", "+74951234567", "RU")]
    [InlineData("+8 (495) 123-45-67", "RU", "+74951234567", "RU")]
    [InlineData("4951234567", "RU", "+74951234567", "RU")]
    [InlineData("8 800 555-35-35", "RU", "+78005553535", "RU")]
    [InlineData("8005553535", "RU", "+78005553535", "RU")]
    [InlineData("8 9О3 ООО ОО О1", "RU", "+79030000001", "RU")]
    [InlineData("8-9o3-oo0-00-o1", "RU", "+79030000001", "RU")]
    [InlineData("8 701 234 56 78", "KZ", "+77012345678", "KZ")]
    [InlineData("8 701 234 56 78", "RU", "+77012345678", "KZ")]
    [InlineData("+7 701 234 56 78", "RU", "+77012345678", "KZ")]
    [InlineData("7012345678", "KZ", "+77012345678", "KZ")]
    [InlineData("8 916 123 45 67", "KZ", "+79161234567", "RU")]
    [InlineData("+375 29 123-45-67", "RU", "+375291234567", "BY")]
    [InlineData("375291234567", "RU", "+375291234567", "BY")]
    [InlineData("8 029 123-45-67", "BY", "+375291234567", "BY")]
    [InlineData("80291234567", "BY", "+375291234567", "BY")]
    [InlineData("8 10 375 29 123 45 67", "RU", "+375291234567", "BY")]
    [InlineData("+380 50 123 45 67", "RU", "+380501234567", "UA")]
    [InlineData("050 123 45 67", "UA", "+380501234567", "UA")]
    [InlineData("+998 90 123 45 67", "RU", "+998901234567", "UZ")]
    [InlineData("998901234567", "RU", "+998901234567", "UZ")]
    [InlineData("+374 77 123456", "RU", "+37477123456", "AM")]
    [InlineData("+49 30 901820", "RU", "+4930901820", "DE")]
    [InlineData("030 901820", "DE", "+4930901820", "DE")]
    [InlineData("00 49 30 901820", "RU", "+4930901820", "DE")]
    [InlineData("(212) 555-0123", "US", "+12125550123", "US")]
    [InlineData("1-212-555-0123", "US", "+12125550123", "US")]
    [InlineData("011 7 916 123 45 67", "US", "+79161234567", "RU")]
    [InlineData("+1 416 555 0123", "RU", "+14165550123", "CA")]
    [InlineData("07400 123456", "GB", "+447400123456", "GB")]
    [InlineData("+44 (0) 7400 123456", "RU", "+447400123456", "GB")]
    [InlineData("011 15-2345-6789", "AR", "+5491123456789", "AR")]
    [InlineData("0 11 2345-6789", "AR", "+541123456789", "AR")]
    [InlineData("+54 9 11 2345 6789", "RU", "+5491123456789", "AR")]
    [InlineData("0 15 11 96123-4567", "BR", "+5511961234567", "BR")]
    [InlineData("(11) 96123-4567", "BR", "+5511961234567", "BR")]
    [InlineData("222 123 4567", "MX", "+522221234567", "MX")]
    [InlineData("06 12345678", "IT", "+390612345678", "IT")]
    [InlineData("464-1234", "AG", "+12684641234", "AG")]
    [InlineData("+800 1234 5678", "RU", "+80012345678", null)]
    [InlineData("4002", "NU", "+6834002", "NU")]
    [InlineData("+84 912 345 678", "RU", "+84912345678", "VN")]
    [InlineData("8 916 123 45 67", "ru", "+79161234567", "RU")]
    public void National_and_international_numbers(string text, string defaultCountry, string e164, string? country)
    {
        Assert.True(Phone.TryParse(text, defaultCountry, out var phone), text);
        Assert.Equal((e164, country), (phone.E164, phone.Country));
    }

    [Theory]
    [InlineData("+7 (495) 123-45-67 доб. 12", "12")]
    [InlineData("+7 (495) 123-45-67 доб 12", "12")]
    [InlineData("+7 (495) 123-45-67 (доб. 12)", "12")]
    [InlineData("+7 (495) 123-45-67, доб. 12", "12")]
    [InlineData("+7 (495) 123-45-67 ДОБАВОЧНЫЙ: 12", "12")]
    [InlineData("+7 (495) 123-45-67 вн. 12", "12")]
    [InlineData("+7 (495) 123-45-67 внутренний номер 12", null)]
    [InlineData("+7 (495) 123-45-67 доб. №12", "12")]
    [InlineData("+7 (495) 123-45-67 ext 12", "12")]
    [InlineData("+7 (495) 123-45-67 ext. 12", "12")]
    [InlineData("+7 (495) 123-45-67;ext=12", "12")]
    [InlineData("tel:+7-495-123-45-67;ext=12", "12")]
    [InlineData("+7 (495) 123-45-67 #12", "12")]
    [InlineData("+7 (495) 123-45-67#12", "12")]
    [InlineData("+74951234567,12", "12")]
    [InlineData("+74951234567,,1234", "1234")]
    [InlineData("+74951234567x12", "12")]
    [InlineData("+74951234567 х12", "12")]
    [InlineData("+74951234567 доб. 12345678", null)]
    [InlineData("+74951234567, 12", null)]
    [InlineData("+74951234567", null)]
    [InlineData("+74951234567 доб.", null)]
    public void Extensions(string text, string? extension)
    {
        Assert.True(Phone.TryParse(text, "RU", out var phone));
        Assert.Equal(("+74951234567", extension), (phone.E164, phone.Extension));
    }

    [Theory]
    [InlineData("89161234567, 89030000002")]
    [InlineData("89161234567,89030000002")]
    [InlineData("89161234567,8 903 000 00 02")]
    [InlineData("89161234567; 89030000002")]
    [InlineData("89161234567/89030000002")]
    [InlineData("8 (916) 123-45-67 / 8 (903) 000-00-02")]
    [InlineData("8 916 123 45 67 или 8 903 000 00 02")]
    [InlineData("8 916 123 45 67 8 903 000 00 02")]
    [InlineData("89161234567 +79030000002")]
    [InlineData("89161234567\n89030000002")]
    [InlineData("9161234567 9030000002")]
    [InlineData("+79161234567 (рабочий), 8-903-000-00-02 дом., +7 916 123 45 67")]
    public void Several_numbers_in_one_field(string text)
    {
        Assert.Equal(["+79161234567", "+79030000002"], Phone.FindAll(text, "RU").Select(phone => phone.E164));
        Assert.True(Phone.TryParse(text, "RU", out var first));
        Assert.Equal("+79161234567", first.E164);
    }

    [Fact]
    public void A_number_after_an_extension_is_found_too() =>
        Assert.Equal(
            [("+74951234567", "12"), ("+79161234567", null)],
            Phone.FindAll("8 495 123-45-67 доб. 12, 8 916 123-45-67", "RU").Select(phone => (phone.E164, phone.Extension)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("+")]
    [InlineData("++++")]
    [InlineData("нет")]
    [InlineData("+7")]
    [InlineData("123")]
    [InlineData("123-45-67")]
    [InlineData("+7 916 123")]
    [InlineData("+7 916 ***-45-67")]
    [InlineData("+7 (916) ___-__-__")]
    [InlineData("1111111")]
    [InlineData("0000000000")]
    [InlineData("00000000000")]
    [InlineData("8916123456")]
    [InlineData("7916123456")]
    [InlineData("891612345678901234567890")]
    [InlineData("40702810900000012345")]
    [InlineData("15 000 руб.")]
    [InlineData("12.05.2024")]
    [InlineData("2024-05-12T10:00:00")]
    [InlineData("7701234567")]
    [InlineData("+999 123 456 789")]
    [InlineData("+0 916 123 45 67 x")]
    public void Not_phone_numbers(string? text) => Assert.False(Phone.TryParse(text, "RU", out _), text);

    [Theory]
    [InlineData("+7 (891) 612-34-56")]
    [InlineData("+7 (791) 612-34-56")]
    public void A_digit_lost_in_an_input_mask_shows(string text)
    {
        Assert.True(Phone.TryParse(text, "RU", out var phone));
        Assert.False(phone.IsAllotted);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("XX")]
    public void Without_a_known_country_only_international_numbers_are_read(string? country)
    {
        Assert.False(Phone.TryParse("8 916 123 45 67", country, out _));
        Assert.True(Phone.TryParse("+7 916 123 45 67", country, out var phone));
        Assert.Equal("+79161234567", phone.E164);
    }

    [Fact]
    public void A_page_of_loose_digits_ends_soon()
    {
        Assert.False(Phone.TryParse(string.Concat(Enumerable.Repeat("1 ", 100_000)), "RU", out _));
        Assert.False(Phone.TryParse(new string('9', 100_000), "RU", out _));
    }
}
