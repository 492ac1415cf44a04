using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Operations;

/// <summary>What the operator and the balancer look at.</summary>
internal static class OperationsFeature
{
    public static void AddOperations(this IServiceCollection services)
    {
        services.AddOptions<OperationsOptions>().BindConfiguration("Operations");
        services.AddSingleton<Heartbeats>();
        services.AddSingleton<IHeartbeat>(provider => provider.GetRequiredService<Heartbeats>());
        services.AddSingleton<Readiness>();
        services.AddSingleton<MetricsRegistry>();
    }

    /// <summary>Outside of <c>/v1</c>: these need no key.</summary>
    public static void MapOperations(this WebApplication app)
    {
        var health = app.MapGroup("/health").WithTags("Operations");
        health.MapEndpoint<GetLiveness>();
        health.MapEndpoint<GetReadiness>();
        app.MapGroup("").WithTags("Operations").MapEndpoint<GetMetrics>();
        // It counts from the start on, not from the first look.
        _ = app.Services.GetRequiredService<MetricsRegistry>();
    }
}
