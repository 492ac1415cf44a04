using System.Globalization;
using System.Text.RegularExpressions;

namespace LeadIngest.Core.Spend;

/// <summary>Which sign stands before the fraction.</summary>
public enum DecimalMark { Unknown, Comma, Point }

public enum ReadingKind { Value, Empty, Ambiguous, Impossible, Unreadable }

/// <summary>What a text says as a number.</summary>
/// <param name="Kind">Whether it can be read.</param>
/// <param name="Value">The number, when it can.</param>
/// <param name="Shows">The decimal mark that this number proves for its column; unknown when it proves none.</param>
public readonly record struct NumberReading(ReadingKind Kind, decimal Value = 0, DecimalMark Shows = DecimalMark.Unknown);

/// <summary>
/// Numbers as cabinets and people write them: <c>1 234,56</c>, <c>1,234.56</c>, <c>1'234.5</c>, <c>(12.30)</c>, <c>−5 ₽</c>. Where a text can be read in two
/// ways (<c>1,234</c>: a thousand or one and a bit) it is called ambiguous and not guessed.
/// </summary>
public static partial class NumberText
{
    /// <summary>Beyond this nothing is money: a mistaken column.</summary>
    private const decimal Most = 1_000_000_000_000m;

    /// <param name="text">The cell.</param>
    /// <param name="mark">The decimal mark when it is known: from the person, or from other numbers of the column.</param>
    public static NumberReading Read(string? text, DecimalMark mark = DecimalMark.Unknown)
    {
        var body = Spaces().Replace(text ?? "", " ").Trim();
        if (IsAbsent(body)) return new(ReadingKind.Empty);
        var negative = body.StartsWith('(') && body.EndsWith(')');
        if (negative) body = body[1..^1];
        body = Money().Replace(body, "").Trim();
        if (body.Length > 0 && body[0] is '-' or '−' or '–' or '+')
        {
            negative ^= body[0] != '+';
            body = Money().Replace(body[1..].Trim(), "").Trim();
        }
        if (body.Length > 40 || !Shape().IsMatch(body)) return new(ReadingKind.Unreadable);
        var (kind, plain, shows) = Plain(body, mark);
        if (kind != ReadingKind.Value) return new(kind);
        if (!decimal.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value >= Most) return new(ReadingKind.Impossible);
        return new(ReadingKind.Value, negative ? -value : value, shows);
    }

    /// <summary>The ways to say that there is nothing: empty, a dash, two dashes.</summary>
    public static bool IsAbsent(string? text) => text is null || text.Trim() is "" or "-" or "--" or "—" or "–" or "―" or "n/a" or "н/д";

    private static (ReadingKind Kind, string Plain, DecimalMark Shows) Plain(string body, DecimalMark mark)
    {
        var commas = body.Count(c => c == ',');
        var points = body.Count(c => c == '.');
        if (body.Contains(' ', StringComparison.Ordinal))
        {
            // Spaces group the thousands already: a comma or a point can only be the decimal mark.
            if (commas + points > 1 || !SpaceGroups().IsMatch(body)) return (ReadingKind.Unreadable, "", default);
            return Decimal(body.Replace(" ", "", StringComparison.Ordinal), commas == 1 ? ',' : points == 1 ? '.' : null, mark);
        }
        if (commas == 0 && points == 0) return (ReadingKind.Value, body, default);
        if (commas > 0 && points > 0)
        {
            var last = body[body.LastIndexOfAny([',', '.'])];
            var group = last == ',' ? '.' : ',';
            if (!Grouped(body[..body.LastIndexOf(last)], group)) return (ReadingKind.Unreadable, "", default);
            return Decimal(body.Replace(group.ToString(), "", StringComparison.Ordinal), last, mark);
        }
        var sign = commas > 0 ? ',' : '.';
        if (commas + points > 1)
        {
            if (!Grouped(body, sign) || mark == Of(sign)) return (ReadingKind.Unreadable, "", default);
            return (ReadingKind.Value, body.Replace(sign.ToString(), "", StringComparison.Ordinal), Other(sign));
        }
        var at = body.IndexOf(sign, StringComparison.Ordinal);
        if (body.Length - at - 1 != 3 || at is 0 or > 3 || body[0] == '0') return Decimal(body, sign, mark);
        return mark == DecimalMark.Unknown ? (ReadingKind.Ambiguous, "", default)
            : (ReadingKind.Value, body.Replace(sign.ToString(), mark == Of(sign) ? "." : "", StringComparison.Ordinal), default);
    }

    private static (ReadingKind, string, DecimalMark) Decimal(string body, char? sign, DecimalMark mark) => sign is not { } c ? (ReadingKind.Value, body, default)
        : mark != DecimalMark.Unknown && mark != Of(c) ? (ReadingKind.Unreadable, "", default)
        : (ReadingKind.Value, body.Replace(c, '.'), Of(c));

    private static bool Grouped(string whole, char sign)
    {
        var groups = whole.Split(sign);
        return groups[0].Length is >= 1 and <= 3 && groups.Skip(1).All(g => g.Length == 3);
    }

    private static DecimalMark Of(char sign) => sign == ',' ? DecimalMark.Comma : DecimalMark.Point;

    private static DecimalMark Other(char sign) => sign == ',' ? DecimalMark.Point : DecimalMark.Comma;

    // Every kind of space, and the apostrophe that Swiss spreadsheets group by.
    [GeneratedRegex(@"[\s\u00A0\u2007\u2009\u202F'’]+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^(₽|\$|€|₸|RUB|USD|EUR)\s*|\s*(₽|\$|€|₸|руб(лей|ля|\.)?|р\.|RUB|RUR|USD|EUR|KZT|BYN)$", RegexOptions.IgnoreCase)]
    private static partial Regex Money();

    [GeneratedRegex(@"^(?=.*[0-9])[0-9]*([ .,][0-9]+)*[.,]?$")]
    private static partial Regex Shape();

    [GeneratedRegex(@"^[0-9]{1,3}( [0-9]{3})+([.,][0-9]*)?$")]
    private static partial Regex SpaceGroups();
}
