using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Spend;

/// <summary>Finds out how a table is to be read: where its titles stand, what they mean, which decimal mark and order of days its cells prove.</summary>
public static class SpendLayouts
{
    /// <summary>Title lines above the header: cabinets write three or four.</summary>
    private const int MostTitleLines = 25;

    /// <param name="rows">All rows of the table; gone through once.</param>
    /// <param name="options">What the person says.</param>
    public static SpendLayout Find(IEnumerable<TableRow> rows, SpendOptions options)
    {
        var head = new List<TableRow>();
        TableRow? header = null;
        IReadOnlyList<ColumnMeaning> columns = [];
        Evidence? evidence = null;
        foreach (var row in rows)
        {
            if (header is null)
            {
                head.Add(row);
                columns = Meanings(row, options);
                if (IsHeader(columns, options)) (header, evidence) = (row, new Evidence(columns));
                else if (head.Count(r => !r.IsEmpty) > MostTitleLines) break;
            }
            else evidence!.Add(row);
        }
        if (header is null)
        {
            return head.All(r => r.IsEmpty) ? new() { Notes = ["The file is empty."] }
                : new() { Refusal = "No row names the columns: a column of amounts (Расход, Cost, …) and one of days (Дата, Date, …) are needed. Say which they are by `columns`." };
        }

        var dialect = IsMetrica(columns) ? SpendDialect.Metrica : SpendDialect.Cabinet;
        var notes = new List<string>();
        var amountTitle = columns.First(c => c.Field == SpendField.Amount).Title;
        var (mark, order) = (options.DecimalMark, options.DateOrder);
        if (dialect == SpendDialect.Metrica)
        {
            mark = DecimalMark.Point;
            notes.Add("An expenses file of Yandex Metrica: decimal points only, amounts without VAT.");
        }
        else if (mark == DecimalMark.Unknown && (mark = evidence!.Mark) != DecimalMark.Unknown) notes.Add($"Other numbers of the table show that the decimal mark is a {(mark == DecimalMark.Comma ? "comma" : "point")}.");
        if (order == DateOrder.Unknown && (order = evidence!.Order) != DateOrder.Unknown) notes.Add($"Other dates of the table show that the {(order == DateOrder.DayFirst ? "day" : "month")} comes first.");

        (DateOnly, DateOnly)? period = null;
        string? refusal = null;
        if (columns.All(c => c.Field != SpendField.Date))
        {
            period = options is { From: { } from, To: { } to } ? (from, to) : TitlePeriod(head);
            if (period is null) refusal = "There is no column of days and no period in the lines above: pass `from` and `to`.";
            else notes.Add("There is no column of days: every amount is spread evenly over the period.");
        }

        var vat = options.VatIncluded ?? (dialect == SpendDialect.Metrica ? false : Headers.VatIncluded(amountTitle));
        if (vat is null) notes.Add("The table does not say whether VAT is in the amounts: they are taken with VAT. Pass `vatIncluded` if not.");
        return new()
        {
            HeaderLine = header.Line,
            Dialect = dialect,
            Columns = columns,
            DecimalMark = mark,
            DateOrder = order,
            Currency = options.Currency ?? CurrencyNames.InTitle(amountTitle),
            VatIncluded = vat ?? true,
            Period = period,
            Notes = notes,
            Refusal = refusal,
        };
    }

    private static ColumnMeaning[] Meanings(TableRow row, SpendOptions options)
    {
        var found = row.Cells.Select((cell, index) =>
        {
            var title = Text.CleanLine(cell.Text, 500) ?? "";
            if (options.Columns.TryGetValue(title, out var said)) return new ColumnMeaning(index, title, said, "as you said");
            return Headers.Read(title) is { } field ? new(index, title, field, "by its title") : new(index, title, null, title.Length == 0 ? "no title" : "not used");
        }).ToArray();
        foreach (var same in found.Where(c => c.Field is not null).GroupBy(c => c.Field).Where(g => g.Count() > 1))
        {
            var best = same.OrderBy(c => c.Why != "as you said").ThenBy(c => Headers.IsWeak(c.Title)).ThenBy(c => c.Index).First();
            foreach (var other in same.Where(c => c != best)) found[other.Index] = other with { Field = null, Why = $"not used: «{best.Title}» is taken for the same" };
        }
        return found;
    }

    private static bool IsHeader(IReadOnlyList<ColumnMeaning> columns, SpendOptions options)
    {
        var fields = columns.Where(c => c.Field is not null).Select(c => c.Field!.Value).ToArray();
        return fields.Contains(SpendField.Amount) && fields.Length >= 2
            && options.Columns.Keys.All(title => columns.Any(c => c.Title == title));
    }

    private static bool IsMetrica(IReadOnlyList<ColumnMeaning> columns)
    {
        var titles = columns.Select(c => c.Title).ToHashSet(StringComparer.Ordinal);
        return titles.Contains("Date") && titles.Contains("Expenses") && (titles.Contains("UTMSource") || titles.Contains("TrafficSource"));
    }

    private static (DateOnly, DateOnly)? TitlePeriod(IEnumerable<TableRow> head)
    {
        foreach (var cell in head.SelectMany(r => r.Cells))
        {
            var text = cell.Text.Trim();
            // «Период: 01.08.2026 – 31.08.2026»
            var tail = text.LastIndexOf(':') is > 0 and var at ? text[(at + 1)..] : text;
            if (DateText.Read(tail) is { Kind: ReadingKind.Value } read && read.From != read.To) return (read.From, read.To);
        }
        return null;
    }

    /// <summary>What the cells prove; two proofs against each other prove nothing.</summary>
    private sealed class Evidence(IReadOnlyList<ColumnMeaning> columns)
    {
        private readonly int _amount = columns.First(c => c.Field == SpendField.Amount).Index;
        private readonly int _date = columns.FirstOrDefault(c => c.Field == SpendField.Date)?.Index ?? -1;
        private readonly HashSet<DecimalMark> _marks = [];
        private readonly HashSet<DateOrder> _orders = [];

        public DecimalMark Mark => _marks.Count == 1 ? _marks.Single() : DecimalMark.Unknown;
        public DateOrder Order => _orders.Count == 1 ? _orders.Single() : DateOrder.Unknown;

        public void Add(TableRow row)
        {
            if (row[_amount] is { Typed: false } amount && NumberText.Read(amount.Text) is { Shows: not DecimalMark.Unknown } number) _marks.Add(number.Shows);
            if (_date >= 0 && DateText.Read(row[_date].Text) is { Shows: not DateOrder.Unknown } day) _orders.Add(day.Shows);
        }
    }
}
