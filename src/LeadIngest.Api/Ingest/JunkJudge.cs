using System.Diagnostics.Metrics;
using LeadIngest.Core.Clients;
using LeadIngest.Core.Identities;
using LeadIngest.Core.Junk;

namespace LeadIngest.Api.Ingest;

/// <summary>
/// Decides whether a post is spam or a trial. Both are kept and shown; neither is brought to a CRM, and either can be taken back
/// (<c>POST /v1/leads/{id}/not-spam</c>). The rules are <see cref="JunkRules"/>; what they know of a post is gathered here, from memory alone.
/// </summary>
internal sealed class JunkJudge
{
    private static readonly Counter<long> Judged = new Meter("LeadIngest").CreateCounter<long>("leadingest_junk_total");
    private readonly RepeatedTexts _texts = new();

    public JunkVerdict Judge(PostedLead lead, SiteEntry site, PostOrigin origin, DateTimeOffset now)
    {
        var contacts = LeadContacts.Read(lead, site.DefaultCountry);
        var verdict = JunkRules.Judge(lead.Kind == "call" ? OfCall(lead, site, contacts) : OfPost(lead, site, contacts, origin, now));
        var status = verdict.Status switch { LeadStatus.Spam => "spam", LeadStatus.Test => "test", _ => "enquiry" };
        foreach (var reason in verdict.Reasons) Judged.Add(1, new KeyValuePair<string, object?>("verdict", status), new("reason", reason));
        return verdict;
    }

    /// <summary>A call was made by a telephone: only who called can speak against it.</summary>
    private static JunkInput OfCall(PostedLead lead, SiteEntry site, LeadContacts contacts) => new()
    {
        TestFlag = lead.IsTest,
        Listed = site.StopList.Find(new(contacts.Phone?.E164, null, null, null, null, null)),
    };

    private JunkInput OfPost(PostedLead lead, SiteEntry site, LeadContacts contacts, PostOrigin origin, DateTimeOffset now) => new()
    {
        Honeypot = lead.LooksLikeSpam,
        TestFlag = lead.IsTest,
        FilledInSeconds = lead.FilledInSeconds,
        Name = lead.Name,
        Comment = lead.Comment,
        Phone = contacts.Phone,
        Email = contacts.Email,
        HasOtherContact = contacts.Messenger is not null || contacts.Other is not null,
        UserAgent = origin.UserAgent,
        Page = lead.Page,
        OwnHosts = site.OwnHosts,
        TextRepeats = _texts.Repeats(site.SiteId, lead.Name, lead.Comment,
            contacts.Phone?.E164 ?? contacts.Email?.Address ?? contacts.Messenger?.ToString() ?? contacts.PhoneTyped ?? contacts.Other, now),
        Listed = site.StopList.Find(new(contacts.Phone?.E164, contacts.Email?.Address, origin.Ip, lead.Name, lead.Comment, Text.CleanLine(lead.VisitorId, 100))),
    };
}
