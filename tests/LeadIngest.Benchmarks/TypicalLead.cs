using System.Globalization;

namespace LeadIngest.Benchmarks;

/// <summary>
/// The lead that everything is measured with: a name, a phone, an e-mail, and a page with five tags and a click id. Lead number n has a phone and an
/// e-mail that no other number has, scattered over their indexes like those of real people (a bijection modulo 10⁹, not a counter).
/// </summary>
internal static class TypicalLead
{
    /// <summary>Coprime to 10⁹. Numbers below 14 million keep the product exact in the doubles of Lua.</summary>
    public const long Scatter = 618_033_989;

    public const long PhoneRange = 1_000_000_000;

    public const string Name = "Иван";

    private const string Campaign = "%D0%9F%D0%BE%D0%B8%D1%81%D0%BA_CRM_%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0";
    private const string Keyword = "%D0%B2%D0%BD%D0%B5%D0%B4%D1%80%D0%B5%D0%BD%D0%B8%D0%B5%20crm%20%D1%86%D0%B5%D0%BD%D0%B0";

    /// <summary>Everything up to the number that makes the click id unique.</summary>
    public const string PageStart = $"https://example.ru/crm?utm_source=yandex&utm_medium=cpc&utm_campaign={Campaign}&utm_content=a1&utm_term={Keyword}&yclid=17";

    public static string Page(long number) => PageStart + Digits(number);

    public static string Body(long number) =>
        $$"""{"name":"{{Name}}","phone":"+79{{Digits(number)}}","email":"u{{Digits(number)}}@mail.ru","formId":"f1","page":"{{Page(number)}}"}""";

    /// <summary>The body as a format of Lua's string.format: three times the nine digits of the scattered number.</summary>
    public static string LuaFormat() => Body(0).Replace("%", "%%", StringComparison.Ordinal).Replace(Digits(0), "%09d", StringComparison.Ordinal);

    private static string Digits(long number) => (number * Scatter % PhoneRange).ToString("D9", CultureInfo.InvariantCulture);
}

/// <summary>Hands out ranges of lead numbers, so that no lead of a run resembles another one. The first million belongs to the stored clients.</summary>
internal sealed class LeadNumbers
{
    /// <summary>Far more than one round can post.</summary>
    public const long RangeSize = 250_000;

    private long _next = MillionClients.Count;

    public long TakeRange()
    {
        var first = _next;
        _next += RangeSize;
        return first;
    }
}
