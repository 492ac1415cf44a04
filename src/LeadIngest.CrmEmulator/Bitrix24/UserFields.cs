using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

internal sealed record UserField(long Id, int Type, string Upper, string UserType, string Label)
{
    /// <summary>Of an enumeration: its values, which have ids of their own.</summary>
    public (long Id, string Value)[] List { get; init; } = [];
}

/// <summary><c>crm.{lead|deal|contact|company}.userfield.*</c>.</summary>
internal static class UserFields
{
    private const int MaxFields = 200;

    public static Reply Add(Portal portal, int type, JsonObject parameters)
    {
        if ((parameters["fields"] ?? parameters["FIELDS"]) is not JsonObject fields)
            throw RestException.Classic("Parameter 'fields' must be array.");
        if (!portal.Options.Admin)
            throw RestException.Classic("Access denied.");
        if (Json.Text(fields["FIELD_NAME"]) is not { Length: > 0 } name)
            throw new RestException(400, "ERROR_CORE", "The 'FIELD_NAME' field is not found.");
        var upper = name.ToUpperInvariant();
        if (!upper.StartsWith("UF_CRM_", StringComparison.Ordinal))
            upper = "UF_CRM_" + upper;
        var userType = Json.Text(fields["USER_TYPE_ID"]) ?? "string";
        var schema = portal.OwnSchemaOf(type);
        if (upper.Length <= "UF_CRM_".Length || schema.ByUpper(upper) is not null || schema.All.Count >= MaxFields)
            throw new RestException(400, "ERROR_CORE", $"Поле {upper} для объекта уже существует.");
        schema.Add(Schema.UserName(upper), upper, userType switch
        {
            "integer" => FieldType.Int,
            "double" or "money" => FieldType.Money,
            "boolean" => FieldType.Flag,
            "datetime" or "date" => FieldType.Moment,
            _ => FieldType.Text,
        }, user: true);
        var field = new UserField(portal.NextOther(), type, upper, userType, Json.Text(fields["EDIT_FORM_LABEL"]) ?? Json.Text(fields["LABEL"]) ?? upper)
        {
            List = [.. Json.Items(fields["LIST"]).OfType<JsonObject>().Select(v => (portal.NextOther(), Json.Text(v["VALUE"]) ?? ""))],
        };
        portal.UserFields.Add(field);
        return Reply.Number(field.Id);
    }

    public static Reply List(Portal portal, int type, JsonObject parameters)
    {
        var name = Json.Text(((parameters["filter"] ?? parameters["FILTER"]) as JsonObject)?["FIELD_NAME"]);
        var rows = portal.UserFields.Where(f => f.Type == type && (name is null || f.Upper == name)).ToList();
        return new Reply(Json.Write(w =>
        {
            w.WriteStartArray();
            foreach (var field in rows)
            {
                w.WriteStartObject();
                w.WriteString("ID", Json.Of(field.Id));
                w.WriteString("ENTITY_ID", "CRM_" + (type switch { Schema.Lead => "LEAD", Schema.Deal => "DEAL", Schema.Contact => "CONTACT", _ => "COMPANY" }));
                w.WriteString("FIELD_NAME", field.Upper);
                w.WriteString("USER_TYPE_ID", field.UserType);
                w.WriteString("MULTIPLE", "N");
                w.WriteString("MANDATORY", "N");
                w.WriteString("EDIT_FORM_LABEL", field.Label);
                if (field.List.Length > 0)
                {
                    w.WriteStartArray("LIST");
                    foreach (var (id, value) in field.List)
                    {
                        w.WriteStartObject();
                        w.WriteString("ID", Json.Of(id));
                        w.WriteString("VALUE", value);
                        w.WriteEndObject();
                    }
                    w.WriteEndArray();
                }
                w.WriteEndObject();
            }
            w.WriteEndArray();
        }), rows.Count);
    }
}
