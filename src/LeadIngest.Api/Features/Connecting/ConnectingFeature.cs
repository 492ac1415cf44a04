using LeadIngest.Api.Connecting;
using LeadIngest.Api.Features.Connections;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>Logging in to CRM accounts, keeping the logins fresh, and looking whether an account can be worked with.</summary>
internal static class ConnectingFeature
{
    public static void AddConnecting(this IServiceCollection services)
    {
        foreach (var crm in new[] { "amocrm", "bitrix24" }) services.AddOptions<IntegrationKeys>(crm).BindConfiguration(crm);
        services.AddOptions<ConnectingOptions>().BindConfiguration("Connecting").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CrmHosts>().Validate<IHostEnvironment>((hosts, environment) => hosts.Emulator is null or "" || !environment.IsProduction(),
            "Crm:Emulator is set: calls to the CRMs cannot be sent elsewhere in Production.");
        services.AddSingleton<CrmHttp>();
        services.AddSingleton<ConnectingMetrics>();
        services.AddSingleton<TokenKeeper>();
        services.AddSingleton<Authorizations>();
        services.AddSingleton<NewLogin>();
        services.AddSingleton<KnownDirectories>();
        services.AddHostedService<TokenWorker>();
    }

    public static void MapConnecting(this IEndpointRouteBuilder app, IEndpointRouteBuilder v1)
    {
        var connections = v1.MapGroup("/connections").WithTags("Connections").Needs(Right.Settings);
        connections.MapEndpoint<AuthorizeConnection>().NeedsConfirmation();
        connections.MapEndpoint<ExchangeCode>().NeedsConfirmation();
        connections.MapEndpoint<CheckConnection>();
        connections.MapEndpoint<GetDirectories>();

        var doors = app.MapGroup("/v1/crm/oauth").WithTags("Connecting");
        doors.MapEndpoint<TakeAmocrmCode>();
        doors.MapEndpoint<SwitchOffAmocrm>();
        doors.MapEndpoint<TakeBitrix24Code>();
        doors.MapEndpoint<InstallBitrix24>();
    }
}
