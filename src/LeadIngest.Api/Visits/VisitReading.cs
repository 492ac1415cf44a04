using LeadIngest.Api.Ingest;
using LeadIngest.Core.Identities;
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Visits;

/// <summary>Turns a beacon into what is stored of it.</summary>
internal static class VisitReading
{
    /// <summary>A start further back is the clock of the browser.</summary>
    private static readonly TimeSpan LongestVisit = TimeSpan.FromHours(24);

    /// <param name="posted">As sent.</param>
    /// <param name="site">Whose visit it is.</param>
    /// <param name="origin">Address and browser.</param>
    /// <param name="now">Time of arrival.</param>
    /// <param name="isBot">Whether the user agent is a known robot.</param>
    public static VisitFacts Facts(PostedVisit posted, SiteEntry site, PostOrigin origin, DateTimeOffset now, bool isBot)
    {
        var visit = posted.VisitId ?? Guid.CreateVersion7(now);
        return new VisitFacts
        {
            Site = site,
            Id = visit,
            // A browser that may keep nothing is known by its visit: its next message then names the same visitor.
            VisitorId = posted.VisitorId ?? (posted.VisitId is null ? Guid.CreateVersion7(now) : visit),
            StartedAt = posted.StartedAt is { } started && started <= now && now - started <= LongestVisit ? started : now,
            LastSeenAt = now,
            Passport = Passport(posted, site),
            ClientIds = posted.EssentialOnly ? Nothing : posted.ClientIds,
            Pages = posted.Pages,
            PageViews = posted.PageViews,
            Seconds = posted.Seconds,
            Ip = posted.EssentialOnly ? null : origin.Ip?.ToString(),
            UserAgent = Text.CleanLine(origin.UserAgent, 500),
            IsBot = isBot,
            WantsNumbers = posted.WantsNumbers && !isBot && site.ReplacedNumbers.Count > 0,
            TakesOver = posted.Event is "start" or "page",
        };
    }

    /// <summary>By the page where the visit began. A later message that does not name it tells nothing of the source: its own page is not the landing.</summary>
    private static Passport Passport(PostedVisit posted, SiteEntry site)
    {
        var knowsLanding = posted.LandingPage is not null || posted.LandingReferrer is not null;
        return PassportRules.Write(new PassportInput
        {
            Page = knowsLanding || posted.Event != "start" ? posted.LandingPage : posted.Page,
            Referrer = knowsLanding || posted.Event != "start" ? posted.LandingReferrer : posted.Referrer,
            OwnHosts = site.OwnHosts,
        }, SourceCatalog.Default, site.Sources);
    }

    private static readonly Dictionary<string, string> Nothing = [];
}
