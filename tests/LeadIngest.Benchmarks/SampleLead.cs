namespace LeadIngest.Benchmarks;

/// <param name="Name">Of the column.</param>
/// <param name="Type">Its type's name.</param>
/// <param name="Value">As text; null when the lead has none.</param>
internal sealed record LeadColumn(string Name, string Type, string? Value);

/// <summary>A stored lead, column by column, to make others of its kind: a column that a migration adds is copied like the rest.</summary>
internal static class SampleLead
{
    public static async Task<IReadOnlyList<LeadColumn>> ReadAsync(BenchDatabase database, CancellationToken ct)
    {
        var columns = await database.RowsAsync(
            "select column_name::text, udt_name::text from information_schema.columns where table_schema = 'public' and table_name = 'leads' order by ordinal_position",
            r => (Name: r.GetString(0), Type: r.GetString(1)), ct);
        var texts = string.Join(", ", columns.Select(c => $"{c.Name}::text"));
        return (await database.RowsAsync($"select {texts} from leads order by id desc limit 1",
            r => columns.Select((c, i) => new LeadColumn(c.Name, c.Type, r.IsDBNull(i) ? null : r.GetString(i))).ToList(), ct)).Single();
    }

    /// <param name="lead">The sample.</param>
    /// <param name="instead">SQL for the columns that differ from lead to lead.</param>
    /// <param name="value">SQL for a value of the sample; never asked for an absent one.</param>
    /// <returns><c>(columns) select values</c>.</returns>
    public static string Insert(IReadOnlyList<LeadColumn> lead, IReadOnlyDictionary<string, string> instead, Func<LeadColumn, string> value)
    {
        var values = lead.Select(c => instead.GetValueOrDefault(c.Name) ?? (c.Value is null ? "null" : value(c)));
        return $"({string.Join(", ", lead.Select(c => c.Name))}) select {string.Join(", ", values)}";
    }

    public static string Literal(LeadColumn column) => $"'{column.Value!.Replace("'", "''", StringComparison.Ordinal)}'::{column.Type}";
}
