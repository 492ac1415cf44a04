using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Forms;
using LeadIngest.Core.Identities;
using LeadIngest.Core.Tests.Identities;

namespace LeadIngest.Core.Tests.Forms;

public class FormReaderProperties
{
    private static readonly string[] Names =
    [
        "name", "Имя", "Фамилия", "first_name", "last_name", "phone", "Телефон", "number", "contact", "telegram", "whatsapp", "vk", "email", "comment", "text",
        "page", "referer", "referrer", "formid", "subject", "visitor_id", "consent_text", "utm_source", "utm[term]", "yclid", "city", "q[]", "1.3", "", "price",
        "fields[a][value]", "data[page][title]", "_next", "COOKIES",
    ];

    private static readonly string[] Values =
    [
        "Ольга", "8 916 123-45-67", "89161234567", "+7 903 000-00-02 доб. 12", "olga@mail.ru", "@olga_k", "https://t.me/olga_k", "vk.com/id1",
        "Ольга 89161234567", "нет", "123", "https://okna.ru/?a=1", "окна и двери", "a\0b", "и\u0306",
    ];

    private static readonly Gen<KeyValuePair<string, string>[]> Pairs =
        Gen.Elements(Names).SelectMany(name => Gen.OneOf(Gen.Elements(Values), ArbMap.Default.GeneratorFor<string>())
            .Select(value => KeyValuePair.Create(name, value))).ArrayOf();

    [Fact]
    public void Any_form_is_read_without_an_exception() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<KeyValuePair<string, string>[]>().ToArbitrary(), pairs =>
        {
            _ = FormReader.Read(pairs, "RU");
            _ = FormReader.Read(pairs, null, new Dictionary<string, string> { ["a"] = "phone", [""] = "" });
        }).Hold();

    [Fact]
    public void No_value_is_lost() => Prop.ForAll(Pairs.ToArbitrary(), pairs =>
    {
        var lead = FormReader.Read(pairs, "RU");
        var members = new[] { lead.Name, lead.Phone, lead.Email, lead.Comment, lead.Page, lead.Referrer, lead.FormId, lead.FormName, lead.VisitorId, lead.VisitId, lead.ConsentText, lead.Cookies, lead.Next }
            .Concat(lead.Tags.Select(tag => tag.Value)).Concat(lead.Fields.Select(field => field.Value)).OfType<string>().ToList();
        return pairs.Select(pair => Text.Clean(pair.Value, 20_000)).OfType<string>().All(value =>
            members.Exists(member => member.Contains(value, StringComparison.Ordinal) || Text.CleanLine(value, 20_000) is not { } line || member.Contains(line, StringComparison.Ordinal))
            || (lead.Contact is { } contact && IsContact(value, contact)));
    }).Hold();

    private static bool IsContact(string value, Messenger contact) =>
        value.Contains(contact.Value, StringComparison.OrdinalIgnoreCase)
        || Phone.FindAll(value, "RU").Any(phone => phone.E164 == contact.Value);

    [Fact]
    public void Encoded_pairs_read_back()
    {
        var text = ArbMap.Default.GeneratorFor<string>().Where(text => text is not null && !text.Contains('\0', StringComparison.Ordinal));
        Prop.ForAll(text.Two().ArrayOf().ToArbitrary(), pairs =>
        {
            var expected = pairs.Select(pair => KeyValuePair.Create(Valid(pair.Item1), Valid(pair.Item2))).Where(pair => pair.Key.Length > 0).ToArray();
            var body = string.Join('&', expected.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
            return UrlEncoded.TryRead(System.Text.Encoding.UTF8.GetBytes(body), out var read, out _) && read.SequenceEqual(expected);
        }).Hold();

        static string Valid(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public void Any_bytes_are_read_without_an_exception() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<byte[]>().ToArbitrary(), body => { _ = UrlEncoded.TryRead(body, out _, out _); }).Hold();

    [Theory]
    [InlineData("a=1&b=2", "a=1|b=2")]
    [InlineData("a=1+2%203", "a=1 2 3")]
    [InlineData("a&b=&=c&&", "a=|b=|=c")]
    [InlineData("a=100%&b=%zz", "a=100%|b=%zz")]
    [InlineData("%D0%98%D0%BC%D1%8F=%D0%9E%D0%BB%D1%8C%D0%B3%D0%B0", "Имя=Ольга")]
    [InlineData("%C8%EC%FF=%CE%EB%FC%E3%E0+%B8", "Имя=Ольга ё")]
    [InlineData("_charset_=windows-1251&a=%D0%B0", "_charset_=windows-1251|a=Р°")]
    [InlineData("a=%D0%B0&b=%CE%EB", "a=а|b=Ол")]
    [InlineData("a=x%00y", "a=xy")]
    public void Url_encoded(string body, string expected)
    {
        Assert.True(UrlEncoded.TryRead(System.Text.Encoding.ASCII.GetBytes(body), out var pairs, out _));
        Assert.Equal(expected, string.Join('|', pairs.Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [Fact]
    public void More_than_500_fields_are_refused()
    {
        var body = string.Join('&', Enumerable.Range(0, 501).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        Assert.False(UrlEncoded.TryRead(System.Text.Encoding.ASCII.GetBytes(body), out _, out var error));
        Assert.Contains("500", error, StringComparison.Ordinal);
    }
}
