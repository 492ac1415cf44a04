using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Http;

/// <summary>One request, read whole, with nothing of the web server left in it.</summary>
internal sealed class Call
{
    private JsonObject? _query;

    public required string Method { get; init; }

    /// <summary>Path below the CRM's prefix, without a leading slash.</summary>
    public required string Path { get; init; }

    public required string QueryString { get; init; }

    /// <summary>Scheme, host and the CRM's prefix, without a trailing slash; links in answers start with it.</summary>
    public required string BaseUrl { get; init; }

    public required string ClientIp { get; init; }

    public string? Authorization { get; init; }

    public string? ContentType { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Set while the fault <c>expire_tokens</c> is on: credentials issued before this moment are dead.</summary>
    public DateTimeOffset? TokensExpiredAt { get; init; }

    public JsonObject Query => _query ??= BracketForm.Parse(QueryString);

    public string? QueryText(string key) => Json.Text(Query[key]);

    /// <summary>The body as JSON, or null when it is empty.</summary>
    /// <exception cref="JsonException">Not JSON, or a key occurs twice in one object.</exception>
    public JsonNode? ReadJson() => Body.IsEmpty ? null : JsonNode.Parse(Body.Span, documentOptions: Json.Strict);
}

/// <summary>A lead as the index page shows it.</summary>
internal sealed record LeadLine(long Id, string Name, string? Source, string? Campaign, string? Keyword, string? Phone);

internal interface ICrm
{
    /// <summary><c>amocrm</c> or <c>bitrix24</c>: the name in the doors and in faults.</summary>
    string Name { get; }

    Answer Handle(Call call);

    /// <summary>The CRM's own way to say that a body could not be understood.</summary>
    Answer Malformed(string why);

    /// <summary>The CRM's own way to fail with this status.</summary>
    Answer Failure(int status);

    /// <summary>Everything held under a noun of the <c>_state</c> door, or null when there is no such noun.</summary>
    IReadOnlyList<object>? Holdings(string noun);

    /// <summary>Writes one of <see cref="Holdings"/> in the CRM's own read shape.</summary>
    void WriteHolding(Utf8JsonWriter w, string baseUrl, object holding);

    IReadOnlyList<string> Nouns { get; }

    /// <summary>Guards the records; whoever reads holdings holds it.</summary>
    Lock Gate { get; }

    /// <summary>A person works in the CRM.</summary>
    Answer Act(JsonObject act);

    void Clear();

    /// <summary>The latest leads for the index page.</summary>
    IReadOnlyList<LeadLine> Latest(int count);

    /// <summary>The path as it may be shown, without credentials.</summary>
    string Mask(string path);
}
