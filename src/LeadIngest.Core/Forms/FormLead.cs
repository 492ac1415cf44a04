using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Forms;

/// <summary>An enquiry as a form sent it: what each field means is known, nothing is checked yet. Texts are cleaned (<see cref="Text.Clean"/>).</summary>
public sealed record FormLead
{
    public string? Name { get; init; }

    /// <summary>As typed; may hold several numbers or words. <see cref="Identities.Phone"/> reads it.</summary>
    public string? Phone { get; init; }

    /// <summary>As typed. <see cref="Identities.Email"/> reads it.</summary>
    public string? Email { get; init; }

    /// <summary>A messenger, where the form gave one beside or instead of a phone.</summary>
    public Messenger? Contact { get; init; }

    /// <summary>All texts of the form, each on its own line.</summary>
    public string? Comment { get; init; }

    public string? Page { get; init; }
    public string? Referrer { get; init; }
    public string? FormId { get; init; }
    public string? FormName { get; init; }
    public string? VisitorId { get; init; }
    public string? VisitId { get; init; }

    /// <summary>First page of the visit and its referrer, as the tracker remembers them.</summary>
    public string? LandingPage { get; init; }

    public string? LandingReferrer { get; init; }

    /// <summary>Seconds between the page's load and the post; null when it is not said or no such number.</summary>
    public double? FilledInSeconds { get; init; }

    /// <summary>Null: the form has no such checkbox. An unticked checkbox is not posted by browsers, so false is rare.</summary>
    public bool? ConsentGiven { get; init; }

    public string? ConsentText { get; init; }

    /// <summary>The whole cookie string, for the passport only: it may hold secrets of the visitor's session and is never stored.</summary>
    public string? Cookies { get; init; }

    /// <summary>Where the form wants the visitor sent. Unchecked: allow only the site's own origins.</summary>
    public string? Next { get; init; }

    /// <summary>A field that people cannot see was filled: a robot.</summary>
    public bool HoneypotFilled { get; init; }

    /// <summary>Tags and click ids for the passport by canonical name, values untouched but for cleaning, repeats kept in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>Everything else in order, by the name or the label that the form gave; repeated names kept.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];

    /// <summary>Names of the fields that were left out. Their values may be secret and are gone.</summary>
    public IReadOnlyList<string> Dropped { get; init; } = [];
}
