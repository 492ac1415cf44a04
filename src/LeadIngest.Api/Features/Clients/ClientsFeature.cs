using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Clients;

/// <summary>Who the leads came from, and which of them are one person.</summary>
internal static class ClientsFeature
{
    public static void MapClients(this IEndpointRouteBuilder v1)
    {
        var clients = v1.MapGroup("/clients").WithTags("Clients").Needs(Right.Leads);
        clients.MapEndpoint<ListClients>();
        clients.MapEndpoint<GetClient>();
        clients.MapEndpoint<GetClientJourney>();
        clients.MapEndpoint<ExportClient>();
        clients.MapEndpoint<EraseClient>();
        clients.MapEndpoint<MergeClients>().Needs(Right.WorkLeads);
        clients.MapEndpoint<UndoMerge>().Needs(Right.WorkLeads);
        clients.MapEndpoint<ListMergeSuggestions>();
        clients.MapEndpoint<DismissMergeSuggestion>().Needs(Right.WorkLeads);
    }
}
