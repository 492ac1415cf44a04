namespace LeadIngest.Core.Spend;

/// <summary>Whose table it is, as far as that changes how it is read.</summary>
public enum SpendDialect
{
    /// <summary>Any cabinet's table, as people save and mend it.</summary>
    Cabinet,

    /// <summary>The expenses file of Yandex Metrica: decimal points only, amounts without tax, ranges of days.</summary>
    Metrica,
}

/// <summary>A column and what it was taken for.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Title">As the table spells it.</param>
/// <param name="Field">Null: not used.</param>
/// <param name="Why">For people.</param>
public sealed record ColumnMeaning(int Index, string Title, SpendField? Field, string Why);

/// <summary>How a table is understood, before any of its rows is taken.</summary>
public sealed record SpendLayout
{
    /// <summary>0: no row names the columns.</summary>
    public int HeaderLine { get; init; }

    public SpendDialect Dialect { get; init; }
    public IReadOnlyList<ColumnMeaning> Columns { get; init; } = [];
    public DecimalMark DecimalMark { get; init; }
    public DateOrder DateOrder { get; init; }
    public string? Currency { get; init; }
    public bool VatIncluded { get; init; }

    /// <summary>The days of all rows, where there is no column of days.</summary>
    public (DateOnly From, DateOnly To)? Period { get; init; }

    /// <summary>What was concluded rather than read, for people.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why the table cannot be taken at all; null when it can.</summary>
    public string? Refusal { get; init; }

    public int IndexOf(SpendField field) => Columns.FirstOrDefault(c => c.Field == field)?.Index ?? -1;

    public string TitleOf(SpendField field) => Columns.FirstOrDefault(c => c.Field == field)?.Title ?? "";
}
