using System.Text.Json.Nodes;

namespace LeadIngest.Crm.Preview;

/// <summary>Answers to what would be written into amoCRM: everything is taken, and ids are counted from 1.</summary>
internal sealed class PlausibleAmocrm
{
    private int _ids;

    public List<JsonNode> MadeFields { get; } = [];

    public JsonNode Write(string path, JsonArray items)
    {
        var noun = path.EndsWith("/leads/complex", StringComparison.Ordinal) ? "complex" : path.Contains("/leads/unsorted/", StringComparison.Ordinal) ? "unsorted" : path.Split('/')[^1];
        var rows = new JsonArray([.. items.Select(item => noun switch
        {
            "complex" => new JsonObject
            {
                ["id"] = ++_ids,
                ["contact_id"] = Contact(item!) ?? ++_ids,
                ["request_id"] = new JsonArray(item!["request_id"]?.DeepClone()),
                ["merged"] = false,
            },
            "unsorted" => new JsonObject
            {
                ["uid"] = $"{++_ids}",
                ["request_id"] = item!["request_id"]?.DeepClone(),
                ["_embedded"] = new JsonObject { ["leads"] = new JsonArray(new JsonObject { ["id"] = ++_ids }), ["contacts"] = new JsonArray(new JsonObject { ["id"] = ++_ids }) },
            },
            "custom_fields" => Field(item!),
            _ => new JsonObject { ["id"] = ++_ids, ["request_id"] = item!["request_id"]?.DeepClone() },
        })]);
        return noun == "complex" ? rows : new JsonObject { ["_embedded"] = new JsonObject { [noun] = rows } };
    }

    public JsonNode WithFields(string answer)
    {
        var page = JsonNode.Parse(answer)!;
        foreach (var field in MadeFields)
        {
            page["_embedded"]!["custom_fields"]!.AsArray().Add(field.DeepClone());
        }

        return page;
    }

    private JsonObject Field(JsonNode item)
    {
        var made = new JsonObject { ["id"] = ++_ids, ["code"] = item["code"]?.DeepClone(), ["name"] = item["name"]?.DeepClone() };
        MadeFields.Add(made.DeepClone());
        return made;
    }

    private static JsonNode? Contact(JsonNode item) => item["_embedded"]?["contacts"]?[0]?["id"]?.DeepClone();
}
