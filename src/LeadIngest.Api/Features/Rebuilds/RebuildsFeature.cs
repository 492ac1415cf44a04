using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Rebuilds;

namespace LeadIngest.Api.Features.Rebuilds;

/// <summary>History counted anew after a rule has changed, what a rule would change before it does, and the figures of before beside those of after.</summary>
internal static class RebuildsFeature
{
    public static void AddRebuilds(this IServiceCollection services)
    {
        services.AddOptions<RebuildOptions>().BindConfiguration("Rebuilds").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RebuildSignal>().AddHostedService<RebuildWorker>();
    }

    public static void MapRebuilds(this IEndpointRouteBuilder v1)
    {
        var rebuilds = v1.MapGroup("/rebuilds").WithTags("Rebuilds").NeedsAny(Right.Spend | Right.Operate);
        rebuilds.MapEndpoint<ListRebuilds>();
        rebuilds.MapEndpoint<StartRebuild>();
        rebuilds.MapEndpoint<PreviewRebuild>();
        rebuilds.MapEndpoint<GetRebuild>();
        rebuilds.MapEndpoint<CancelRebuild>();
        rebuilds.MapEndpoint<CompareRebuild>();
    }
}
