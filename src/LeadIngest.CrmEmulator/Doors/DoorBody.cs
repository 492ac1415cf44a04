using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Doors;

/// <summary>What is posted to a door: a JSON object, which may name the account that it is about.</summary>
internal static class DoorBody
{
    /// <returns>Null when it is no JSON object.</returns>
    public static async Task<JsonObject?> ReadAsync(HttpContext http)
    {
        try
        {
            return await JsonNode.ParseAsync(http.Request.Body, documentOptions: Json.Strict, cancellationToken: http.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Takes the account's host name out of the body; not named there, it is found as for every door.</summary>
    public static string TakeHost(JsonObject body, ICrm crm, HttpContext http)
    {
        var host = Json.Text(body["account"]) is { Length: > 0 } named ? AccountHosts.Named(named) : AccountHosts.OfDoor(crm.Name, http.Request);
        body.Remove("account");
        return host;
    }
}
