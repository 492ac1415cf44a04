using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary><c>filter[…]</c> of leads, contacts and companies, where the account has the add-on.</summary>
internal static class EntityFilter
{
    public static Func<Entity, bool> Of(JsonObject filter)
    {
        var tests = new List<Func<Entity, bool>>();
        foreach (var (key, value) in filter)
        {
            if (Test(key, value) is { } test)
                tests.Add(test);
        }
        return entity => tests.TrueForAll(test => test(entity));
    }

    /// <summary>A number within <c>[from]</c>/<c>[to]</c>, or among the listed ones.</summary>
    public static Func<long, bool> Range(JsonNode? value)
    {
        if (value is JsonObject map && (map.ContainsKey("from") || map.ContainsKey("to")))
        {
            var (from, to) = (Json.Integer(map["from"]) ?? long.MinValue, Json.Integer(map["to"]) ?? long.MaxValue);
            return number => number >= from && number <= to;
        }
        var listed = Json.Items(value).SelectMany(v => (Json.Text(v) ?? "").Split(',')).Select(t => long.TryParse(t, out var n) ? n : -1).ToHashSet();
        return listed.Contains;
    }

    private static Func<Entity, bool>? Test(string key, JsonNode? value)
    {
        switch (key)
        {
            case "id":
                var ids = Range(value);
                return e => ids(e.Id);
            case "name":
                var names = Json.Items(value).Select(Json.Text).ToHashSet();
                return e => names.Contains(e.Name);
            case "created_at" or "updated_at" or "closed_at" or "responsible_user_id" or "created_by" or "updated_by" or "pipeline_id" or "price":
                var range = Range(value);
                return e => Number(e, key) is { } number && range(number);
            case "statuses":
                var pairs = Json.Items(value).Select(v => (Json.Integer(v?["pipeline_id"]), Json.Integer(v?["status_id"])))
                    .Where(p => p.Item1 is not null && p.Item2 is not null).ToHashSet();
                // Bare status ids are ignored by the vendor, and everything comes back.
                return pairs.Count == 0 ? null : e => e is Lead lead && pairs.Contains((lead.PipelineId, lead.StatusId));
            case "custom_fields_values":
                return FieldTest(value as JsonObject);
            default:
                return null;
        }
    }

    private static long? Number(Entity entity, string key) => (key, entity) switch
    {
        ("created_at", _) => entity.CreatedAt,
        ("updated_at", _) => entity.UpdatedAt,
        ("responsible_user_id", _) => entity.ResponsibleUserId,
        ("created_by", _) => entity.CreatedBy,
        ("updated_by", _) => entity.UpdatedBy,
        ("closed_at", Lead lead) => lead.ClosedAt,
        ("pipeline_id", Lead lead) => lead.PipelineId,
        ("price", Lead lead) => (long)lead.Price,
        _ => null,
    };

    private static Func<Entity, bool>? FieldTest(JsonObject? fields)
    {
        if (fields is null)
            return null;
        var wanted = fields.Select(f => (Id: long.TryParse(f.Key, out var id) ? id : -1, Values: Json.Items(f.Value).Select(Json.Text).ToHashSet())).ToList();
        return e => wanted.TrueForAll(w => Array.Exists(e.Fields, f => f.Field.Id == w.Id && Array.Exists(f.Items, i => w.Values.Contains(i.Value))));
    }
}
