namespace LeadIngest.Core.Passports;

/// <summary>Everything that a passport may be written from. All text is as received; nothing has been decoded or trimmed.</summary>
public sealed record PassportInput
{
    /// <summary>The page that the form was sent from, a full URL with query and fragment.</summary>
    public string? Page { get; init; }

    /// <summary>The referrer that the page saw (<c>document.referrer</c>), else null.</summary>
    public string? Referrer { get; init; }

    /// <summary>Posted fields besides the contact details: <c>utm_source</c>, <c>yclid</c>, <c>sbjs_current</c>, … Repeated names are kept in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];

    /// <summary>A cookie string, where a sender passes one (Tilda's <c>COOKIES</c>).</summary>
    public string? Cookies { get; init; }

    /// <summary>Hosts of the site itself (origins' hosts); a referrer from them is internal and never a source.</summary>
    public IReadOnlyList<string> OwnHosts { get; init; } = [];

    /// <summary>The passport of the visit that the lead belongs to, when it is known.</summary>
    public Passport? Visit { get; init; }
}
