using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Dashboard;

/// <summary>A script, a style or a picture of the page. Its name holds a hash of its content, so that a browser keeps it for a year.</summary>
internal sealed class GetAsset : IEndpoint
{
    private static readonly Dictionary<string, string> Types = new()
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
        [".png"] = "image/png",
    };

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/assets/{name}", Handle);

    internal static IResult Handle(string name, HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Answer("assets/" + name, context);
    }

    internal static IResult Answer(string path, HttpContext context)
    {
        var headers = context.Response.Headers;
        if (!Types.TryGetValue(Path.GetExtension(path), out var type) || DashboardFiles.Find(path) is not { } whole)
        {
            headers.CacheControl = "no-store";
            return Problems.NotFound("file");
        }
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.Vary = "Accept-Encoding";
        var accepted = context.Request.Headers.AcceptEncoding.ToString();
        foreach (var (coding, ending) in new[] { ("br", ".br"), ("gzip", ".gz") })
            if (accepted.Contains(coding, StringComparison.OrdinalIgnoreCase) && DashboardFiles.Find(path + ending) is { } small)
            {
                headers.ContentEncoding = coding;
                return Results.Bytes(small, type);
            }
        return Results.Bytes(whole, type);
    }
}
