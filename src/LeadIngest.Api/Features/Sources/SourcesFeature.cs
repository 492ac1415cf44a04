using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Sources;

/// <summary>The dictionary of sources: what tags and hosts are called and which channel they are.</summary>
internal static class SourcesFeature
{
    public static void MapSources(this IEndpointRouteBuilder v1)
    {
        var sources = v1.MapGroup("/sources").WithTags("Sources").Needs(Right.Spend);
        sources.MapEndpoint<ListSources>();
        sources.MapEndpoint<CreateSource>();
        sources.MapEndpoint<UpdateSource>();
        sources.MapEndpoint<DeleteSource>();
        sources.MapEndpoint<TestSource>();
    }
}
