using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Http;

/// <summary>One request, read whole, with nothing of the web server left in it.</summary>
internal sealed class Call
{
    private JsonObject? _query;

    public required string Method { get; init; }

    /// <summary>Host name of the account that is meant, in lower case.</summary>
    public required string Host { get; init; }

    /// <summary>Path below the CRM's prefix, without a leading slash.</summary>
    public required string Path { get; init; }

    public required string QueryString { get; init; }

    /// <summary>Scheme, host and the CRM's prefix, without a trailing slash; links in answers start with it.</summary>
    public required string BaseUrl { get; init; }

    public required string ClientIp { get; init; }

    public string? Authorization { get; init; }

    /// <summary>Header <c>X-Refresh-Token</c>.</summary>
    public string? RefreshToken { get; init; }

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

    /// <summary>Whether answers carry an <c>X-Request-Id</c>.</summary>
    bool NamesRequests { get; }

    Answer Handle(Call call);

    /// <summary>The CRM's own way to say that a body could not be understood.</summary>
    Answer Malformed(string why);

    /// <summary>The CRM's own way to fail with this status.</summary>
    Answer Failure(int status);

    /// <summary>What there is to ask the <c>_state</c> door for.</summary>
    IReadOnlyList<string> Nouns { get; }

    /// <summary>The account of this host; made when it is asked for the first time.</summary>
    ICrmAccount At(string host);

    /// <summary>Accounts asked for so far.</summary>
    IReadOnlyList<ICrmAccount> Accounts { get; }

    /// <summary>Empties the records of every account and lifts lock-outs; what an administrator set up stays.</summary>
    void Clear();

    /// <summary>Forgets every account with its settings, applications and tokens.</summary>
    void Forget();

    /// <summary>The path as it may be shown, without credentials.</summary>
    string Mask(string path);
}

/// <summary>One account or portal, as the doors see it.</summary>
internal interface ICrmAccount
{
    string Host { get; }

    /// <summary>Guards the records; whoever reads holdings holds it.</summary>
    Lock Gate { get; }

    LoginCounts Logins { get; }

    /// <summary>Everything held under a noun of the <c>_state</c> door, or null when there is no such noun.</summary>
    IReadOnlyList<object>? Holdings(string noun);

    /// <summary>Writes one of <see cref="Holdings"/> in the CRM's own read shape.</summary>
    void WriteHolding(Utf8JsonWriter w, string baseUrl, object holding);

    /// <summary>A person works in the CRM.</summary>
    Answer Act(JsonObject act);

    /// <summary>State of the account as the door <c>_account</c> shows it.</summary>
    JsonObject Settings();

    /// <summary>Changes the account: settings by name, and commands like <c>rename</c>.</summary>
    /// <param name="baseUrl">Address that the account is reached under from outside, for links to it.</param>
    /// <returns>Null, or what is wrong with the change.</returns>
    string? Change(JsonObject change, string baseUrl);

    /// <summary>Makes many records at once, without webhooks and events.</summary>
    void Seed(Doors.SeedPlan plan);

    /// <summary>Records with a past of their own, see <c>Amocrm/Past.cs</c>.</summary>
    /// <returns>Null, or what is wrong with them; nothing is taken then.</returns>
    string? Remember(JsonObject given);

    /// <summary>The latest leads for the index page.</summary>
    IReadOnlyList<LeadLine> Latest(int count);
}
