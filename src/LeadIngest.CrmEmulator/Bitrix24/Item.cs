using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>A phone, e-mail, site or messenger of a lead, contact or company.</summary>
internal sealed record Multi(long Id, string TypeId, string ValueType, string Value);

/// <summary>A lead, deal, contact or company. Only fields that were set take room: there may be hundreds of thousands.</summary>
internal sealed class Item(int type, long id, DateTimeOffset now) : IRecord
{
    private byte[] _ordinals = [];
    private object[] _values = [];

    public int Type => type;

    public long Id => id;

    public DateTimeOffset Created { get; } = now;

    public DateTimeOffset Updated { get; set; } = now;

    public DateTimeOffset Moved { get; set; } = now;

    public long MovedBy { get; set; }

    /// <summary>Stage and pipeline are asked for with every read, so they stand apart from the other fields.</summary>
    public string? Stage { get; set; }

    public long Category { get; set; }

    public List<Multi> Fm { get; set; } = [];

    /// <summary>The stored value, or the field's default. Text, long, decimal, <c>Y</c>/<c>N</c>, a moment or an array of ids.</summary>
    public object? Get(ItemField field)
    {
        var at = Array.IndexOf(_ordinals, field.Ordinal);
        return at < 0 ? field.Default : _values[at];
    }

    public string? Text(ItemField field) => Get(field) as string;

    public long Int(ItemField field) => Get(field) is long number ? number : 0;

    /// <returns>Whether the value is another than before.</returns>
    public bool Set(ItemField field, object? value)
    {
        if (Same(Get(field), value))
            return false;
        var at = Array.IndexOf(_ordinals, field.Ordinal);
        if (value is null)
        {
            if (at >= 0)
                (_ordinals, _values) = ([.. _ordinals[..at], .. _ordinals[(at + 1)..]], [.. _values[..at], .. _values[(at + 1)..]]);
        }
        else if (at >= 0)
        {
            _values[at] = value;
        }
        else
        {
            (_ordinals, _values) = ([.. _ordinals, field.Ordinal], [.. _values, value]);
        }
        return true;
    }

    private static bool Same(object? a, object? b) => a is long[] x && b is long[] y ? x.AsSpan().SequenceEqual(y) : Equals(a, b);
}
