using LeadIngest.Core.Clients;
using LeadIngest.Core.Identities;
using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Junk;

/// <summary>What the rules look at. Everything is optional: what is not known speaks neither for nor against a lead.</summary>
public sealed record JunkInput
{
    /// <summary>A field that people do not see was filled in.</summary>
    public bool Honeypot { get; init; }

    /// <summary>The sender says itself that this is a trial.</summary>
    public bool TestFlag { get; init; }

    /// <summary>Between the page's load and the post.</summary>
    public double? FilledInSeconds { get; init; }

    public string? Name { get; init; }
    public string? Comment { get; init; }
    public Phone? Phone { get; init; }
    public Email? Email { get; init; }

    /// <summary>A messenger or another contact that can be used.</summary>
    public bool HasOtherContact { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>The page with the form: links to its host are the form's own.</summary>
    public string? Page { get; init; }

    public IReadOnlyList<string> OwnHosts { get; init; } = [];

    /// <summary>The same text came from several other contacts a short while ago.</summary>
    public bool TextRepeats { get; init; }

    /// <summary>Entries of the project's stop list that name something of this lead.</summary>
    public IReadOnlyList<(StopKind Kind, LeadStatus Verdict)> Listed { get; init; } = [];
}

/// <param name="Status">Spam or test; null: an enquiry.</param>
/// <param name="Reasons">All that was noticed, by name; what decided comes first. An enquiry may have some too: too few.</param>
public sealed record JunkVerdict(LeadStatus? Status, IReadOnlyList<string> Reasons)
{
    public static JunkVerdict Enquiry { get; } = new(null, []);
}

/// <summary>
/// Tells enquiries from spam and trials. Pure: same input, same verdict. One of the decisive reasons is enough; suspicions only add up, for each of them
/// befalls real clients too: browsers fill forms in at once, people give a throw-away address beside a true phone.
/// </summary>
/// <remarks>
/// Decisive: <c>test_flag</c>, <c>stop_list_*</c>, <c>honeypot</c>, <c>bot_agent</c>, <c>disposable_contact</c> (a throw-away address and no other way to
/// reach the person). A trial wins over spam. Suspicions and their weight, spam from <see cref="Enough"/> on: <c>links_in_name</c> 2,
/// <c>many_links</c> 2 (three links, or links in markup), <c>link_in_comment</c> 1, <c>repeated_text</c> 1 (2 with a link), <c>filled_fast</c> 1,
/// <c>disposable_email</c> 1, <c>automated_agent</c> 1, <c>placeholder_contact</c> 1. A placeholder such as +7 999 999-99-99 never makes a lead a
/// trial by itself: somebody owns that number. Who tests with it puts it on the project's stop list.
/// </remarks>
public static class JunkRules
{
    /// <summary>Points of suspicion that make a lead spam.</summary>
    public const int Enough = 3;

    /// <summary>Faster than this nobody reads a form. Source: the usual bound of time traps.</summary>
    public const double FastestSeconds = 2;

    private const int ManyLinks = 3;

    /// <summary>Never throws.</summary>
    public static JunkVerdict Judge(JunkInput lead)
    {
        List<string>? test = null, spam = null, suspicions = null;
        if (lead.TestFlag)
            (test ??= []).Add("test_flag");
        foreach (var (kind, verdict) in lead.Listed)
        {
            if (verdict == LeadStatus.Test)
                (test ??= []).Add(ListReason(kind));
            else
                (spam ??= []).Add(ListReason(kind));
        }
        if (lead.Honeypot)
            (spam ??= []).Add("honeypot");
        var agent = Bots.KindOf(lead.UserAgent);
        if (agent == AgentKind.Crawler)
            (spam ??= []).Add("bot_agent");

        var points = 0;
        if (lead.Email is { } email && DisposableDomains.Contains(DomainNames.Of(email.Address)))
        {
            if (lead.Phone is null && !lead.HasOtherContact)
                (spam ??= []).Add("disposable_contact");
            else
                Suspect("disposable_email", 1);
        }
        var hosts = HostName.TryRead(lead.Page, out var page, out _) ? [.. lead.OwnHosts, page] : lead.OwnHosts;
        var (inName, inComment) = (Links.In(lead.Name, hosts), Links.In(lead.Comment, hosts));
        if (inName.Foreign > 0 || inName.HasMarkup)
            Suspect("links_in_name", 2);
        if (inComment.Foreign >= ManyLinks || (inComment.HasMarkup && inComment.Foreign > 0))
            Suspect("many_links", 2);
        else if (inComment.Foreign > 0)
            Suspect("link_in_comment", 1);
        if (lead.TextRepeats)
            Suspect("repeated_text", inComment.Foreign > 0 || inName.Foreign > 0 ? 2 : 1);
        if (lead.FilledInSeconds is >= 0 and < FastestSeconds)
            Suspect("filled_fast", 1);
        if (agent == AgentKind.Automated)
            Suspect("automated_agent", 1);
        if (IsPlaceholder(lead.Phone) || lead.Email is { IsPlaceholder: true })
            Suspect("placeholder_contact", 1);

        LeadStatus? status = test is not null ? LeadStatus.Test : spam is not null || points >= Enough ? LeadStatus.Spam : null;
        return status is null && suspicions is null ? JunkVerdict.Enquiry : new(status, [.. test ?? [], .. spam ?? [], .. suspicions ?? []]);

        void Suspect(string reason, int weight)
        {
            (suspicions ??= []).Add(reason);
            points += weight;
        }
    }

    /// <summary>The last seven digits are one and the same. Numbers such as 123-45-67 are given to subscribers and printed on many a sign.</summary>
    private static bool IsPlaceholder(Phone? phone)
    {
        if (phone is null || phone.E164.Length < 9)
            return false;
        var last = phone.E164.AsSpan()[^7..];
        return last.Count(last[0]) == last.Length;
    }

    private static string ListReason(StopKind kind) => kind switch
    {
        StopKind.Phone => "stop_list_phone",
        StopKind.Email => "stop_list_email",
        StopKind.Domain => "stop_list_domain",
        StopKind.Ip => "stop_list_ip",
        StopKind.Word => "stop_list_word",
        _ => "stop_list_visitor",
    };
}
