using System.Text.Json;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Doors;

/// <summary><c>GET /_requests/{crm}</c>: the calls so far and how many came in each second; <c>?account=</c> narrows to one.</summary>
internal static class RequestsDoor
{
    public static async Task GetAsync(HttpContext http, RequestLog log)
    {
        var (requests, total) = log.Read();
        if (http.Request.Query["account"].ToString() is { Length: > 0 } account)
        {
            requests = Array.FindAll(requests, r => r.Host == AccountHosts.Named(account));
            total = requests.Length;
        }
        http.Response.ContentType = "application/json; charset=utf-8";
        await using var w = new Utf8JsonWriter(http.Response.BodyWriter, Json.Readable);
        w.WriteStartObject();
        w.WriteNumber("total", total);
        w.WriteStartArray("perSecond");
        foreach (var second in requests.GroupBy(r => r.At.ToUnixTimeSeconds()))
        {
            w.WriteStartObject();
            w.WriteString("second", DateTimeOffset.FromUnixTimeSeconds(second.Key));
            w.WriteNumber("count", second.Count());
            w.WriteNumber("refused", second.Count(r => r.Status is 429 or 503));
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteStartArray("requests");
        foreach (var request in requests)
        {
            w.WriteStartObject();
            w.WriteString("host", request.Host);
            w.WriteString("method", request.Method);
            w.WriteString("path", request.Path);
            w.WriteString("query", request.Query);
            w.WriteNumber("status", request.Status);
            w.WriteString("at", request.At);
            w.WriteEndObject();
            if (w.BytesPending > 65_536)
                await w.FlushAsync(http.RequestAborted);
        }
        w.WriteEndArray();
        w.WriteEndObject();
        await w.FlushAsync(http.RequestAborted);
    }
}
