using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary><c>crm.duplicate.findbycomm</c>: by digits without an extension, or as written; a leading 8 is not a 7.</summary>
internal static class Duplicates
{
    private const int MaxValues = 20;
    private const int MaxIds = 20;

    private static readonly (string Name, int Type)[] Types = [("LEAD", Schema.Lead), ("CONTACT", Schema.Contact), ("COMPANY", Schema.Company)];

    public static Reply Find(Portal portal, JsonObject parameters)
    {
        var type = Json.Text(parameters["type"] ?? parameters["TYPE"]);
        var values = Json.Items(parameters["values"] ?? parameters["VALUES"]).Select(Json.Text).OfType<string>().Take(MaxValues).ToList();
        if (string.IsNullOrEmpty(type))
            throw RestException.Classic("Communication type is not defined.");
        if (type is not ("PHONE" or "EMAIL"))
            throw RestException.Classic($"Communication type '{type}' is not supported in current context.");
        if (values.Count == 0)
            throw RestException.Classic("Communication values is not defined.");
        var only = Json.Text(parameters["entity_type"] ?? parameters["ENTITY_TYPE"]);
        var wanted = Array.Exists(Types, t => t.Name == only) ? Types.Where(t => t.Name == only) : Types;
        var found = new List<(string Name, List<long> Ids)>();
        foreach (var (name, entityType) in wanted)
        {
            var isExact = type == "PHONE" && portal.Options.StrictPhones;
            var index = type == "PHONE" ? portal.Phones(entityType) : portal.Emails(entityType);
            var keys = values.Select(v => type == "PHONE" ? ItemStore.PhoneKey(v) : v.Trim().ToLowerInvariant()).Where(k => k.Length > 0);
            var ids = keys.SelectMany(index.Find).Distinct().Order().Where(id => portal.Items(entityType).Find(id) is { } item && portal.IsVisible(item)
                && (!isExact || item.Fm.Exists(m => m.TypeId == "PHONE" && values.Contains(m.Value)))).Take(MaxIds).ToList();
            if (ids.Count > 0)
                found.Add((name, ids));
            // A type with so many hits keeps the following types out.
            if (ids.Count >= MaxIds)
                break;
        }
        if (found.Count == 0)
            return Reply.EmptyMap();
        return Reply.Of(w =>
        {
            w.WriteStartObject();
            foreach (var (name, ids) in found)
            {
                w.WriteStartArray(name);
                ids.ForEach(w.WriteNumberValue);
                w.WriteEndArray();
            }
            w.WriteEndObject();
        });
    }
}
