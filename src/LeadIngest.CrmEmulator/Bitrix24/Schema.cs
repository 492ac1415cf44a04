namespace LeadIngest.CrmEmulator.Bitrix24;

internal enum FieldType
{
    Text,
    Int,
    Money,
    Flag,
    Moment,
    Ints,
}

/// <param name="Ordinal">Place of the field in its type, also the key of its value in an item.</param>
/// <param name="Name">Name in <c>crm.item.*</c>.</param>
/// <param name="Upper">Name in the classic methods.</param>
/// <param name="IsShared">Few different values among many items: one copy of each is kept.</param>
internal sealed record ItemField(byte Ordinal, string Name, string Upper, FieldType Type, bool IsReadOnly, object? Default, bool IsShared, bool IsUser = false)
{
    /// <summary>There is one of each: comparing all members would cost more than the work.</summary>
    public bool Equals(ItemField? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Ordinal;
}

/// <summary>The fields of one entity type, under both of their names.</summary>
internal sealed class Schema
{
    public const int Lead = 1, Deal = 2, Contact = 3, Company = 4;

    private readonly List<ItemField> _all = [];
    private readonly Dictionary<string, ItemField> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ItemField> _byUpper = new(StringComparer.Ordinal);

    private static readonly Schema[] Shared = [new(Lead), new(Deal), new(Contact), new(Company)];

    private byte _nextOrdinal;

    private Schema(Schema from)
    {
        (Type, _nextOrdinal) = (from.Type, from._nextOrdinal);
        from._all.ForEach(Put);
    }

    private Schema(int type)
    {
        Type = type;
        Add("id", "ID", FieldType.Int, readOnly: true);
        if (type != Contact)
            Add("title", "TITLE");
        if (type is Lead or Contact)
            AddPerson();
        AddSystem();
        if (type is Lead or Deal)
            AddSale();
        if (type == Lead)
            AddLead();
        if (type == Deal)
            AddDeal();
        if (type is Contact or Company)
            AddCard();
    }

    public int Type { get; }

    /// <summary>What every portal starts with: one schema for all of them.</summary>
    public static Schema Standard(int type) => Shared[type - 1];

    /// <summary>This schema if it may be changed, else a copy.</summary>
    public Schema Own() => Array.IndexOf(Shared, this) >= 0 ? new Schema(this) : this;

    public IReadOnlyList<ItemField> All => _all;

    public bool HasMulti => Type != Deal;

    public ItemField? ByName(string name) => _byName.GetValueOrDefault(name);

    public ItemField? ByUpper(string name) => _byUpper.GetValueOrDefault(name);

    public ItemField this[string name] => _byName[name];

    public ItemField Add(string name, string upper, FieldType type = FieldType.Text, bool readOnly = false, object? standard = null, bool shared = false, bool user = false)
    {
        var field = new ItemField(_nextOrdinal++, name, upper, type, readOnly, standard ?? (type == FieldType.Flag ? "N" : null), shared, user);
        Put(field);
        return field;
    }

    /// <summary>A user field that an administrator deleted. Its place is not given again: items still hold values under it.</summary>
    public void Remove(ItemField field)
    {
        _all.Remove(field);
        _byName.Remove(field.Name);
        _byUpper.Remove(field.Upper);
    }

    private void Put(ItemField field)
    {
        _all.Add(field);
        _byName[field.Name] = field;
        _byUpper[field.Upper] = field;
    }

    /// <summary>The universal name of a user field, by the vendor's three rules.</summary>
    public static string UserName(string upper)
    {
        var rest = upper["UF_CRM_".Length..];
        var parts = rest.Split('_');
        var mixed = parts.Any(p => p.Any(char.IsAsciiDigit) && p.Any(char.IsAsciiLetter));
        if (mixed || char.IsAsciiDigit(rest[0]) && parts.Length == 1)
            return "ufCrm_" + rest;
        return "ufCrm" + string.Concat(parts.Where(p => p.Length > 0).Select(p => p[..1] + p[1..].ToLowerInvariant()));
    }

