using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Amocrm;

/// <summary>amoCRM's API v4 by paths: what is read and what is written.</summary>
internal sealed class AmocrmClient(AccessedCalls calls)
{
    private static readonly JsonWriterOptions AsIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Task<CallEnd> GetAsync(string path, ICallGuard guard, CancellationToken ct) =>
        SendAsync(HttpMethod.Get, path, default, isRead: true, guard, ct);

    /// <summary>For work that leads must never wait for: it leaves the part of the budget free that a burst of them needs.</summary>
    public Task<CallEnd> GetInBackgroundAsync(string path, ICallGuard guard, CancellationToken ct) =>
        SendAsync(HttpMethod.Get, path, default, isRead: true, guard, ct, isBackground: true);

    public Task<CallEnd> PostAsync(string path, JsonArray body, ICallGuard guard, CancellationToken ct) => PostNodeAsync(path, body, guard, ct);

    public Task<CallEnd> PostObjectAsync(string path, JsonObject body, ICallGuard guard, CancellationToken ct) => PostNodeAsync(path, body, guard, ct);

    private Task<CallEnd> PostNodeAsync(string path, JsonNode body, ICallGuard guard, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, AsIs))
        {
            body.WriteTo(writer);
        }

        return SendAsync(HttpMethod.Post, path, buffer.ToArray(), isRead: false, guard, ct);
    }

    private Task<CallEnd> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte> body, bool isRead, ICallGuard guard, CancellationToken ct, bool isBackground = false) => calls.SendAsync(
        access => new CrmCall(method, $"api/v4/{path}", body, isRead) { BaseAddress = access.BaseAddress, BearerToken = access.Token, IsBackground = isBackground }, guard, ct);
}
