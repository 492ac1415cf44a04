using System.Text.Json;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>What <c>crm.*.fields</c> say of a field. The classic methods give a user field its code for a title: what people call it stands in the labels only.</summary>
internal static class FieldDescriptions
{
    public static void Write(Utf8JsonWriter w, Portal portal, int type, ItemField field, bool isClassic)
    {
        var own = field.IsUser ? portal.UserFields.Find(f => f.Type == type && f.Upper == field.Upper) : null;
        w.WriteStartObject(isClassic ? field.Upper : field.Name);
        w.WriteString("type", own?.UserType ?? Items.TypeName(field));
        w.WriteBoolean("isRequired", false);
        w.WriteBoolean("isReadOnly", field.IsReadOnly);
        w.WriteBoolean("isImmutable", false);
        w.WriteBoolean("isMultiple", field.Type == FieldType.Ints);
        w.WriteBoolean("isDynamic", field.IsUser);
        if (own is { List.Length: > 0 })
            WriteList(w, own);
        w.WriteString("title", own is null || isClassic ? field.Upper : own.Label);
        if (own is not null)
        {
            w.WriteString("listLabel", own.Label);
            w.WriteString("formLabel", own.Label);
            w.WriteString("filterLabel", own.Label);
        }
        if (!isClassic)
            w.WriteString("upperName", field.Upper);
        w.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter w, UserField own)
    {
        w.WriteStartArray("items");
        foreach (var (id, value) in own.List)
        {
            w.WriteStartObject();
            w.WriteString("ID", Json.Of(id));
            w.WriteString("VALUE", value);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }
}
