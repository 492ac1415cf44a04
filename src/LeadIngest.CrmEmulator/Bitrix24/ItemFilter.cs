using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>A list filter: <c>=</c>, <c>!</c>, <c>&gt;</c>, <c>@</c>, <c>%</c>… before the name; nested OR in the universal methods only.</summary>
internal sealed class ItemFilter
{
    private static readonly string[] Operators = ["!=%", "!%=", "=%", "%=", "!%", "!=", "!@", ">=", "<=", "=", "!", ">", "<", "@", "%"];

    private readonly List<Func<Item, bool>> _tests = [];
    private bool _isAny;

    public long[]? Ids { get; private set; }

    public string[]? OriginIds { get; private set; }

    public string[]? Phones { get; private set; }

    public string[]? Emails { get; private set; }

    public long? AboveId { get; private set; }

    public bool Matches(Item item) => _tests.Count == 0 || (_isAny ? _tests.Exists(t => t(item)) : _tests.TrueForAll(t => t(item)));

    /// <exception cref="RestException">A field that a universal list does not know.</exception>
    public static ItemFilter Parse(Portal portal, JsonObject? map, Func<string, ItemField?> find, bool isUniversal)
    {
        var filter = new ItemFilter();
        foreach (var (key, value) in map ?? [])
        {
            if (isUniversal && key.Equals("logic", StringComparison.OrdinalIgnoreCase))
                filter._isAny = string.Equals(Json.Text(value), "OR", StringComparison.OrdinalIgnoreCase);
            else if (isUniversal && long.TryParse(key, out _) && value is JsonObject nested)
                filter._tests.Add(Parse(portal, nested, find, isUniversal).Matches);
            else
                filter.Add(portal, key, value, find, isUniversal);
        }
        if (filter._isAny)
            (filter.Ids, filter.OriginIds, filter.AboveId) = (null, null, null);
        return filter;
    }

    private void Add(Portal portal, string key, JsonNode? value, Func<string, ItemField?> find, bool isUniversal)
    {
        var op = Array.Find(Operators, o => key.StartsWith(o, StringComparison.Ordinal)) ?? "";
        var name = key[op.Length..];
        if (!isUniversal && name is "PHONE" or "EMAIL")
        {
            AddMulti(name, value);
            return;
        }
        if (find(name) is not { } field)
        {
            if (isUniversal)
                throw RestException.Argument($"Invalid filter: field '{name}' is not allowed in filter");
            // The classic lists pass over what they do not know.
            return;
        }
        if (isUniversal && field.Type == FieldType.Moment && portal.Options.IgnoreOffsetDates && Json.Items(value).Any(v => Json.Text(v)?.Contains('T', StringComparison.Ordinal) == true))
            return;
        var wanted = Json.Items(value).Select(v => Typed(field, v)).ToArray();
        if (op is "" or "=" or "@")
            Narrow(field, wanted);
        else if (op is ">" or ">=" && field.Name == "id" && wanted is [long bound])
            AboveId = Math.Max(AboveId ?? long.MinValue, op == ">" ? bound : bound - 1);
        _tests.Add(item => Test(op, Values.Read(portal, item, field), wanted));
    }

    private void Narrow(ItemField field, object?[] wanted)
    {
        if (field.Name == "id")
            Ids = [.. wanted.OfType<long>()];
        else if (field.Name == "originId" && Array.TrueForAll(wanted, w => w is string { Length: > 0 }))
            OriginIds = [.. wanted.OfType<string>()];
    }

    /// <summary>Exact text only: another spelling of the same phone does not match.</summary>
    private void AddMulti(string type, JsonNode? value)
    {
        var wanted = Json.Items(value).Select(Json.Text).OfType<string>().ToArray();
        if (type == "PHONE")
            Phones = wanted;
        else
            Emails = wanted;
        _tests.Add(item => item.Fm.Exists(m => m.TypeId == type && wanted.Contains(m.Value)));
    }

    private static object? Typed(ItemField field, JsonNode? node) => Json.Text(node) is not { } text ? null : field.Type switch
    {
        FieldType.Int or FieldType.Ints => Json.Integer(node) ?? 0L,
        FieldType.Money => Json.Decimal(node) ?? 0m,
        FieldType.Moment => Values.ParseMoment(text),
        FieldType.Flag when field.IsUser => text is "1" ? "Y" : text is "0" ? "N" : null,
        _ => text,
    };

    private static bool Test(string op, object? value, object?[] wanted) => op switch
    {
        "" or "=" or "@" => Array.Exists(wanted, w => Same(value, w)),
        "!" or "!=" or "!@" => !Array.Exists(wanted, w => Same(value, w)),
        ">" => Compare(value, wanted) > 0,
        ">=" => Compare(value, wanted) >= 0,
        "<" => Compare(value, wanted) < 0,
        "<=" => Compare(value, wanted) <= 0,
        "%" => Contains(value, wanted),
        "!%" => !Contains(value, wanted),
        "=%" or "%=" => Like(value, wanted),
        _ => !Like(value, wanted),
    };

    private static bool Same(object? value, object? wanted) => value switch
    {
        long[] ids => wanted is long id && ids.Contains(id),
        // None is written as null, zero and empty text.
        null or 0L or "" => wanted is null or 0L or "",
        string text => string.Equals(text, wanted as string, StringComparison.OrdinalIgnoreCase),
        _ => Equals(value, wanted),
    };

    private static int? Compare(object? value, object?[] wanted) =>
        value is not null && wanted is [{ } other] && other.GetType() == value.GetType() ? Comparer<object>.Default.Compare(value, other) : null;

    private static bool Contains(object? value, object?[] wanted) =>
        value is string text && Array.Exists(wanted, w => w is string part && text.Contains(part, StringComparison.OrdinalIgnoreCase));

    private static bool Like(object? value, object?[] wanted)
    {
        if (value is not string text || wanted is not [string pattern])
            return false;
        var part = pattern.Trim('%');
        return (pattern.StartsWith('%'), pattern.EndsWith('%')) switch
        {
            (true, true) => text.Contains(part, StringComparison.OrdinalIgnoreCase),
            (true, false) => text.EndsWith(part, StringComparison.OrdinalIgnoreCase),
            (false, true) => text.StartsWith(part, StringComparison.OrdinalIgnoreCase),
            _ => text.Equals(part, StringComparison.OrdinalIgnoreCase),
        };
    }
}
