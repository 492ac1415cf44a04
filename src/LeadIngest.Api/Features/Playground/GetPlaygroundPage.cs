using System.Collections.Frozen;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Playground;

/// <summary>The playground's files, from inside the binary.</summary>
internal sealed class GetPlaygroundPage : IEndpoint
{
    private const string Prefix = "Playground.";

    private static readonly FrozenDictionary<string, byte[]> Files = typeof(GetPlaygroundPage).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(n => n[Prefix.Length..], Read, StringComparer.Ordinal);

    private static readonly Dictionary<string, string> Types = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
    };

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{file?}", Handle);

    internal static IResult Handle(string? file, HttpContext context)
    {
        // Links on the pages are relative to the folder.
        if (file is null && !context.Request.Path.Value!.EndsWith('/')) return Results.Redirect("/playground/" + context.Request.QueryString);
        if (!Files.TryGetValue(file ?? "index.html", out var content)) return Problems.NotFound("page");
        var headers = context.Response.Headers;
        headers.CacheControl = "no-cache";
        // The pages play a site of another firm: like any site's, their address is named to the form's door.
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        return Results.Bytes(content, Types[Path.GetExtension(file ?? "index.html")]);
    }

    private static byte[] Read(string resource)
    {
        using var stream = typeof(GetPlaygroundPage).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
