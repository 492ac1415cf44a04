using System.Globalization;
using System.Text.RegularExpressions;

namespace LeadIngest.Core.Spend;

/// <summary>What comes first in <c>05/06/2026</c>.</summary>
public enum DateOrder { Unknown, DayFirst, MonthFirst }

/// <summary>What a text says as a day or as days.</summary>
/// <param name="Kind">Whether it can be read.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The last day, the same as the first for one day.</param>
/// <param name="Shows">The order that this date proves for its column.</param>
public readonly record struct DateReading(ReadingKind Kind, DateOnly From = default, DateOnly To = default, DateOrder Shows = DateOrder.Unknown);

/// <summary>
/// Days as cabinets and people write them: ISO, <c>01.08.2026</c>, <c>8/31/2026</c>, <c>20260801</c>, a spreadsheet's serial number, <c>1 августа 2026 г.</c>,
/// <c>Aug 1, 2026</c>; a whole month (<c>август 2026</c>, <c>2026-08</c>); a range of two of them (<c>2026-08-01/2026-08-31</c>). Years 2000 to 2099.
/// </summary>
public static partial class DateText
{
    /// <summary>A longer range is a mistake.</summary>
    public const int MostDays = 731;

    public static DateReading Read(string? text, DateOrder order = DateOrder.Unknown)
    {
        var body = Spaces().Replace(text ?? "", " ").Trim();
        if (NumberText.IsAbsent(body)) return new(ReadingKind.Empty);
        if (body.Length > 80) return new(ReadingKind.Unreadable);
        var one = One(body, order);
        if (one.Kind != ReadingKind.Unreadable) return one;
        foreach (var border in new[] { Slash(), Dash() })
        {
            var ends = border.Split(body, 2);
            if (ends.Length != 2) continue;
            var (a, b) = (One(ends[0].Trim(), order), One(ends[1].Trim(), order));
            if (a.Kind == ReadingKind.Unreadable || b.Kind == ReadingKind.Unreadable) continue;
            if (a.Kind != ReadingKind.Value) return new(a.Kind);
            if (b.Kind != ReadingKind.Value) return new(b.Kind);
            if (b.To < a.From || b.To.DayNumber - a.From.DayNumber >= MostDays) return new(ReadingKind.Impossible);
            return new(ReadingKind.Value, a.From, b.To, a.Shows == DateOrder.Unknown ? b.Shows : a.Shows);
        }
        return new(ReadingKind.Unreadable);
    }

    private static DateReading One(string text, DateOrder order)
    {
        var body = Time().Replace(text, "");
        if (Iso().Match(body) is { Success: true } iso) return Day(iso.Groups[1], iso.Groups[2], iso.Groups[3]);
        if (Packed().Match(body) is { Success: true } packed) return Day(packed.Groups[1], packed.Groups[2], packed.Groups[3]);
        if (Serial().IsMatch(body))
        {
            // Day 1 of spreadsheets is 1900-01-01, and they believe in 1900-02-29: after it the count starts from 1899-12-30.
            var day = new DateOnly(1899, 12, 30).AddDays((int)decimal.Parse(body, CultureInfo.InvariantCulture));
            return day.Year is >= 2000 and < 2100 ? new(ReadingKind.Value, day, day) : new(ReadingKind.Unreadable);
        }
        if (Short().Match(body) is { Success: true } s) return Numbers(s, order);
        if (YearMonth().Match(body) is { Success: true } ym) return Month(ym.Groups[1].Value, ym.Groups[2].Value);
        if (MonthYear().Match(body) is { Success: true } my) return Month(my.Groups[2].Value, my.Groups[1].Value);
        if (DayWord().Match(body) is { Success: true } dw && MonthOf(dw.Groups[2].Value) is { } m1) return Day(dw.Groups[3].Value, m1.ToString(CultureInfo.InvariantCulture), dw.Groups[1].Value);
        if (WordDay().Match(body) is { Success: true } wd && MonthOf(wd.Groups[1].Value) is { } m2) return Day(wd.Groups[3].Value, m2.ToString(CultureInfo.InvariantCulture), wd.Groups[2].Value);
        if (WordYear().Match(body) is { Success: true } wy && MonthOf(wy.Groups[1].Value) is { } m3) return Month(wy.Groups[2].Value, m3.ToString(CultureInfo.InvariantCulture));
        return new(ReadingKind.Unreadable);
    }

