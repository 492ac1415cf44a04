using LeadIngest.Api.Http;

namespace LeadIngest.Api.Tests.Http;

public class PhoneSpellingsTests
{
    [Theory]
    [InlineData("+7 (916) 123-45-67", "+79161234567")]
    [InlineData("79161234567", "+79161234567")]
    [InlineData("8 916 123-45-67", "+79161234567")]
    [InlineData("916 1234567", "+79161234567")]
    [InlineData("8-10-7-916-123-45-67", "+79161234567")]
    [InlineData("00 7 916 123 45 67", "+79161234567")]
    [InlineData("+375 29 123-45-67", "+375291234567")]
    [InlineData("+86 138 0013 8000", "+8613800138000")]
    public void A_spelling_names_the_number(string typed, string e164) => Assert.Contains(e164, PhoneSpellings.Of(typed));

    [Theory]
    [InlineData("")]
    [InlineData("Анна")]
    [InlineData("12-34")]
    [InlineData("1234567890123456789")]
    public void What_is_no_number_names_none(string typed) => Assert.Empty(PhoneSpellings.Of(typed));
}
