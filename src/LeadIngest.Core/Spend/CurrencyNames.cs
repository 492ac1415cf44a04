using System.Text.RegularExpressions;

namespace LeadIngest.Core.Spend;

/// <summary>Currencies as tables name them: ISO 4217 codes, signs and Russian words.</summary>
public static partial class CurrencyNames
{
    /// <returns>The ISO code; null when the text names none.</returns>
    public static string? Read(string? text)
    {
        var word = (text ?? "").Trim().TrimEnd('.').ToUpperInvariant();
        return word switch
        {
            "₽" or "РУБ" or "Р" or "RUR" or "РУБЛЬ" or "РУБЛЕЙ" or "РУБЛИ" or "РУБЛЯХ" => "RUB",
            "$" or "ДОЛЛ" => "USD",
            "€" or "ЕВРО" => "EUR",
            "₸" or "ТЕНГЕ" => "KZT",
            _ => Code().IsMatch(word) ? word : null,
        };
    }

    /// <returns>The currency that a column's title names in passing: «Расход (руб.)», <c>Cost, USD</c>.</returns>
    public static string? InTitle(string title) => Words().Matches(title).Select(m => Known(m.Value)).FirstOrDefault(c => c is not null);

    private static string? Known(string word) => Read(word) is "RUB" or "USD" or "EUR" or "KZT" or "BYN" or "CNY" or "GBP" or "AED" or "UZS" or "TRY" ? Read(word) : null;

    [GeneratedRegex("^[A-Z]{3}$")]
    private static partial Regex Code();

    [GeneratedRegex(@"[₽$€₸]|(?<![\p{L}])(руб|р|rub|rur|usd|eur|kzt|byn|cny|gbp|aed|uzs|try)(?![\p{L}])", RegexOptions.IgnoreCase)]
    private static partial Regex Words();
}
