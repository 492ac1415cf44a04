using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Ingest;

/// <summary>Typed positional parameters: no boxing, no type guessing, and one array a column for <c>unnest</c>.</summary>
internal static class Columns
{
    public static NpgsqlParameter<T[]> Of<T>(T[] values, NpgsqlDbType type) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };

    public static NpgsqlParameter<Guid> Of(Guid value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Uuid };

    public static NpgsqlParameter<int> Of(int value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Integer };

    /// <summary>One column of a batch.</summary>
    public static NpgsqlParameter<TValue[]> Of<TRow, TValue>(IReadOnlyList<TRow> rows, NpgsqlDbType type, Func<TRow, TValue> value)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = value(rows[i]);
        return Of(values, type);
    }
}
