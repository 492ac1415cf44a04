namespace LeadIngest.Api.Features.Reports.Shared;

/// <summary>What a column holds, which settles how files show it.</summary>
internal enum ColumnKind
{
    Text,

    /// <summary>A whole number, or parts of deals under models that share.</summary>
    Count,

    /// <summary>In the project's currency, two digits.</summary>
    Money,

    /// <summary>0.15 is 15 %.</summary>
    Share,

    /// <summary>A plain number with a fraction.</summary>
    Number,

    Day,

    /// <summary>A moment; shown in the project's time zone.</summary>
    Moment,

    /// <summary>Seconds; shown as hours, minutes and seconds.</summary>
    Span,
}

/// <summary>A column of a file.</summary>
/// <param name="Ru">The heading in Russian.</param>
/// <param name="En">The heading in English.</param>
internal sealed record ReportColumn(string Ru, string En, ColumnKind Kind = ColumnKind.Text)
{
    public string Heading(string? lang) => lang == "en" ? En : Ru;
}

/// <summary>A report as a flat table, for files.</summary>
/// <param name="Name">Latin, for the file's name: <c>sources</c>.</param>
/// <param name="Columns">In order.</param>
/// <param name="Rows">
/// One value a column: string for text; long, int, decimal for numbers; DateOnly; DateTimeOffset; TimeSpan. Null: an empty cell, never 0. They may be read once only.
/// </param>
/// <param name="Zone">Of moments.</param>
internal sealed record ReportTable(string Name, IReadOnlyList<ReportColumn> Columns, IEnumerable<IReadOnlyList<object?>> Rows, TimeZoneInfo Zone)
{
    /// <summary>How many rows there are, where they are read only while the file is written; null: they are there already.</summary>
    public int? Count { get; init; }

    /// <summary>What the figures rest on, for the sheet beside the table: days, model, meaning of ROMI, currency.</summary>
    public IReadOnlyList<(string Ru, string En, string Value)> About { get; init; } = [];
}
