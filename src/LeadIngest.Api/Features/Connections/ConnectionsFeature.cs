using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

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
        var connections = v1.MapGroup("/connections").WithTags("Connections").Needs(Right.Settings);
        connections.MapEndpoint<ListConnections>().Needs(Right.Names);
        connections.MapEndpoint<CreateConnection>().NeedsConfirmation();
        connections.MapEndpoint<GetConnection>();
        connections.MapEndpoint<UpdateConnection>();
        connections.MapEndpoint<DeleteConnection>();
        connections.MapEndpoint<PauseConnection>().Needs(Right.Operate);
        connections.MapEndpoint<ResumeConnection>().Needs(Right.Operate);
        connections.MapEndpoint<ResumeConnections>().Needs(Right.Operate);
        connections.MapEndpoint<GetConnectionStatus>().Needs(Right.Operate);
        connections.MapEndpoint<PreviewDelivery>().ShowsPeople();
    }
}
