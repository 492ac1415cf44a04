using LeadIngest.Core.Identities;
using LeadIngest.Core.Spend;

namespace LeadIngest.Api.Spend;

/// <summary>How a table was understood and what became of its rows.</summary>
internal sealed record SpendReport
{
    /// <summary>What the file was taken for: <c>CSV, «;», windows-1251</c>.</summary>
    public required string Format { get; init; }

    /// <summary><c>cabinet</c>, or <c>metrica</c>: the strict expenses file of Yandex Metrica; of a cabinet that was asked its kind: <c>yandex_direct</c>, <c>vk_ads</c>.</summary>
    public required string Dialect { get; init; }

    /// <summary>The line that names the columns; 0: none, the file is empty or the cabinet was asked.</summary>
    public required int HeaderLine { get; init; }

    public required IReadOnlyList<Column> Columns { get; init; }

    /// <summary>What was concluded rather than read.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Rows that were understood.</summary>
    public required int Taken { get; init; }

    /// <summary>Rows that were not, and of which nothing is taken.</summary>
    public required int Refused { get; init; }

    /// <summary>Totals, which would count twice.</summary>
    public required int Skipped { get; init; }

    /// <summary>The first rows as understood.</summary>
    public required IReadOnlyList<Row> Rows { get; init; }

    /// <summary>The first refused rows.</summary>
    public required IReadOnlyList<RefusedRow> RefusedRows { get; init; }

    /// <summary>By currency.</summary>
    public required IReadOnlyList<Total> Totals { get; init; }

    /// <summary>The first day of spend; null: none.</summary>
    public DateOnly? FirstDay { get; init; }

    public DateOnly? LastDay { get; init; }

    /// <param name="Title">In the file.</param>
    /// <param name="Field">What it is taken for; null: not used.</param>
    /// <param name="Why">For people.</param>
    internal sealed record Column(string Title, string? Field, string Why);

    /// <param name="Line">In the file.</param>
    /// <param name="To">The last day; the amount is spread evenly.</param>
    internal sealed record Row(int Line, DateOnly From, DateOnly To, string? CampaignId, string? Campaign, string? GroupId, string? Group, string? AdId, string? Ad, string? Keyword,
        string? Source, string? Medium, decimal Amount, string Currency, bool VatIncluded, long Clicks, long Impressions);

    /// <param name="Line">In the file.</param>
    /// <param name="Column">The title of the column at fault.</param>
    /// <param name="Cells">The row as it was; a cell that a spreadsheet would take for a formula begins with an apostrophe.</param>
    internal sealed record RefusedRow(int Line, string? Column, string Reason, IReadOnlyList<string> Cells);

    internal sealed record Total(string Currency, decimal Amount, long Clicks, long Impressions);

    /// <summary>A spreadsheet computes what begins like a formula: what people sent is shown so that it stays text wherever it is pasted.</summary>
    public static string Safe(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && NumberText.Read(text).Kind is not (ReadingKind.Value or ReadingKind.Ambiguous or ReadingKind.Empty)
        ? "'" + text : text;

    public static string? SafeOrNull(string? text) => text is null ? null : Safe(Text.CleanLine(text, 500) ?? "");
}
