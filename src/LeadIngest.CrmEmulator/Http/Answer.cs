using System.Text;
using System.Text.Json;

namespace LeadIngest.CrmEmulator.Http;

/// <summary>An answer that is ready but not sent yet: a fault may still lose it.</summary>
internal sealed record Answer(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>Where a redirect points to.</summary>
    public string? Location { get; init; }

    public static Answer Json(int status, string contentType, Action<Utf8JsonWriter> write) =>
        new(status, contentType, Storage.Json.Write(write));

    public static Answer Empty(int status) => new(status, null, default);

    public static Answer Redirect(string location) => new(302, null, default) { Location = location };

    /// <summary>A page for a person.</summary>
    public static Answer Page(int status, string html) => new(status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(html));

    /// <summary>A gateway's page: what a proxy in front of the CRM answers.</summary>
    public static Answer Html(int status) =>
        Page(status, $"<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center><hr><center>nginx</center></body></html>");
}
