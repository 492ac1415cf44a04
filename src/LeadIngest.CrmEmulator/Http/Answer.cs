using System.Text;
using System.Text.Json;

namespace LeadIngest.CrmEmulator.Http;

/// <summary>An answer that is ready but not sent yet: a fault may still lose it.</summary>
internal sealed record Answer(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    public static Answer Json(int status, string contentType, Action<Utf8JsonWriter> write) =>
        new(status, contentType, Storage.Json.Write(write));

    public static Answer Empty(int status) => new(status, null, default);

    /// <summary>A gateway's page: what a proxy in front of the CRM answers.</summary>
    public static Answer Html(int status) => new(status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(
        $"<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center><hr><center>nginx</center></body></html>"));
}
