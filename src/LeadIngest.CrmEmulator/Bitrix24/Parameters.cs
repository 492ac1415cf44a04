using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>Parameters of a call: query and body together, JSON or PHP's bracket form.</summary>
internal static class Parameters
{
    public static JsonObject Read(Call call)
    {
        var parameters = call.Query;
        // A body on GET is not read.
        if (call.Method == "GET" || call.Body.IsEmpty)
            return parameters;
        var isForm = call.ContentType?.Contains("urlencoded", StringComparison.OrdinalIgnoreCase) ?? false;
        JsonObject? body;
        if (isForm)
            body = BracketForm.Parse(Encoding.UTF8.GetString(call.Body.Span));
        else
            body = call.ReadJson() switch { JsonObject map => map, JsonArray { Count: 0 } => [], _ => throw new JsonException("not an object") };
        foreach (var (key, value) in body.ToList())
        {
            body.Remove(key);
            parameters[key] = value;
        }
        return parameters;
    }
}
