using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Sites;

/// <summary>The websites whose forms post leads.</summary>
internal static class SitesFeature
{
    public static void AddSites(this IServiceCollection services) =>
        services.AddOptions<PublicAddress>().BindConfiguration("Http").ValidateDataAnnotations().ValidateOnStart();

    public static void MapSites(this IEndpointRouteBuilder v1)
    {
        var sites = v1.MapGroup("/sites").WithTags("Sites").Needs(Right.Settings);
        sites.MapEndpoint<ListSites>().Needs(Right.Names);
        sites.MapEndpoint<CreateSite>();
        sites.MapEndpoint<GetSite>();
        sites.MapEndpoint<UpdateSite>();
        sites.MapEndpoint<GetSiteInstallation>().Needs(Right.Settings);
    }
}
