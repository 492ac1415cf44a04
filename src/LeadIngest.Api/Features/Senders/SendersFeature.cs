using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Senders;

/// <summary>The outside systems that bring leads and calls to a site.</summary>
internal static class SendersFeature
{
    public static void MapSenders(this IEndpointRouteBuilder v1)
    {
        var senders = v1.MapGroup("/senders").WithTags("Senders").Needs(Right.Settings);
        senders.MapEndpoint<ListSenderProviders>();
        senders.MapEndpoint<ListSenders>();
        senders.MapEndpoint<CreateSender>().NeedsConfirmation();
        senders.MapEndpoint<GetSender>();
        senders.MapEndpoint<UpdateSender>();
        senders.MapEndpoint<DeleteSender>();
        senders.MapEndpoint<RotateSenderToken>().NeedsConfirmation();
    }
}
