using LeadIngest.Core.Texts;

namespace LeadIngest.Core.Tests;

public sealed class VeilTests
{
    [Theory]
    [InlineData("+79161234567", "+7 916 ***-**-67")]
    [InlineData("8 (916) 123-45-67", "+7 916 ***-**-67")]
    [InlineData("9161234567", "+7 916 ***-**-67")]
    [InlineData("+375291234567", "+37 *** 67")]
    [InlineData("101", "***")]
    public void A_phone_keeps_its_code_and_its_last_two_digits(string phone, string shown) => Assert.Equal(shown, Veil.Phone(phone));

    [Theory]
    [InlineData("anna@okna-plus.ru", "a***@okna-plus.ru")]
    [InlineData("no address", "n***")]
    [InlineData("", "")]
    public void An_address_keeps_its_first_letter_and_its_domain(string email, string shown) => Assert.Equal(shown, Veil.Email(email));

    [Theory]
    [InlineData("telegram:anna_p", "telegram:a***")]
    [InlineData("whatsapp:+79161234567", "whatsapp:+7 916 ***-**-67")]
    public void A_messenger_keeps_its_kind(string handle, string shown) => Assert.Equal(shown, Veil.Handle(handle));

    [Theory]
    [InlineData("звоните 8(916)123-45-67 после 18:00", "звоните +7 916 ***-**-67 после 18:00")]
    [InlineData("dom.tel 1234567, 22.11.2026 10:30", "dom.tel +12 *** 67, 22.11.2026 10:30")]
    [InlineData("01a200be-ce31-7000-915c-123456789012 2026-11-22T10:30:00", "01a200be-ce31-7000-915c-123456789012 2026-11-22T10:30:00")]
    [InlineData("rec-79161234567.mp3", "rec-+7 916 ***-**-67.mp3")]
    [InlineData("пишите на anna@okna.ru", "пишите на a***@okna.ru")]
    public void Free_text_loses_phones_and_addresses_but_neither_ids_nor_dates(string text, string shown) => Assert.Equal(shown, Veil.Free(text));

    [Theory]
    [InlineData("https://okna.ru/?phone=%2B7%20916%20123-45-67&email=anna%40okna.ru", "https://okna.ru/?phone=+7 916 ***-**-67&email=a***%40okna.ru")]
    [InlineData("utm_content=16384729103|kw=4711471147", "utm_content=16384729103|kw=4711471147")]
    [InlineData("Поиск_CRM_Москва 2026", "Поиск_CRM_Москва 2026")]
    [InlineData("tel:89161234567", "tel:+7 916 ***-**-67")]
    [InlineData("(916) 123-45-67", "+7 916 ***-**-67")]
    public void Other_text_keeps_ids_of_advertisements(string text, string shown) => Assert.Equal(shown, Veil.Text(text));
}
