using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Users;

/// <summary>The people of a project and their roles.</summary>
internal static class UsersFeature
{
    public static void MapUsers(this IEndpointRouteBuilder v1)
    {
        var users = v1.MapGroup("/users").WithTags("Users").Needs(Right.People);
        users.MapEndpoint<ListUsers>();
        users.MapEndpoint<InviteUser>().NeedsConfirmation();
        users.MapEndpoint<ListCrmUsers>();
        users.MapEndpoint<GetUser>();
        users.MapEndpoint<UpdateUser>().NeedsConfirmation();
        users.MapEndpoint<RemoveUser>().NeedsConfirmation();
        users.MapEndpoint<RenewInvitation>().NeedsConfirmation();
    }
}
