using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using LeadIngest.Core.Texts;

namespace LeadIngest.Core.Spend;

/// <summary>A rate of the Central Bank: so many roubles for so many units of a currency, from a day on.</summary>
public sealed record CurrencyRate(string Currency, DateOnly Day, decimal Rubles, int Nominal);

/// <summary>
/// The Central Bank's files of rates: <c>XML_daily</c> (all currencies of a day), <c>XML_dynamic</c> (one currency over days; it names the currency by the
/// bank's own id), and a CSV of <c>date;currency;nominal;rate</c> with or without titles. UTF-8 or windows-1251.
/// </summary>
public static partial class RateFile
{
    /// <param name="bytes">The file.</param>
    /// <param name="currency">ISO code for an <c>XML_dynamic</c> whose id is not known here; null: by the id.</param>
    /// <param name="rates">In the order of the file.</param>
    /// <param name="why">What is wrong with it; nothing of it is taken then.</param>
    public static bool TryRead(byte[] bytes, string? currency, out IReadOnlyList<CurrencyRate> rates, out string why)
    {
        (rates, why) = ([], "");
        var text = Decode(bytes);
        try
        {
            rates = text.TrimStart().StartsWith('<') ? Xml(text, currency) : Csv(text);
            if (rates.Count > 0) return true;
            why = "The file holds no rate.";
        }
        catch (Exception fault) when (fault is XmlException or FormatException or OverflowException)
        {
            why = fault is XmlException ? "Not the XML that the bank publishes." : fault.Message;
        }
        rates = [];
        return false;
    }

    private static string Decode(byte[] bytes)
    {
        var body = bytes.AsSpan();
        if (body.StartsWith(Encoding.UTF8.Preamble)) body = body[3..];
        var text = System.Text.Unicode.Utf8.IsValid(body) ? Encoding.UTF8.GetString(body) : Windows1251.Decode(body);
        // The declaration names an encoding that is undone already.
        return Declaration().Replace(text, "");
    }

    private static List<CurrencyRate> Xml(string text, string? currency)
    {
        using var reader = XmlReader.Create(new StringReader(text), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 20_000_000 });
        var root = XElement.Load(reader);
        if (root.Element("Valute") is not null)
        {
            var day = Day((string?)root.Attribute("Date"));
            return [.. root.Elements("Valute").Select(v => Rate((string?)v.Element("CharCode"), day, (string?)v.Element("Value"), (string?)v.Element("Nominal")))];
        }
        return [.. root.Elements("Record").Select(r => Rate(
            currency ?? Ids.GetValueOrDefault(((string?)r.Attribute("Id") ?? (string?)root.Attribute("ID") ?? "").Trim())
                ?? throw new FormatException($"The bank's id «{(string?)r.Attribute("Id")}» is not known here: pass `currency`."),
            Day((string?)r.Attribute("Date")), (string?)r.Element("Value"), (string?)r.Element("Nominal")))];
    }

    private static List<CurrencyRate> Csv(string text)
    {
        var rates = new List<CurrencyRate>();
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            var cells = line.TrimEnd('\r').Split(line.Contains(';', StringComparison.Ordinal) ? ';' : line.Contains('\t', StringComparison.Ordinal) ? '\t' : ',').Select(c => c.Trim(' ', '"')).ToArray();
            if (DateText.Read(cells[0]).Kind != ReadingKind.Value && rates.Count == 0) continue;
            if (cells.Length < 3) throw new FormatException($"Line {index + 1}: date, currency, nominal and rate are needed.");
            rates.Add(Rate(cells[1], Day(cells[0]), cells[^1], cells.Length > 3 ? cells[2] : "1"));
        }
        return rates;
    }

    private static CurrencyRate Rate(string? code, DateOnly day, string? value, string? nominal)
    {
        var rate = NumberText.Read(value, (value ?? "").Contains(',', StringComparison.Ordinal) ? DecimalMark.Comma : DecimalMark.Point);
        var per = NumberText.Read(nominal);
        if (CurrencyNames.Read(code) is not { } currency) throw new FormatException($"«{code}» is not a currency.");
        if (rate is not { Kind: ReadingKind.Value, Value: > 0 }) throw new FormatException($"{currency}, {day:yyyy-MM-dd}: «{value}» is not a rate.");
        if (per is not { Kind: ReadingKind.Value, Value: >= 1 and <= 1_000_000 }) throw new FormatException($"{currency}, {day:yyyy-MM-dd}: «{nominal}» is not a nominal.");
        return new(currency, day, rate.Value, (int)per.Value);
    }

    private static DateOnly Day(string? text) => DateText.Read(text) is { Kind: ReadingKind.Value } day && day.From == day.To ? day.From
        : throw new FormatException($"«{text}» is not a day.");

    // The bank's ids of the currencies that advertising is paid in.
    private static readonly Dictionary<string, string> Ids = new(StringComparer.Ordinal)
    {
        ["R01235"] = "USD",
        ["R01239"] = "EUR",
        ["R01335"] = "KZT",
        ["R01090B"] = "BYN",
        ["R01375"] = "CNY",
        ["R01035"] = "GBP",
        ["R01230"] = "AED",
        ["R01717"] = "UZS",
        ["R01700J"] = "TRY",
        ["R01060"] = "AMD",
        ["R01210"] = "GEL",
    };

    [GeneratedRegex(@"^\s*<\?xml[^>]*\?>")]
    private static partial Regex Declaration();
}
