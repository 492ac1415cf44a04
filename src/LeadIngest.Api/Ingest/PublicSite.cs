using System.Text;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Ingest;

/// <summary>The door of the public routes: gate, site key, origin and rate limits, in this order and before any body is read.</summary>
internal sealed class PublicSite(SiteDirectory sites, DatabaseGate gate, RateLimits limits, IngestMetrics metrics)
{
    private static readonly TimeSpan FindTimeout = TimeSpan.FromMilliseconds(1500);

    /// <param name="siteKey">From the address.</param>
    /// <param name="route">For the count of refusals.</param>
    /// <param name="context">The request.</param>
    /// <param name="own">The route's own limits; null: those of leads.</param>
    /// <returns>The site, or the refusal to answer with.</returns>
    public async ValueTask<(SiteEntry? Site, IResult? Refusal)> EnterAsync(string siteKey, string route, HttpContext context, RateLimits? own = null)
    {
        var (site, refusal) = await FindAsync(siteKey, route, context);
        if (site is null) return (null, refusal);
        if ((own ?? limits).Take(site, context) is { } limit)
        {
            metrics.Count(route, "refused", "rate_" + limit);
            return (null, Problems.Of(429, "too-many-requests", "Too many requests", "Come again after the seconds in Retry-After."));
        }
        return (site, null);
    }

    /// <summary>The site, when its key is known and the origin may post to it: all that a preflight asks.</summary>
    /// <param name="siteKey">From the address.</param>
    /// <param name="route">For the metrics.</param>
    /// <param name="context">The request.</param>
    /// <param name="server">It is a machine that posts, not a browser: its Referer says nothing.</param>
    /// <returns>The site, or the refusal to answer with.</returns>
    public async ValueTask<(SiteEntry? Site, IResult? Refusal)> FindAsync(string siteKey, string route, HttpContext context, bool server = false)
    {
        if (!gate.IsOpen) return (null, Unavailable(context, route, "database_away"));
        SiteEntry? site;
        try
        {
            var find = sites.FindAsync(siteKey, context.RequestAborted);
            site = find.IsCompletedSuccessfully ? find.Result : await find.AsTask().WaitAsync(FindTimeout, context.RequestAborted);
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
        {
            gate.Close($"{e.GetType().Name}: {e.Message}");
            return (null, Unavailable(context, route, "database_away"));
        }
        if (site is null)
        {
            metrics.Count(route, "refused", "unknown_site");
            return (null, Problems.Of(404, "unknown-site", "Unknown site", "No site has this key."));
        }
        if (AllowOrigin(site, context, server)) return (site, null);
        metrics.Count(route, "refused", "origin");
        return (null, Problems.Of(403, "origin-not-allowed", "Origin not allowed", "This origin is not among the site's allowed origins."));
    }

    /// <summary>A 503 that says when to come again, 2 to 5 s, spread so that callers do not return together.</summary>
    public IResult Unavailable(HttpContext context, string route, string reason)
    {
        metrics.Count(route, "refused", reason);
        // It tells nothing of anybody: every page may read it, also while nobody can look up whose page it is.
        if (context.Request.Headers.Origin.ToString() is { Length: > 0 } origin && Ascii.IsValid(origin)) Expose(context.Response.Headers, origin);
        context.Response.Headers.RetryAfter = Random.Shared.Next(2, 6).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Problems.Of(503, "come-again", "Not now", "Nothing was stored. Send it again after the seconds in Retry-After.");
    }

    /// <summary>Writes the CORS headers when the request names an origin that may post. A missing origin (a server, curl) is let through.</summary>
    private static bool AllowOrigin(SiteEntry site, HttpContext context, bool server)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0)
        {
            // A form without CORS in an old browser: the page that sent it is named by the referrer alone.
            if (server || site.AllowedOrigins.Count == 0 || context.Request.Headers.Referer.ToString() is not { Length: > 0 } referer) return true;
            return !Uri.TryCreate(referer, UriKind.Absolute, out var page) || site.AllowedOrigins.Contains(Authority(page));
        }
        context.Response.Headers.Vary = "Origin";
        // A browser's origin is ASCII; anything else could not even be echoed in a header.
        if (!Ascii.IsValid(origin) || (site.AllowedOrigins.Count > 0 && !site.AllowedOrigins.Contains(origin))) return false;
        Expose(context.Response.Headers, origin);
        return true;
    }

    private static void Expose(IHeaderDictionary headers, string origin)
    {
        headers.Vary = "Origin";
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
    }

    /// <summary>Whether a form may send its visitor on to this address: an origin of the site, or, where any may post, the page's own.</summary>
    /// <returns>The address as a header can hold it, or null.</returns>
    public static string? AllowedNext(SiteEntry site, HttpRequest request, string? next)
    {
        if (string.IsNullOrWhiteSpace(next)) return null;
        var own = Origin(request.Headers.Origin.ToString()) ?? Origin(request.Headers.Referer.ToString());
        if (next.StartsWith('/') && !next.StartsWith("//", StringComparison.Ordinal) && !next.StartsWith("/\\", StringComparison.Ordinal) && own is not null)
            next = own + next;
        if (!Uri.TryCreate(next, UriKind.Absolute, out var target) || target.Scheme is not ("http" or "https") || target.UserInfo.Length > 0) return null;
        var origin = Authority(target);
        var allowed = site.AllowedOrigins.Count > 0 ? site.AllowedOrigins.Contains(origin) : string.Equals(origin, own, StringComparison.OrdinalIgnoreCase);
        return allowed ? origin + target.PathAndQuery + target.Fragment : null;
    }

    /// <summary>Scheme, host and port as browsers name an origin: the host in ASCII.</summary>
    public static string Authority(Uri address) =>
        address.IsDefaultPort ? $"{address.Scheme}://{address.IdnHost}" : $"{address.Scheme}://{address.IdnHost}:{address.Port}";

    private static string? Origin(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? Authority(uri!) : null;
}
