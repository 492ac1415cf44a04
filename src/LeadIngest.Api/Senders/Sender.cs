using System.Text.Json;

namespace LeadIngest.Api.Senders;

/// <summary>One outside system that brings leads or calls to a site, read with all that its adapter needs and never changed.</summary>
internal sealed record Sender
{
    public required Guid ProjectId { get; init; }
    public required Guid Id { get; init; }
    public required Guid SiteId { get; init; }
    public required string SiteKey { get; init; }

    /// <summary>The word in the address: <c>tilda</c>, <c>mango</c>, …</summary>
    public required string Provider { get; init; }

    public required SenderSettings Settings { get; init; }
    public required SenderSecrets Secrets { get; init; }

    public override string ToString() => $"{Provider} {Id}";
}

/// <summary>What an owner may set for a sender. Kept as JSON; every member has a default.</summary>
internal sealed record SenderSettings
{
    /// <summary>
    /// Posted name to meaning, where the adapter's own reading does not fit: mends a renamed key without a release. For forms the meanings of the
    /// site's field map; for calls the names of the call's facts (<c>externalId</c>, <c>clientPhone</c>, …), with dotted paths into JSON.
    /// </summary>
    public IReadOnlyDictionary<string, string> FieldMap { get; init; } = new Dictionary<string, string>();

    /// <summary>Calls: the provider's word to ours (<c>answered</c>, <c>missed</c>, <c>ringing</c>, <c>ended</c>, <c>in</c>, <c>out</c>, …), case aside.</summary>
    public IReadOnlyDictionary<string, string> Words { get; init; } = new Dictionary<string, string>();

    /// <summary>IANA zone of times that come without one.</summary>
    public string TimeZone { get; init; } = "Europe/Moscow";

    /// <summary>Calls: <c>end</c> brings the lead to the CRM when the call is over (default), <c>start</c> when the phone rings.</summary>
    public string DeliverAt { get; init; } = "end";

    public static SenderSettings Parse(string json) => JsonSerializer.Deserialize<SenderSettings>(json, JsonSerializerOptions.Web) ?? new();
}

/// <summary>What a sender signs or proves itself with; kept encrypted as this record's JSON. Which members a provider uses stands on its page.</summary>
internal sealed record SenderSecrets
{
    /// <summary>The token in a call sender's address.</summary>
    public string? Token { get; init; }

    /// <summary>The shared secret: VK's <c>secret</c>, Google's <c>google_key</c>, Meta's app secret, Mango's salt, Zadarma's secret, Twilio's auth token, …</summary>
    public string? Secret { get; init; }

    /// <summary>A second public half where there is one: Mango's <c>vpbx_api_key</c>, Tilda's API key name, …</summary>
    public string? Key { get; init; }

    /// <summary>What a check of the address must be answered with: VK's confirmation string, Meta's verify token.</summary>
    public string? Confirmation { get; init; }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    public static SenderSecrets FromBytes(byte[] bytes) => JsonSerializer.Deserialize<SenderSecrets>(bytes, JsonSerializerOptions.Web)!;

    // A record prints its members: these must never get into a log.
    public override string ToString() => nameof(SenderSecrets);
}