    private void AddPerson()
    {
        Add("honorific", "HONORIFIC", shared: true);
        Add("name", "NAME");
        Add("secondName", "SECOND_NAME");
        Add("lastName", "LAST_NAME");
        Add("birthdate", "BIRTHDATE");
        Add("post", "POST");
    }

    private void AddSystem()
    {
        Add("assignedById", "ASSIGNED_BY_ID", FieldType.Int);
        Add("createdBy", "CREATED_BY_ID", FieldType.Int, readOnly: true);
        Add("updatedBy", "MODIFY_BY_ID", FieldType.Int, readOnly: true);
        Add("createdTime", "DATE_CREATE", FieldType.Moment, readOnly: true);
        Add("updatedTime", "DATE_MODIFY", FieldType.Moment, readOnly: true);
        Add("lastActivityTime", "LAST_ACTIVITY_TIME", FieldType.Moment, readOnly: true);
        Add("sourceId", "SOURCE_ID", shared: true);
        Add("sourceDescription", "SOURCE_DESCRIPTION");
        Add("comments", "COMMENTS");
        Add("opened", "OPENED", FieldType.Flag);
        Add("originatorId", "ORIGINATOR_ID", shared: true);
        Add("originId", "ORIGIN_ID");
        foreach (var tag in new[] { "Source", "Medium", "Campaign", "Content", "Term" })
            Add("utm" + tag, "UTM_" + tag.ToUpperInvariant(), shared: true);
    }

    private void AddSale()
    {
        Add("opportunity", "OPPORTUNITY", FieldType.Money, standard: 0m);
        Add("isManualOpportunity", "IS_MANUAL_OPPORTUNITY", FieldType.Flag);
        Add("currencyId", "CURRENCY_ID", standard: "RUB", shared: true);
        Add("stageId", Type == Lead ? "STATUS_ID" : "STAGE_ID", shared: true);
        Add("stageSemanticId", Type == Lead ? "STATUS_SEMANTIC_ID" : "STAGE_SEMANTIC_ID", readOnly: true);
        Add("movedTime", "MOVED_TIME", FieldType.Moment, readOnly: true);
        Add("movedBy", "MOVED_BY_ID", FieldType.Int, readOnly: true);
        Add("companyId", "COMPANY_ID", FieldType.Int, standard: 0L);
        Add("contactId", "CONTACT_ID", FieldType.Int, standard: 0L);
        Add("contactIds", "CONTACT_IDS", FieldType.Ints);
        Add("webformId", "WEBFORM_ID", FieldType.Int);
        // Derived for leads, writable for deals.
        Add("isReturnCustomer", "IS_RETURN_CUSTOMER", FieldType.Flag, readOnly: Type == Lead);
    }

    private void AddLead()
    {
        Add("companyTitle", "COMPANY_TITLE");
        Add("statusDescription", "STATUS_DESCRIPTION");
        Add("dateClosed", "DATE_CLOSED", FieldType.Moment, readOnly: true);
    }

    private void AddDeal()
    {
        Add("categoryId", "CATEGORY_ID", FieldType.Int, standard: 0L);
        Add("typeId", "TYPE_ID", standard: "SALE", shared: true);
        Add("probability", "PROBABILITY", FieldType.Int);
        Add("leadId", "LEAD_ID", FieldType.Int, readOnly: true);
        Add("begindate", "BEGINDATE", FieldType.Moment);
        Add("closedate", "CLOSEDATE", FieldType.Moment);
        Add("closed", "CLOSED", FieldType.Flag, readOnly: true);
        Add("isRepeatedApproach", "IS_REPEATED_APPROACH", FieldType.Flag);
        Add("isRecurring", "IS_RECURRING", FieldType.Flag);
        Add("additionalInfo", "ADDITIONAL_INFO");
    }

    private void AddCard()
    {
        Add("typeId", Type == Contact ? "TYPE_ID" : "COMPANY_TYPE", standard: Type == Contact ? "CLIENT" : "CUSTOMER", shared: true);
        Add("originVersion", "ORIGIN_VERSION");
        Add("leadId", "LEAD_ID", FieldType.Int, readOnly: true);
        if (Type == Contact)
            Add("companyId", "COMPANY_ID", FieldType.Int, standard: 0L);
        else
            Add("industry", "INDUSTRY", shared: true);
    }
}
