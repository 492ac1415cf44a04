using System.Text.Json;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Doors;

/// <summary><c>GET /_state/{crm}/{noun}</c>: everything held, streamed, so that hundreds of thousands of leads cost no memory.</summary>
internal static class StateDoor
{
    private const int Chunk = 500;

    public static async Task<IResult?> GetAsync(HttpContext http, ICrm crm, string noun)
    {
        if (crm.Holdings(noun) is not { } holdings)
            return Results.Json(new { error = "no such noun", nouns = crm.Nouns }, statusCode: 404);
        http.Response.ContentType = "application/json; charset=utf-8";
        var baseUrl = $"{http.Request.Scheme}://{http.Request.Host}";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter, Json.Readable);
        writer.WriteStartArray();
        for (var start = 0; start < holdings.Count; start += Chunk)
        {
            lock (crm.Gate)
            {
                for (var i = start; i < Math.Min(start + Chunk, holdings.Count); i++)
                    crm.WriteHolding(writer, baseUrl, holdings[i]);
            }
            await writer.FlushAsync(http.RequestAborted);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
        writer.WriteEndArray();
        await writer.FlushAsync(http.RequestAborted);
        return null;
    }
}
