using LeadIngest.Api.Features.Senders;
using LeadIngest.Api.Http;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Forms;
using LeadIngest.Api.Visits;

namespace LeadIngest.Api.Features.Leads;

/// <summary>What a stranger with a site key may do: post leads.</summary>
internal static class PublicLeadsFeature
{
    public static IServiceCollection AddIngest(this IServiceCollection services)
    {
        services.AddOptions<IngestOptions>().BindConfiguration("Ingest").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SourceDictionaries>().AddSingleton<SiteDirectory>().AddSingleton<DatabaseGate>().AddSingleton<RateLimits>().AddSingleton<IngestMetrics>();
        services.AddSingleton<PublicSite>().AddSingleton<SenderDirectory>().AddSingleton<VisitDirectory>().AddSingleton<JunkJudge>().AddSingleton<Intake>();
        services.AddSingleton<SenderSightings>().AddHostedService(provider => provider.GetRequiredService<SenderSightings>());
        services.AddFormBuilders();
        services.AddSingleton<Writer>().AddHostedService(provider => provider.GetRequiredService<Writer>());
        services.AddHostedService<WarmUp>().AddHostedService<SettingsListener>().AddHostedService<KeyExpiry>();
        return services;
    }

    public static void MapPublicLeads(this IEndpointRouteBuilder routes)
    {
        var site = routes.MapGroup("/v1/sites/{siteKey}").WithTags("Public");
        site.MapEndpoint<AcceptLead>();
        site.MapEndpoint<AcceptForm>();
        site.MapEndpoint<AcceptBuilderForm>();
        site.MapEndpoint<AcceptBuilderQuery>();
        site.MapEndpoint<PreflightLead>();
    }

    /// <summary>The refusals that every public route may answer with.</summary>
    public static RouteHandlerBuilder ProducesPublicProblems(this RouteHandlerBuilder route)
    {
        foreach (var status in (int[])[403, 404, 413, 415, 422, 429, 503]) route.ProducesProblem(status);
        return route;
    }
}
