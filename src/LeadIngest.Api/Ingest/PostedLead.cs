using LeadIngest.Core.Identities;

namespace LeadIngest.Api.Ingest;

/// <summary>A lead as a sender put it, whatever its format was: text as received, nothing normalised.</summary>
internal sealed record PostedLead
{
    public string? Name { get; init; }
    public string? Phone { get; init; }
    public string? Email { get; init; }

    /// <summary>Another way to reach the person: a messenger's handle or link.</summary>
    public string? Contact { get; init; }

    /// <summary>The same, where the form's reader has understood it already.</summary>
    public Messenger? Messenger { get; init; }

    public string? Comment { get; init; }
    public string? Page { get; init; }
    public string? Referrer { get; init; }
    public string? FormId { get; init; }
    public string? FormName { get; init; }
    public string? VisitorId { get; init; }
    public string? VisitId { get; init; }
    public DateTimeOffset? OccurredAt { get; init; }
    public PostedConsent? Consent { get; init; }

    /// <summary>Everything else, in order; tags for the passport are among them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];

    public string? Cookies { get; init; }

    /// <summary>How it came: <c>form</c>, <c>call</c> or <c>chat</c>.</summary>
    public string Kind { get; init; } = "form";

    /// <summary>First page of the visit and its referrer, as the tracker remembers them: they speak when the visit itself never arrived.</summary>
    public string? LandingPage { get; init; }

    public string? LandingReferrer { get; init; }

    /// <summary>A field that people do not see was filled in.</summary>
    public bool LooksLikeSpam { get; init; }

    /// <summary>Seconds between the page's load and the post, where the tracker tells them.</summary>
    public double? FilledInSeconds { get; init; }

    /// <summary>The builder says that this is a trial.</summary>
    public bool IsTest { get; init; }
}

/// <param name="Text">What the person agreed to, word for word.</param>
/// <param name="Given">Whether the box was ticked.</param>
internal sealed record PostedConsent(string? Text, bool? Given);
