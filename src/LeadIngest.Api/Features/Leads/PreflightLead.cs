using LeadIngest.Api.Http;
using LeadIngest.Api.Ingest;

namespace LeadIngest.Api.Features.Leads;

/// <summary>Answers the browser's question whether a page of another origin may post here.</summary>
internal sealed class PreflightLead : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/{*route}", [HttpMethods.Options], (Delegate)HandleAsync).AllowAnonymous().ExcludeFromDescription();

    internal static async Task<IResult> HandleAsync(string siteKey, HttpContext context, SiteDirectory sites)
    {
        if (await sites.FindAsync(siteKey, context.RequestAborted) is not { } site) return Problems.Of(404, "unknown-site", "Unknown site", "No site has this key.");
        if (!PublicSite.AllowOrigin(site, context)) return PublicSite.OriginRefused();
        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = "POST";
        headers.AccessControlAllowHeaders = "Content-Type, Content-Encoding, Idempotency-Key";
        headers.AccessControlMaxAge = "3600";
        return TypedResults.NoContent();
    }
}
