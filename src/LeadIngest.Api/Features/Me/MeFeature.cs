using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Me;

/// <summary>One's own account: name, password, second factor, where one is signed in.</summary>
internal static class MeFeature
{
    public static void MapMe(this IEndpointRouteBuilder v1)
    {
        var me = v1.MapGroup("/me").WithTags("Me").OfPerson();
        me.MapEndpoint<UpdateMe>();
        me.MapEndpoint<ChangePassword>();
        me.MapEndpoint<StartTotp>().NeedsConfirmation();
        me.MapEndpoint<ConfirmTotp>().NeedsConfirmation();
        me.MapEndpoint<RemoveTotp>();
        me.MapEndpoint<ListOwnSessions>();
        me.MapEndpoint<EndOwnSession>();
        me.MapEndpoint<EndOtherSessions>();
    }
}
