using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Http;

/// <summary>Headers that every answer carries, refusals and errors included.</summary>
internal static class SecurityHeaders
{
    // Nothing of what a browser asks people for is needed here; a recording may play by itself, and a key may be copied.
    private const string Permissions = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app)
    {
        var isPublicHttps = app.ApplicationServices.GetRequiredService<IOptions<PublicAddress>>().Value.PublicUrl?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == true;
        return app.Use((http, next) =>
        {
            // On starting, because the exception handler wipes the headers set before it.
            http.Response.OnStarting(state =>
            {
                var context = (HttpContext)state;
                var headers = context.Response.Headers;
                headers.XContentTypeOptions = "nosniff";
                // Secrets of webhooks stand in paths: those pages may not be named to anybody.
                headers.TryAdd("Referrer-Policy", "no-referrer");
                headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
                headers.TryAdd("Permissions-Policy", Permissions);
                // Over https, be it ours or that of a proxy in front under the public address.
                if (context.Request.IsHttps || isPublicHttps) headers.StrictTransportSecurity = "max-age=31536000";
                headers.TryAdd("Cross-Origin-Resource-Policy", IsForOtherSites(context) ? "cross-origin" : "same-origin");
                if (!context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)) return Task.CompletedTask;
                headers.CacheControl = "no-store";
                // A Bitrix24 application is installed inside a frame of the portal; those pages bring a policy of their own.
                if (!context.Request.Path.StartsWithSegments("/v1/crm", StringComparison.Ordinal)) headers.TryAdd("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
                return Task.CompletedTask;
            }, http);
            return next(http);
        });
    }

    // The tracker, and what it and forms post to, belong on the pages of clients.
    private static bool IsForOtherSites(HttpContext context) => context.Request.Path.StartsWithSegments("/t", StringComparison.Ordinal)
        || (context.Request.Path.StartsWithSegments("/v1/sites", StringComparison.Ordinal) && context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null);
}
