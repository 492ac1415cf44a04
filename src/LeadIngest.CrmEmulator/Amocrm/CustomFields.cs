using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary><c>/{entity}/custom_fields</c>.</summary>
internal static class CustomFields
{
    private sealed record Wanted(string Name, string? Code, string Type, bool IsApiOnly, List<(string, string?)> Enums);

    public static Answer List(Account account, Call call, Kind kind)
    {
        IEnumerable<Field> rows = account.FieldsOf(kind).All;
        if (call.Query["filter"] is JsonObject filter && filter["type"] is { } type)
        {
            var types = Json.Items(type).Select(Json.Text).ToHashSet();
            rows = rows.Where(f => types.Contains(f.Type));
        }
        return Lists.Page(call, "custom_fields", rows, (w, f) => Write(w, account.Id, f, kind));
    }

    public static Answer One(Account account, Kind kind, long id) =>
        account.FieldsOf(kind).Find(id) is { } field ? Answer.Json(200, Shapes.Hal, w => Write(w, account.Id, field, kind)) : Answer.Empty(204);

    public static Answer Add(Account account, Call call, Kind kind)
    {
        var fields = account.OwnFieldsOf(kind);
        var codes = new HashSet<string>(StringComparer.Ordinal);
        var (batch, refusal) = Batch<Wanted>.Read(account, call.ReadJson(), Lists.MaxLimit, 422, item => Read(fields, codes, item, kind));
        if (batch is null)
            return refusal!;
        var added = batch.Items.ConvertAll(i => (i.RequestId, Field: fields.Add(i.Value.Name, i.Value.Code, i.Value.Type, i.Value.IsApiOnly, i.Value.Enums)));
        return Answer.Json(201, Shapes.Hal, w =>
        {
            w.WriteStartObject();
            w.WriteNumber("_total_items", added.Count);
            w.WriteStartObject("_embedded");
            w.WriteStartArray("custom_fields");
            foreach (var (requestId, field) in added)
                Write(w, account.Id, field, kind, requestId);
            w.WriteEndArray();
            w.WriteEndObject();
            w.WriteEndObject();
        });
    }

    private static Wanted Read(FieldSet fields, HashSet<string> codes, ItemReader item, Kind kind)
    {
        var name = item.Text("name", required: true) ?? "";
        var type = item.Text("type", required: true) ?? "text";
        var code = item.Text("code");
        if (!FieldSet.Types.Contains(type) || (type == "tracking_data" && kind != Kind.Lead))
            item.Refuse(Violation.NotSupported("type"));
        if (code is not null && (fields.Find(code) is not null || !codes.Add(code)))
            item.Refuse(new Violation("NotUnique", "code", "Field with this code already exists."));
        var enums = item.List("enums").OfType<JsonObject>().Select(e => (Json.Text(e["value"]) ?? "", Json.Text(e["code"]))).ToList();
        return new Wanted(name, code, type, item.Flag("is_api_only") ?? false, enums);
    }

    private static void Write(Utf8JsonWriter w, long accountId, Field field, Kind kind, string? requestId = null)
    {
        w.WriteStartObject();
        w.WriteNumber("id", field.Id);
        w.WriteString("name", field.Name);
        w.WriteString("type", field.Type);
        w.WriteNumber("account_id", accountId);
        w.WriteString("code", field.Code);
        w.WriteNumber("sort", field.Sort);
        w.WriteBoolean("is_api_only", field.IsApiOnly);
        w.WriteBoolean("is_predefined", field.IsPredefined);
        w.WriteBoolean("is_deletable", !field.IsPredefined);
        w.WriteString("group_id", field.Type == "tracking_data" ? "statistic" : null);
        w.WriteString("entity_type", Shapes.Collection(kind));
        w.WriteStartArray("required_statuses");
        w.WriteEndArray();
        WriteEnums(w, field);
        if (requestId is not null)
            w.WriteString("request_id", requestId);
        w.WriteEndObject();
    }

    private static void WriteEnums(Utf8JsonWriter w, Field field)
    {
        if (field.Enums.Length == 0)
        {
            w.WriteNull("enums");
            return;
        }
        w.WriteStartArray("enums");
        foreach (var choice in field.Enums)
        {
            w.WriteStartObject();
            w.WriteNumber("id", choice.Id);
            w.WriteString("value", choice.Value);
            w.WriteNumber("sort", choice.Sort);
            w.WriteString("code", choice.Code);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }
}
