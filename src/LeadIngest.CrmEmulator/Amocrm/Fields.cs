namespace LeadIngest.CrmEmulator.Amocrm;

internal enum Kind
{
    Lead,
    Contact,
    Company,
}

internal sealed record FieldEnum(long Id, string Value, string? Code, int Sort);

internal sealed record Field(long Id, string Name, string? Code, string Type, int Sort, bool IsPredefined, bool IsApiOnly, FieldEnum[] Enums)
{
    public bool Equals(Field? other) => other?.Id == Id;

    public override int GetHashCode() => Id.GetHashCode();

    public bool IsMultiText => Type == "multitext";

    public bool IsChoice => Type is "select" or "radiobutton" or "multiselect" or "category";
}

/// <summary>The custom fields of one kind of entity.</summary>
internal sealed class FieldSet
{
    public static readonly string[] Types =
    [
        "text", "textarea", "numeric", "price", "monetary", "streetaddress", "tracking_data", "checkbox", "url", "date", "date_time",
        "birthday", "select", "radiobutton", "multiselect", "category", "multitext", "smart_address",
    ];

    private static readonly string[] Tracking =
    [
        "UTM_CONTENT", "UTM_MEDIUM", "UTM_CAMPAIGN", "UTM_SOURCE", "UTM_TERM", "UTM_REFERRER", "ROISTAT", "REFERRER", "OPENSTAT_SERVICE",
        "OPENSTAT_CAMPAIGN", "OPENSTAT_AD", "OPENSTAT_SOURCE", "FROM", "GCLIENTID", "_YM_UID", "_YM_COUNTER", "GCLID", "YCLID", "FBCLID",
    ];

    private static readonly FieldSet[] Shared = [new(Kind.Lead), new(Kind.Contact), new(Kind.Company)];

    private readonly Dictionary<long, Field> _byId = [];
    private readonly Dictionary<string, Field> _byCode = new(StringComparer.Ordinal);
    private readonly List<Field> _all = [];
    private long _lastId;
    private long _lastEnum;

    private FieldSet(FieldSet from)
    {
        (_lastId, _lastEnum) = (from._lastId, from._lastEnum);
        from._all.ForEach(Put);
    }

    private FieldSet(Kind kind)
    {
        _lastId = 700_000 + (int)kind * 10_000;
        _lastEnum = 500_000 + (int)kind * 10_000;
        if (kind == Kind.Lead)
        {
            foreach (var code in Tracking)
                Add(code.ToLowerInvariant(), code, "tracking_data", false, [], isPredefined: true);
            return;
        }
        if (kind == Kind.Contact)
            Add("Должность", "POSITION", "text", false, [], isPredefined: true);
        Add("Телефон", "PHONE", "multitext", false, Coded("WORK", "WORKDD", "MOB", "FAX", "HOME", "OTHER"), isPredefined: true);
        Add("Email", "EMAIL", "multitext", false, Coded("WORK", "PRIV", "OTHER"), isPredefined: true);
    }

    public IReadOnlyList<Field> All => _all;

    /// <summary>What every account starts with: one set for all of them.</summary>
    public static FieldSet Standard(Kind kind) => Shared[(int)kind];

    /// <summary>This set if it may be changed, else a copy.</summary>
    public FieldSet Own() => Array.IndexOf(Shared, this) >= 0 ? new FieldSet(this) : this;

    public void Remove(Field field)
    {
        _all.Remove(field);
        _byId.Remove(field.Id);
        if (field.Code is not null)
            _byCode.Remove(field.Code);
    }

    /// <summary>A choice that an administrator deleted.</summary>
    public void RemoveEnum(Field field, long enumId)
    {
        var less = field with { Enums = [.. field.Enums.Where(e => e.Id != enumId)] };
        _all[_all.IndexOf(field)] = less;
        _byId[less.Id] = less;
        if (less.Code is not null)
            _byCode[less.Code] = less;
    }

    public Field? Find(long id) => _byId.GetValueOrDefault(id);

    public Field? Find(string code) => _byCode.GetValueOrDefault(code);

    public Field Add(string name, string? code, string type, bool isApiOnly, IEnumerable<(string Value, string? Code)> enums, bool isPredefined = false)
    {
        var choices = enums.Select((e, i) => new FieldEnum(++_lastEnum, e.Value, e.Code, i)).ToArray();
        var field = new Field(++_lastId, name, code, type, 500 + _all.Count, isPredefined, isApiOnly, choices);
        Put(field);
        return field;
    }

    private void Put(Field field)
    {
        _all.Add(field);
        _byId[field.Id] = field;
        if (field.Code is not null)
            _byCode[field.Code] = field;
    }

    private static IEnumerable<(string Value, string? Code)> Coded(params string[] codes) => codes.Select(c => (c, (string?)c));
}

/// <summary>One value of a custom field: the text, and the chosen enum where the type has one.</summary>
internal readonly record struct FieldItem(string Value, FieldEnum? Enum);

internal sealed record FieldValues(Field Field, FieldItem[] Items);
