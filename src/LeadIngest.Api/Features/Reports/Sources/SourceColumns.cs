using LeadIngest.Api.Features.Reports.Shared;

namespace LeadIngest.Api.Features.Reports.Sources;

/// <summary>The columns of the report: by them it is sorted, of them files are made.</summary>
/// <param name="Name">As the wire spells it.</param>
internal sealed record SourceColumn(string Name, string Ru, string En, ColumnKind Kind, Func<SourceFigures, decimal?> Value)
{
    public ReportColumn Column => new(Ru, En, Kind);
}

internal static class SourceColumns
{
    public static readonly IReadOnlyList<SourceColumn> All =
    [
        new("spend", "Расход", "Spend", ColumnKind.Money, f => f.Spend),
        new("visits", "Визиты", "Visits", ColumnKind.Count, f => f.Visits),
        new("leads", "Заявки", "Leads", ColumnKind.Count, f => f.Leads),
        new("calls", "Звонки", "Calls", ColumnKind.Count, f => f.Calls),
        new("answeredCalls", "Отвеченные звонки", "Answered calls", ColumnKind.Count, f => f.AnsweredCalls),
        new("spam", "Спам", "Spam", ColumnKind.Count, f => f.Spam),
        new("clients", "Клиенты", "Clients", ColumnKind.Count, f => f.Clients),
        new("deals", "Сделки", "Deals", ColumnKind.Count, f => f.Deals),
        new("won", "Продажи", "Won", ColumnKind.Count, f => f.Won),
        new("newClients", "Новые покупатели", "New clients", ColumnKind.Count, f => f.NewClients),
        new("revenue", "Выручка", "Revenue", ColumnKind.Money, f => f.Revenue),
        new("firstRevenue", "Выручка первых сделок", "Revenue of first deals", ColumnKind.Money, f => f.FirstRevenue),
        new("repeatRevenue", "Выручка повторных сделок", "Revenue of repeat deals", ColumnKind.Money, f => f.RepeatRevenue),
        new("cpl", "CPL (расход / заявки)", "CPL (spend / leads)", ColumnKind.Money, f => f.Cpl.Value),
        new("cpo", "CPO (расход / продажи)", "CPO (spend / won)", ColumnKind.Money, f => f.Cpo.Value),
        new("cac", "CAC (расход / новые покупатели)", "CAC (spend / new clients)", ColumnKind.Money, f => f.Cac.Value),
        new("cohortConversion", "Конверсия когорты", "Conversion of the cohort", ColumnKind.Share, f => f.CohortConversion.Value),
        new("periodConversion", "Конверсия периода", "Conversion of the period", ColumnKind.Share, f => f.PeriodConversion.Value),
        new("averageCheck", "Средний чек", "Average check", ColumnKind.Money, f => f.AverageCheck.Value),
        new("ltv", "LTV", "LTV", ColumnKind.Money, f => f.Ltv.Value),
        new("drr", "ДРР", "Advertising cost share", ColumnKind.Share, f => f.Drr.Value),
        new("roas", "ROAS", "ROAS", ColumnKind.Share, f => f.Roas.Value),
        new("romiPayback", "ROMI (выручка / расход, 100 % — окупились)", "ROMI (revenue / spend, 100 % is break-even)", ColumnKind.Share, f => f.RomiPayback.Value),
        new("romiNet", "ROMI ((выручка − расход) / расход, 0 % — окупились)", "ROMI ((revenue − spend) / spend, 0 % is break-even)", ColumnKind.Share, f => f.RomiNet.Value),
        new("firstRomiPayback", "ROMI первых сделок (выручка / расход)", "ROMI of first deals (revenue / spend)", ColumnKind.Share, f => f.FirstRomiPayback.Value),
        new("firstRomiNet", "ROMI первых сделок ((выручка − расход) / расход)", "ROMI of first deals ((revenue − spend) / spend)", ColumnKind.Share, f => f.FirstRomiNet.Value),
    ];

    public static SourceColumn? Find(string name) => All.FirstOrDefault(c => c.Name == name);

    /// <summary>What has no value comes last. Equal rows by their names, so that every call gives the same order.</summary>
    public static List<GroupKey> Order(IEnumerable<GroupKey> keys, Func<GroupKey, SourceSums> sums, string? sort, bool isTime)
    {
        var byName = Comparer<GroupKey>.Create((a, b) => a.Values.Zip(b.Values, string.CompareOrdinal).FirstOrDefault(c => c != 0));
        if (sort is null && isTime) return [.. keys.Order(byName)];
        var column = Find((sort ?? "-revenue").TrimStart('-'))!;
        var sign = (sort ?? "-revenue").StartsWith('-') ? -1 : 1;
        return [.. keys.Select(k => (Key: k, Value: column.Value(sums(k).Figures()))).OrderBy(k => k.Value is null).ThenBy(k => sign * (k.Value ?? 0)).ThenBy(k => k.Key, byName).Select(k => k.Key)];
    }

    /// <summary>The rows, then what is beyond the limit and the totals as rows of their own.</summary>
    public static ReportTable Table(GetSources.Response response, IReadOnlyList<Dimension> groups, Labels labels, string? lang, TimeZoneInfo zone)
    {
        var isCompared = response.ComparedFrom is not null;
        List<ReportColumn> columns = [.. groups.Select(g => new ReportColumn(g.Ru, g.En)), .. All.Select(c => c.Column)];
        if (isCompared) columns.AddRange(All.Select(c => new ReportColumn(c.Ru + ", было", c.En + ", before", c.Kind)));
        var rows = response.Rows.Select(r => Row(r.Values.Skip(r.Values.Count - groups.Count).Select((v, i) => labels.Of(groups[i], v) ?? ReportQuery.None), r.Figures, r.Previous));
        if (response.Others is { } others) rows = rows.Append(Row(Named(lang == "en" ? "Others" : "Остальные"), others, null));
        rows = rows.Append(Row(Named(lang == "en" ? "Total" : "Итого"), response.Totals, response.PreviousTotals));
        return new("sources", columns, rows, zone)
        {
            About =
            [
                ("Период", "Days", $"{response.From:yyyy-MM-dd} – {response.To:yyyy-MM-dd}"),
                ("Сравнение с", "Compared with", isCompared ? $"{response.ComparedFrom:yyyy-MM-dd} – {response.ComparedTo:yyyy-MM-dd}" : "—"),
                ("Валюта", "Currency", response.Currency),
                ("Расход", "Spend", response.SpendVat == "net" ? (lang == "en" ? "without VAT" : "без НДС") : lang == "en" ? "with VAT" : "с НДС"),
                ("Модель атрибуции", "Attribution model", response.Model),
                ("Возвраты", "Refunds", response.Refunds == "cash" ? (lang == "en" ? "on the day of the refund" : "в день возврата") : lang == "en" ? "on the day of the deal" : "в день сделки"),
                ("ROMI проекта", "The project's ROMI", response.Romi),
            ],
        };

        List<object?> Row(IEnumerable<string> names, SourceFigures figures, SourceFigures? previous) =>
            [.. names, .. All.Select(c => (object?)c.Value(figures)), .. isCompared ? All.Select(c => previous is null ? null : (object?)c.Value(previous)) : []];

        IEnumerable<string> Named(string name) => groups.Select((_, i) => i == 0 ? name : "");
    }
}
