using System.Text.Json;

namespace LeadIngest.Api.Features.Sites;

/// <summary>What the tracker may do on a site's pages until the visitor says otherwise.</summary>
/// <param name="Consent"><c>full</c>: visitor, visits, analytics ids; <c>essential</c>: the visit only, until the tab is closed; <c>off</c>: nothing but leads.</param>
/// <param name="Forms"><c>mark</c>: forms that post get hidden fields; <c>send</c>: their leads come here instead; <c>off</c>: only forms that ask for it.</param>
internal sealed record TrackerSettings(string? Consent = null, string? Forms = null)
{
    public static readonly string[] Consents = ["full", "essential", "off"];
    public static readonly string[] FormModes = ["mark", "send", "off"];

    public static readonly TrackerSettings Default = new("full", "mark");

    /// <summary>As stored; what is absent has its default.</summary>
    public static TrackerSettings Read(string json)
    {
        var stored = JsonSerializer.Deserialize<TrackerSettings>(json, JsonSerializerOptions.Web);
        return new(stored?.Consent ?? Default.Consent, stored?.Forms ?? Default.Forms);
    }

    /// <summary>Only what was given, to be laid over what is stored.</summary>
    public string Json() => JsonSerializer.Serialize(
        new Dictionary<string, string?> { ["consent"] = Consent, ["forms"] = Forms }.Where(p => p.Value is not null).ToDictionary());
}
