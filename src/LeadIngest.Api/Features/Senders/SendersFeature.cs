using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Senders;

/// <summary>The outside systems that bring leads and calls to a site.</summary>
internal static class SendersFeature
{
    public static void MapSenders(this IEndpointRouteBuilder v1)
    {
        var senders = v1.MapGroup("/senders").WithTags("Senders");
        senders.MapEndpoint<ListSenderProviders>();
        senders.MapEndpoint<ListSenders>();
        senders.MapEndpoint<CreateSender>();
        senders.MapEndpoint<GetSender>();
        senders.MapEndpoint<UpdateSender>();
        senders.MapEndpoint<DeleteSender>();
        senders.MapEndpoint<RotateSenderToken>();
    }
}
