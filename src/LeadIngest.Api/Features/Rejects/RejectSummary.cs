using System.Text.Json;
using LeadIngest.Api.Http.Masks;

namespace LeadIngest.Api.Features.Rejects;

/// <summary>Input that could not be understood, without its body.</summary>
/// <param name="SiteName">For people; null when the site is unknown or not there any more.</param>
/// <param name="Route">The route that took it: <c>leads</c>, <c>forms</c>, or a builder's: <c>forms/tilda</c>.</param>
/// <param name="Reason">Why it was refused.</param>
/// <param name="Errors">What was wrong, by field.</param>
/// <param name="State"><c>open</c>, <c>replayed</c> or <c>discarded</c>.</param>
/// <param name="LeadId">The lead that a replay made of it.</param>
/// <param name="Comment">Why it was discarded.</param>
/// <param name="Bytes">Size of the body.</param>
internal sealed record RejectSummary(
    Guid Id, Guid? SiteId, string? SiteName, string Route, DateTimeOffset ReceivedAt, string Reason, [property: Contact(MaskKind.Free)] IReadOnlyDictionary<string, string[]> Errors, string? ContentType, string State,
    Guid? LeadId, DateTimeOffset? ClosedAt, [property: Contact(MaskKind.Free)] string? Comment, int Bytes);

/// <summary>A row of <c>rejects</c> on its way to the API.</summary>
internal sealed class RejectRow
{
    // The comment of a person stands among the errors under a name that no field can have.
    public const string CommentKey = "#comment";

    public const string Columns = """
        id, site_id, (select i.name from sites i where i.project_id = rejects.project_id and i.id = rejects.site_id) as site_name, route, received_at, reason, errors::text as errors, content_type, state, lead_id, closed_at, octet_length(body) as bytes
        """;

    public Guid Id { get; init; }
    public Guid? SiteId { get; init; }
    public string? SiteName { get; init; }
    public string Route { get; init; } = "";
    public DateTimeOffset ReceivedAt { get; init; }
    public string Reason { get; init; } = "";
    public string Errors { get; init; } = "{}";
    public string? ContentType { get; init; }
    public string State { get; init; } = "";
    public Guid? LeadId { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public int Bytes { get; init; }
    public string Headers { get; init; } = "{}";
    public byte[] Body { get; init; } = [];

    public RejectSummary Summary()
    {
        using var errors = JsonDocument.Parse(Errors);
        var byField = errors.RootElement.ValueKind == JsonValueKind.Object
            ? errors.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => Texts(p.Value), StringComparer.Ordinal)
            : [];
        var comment = byField.Remove(CommentKey, out var said) ? said.FirstOrDefault() : null;
        return new(Id, SiteId, SiteName, Route, ReceivedAt, Reason, byField, ContentType, State, LeadId, ClosedAt, comment, Bytes);
    }

    public Dictionary<string, string[]> HeadersByName()
    {
        using var headers = JsonDocument.Parse(Headers);
        return headers.RootElement.ValueKind == JsonValueKind.Object
            ? headers.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => Texts(p.Value), StringComparer.Ordinal)
            : [];
    }

    private static string[] Texts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(e => e.ToString())] : [value.ToString()];
}
