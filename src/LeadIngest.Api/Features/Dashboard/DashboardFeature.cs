using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Dashboard;

/// <summary>The web page, from inside the binary. It speaks to the API as any program does; its source is <c>src/dashboard</c>.</summary>
internal static class DashboardFeature
{
    /// <summary>Addresses that the page itself gives a meaning to; see <c>src/dashboard/src/app/Doors.tsx</c>.</summary>
    private static readonly string[] Addresses = ["/", "/projects", "/account", "/p/{**rest}", "/invitation", "/password", "/invitation/{token}", "/password/{token}"];

    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        var page = routes.MapGroup("").ExcludeFromDescription();
        foreach (var address in Addresses) page.MapGet(address, GetPage.Handle);
        page.MapEndpoint<GetAsset>();
        page.MapGet("/icon.svg", (HttpContext context) => GetAsset.Answer("icon.svg", context));
    }
}
