using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Tests.Identities;

public class EmailTests
{
    [Theory]
    [InlineData("olga@mail.ru", "olga@mail.ru")]
    [InlineData("  Olga@Mail.RU ", "olga@mail.ru")]
    [InlineData("mailto:olga@mail.ru", "olga@mail.ru")]
    [InlineData("MAILTO:olga@mail.ru?subject=привет", "olga@mail.ru")]
    [InlineData("mailto: olga@mail.ru", "olga@mail.ru")]
    [InlineData("<olga@mail.ru>", "olga@mail.ru")]
    [InlineData("Ольга Ивановна <olga@mail.ru>", "olga@mail.ru")]
    [InlineData("\"olga@mail.ru\"", "olga@mail.ru")]
    [InlineData("«olga@mail.ru»", "olga@mail.ru")]
    [InlineData("olga@mail.ru.", "olga@mail.ru")]
    [InlineData("olga@mail.ru,", "olga@mail.ru")]
    [InlineData("olga@mail.ru;", "olga@mail.ru")]
    [InlineData("(olga@mail.ru)", "olga@mail.ru")]
    [InlineData("olga+site@gmail.com", "olga+site@gmail.com")]
    [InlineData("o.l-g_a'1@sub.mail.co.uk", "o.l-g_a'1@sub.mail.co.uk")]
    [InlineData("olga@mail.ru, ivan@mail.ru", "olga@mail.ru")]
    [InlineData("olga@mail.ru / ivan@mail.ru", "olga@mail.ru")]
    [InlineData("olga@почта.рф", "olga@xn--80a1acny.xn--p1ai")]
    [InlineData("Ольга@ПОЧТА.РФ", "ольга@xn--80a1acny.xn--p1ai")]
    [InlineData("olga@xn--80a1acny.xn--p1ai", "olga@xn--80a1acny.xn--p1ai")]
    [InlineData("olga@MÜNCHEN.de", "olga@xn--mnchen-3ya.de")]
    [InlineData("o\u200Blga@mail.ru\uFEFF", "olga@mail.ru")]
    [InlineData("\u00A0olga@mail.ru\n", "olga@mail.ru")]
    [InlineData("\uFF4Flga\uFF20mail.ru", "olga@mail.ru")]
    [InlineData("olga@mail。ru", "olga@mail.ru")]
    [InlineData("olga@gmial.com", "olga@gmial.com")]
    [InlineData("оlga@mail.ru", "оlga@mail.ru")] // the first letter is Cyrillic and stays: the mistake is the sender's to mend
    [InlineData("user@xn--80aswg.xn--p1ai", "user@xn--80aswg.xn--p1ai")]
    public void Read(string text, string address)
    {
        Assert.True(Email.TryParse(text, out var email), text);
        Assert.Equal(address, email.Address);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("нет")]
    [InlineData("olga")]
    [InlineData("olga@mail")]
    [InlineData("test@test")]
    [InlineData("@mail.ru")]
    [InlineData("olga@")]
    [InlineData("olga@@mail.ru")]
    [InlineData("olga@mail.ru@mail.ru")]
    [InlineData("olga ivanova@mail.ru")]
    [InlineData("olga @ mail.ru")]
    [InlineData("olga@mail .ru")]
    [InlineData("olga..i@mail.ru")]
    [InlineData("olga@mail..ru")]
    [InlineData("olga@-mail.ru")]
    [InlineData("olga@mail-.ru")]
    [InlineData("olga@ma_il.ru")]
    [InlineData("olga@mail.r")]
    [InlineData("olga@10.0.0.1")]
    [InlineData("olga@[10.0.0.1]x")]
    [InlineData("ol(ga@mail.ru")]
    [InlineData("+7 916 123 45 67")]
    [InlineData("https://mail.ru/@olga")]
    public void Refused(string? text) => Assert.False(Email.TryParse(text, out _), text);

    [Fact]
    public void A_letter_and_its_separate_accent_are_one_letter()
    {
        Assert.True(Email.TryParse("a@\u0439од.рф", out var composed));
        Assert.True(Email.TryParse("a@\u0438\u0306од.рф", out var decomposed));
        Assert.Equal(composed, decomposed);
    }

    [Fact]
    public void Lengths_of_RFC_5321()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 60), 3)) + ".ru";
        Assert.True(Email.TryParse(new string('a', 64) + "@mail.ru", out _));
        Assert.False(Email.TryParse(new string('a', 65) + "@mail.ru", out _));
        Assert.True(Email.TryParse(new string('a', 64) + "@" + domain, out _));
        Assert.False(Email.TryParse(new string('a', 64) + "@aaaaa" + domain, out _));
        Assert.False(Email.TryParse(new string('a', 100_000) + "@mail.ru", out _));
    }

    [Theory]
    [InlineData("test@test.ru", true)]
    [InlineData("нет@нет.ру", true)]
    [InlineData("no@no.no", true)]
    [InlineData("olga@example.com", false)]
    [InlineData("test@example.ru", false)]
    [InlineData("test@mail.ru", false)]
    [InlineData("info@test.ru", false)]
    [InlineData("olga@mail.ru", false)]
    public void Placeholders(string text, bool expected)
    {
        Assert.True(Email.TryParse(text, out var email));
        Assert.Equal(expected, email.IsPlaceholder);
        Assert.True(Email.TryParse(email.Address, out var again));
        Assert.Equal(email, again);
    }
}
