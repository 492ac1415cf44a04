namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>What a portal's administrator demands of new and changed records.</summary>
internal static class Requirements
{
    public static void Check(Portal portal, int type, ItemChange change, Item? item)
    {
        var schema = portal.SchemaOf(type);
        if (portal.Options.CheckUsers && change.Values.TryGetValue(schema["assignedById"], out var user) && user is long id && !portal.IsActive(id))
            throw RestException.BadValue("Ответственный");
        if (portal.Options.Required.Count == 0 || !portal.Options.Required.TryGetValue(NameOf(type), out var names))
            return;
        foreach (var name in names)
        {
            var isFilled = Multis.Types.Contains(name)
                ? (change.Fm ?? item?.Fm ?? []).Exists(m => m.TypeId == name)
                : (schema.ByUpper(name) ?? schema.ByName(name)) is { } field && IsFilled(change.Values.TryGetValue(field, out var value) ? value : item?.Get(field));
            if (!isFilled)
                throw new RestException(400, "CRM_FIELD_ERROR_REQUIRED", $"Поле \"{name}\" обязательно для заполнения");
        }
    }

    public static string NameOf(int type) => type switch { Schema.Lead => "lead", Schema.Deal => "deal", Schema.Contact => "contact", _ => "company" };

    private static bool IsFilled(object? value) => value is not (null or "" or 0L);
}
