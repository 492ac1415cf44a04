using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Import;
using LeadIngest.Api.Privacy;

namespace LeadIngest.Api.Features.Imports;

/// <summary>The people and firms of the CRMs: reading them, and hearing of their changes.</summary>
internal static class ImportsFeature
{
    public static void AddImport(this IServiceCollection services)
    {
        services.AddOptions<ImportOptions>().BindConfiguration("Import").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<HookSecrets>().AddSingleton<ErasureKeys>().AddSingleton<ErasedPeople>().AddSingleton<HookMetrics>();
    }

    public static void MapCrmWebhooks(this IEndpointRouteBuilder routes) => routes.MapGroup("").WithTags("Public").MapEndpoint<AcceptCrmEvent>();

    public static void MapImports(this IEndpointRouteBuilder v1)
    {
        var connections = v1.MapGroup("/connections").WithTags("Connections").Needs(Right.Operate);
        connections.MapEndpoint<GetImport>();
        connections.MapEndpoint<WatchImport>();
        connections.MapEndpoint<StartImport>();
        connections.MapEndpoint<PauseImport>();
        connections.MapEndpoint<ResumeImport>();
        connections.MapEndpoint<CancelImport>();
        connections.MapEndpoint<GetCrmWebhook>().Needs(Right.Settings);
        connections.MapEndpoint<SetUpCrmWebhook>().Needs(Right.Settings);
    }
}
