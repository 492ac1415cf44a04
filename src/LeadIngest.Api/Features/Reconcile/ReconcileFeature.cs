using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Reconcile;

namespace LeadIngest.Api.Features.Reconcile;

/// <summary>What is missing on either side: leads, cards, deals and calls compared.</summary>
internal static class ReconcileFeature
{
    public static void AddReconcile(this IServiceCollection services)
    {
        services.AddOptions<ReconcileOptions>().BindConfiguration("Reconcile").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ReconcileWorker>().AddHostedService(provider => provider.GetRequiredService<ReconcileWorker>());
    }

    public static void MapReconcile(this IEndpointRouteBuilder v1)
    {
        var reconcile = v1.MapGroup("/reconcile").WithTags("Reconcile").Needs(Right.Operate);
        reconcile.MapEndpoint<ListFindings>();
        reconcile.MapEndpoint<RunReconcile>();
    }
}
