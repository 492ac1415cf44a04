#pragma warning disable CA1822 // its state comes with its tables
using LeadIngest.Core.Clients;

namespace LeadIngest.Api.Ingest;

/// <param name="Status">Spam or test; null: an enquiry.</param>
/// <param name="Reasons">What decided, by name.</param>
internal sealed record Verdict(LeadStatus? Status, IReadOnlyList<string> Reasons)
{
    public static Verdict Enquiry { get; } = new(null, []);
}

/// <summary>Decides whether a post is spam or a trial. Both are kept and shown; neither is brought to a CRM.</summary>
internal sealed class JunkJudge
{
    public Verdict Judge(PostedLead lead, SiteEntry site, PostOrigin origin, DateTimeOffset now)
    {
        if (lead.IsTest) return new(LeadStatus.Test, ["test_flag"]);
        return lead.LooksLikeSpam ? new(LeadStatus.Spam, ["honeypot"]) : Verdict.Enquiry;
    }
}
