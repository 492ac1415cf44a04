using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.StopList;

/// <summary>Whose posts are no enquiries: known spammers, and the project's own people who try their forms out.</summary>
internal static class StopListFeature
{
    public static void MapStopList(this IEndpointRouteBuilder v1)
    {
        var entries = v1.MapGroup("/stop-list").WithTags("StopList").Needs(Right.Operate).ShowsPeople();
        entries.MapEndpoint<ListStopList>();
        entries.MapEndpoint<AddToStopList>();
        entries.MapEndpoint<RemoveFromStopList>();
    }
}
