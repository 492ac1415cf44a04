using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Session;

/// <summary>Coming in and going out: signing in, the first set-up, invitations, a new password.</summary>
internal static class SessionFeature
{
    public static void MapSession(this IEndpointRouteBuilder app, IEndpointRouteBuilder v1)
    {
        var doors = app.MapGroup("/v1").WithTags("Session").AllowAnonymous().OwnPageOnly();
        doors.MapEndpoint<GetSession>();
        doors.MapEndpoint<SignIn>();
        doors.MapEndpoint<SetUp>();
        doors.MapEndpoint<ForgetPassword>();
        doors.MapEndpoint<ResetPassword>();
        doors.MapEndpoint<ShowInvitation>();
        doors.MapEndpoint<AcceptInvitation>();

        var session = v1.MapGroup("/session").WithTags("Session").OfPerson();
        session.MapEndpoint<SignOut>();
        session.MapEndpoint<ConfirmSession>();
    }

    /// <summary>The refusals of a look at a password.</summary>
    public static RouteHandlerBuilder ProducesPasswordProblems(this RouteHandlerBuilder route)
    {
        foreach (var status in (int[])[401, 403, 429]) route.ProducesProblem(status);
        return route;
    }
}
