using LeadIngest.Api.Http;
using LeadIngest.Api.Ingest;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace LeadIngest.Api.Features.Tracker;

/// <summary>The script for the pages of a site: visits, marks on forms, leads that survive a lost connection, numbers shown in place of the site's own.</summary>
/// <remarks>
/// The database is not asked for each page view: sites are remembered. A new setting reaches a browser within an hour (<c>max-age</c>); while this service
/// is away, browsers go on with the script they have for a week.
/// </remarks>
internal sealed class GetTracker : IEndpoint
{
    private const string Cached = "public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800";

    /// <summary>A key that is just being set up must not stay unknown for long.</summary>
    private const string CachedUnknown = "public, max-age=30";

    private static readonly TimeSpan FindTimeout = TimeSpan.FromMilliseconds(1500);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/{siteKey}.js", (Delegate)HandleAsync).AllowAnonymous()
            .Produces<string>(StatusCodes.Status200OK, "text/javascript").Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    internal static async Task<IResult> HandleAsync(string siteKey, HttpContext context, SiteDirectory sites, TrackerScripts scripts, IOptions<PublicAddress> address)
    {
        var headers = context.Response.Headers;
        // A public file: any page may load it, also with crossorigin and an integrity check.
        headers.AccessControlAllowOrigin = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers["Timing-Allow-Origin"] = "*";
        SiteEntry? site;
        try
        {
            site = await sites.FindAsync(siteKey, context.RequestAborted).AsTask().WaitAsync(FindTimeout, context.RequestAborted);
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
        {
            headers.CacheControl = "no-store";
            headers.RetryAfter = "5";
            return Problems.Of(503, "come-again", "Not now", "The site cannot be looked up now.");
        }
        if (site is null)
        {
            headers.CacheControl = CachedUnknown;
            return Problems.Of(404, "unknown-site", "Unknown site", "No site has this key.");
        }
        headers.CacheControl = Cached;
        headers.Vary = HeaderNames.AcceptEncoding;
        var script = Choose(scripts.For(site, address.Value.For(context.Request)), context.Request.Headers.AcceptEncoding);
        headers.ETag = script.ETag;
        if (IsKnown(context.Request.Headers.IfNoneMatch, script.ETag)) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        if (script.Coding is not null) headers.ContentEncoding = script.Coding;
        return TypedResults.Bytes(script.Bytes, "text/javascript; charset=utf-8");
    }

    private static EncodedScript Choose(IReadOnlyList<EncodedScript> codings, StringValues accepted)
    {
        if (!StringWithQualityHeaderValue.TryParseList(accepted, out var values)) return codings[^1];
        return codings.First(c => c.Coding is null
            || values.FirstOrDefault(v => v.Value.Equals(c.Coding, StringComparison.OrdinalIgnoreCase)) is { Quality: null or > 0 });
    }

    private static bool IsKnown(StringValues ifNoneMatch, string etag) =>
        EntityTagHeaderValue.TryParseList(ifNoneMatch, out var tags)
        && tags.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(EntityTagHeaderValue.Parse(etag), useStrongComparison: false));
}
