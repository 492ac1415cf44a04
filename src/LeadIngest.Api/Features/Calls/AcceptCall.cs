using LeadIngest.Api.Calls;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Calls;

/// <summary>Takes a webhook of a call tracker or a PBX. Answers 200 once it is stored for good; the call is worked on after that.</summary>
/// <remarks>What follows the token in the path belongs to the provider: <c>events/call</c> of Mango. The same message again is nothing new.</remarks>
internal sealed class AcceptCall : IEndpoint
{
    public const string Path = "/v1/calls/{provider}/{token}/{**rest}";

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost(Path, (Delegate)HandleAsync).AllowAnonymous().DisableAntiforgery()
        .Accepts<Dictionary<string, string>>("application/json", "application/x-www-form-urlencoded", "multipart/form-data", MediaTypes.Any)
        .ProducesCallAnswers();

    internal static Task<IResult> HandleAsync(string provider, string token, string? rest, HttpContext context, CallIntake intake) =>
        intake.TakeAsync(provider, token, rest, context);
}

/// <summary>The same for providers that put the call into the query, and for checks of the address.</summary>
internal sealed class AcceptCallByGet : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet(AcceptCall.Path, (Delegate)HandleAsync).AllowAnonymous().ProducesCallAnswers();

    internal static Task<IResult> HandleAsync(string provider, string token, string? rest, HttpContext context, CallIntake intake) =>
        intake.TakeAsync(provider, token, rest, context);
}
