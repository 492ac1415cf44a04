using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Spend;

/// <summary>Reads the rows of a table whose layout is known. Every row below the header is taken, refused with a reason, or skipped as a total.</summary>
public static class SpendRows
{
    private const int MostText = 500;

    /// <param name="rows">All rows of the table, the header too.</param>
    /// <param name="layout">Of this table.</param>
    /// <param name="options">What the person says.</param>
    /// <param name="currency">Of rows for which neither the table nor the person says one: the project's.</param>
    public static IEnumerable<SpendRowOutcome> Read(IEnumerable<TableRow> rows, SpendLayout layout, SpendOptions options, string currency)
    {
        if (layout.Refusal is not null || layout.HeaderLine == 0) yield break;
        foreach (var row in rows.Where(r => r.Line > layout.HeaderLine && !r.IsEmpty)) yield return One(row, layout, options, currency);
    }

    private static SpendRowOutcome One(TableRow row, SpendLayout layout, SpendOptions options, string currency)
    {
        if (IsTotal(row, layout)) return new SpendRowOutcome.Skipped(row.Line, "a total");
        var (dateAt, amountAt) = (layout.IndexOf(SpendField.Date), layout.IndexOf(SpendField.Amount));

        var (from, to) = layout.Period ?? default;
        if (layout.Period is null)
        {
            var day = DateText.Read(row[dateAt].Text, layout.DateOrder);
            if (day.Kind != ReadingKind.Value) return Refuse(SpendField.Date, Reason(day.Kind, row[dateAt].Text));
            (from, to) = (day.From, day.To);
        }
        var number = NumberText.Read(row[amountAt].Text, row[amountAt].Typed ? DecimalMark.Point : layout.DecimalMark);
        if (layout.Dialect == SpendDialect.Metrica && row[amountAt] is { Typed: false } typed && typed.Text.Contains(',', StringComparison.Ordinal)) number = new(ReadingKind.Unreadable);
        if (number.Kind is not (ReadingKind.Value or ReadingKind.Empty)) return Refuse(SpendField.Amount, AmountReason(number.Kind, row[amountAt].Text, layout));
        if (!Whole(row, SpendField.Clicks, layout, out var clicks)) return Refuse(SpendField.Clicks, "Not a whole number.");
        if (!Whole(row, SpendField.Impressions, layout, out var shows)) return Refuse(SpendField.Impressions, "Not a whole number.");

        var named = Said(SpendField.Currency);
        var code = named is null ? layout.Currency ?? currency : CurrencyNames.Read(named);
        if (code is null) return Refuse(SpendField.Currency, "Not a currency: RUB.");

        var name = Said(SpendField.CampaignName);
        return new SpendRowOutcome.Taken(new(row.Line, from, to, new()
        {
            CampaignId = Said(SpendField.CampaignId) ?? CampaignKey.IdOfName(name),
            CampaignName = name,
            GroupId = Said(SpendField.GroupId),
            GroupName = Said(SpendField.GroupName),
            AdId = Said(SpendField.AdId),
            AdName = Said(SpendField.AdName),
            Keyword = Said(SpendField.Keyword),
            Source = Said(SpendField.Source) ?? options.Source,
            Medium = Said(SpendField.Medium) ?? options.Medium,
            Currency = code,
            VatIncluded = layout.VatIncluded,
        }, decimal.Round(number.Value, 6), clicks, shows, Cells()));

        string? Said(SpendField field) => layout.IndexOf(field) is >= 0 and var at && !NumberText.IsAbsent(row[at].Text) ? Text.CleanLine(row[at].Text, MostText) : null;
        string[] Cells() => [.. row.Cells.Select(c => Text.CleanLine(c.Text, MostText) ?? "")];
        SpendRowOutcome.Refused Refuse(SpendField field, string reason) => new(row.Line, layout.TitleOf(field), reason, Cells());
    }

    private static readonly string[] TotalWords = ["итого", "всего", "total", "grand total", "итог"];

    /// <summary>«Итого», <c>Total: Account</c>: the first words of a row that names no day.</summary>
    private static bool IsTotal(TableRow row, SpendLayout layout)
    {
        var first = row.Cells.Select(c => c.Text.Trim()).FirstOrDefault(t => !NumberText.IsAbsent(t)) ?? "";
        if (!TotalWords.Any(word => first.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (first.Length == word.Length || !char.IsLetterOrDigit(first[word.Length])))) return false;
        return layout.Period is not null || DateText.Read(row[layout.IndexOf(SpendField.Date)].Text, layout.DateOrder).Kind is ReadingKind.Empty or ReadingKind.Unreadable;
    }

    /// <summary>Counts are whole: a comma or a point in <c>1,234</c> can only group.</summary>
    private static bool Whole(TableRow row, SpendField field, SpendLayout layout, out long value)
    {
        value = 0;
        if (layout.IndexOf(field) is not (>= 0 and var at)) return true;
        var cell = row[at];
        var read = NumberText.Read(cell.Text, cell.Typed ? DecimalMark.Point : DecimalMark.Unknown);
        if (read.Kind == ReadingKind.Ambiguous) read = NumberText.Read(cell.Text.Replace(",", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal));
        if (read.Kind == ReadingKind.Empty) return true;
        value = read.Kind == ReadingKind.Value ? (long)read.Value : -1;
        return value >= 0 && value == read.Value;
    }

    private static string AmountReason(ReadingKind kind, string text, SpendLayout layout) =>
        layout.Dialect == SpendDialect.Metrica && text.Contains(',', StringComparison.Ordinal) ? "A comma: files of Yandex Metrica write amounts with a decimal point."
        : kind switch
        {
            ReadingKind.Ambiguous => "May be thousands or a fraction: say `decimalMark`, comma or point.",
            ReadingKind.Impossible => "Too great for an amount.",
            _ => layout.DecimalMark == DecimalMark.Unknown ? "Not a number." : $"Not a number with a decimal {(layout.DecimalMark == DecimalMark.Comma ? "comma" : "point")}.",
        };

    private static string Reason(ReadingKind kind, string text) => kind switch
    {
        ReadingKind.Empty => "No day.",
        ReadingKind.Ambiguous => $"«{Text.CleanLine(text, 40)}» may begin with the day or the month: say `dateOrder`, day or month.",
        ReadingKind.Impossible => $"«{Text.CleanLine(text, 40)}»: there is no such day, or the range is wrong.",
        _ => "Not a day.",
    };
}
