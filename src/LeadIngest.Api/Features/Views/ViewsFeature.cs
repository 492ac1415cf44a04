using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Views;

/// <summary>Saved settings of pages. To be logged in is enough: what a page then shows is settled by the rights on its own routes.</summary>
internal static class ViewsFeature
{
    public static void MapViews(this IEndpointRouteBuilder v1)
    {
        var views = v1.MapGroup("/views").WithTags("Views").Needs(Right.Names);
        views.MapEndpoint<ListViews>();
        views.MapEndpoint<CreateView>();
        views.MapEndpoint<UpdateView>();
        views.MapEndpoint<DeleteView>();
    }
}
