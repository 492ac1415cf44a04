using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Dashboard;

/// <summary>
/// The page, the same for each of its addresses. Scripts come from this host alone, styles besides with the nonce of this very answer: the component library
/// writes its styles while it runs. Nothing is fetched from any other host, and nobody may frame it.
/// </summary>
internal static class GetPage
{
    /// <summary>Where the nonce belongs; see <c>src/dashboard/vite.config.ts</c>.</summary>
    private const string Place = "NONCE-OF-THIS-ANSWER";

    private static readonly string? Page = DashboardFiles.Find("index.html") is { } html ? Encoding.UTF8.GetString(html) : null;

    internal static IResult Handle(HttpContext context)
    {
        if (Page is null) return Problems.NotFound("page");
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; "
            + "connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        headers.CacheControl = "no-cache";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return Results.Content(Page.Replace(Place, nonce, StringComparison.Ordinal), "text/html; charset=utf-8", Encoding.UTF8);
    }
}
