namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>What a load leaves behind as its import, in the shape of a file's.</summary>
internal static class LoadReport
{
    private const int RowsShown = 20;

    public static SpendReport Of(string kind, DateOnly from, DateOnly to, CabinetEnd.Loaded end) => new()
    {
        Format = kind == "yandex_direct" ? "Yandex Direct API" : "VK Ads API",
        Dialect = kind,
        HeaderLine = 0,
        Columns = [.. end.Columns.Select(c => new SpendReport.Column(c, null, "as the vendor calls it"))],
        Notes = end.Notes,
        Taken = end.Lines.Count,
        Refused = 0,
        Skipped = 0,
        Rows = [.. end.Lines.Take(RowsShown).Select(SpendReading.Shown)],
        RefusedRows = [],
        Totals = [.. end.Lines.GroupBy(l => l.Level.Currency).Select(g => new SpendReport.Total(g.Key, g.Sum(l => l.Amount), g.Sum(l => l.Clicks), g.Sum(l => l.Impressions)))],
        FirstDay = from,
        LastDay = to,
    };
}
