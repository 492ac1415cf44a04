namespace LeadIngest.Core.Passports;

/// <summary>Where a lead came from, in the words of the API: <c>paid_search</c>, <c>organic_search</c>, …</summary>
public enum Channel
{
    Unknown, PaidSearch, OrganicSearch, PaidSocial, OrganicSocial, Display, Email, Messenger, Sms, Referral,
    Affiliate, Maps, Classifieds, AiAssistant, Offline, Push, Direct, Other,
}

/// <summary>Which piece of evidence named the source.</summary>
public enum Origin { None, Utm, ClickId, Openstat, Referrer, Visit, Calltracking, Number, Direct }

/// <summary>How sure the source is: said by a tag (exact), implied by a click id or referrer (likely), inferred from weak labels (guessed).</summary>
public enum Confidence { Guessed, Likely, Exact }

/// <summary>
/// The marketing origin of a lead or a visit. Written once by <c>PassportRules</c> from what was posted; explains itself
/// by <see cref="Evidence"/> and <see cref="Warnings"/>.
/// </summary>
public sealed record Passport
{
    public required Channel Channel { get; init; }

    /// <summary>The name for people: «Яндекс.Директ». Null only when nothing is known.</summary>
    public string? Source { get; init; }

    /// <summary><c>utm_medium</c> in lower case; without it what the evidence implies: <c>cpc</c>, <c>organic</c>, <c>referral</c>.</summary>
    public string? Medium { get; init; }

    public string? Campaign { get; init; }
    public string? Content { get; init; }

    /// <summary><c>utm_term</c>, or the query of a search whose referrer tells it.</summary>
    public string? Keyword { get; init; }

    /// <summary>
    /// Tags as read and mended, by canonical lower-case name (<c>utm_source</c>, <c>utm_id</c>, …), case of values kept; Matomo's
    /// <c>mtm_*</c> and <c>pk_*</c> under the names of their utm twins; labels (<c>_openstat</c>, <c>from</c>, <c>roistat</c>, <c>erid</c>) too.
    /// </summary>
    public IReadOnlyDictionary<string, string> Utm { get; init; } = EmptyMap;

    /// <summary>Click ids by name (<c>yclid</c>, <c>gclid</c>, …), untouched.</summary>
    public IReadOnlyDictionary<string, string> ClickIds { get; init; } = EmptyMap;

    /// <summary>The page as posted, or the first one of the visit when that names the source; cut at 8 KiB, never mended.</summary>
    public string? LandingPage { get; init; }

    /// <summary>The referrer as posted, or the one of the visit's first page; cut at 8 KiB.</summary>
    public string? Referrer { get; init; }

    public required Origin Origin { get; init; }
    public required Confidence Confidence { get; init; }

    /// <summary>What was looked at and which rule decided, in reading order: "utm_source=yandex in the page URL", "dictionary: yandex/cpc".</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>Named faults that were met and mended or set aside, in alphabetical order: <c>macro_unsubstituted: utm_term</c>, …</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    private static readonly IReadOnlyDictionary<string, string> EmptyMap = new Dictionary<string, string>();
}
