using System.Text.Json;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Doors;

/// <summary><c>GET /_state/{crm}/{noun}</c>: everything held, streamed, so that hundreds of thousands of leads cost no memory. <c>?account=*</c>: of all accounts.</summary>
internal static class StateDoor
{
    private const int Chunk = 500;

    public static async Task<IResult?> GetAsync(HttpContext http, ICrm crm, string noun)
    {
        if (!crm.Nouns.Contains(noun) && noun is not ("comments" or "activities"))
            return NoSuchNoun(crm);
        var accounts = http.Request.Query["account"] == "*" ? crm.Accounts : [crm.At(AccountHosts.OfDoor(crm.Name, http.Request))];
        if (accounts.Any(a => a.Holdings(noun) is null))
            return NoSuchNoun(crm);
        http.Response.ContentType = "application/json; charset=utf-8";
        var baseUrl = $"{http.Request.Scheme}://{http.Request.Host}";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter, Json.Readable);
        writer.WriteStartArray();
        foreach (var account in accounts)
            await WriteAsync(http, writer, account, account.Holdings(noun)!, baseUrl);
        writer.WriteEndArray();
        await writer.FlushAsync(http.RequestAborted);
        return null;
    }

    private static async Task WriteAsync(HttpContext http, Utf8JsonWriter writer, ICrmAccount account, IReadOnlyList<object> holdings, string baseUrl)
    {
        for (var start = 0; start < holdings.Count; start += Chunk)
        {
            lock (account.Gate)
            {
                for (var i = start; i < Math.Min(start + Chunk, holdings.Count); i++)
                    account.WriteHolding(writer, baseUrl, holdings[i]);
            }
            await writer.FlushAsync(http.RequestAborted);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
    }

    private static IResult NoSuchNoun(ICrm crm) => Results.Json(new { error = "no such noun", nouns = crm.Nouns }, statusCode: 404);
}
