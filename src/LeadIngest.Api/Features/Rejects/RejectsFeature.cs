using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Rejects;

/// <summary>Input that could not be understood, kept whole.</summary>
internal static class RejectsFeature
{
    public static void MapRejects(this IEndpointRouteBuilder v1)
    {
        var rejects = v1.MapGroup("/rejects").WithTags("Rejects").Needs(Right.Operate).ShowsPeople();
        rejects.MapEndpoint<ListRejects>();
        rejects.MapEndpoint<GetReject>();
        rejects.MapEndpoint<ReplayReject>();
        rejects.MapEndpoint<DiscardReject>();
    }
}
