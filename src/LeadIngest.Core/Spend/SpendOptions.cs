namespace LeadIngest.Core.Spend;

/// <summary>What a person says about a table beside the table itself. What is absent is found in the table, or is refused where it cannot be.</summary>
public sealed record SpendOptions
{
    /// <summary>Columns by title, as the table spells them; they win over everything found.</summary>
    public IReadOnlyDictionary<string, SpendField> Columns { get; init; } = new Dictionary<string, SpendField>();

    public DecimalMark DecimalMark { get; init; }
    public DateOrder DateOrder { get; init; }

    /// <summary>ISO 4217; for rows whose table names none.</summary>
    public string? Currency { get; init; }

    /// <summary>Tax is in the amounts. Null: as the table says, else it is: cabinets show what is paid.</summary>
    public bool? VatIncluded { get; init; }

    /// <summary>For rows that name no source themselves.</summary>
    public string? Source { get; init; }

    public string? Medium { get; init; }

    /// <summary>The days that the table is about; of use where it has no column of days.</summary>
    public DateOnly? From { get; init; }

    public DateOnly? To { get; init; }
}
