using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Connections;

/// <summary>The CRM accounts that leads are delivered to.</summary>
internal static class ConnectionsFeature
{
    public static void AddCrmConnections(this IServiceCollection services)
    {
        services.AddOptions<CrmHosts>().BindConfiguration("Crm").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PreviewedLeads>();
    }

    public static void MapConnections(this IEndpointRouteBuilder v1)
    {
        var connections = v1.MapGroup("/connections").WithTags("Connections");
        connections.MapEndpoint<ListConnections>();
        connections.MapEndpoint<CreateConnection>();
        connections.MapEndpoint<GetConnection>();
        connections.MapEndpoint<UpdateConnection>();
        connections.MapEndpoint<DeleteConnection>();
        connections.MapEndpoint<PauseConnection>();
        connections.MapEndpoint<ResumeConnection>();
        connections.MapEndpoint<ResumeConnections>();
        connections.MapEndpoint<GetConnectionStatus>();
        connections.MapEndpoint<PreviewDelivery>();
    }
}
