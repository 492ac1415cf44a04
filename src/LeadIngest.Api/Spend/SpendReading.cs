using LeadIngest.Api.Http;
using LeadIngest.Core.Spend;

namespace LeadIngest.Api.Spend;

/// <summary>A table that was read from its first row to its last.</summary>
/// <param name="Days">Spread over days and added up.</param>
internal sealed record SpendReading(SpendReport Report, IReadOnlyList<SpendDay> Days)
{
    /// <summary>After ranges are spread.</summary>
    private const int MostDays = 300_000;

    private const int RowsShown = 20;
    private const int RefusedShown = 100;
    private const int CellsShown = 40;
    private const int CellShown = 120;

    /// <param name="currency">Where neither table nor sender says one.</param>
    /// <exception cref="UnreadableTable">It cannot be taken as a whole.</exception>
    public static SpendReading Of(byte[] bytes, SpendOptions options, string currency)
    {
        var file = TableFile.Open(bytes);
        var layout = SpendLayouts.Find(file.Rows, options);
        if (layout.Refusal is not null) throw new UnreadableTable(layout.Refusal);
        var (taken, refused, refusedCount, skipped, spread) = (new List<SpendLine>(), new List<SpendReport.RefusedRow>(), 0, 0, 0L);
        foreach (var outcome in SpendRows.Read(file.Rows, layout, options, currency))
        {
            switch (outcome)
            {
                case SpendRowOutcome.Taken ok:
                    taken.Add(ok.Row);
                    if ((spread += ok.Row.To.DayNumber - ok.Row.From.DayNumber + 1) > MostDays) throw new UnreadableTable($"More than {MostDays:N0} rows of one day each: split the file.");
                    break;
                case SpendRowOutcome.Refused no:
                    if (refusedCount++ < RefusedShown) refused.Add(new(no.Line, no.Column, no.Reason, [.. no.Cells.Take(CellsShown).Select(c => SpendReport.Safe(Core.Identities.Text.Clean(c, CellShown) ?? ""))]));
                    break;
                default:
                    skipped++;
                    break;
            }
        }
        return new(new()
        {
            Format = file.Format,
            Dialect = Problems.WireName(layout.Dialect.ToString()),
            HeaderLine = layout.HeaderLine,
            Columns = [.. layout.Columns.Select(c => new SpendReport.Column(SpendReport.Safe(c.Title), c.Field is { } f ? Problems.WireName(f.ToString()) : null, c.Why))],
            Notes = layout.Notes,
            Taken = taken.Count,
            Refused = refusedCount,
            Skipped = skipped,
            Rows = [.. taken.Take(RowsShown).Select(Shown)],
            RefusedRows = refused,
            Totals = [.. taken.GroupBy(t => t.Level.Currency).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new SpendReport.Total(g.Key, g.Sum(t => t.Amount), g.Sum(t => t.Clicks), g.Sum(t => t.Impressions)))],
            FirstDay = taken.Count == 0 ? null : taken.Min(t => t.From),
            LastDay = taken.Count == 0 ? null : taken.Max(t => t.To),
        }, SpendDays.Of(taken));
    }

    internal static SpendReport.Row Shown(SpendLine row) => new(row.Line, row.From, row.To, SpendReport.SafeOrNull(row.Level.CampaignId), SpendReport.SafeOrNull(row.Level.CampaignName),
        SpendReport.SafeOrNull(row.Level.GroupId), SpendReport.SafeOrNull(row.Level.GroupName), SpendReport.SafeOrNull(row.Level.AdId), SpendReport.SafeOrNull(row.Level.AdName),
        SpendReport.SafeOrNull(row.Level.Keyword), SpendReport.SafeOrNull(row.Level.Source), SpendReport.SafeOrNull(row.Level.Medium), row.Amount, row.Level.Currency, row.Level.VatIncluded, row.Clicks, row.Impressions);
}
