using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Clients;

/// <summary>Who the leads came from, and which of them are one person.</summary>
internal static class ClientsFeature
{
    public static void MapClients(this IEndpointRouteBuilder v1)
    {
        var clients = v1.MapGroup("/clients").WithTags("Clients");
        clients.MapEndpoint<ListClients>();
        clients.MapEndpoint<GetClient>();
        clients.MapEndpoint<GetClientJourney>();
        clients.MapEndpoint<ExportClient>();
        clients.MapEndpoint<EraseClient>();
        clients.MapEndpoint<MergeClients>();
        clients.MapEndpoint<UndoMerge>();
        clients.MapEndpoint<ListMergeSuggestions>();
        clients.MapEndpoint<DismissMergeSuggestion>();
    }
}
