using LeadIngest.Api.Http;
using LeadIngest.Api.Ingest;

namespace LeadIngest.Api.Features.Leads;

/// <summary>Answers the browser's question whether a page of another origin may post here.</summary>
internal sealed class PreflightLead : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/{*route}", [HttpMethods.Options], (Delegate)HandleAsync).AllowAnonymous().ExcludeFromDescription();

    internal static async Task<IResult> HandleAsync(string siteKey, HttpContext context, PublicSite door)
    {
        var (site, refusal) = await door.FindAsync(siteKey, "preflight", context);
        if (site is null) return refusal!;
        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = "POST";
        headers.AccessControlAllowHeaders = "Content-Type, Content-Encoding, Idempotency-Key";
        headers.AccessControlMaxAge = "3600";
        return TypedResults.NoContent();
    }
}