    private static DateReading Numbers(Match s, DateOrder order)
    {
        var (a, b, year) = (Number(s.Groups[1].Value), Number(s.Groups[3].Value), s.Groups[4].Value);
        // Between points the day comes first everywhere.
        if (s.Groups[2].Value == "." || a == b) return Day(year, s.Groups[3].Value, s.Groups[1].Value);
        if (a > 12) return Day(year, s.Groups[3].Value, s.Groups[1].Value) is { Kind: ReadingKind.Value } d ? d with { Shows = DateOrder.DayFirst } : new(ReadingKind.Impossible);
        if (b > 12) return Day(year, s.Groups[1].Value, s.Groups[3].Value) is { Kind: ReadingKind.Value } d ? d with { Shows = DateOrder.MonthFirst } : new(ReadingKind.Impossible);
        return order switch
        {
            DateOrder.DayFirst => Day(year, s.Groups[3].Value, s.Groups[1].Value),
            DateOrder.MonthFirst => Day(year, s.Groups[1].Value, s.Groups[3].Value),
            _ => new(ReadingKind.Ambiguous),
        };
    }

    private static DateReading Day(Group year, Group month, Group day) => Day(year.Value, month.Value, day.Value);

    private static DateReading Day(string year, string month, string day)
    {
        var (y, m, d) = (Year(year), Number(month), Number(day));
        if (y is < 2000 or > 2099 || m is < 1 or > 12 || d < 1 || d > DateTime.DaysInMonth(y, m)) return new(ReadingKind.Impossible);
        var found = new DateOnly(y, m, d);
        return new(ReadingKind.Value, found, found);
    }

    private static DateReading Month(string year, string month)
    {
        var first = Day(year, month, "1");
        return first.Kind == ReadingKind.Value ? first with { To = first.From.AddMonths(1).AddDays(-1) } : first;
    }

    private static int Year(string text) => text.Length == 2 ? 2000 + Number(text) : Number(text);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static int? MonthOf(string word)
    {
        var lower = word.ToLowerInvariant();
        var at = Array.FindIndex(Months, m => m.Split(' ').Any(start => lower.StartsWith(start, StringComparison.Ordinal)));
        return at < 0 ? null : at + 1;
    }

    private static readonly string[] Months =
        ["янв jan", "фев feb", "мар mar", "апр apr", "мая май may", "июн jun", "июл jul", "авг aug", "сен sep", "окт oct", "ноя nov", "дек dec"];

    [GeneratedRegex(@"[\s\u00A0\u2007\u2009\u202F]+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(?<=[0-9])[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?(\.[0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})?$")]
    private static partial Regex Time();

    [GeneratedRegex(@"^([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})$")]
    private static partial Regex Iso();

    [GeneratedRegex(@"^(20[0-9]{2})([0-9]{2})([0-9]{2})$")]
    private static partial Regex Packed();

    [GeneratedRegex(@"^[0-9]{5}(\.[0-9]+)?$")]
    private static partial Regex Serial();

    [GeneratedRegex(@"^([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?: ?г\.?)?$")]
    private static partial Regex Short();

    [GeneratedRegex(@"^([0-9]{4})[-./]([0-9]{1,2})$")]
    private static partial Regex YearMonth();

    [GeneratedRegex(@"^([0-9]{1,2})[-./]([0-9]{4})$")]
    private static partial Regex MonthYear();

    [GeneratedRegex(@"^(?:\p{L}+\.?,? )?([0-9]{1,2})[ -](\p{L}{3,8})\.?,?[ -]([0-9]{4})(?: ?г(ода|\.)?)?$")]
    private static partial Regex DayWord();

    [GeneratedRegex(@"^(?:\p{L}+\.?,? )?(\p{L}{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})$")]
    private static partial Regex WordDay();

    [GeneratedRegex(@"^(\p{L}{3,9})\.?,? ([0-9]{4})(?: ?г(ода|\.)?)?$")]
    private static partial Regex WordYear();

    [GeneratedRegex(@"(?<=[0-9]{2}) ?/ ?(?=[0-9]{4}-)")]
    private static partial Regex Slash();

    [GeneratedRegex(@"\s+-\s+|\s*[–—]\s*|\s*\.\.+\s*|\s+по\s+")]
    private static partial Regex Dash();
}
