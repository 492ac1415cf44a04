using LeadIngest.Api.Connecting;
using LeadIngest.Api.Features.Connections;
using LeadIngest.Api.Http;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>Where amoCRM sends the account's administrator back to, with a code: the login is finished within this request, and a page says so.</summary>
/// <remarks>The host in <c>referer</c> is judged before anything is sent to it: it gets the integration's secret.</remarks>
internal sealed class TakeAmocrmCode : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/amocrm", HandleAsync)
        .Produces(StatusCodes.Status200OK, contentType: "text/html").Produces(StatusCodes.Status400BadRequest, contentType: "text/html");

    internal static async Task<IResult> HandleAsync(string? state, string? code, string? referer, string? error, Authorizations authorizations, CrmHttp http, NewLogin logins,
        IOptions<CrmHosts> hosts, IOptions<PublicAddress> own, TimeProvider clock, ILogger<TakeAmocrmCode> log, CancellationToken ct)
    {
        if (state is not { Length: > 0 and <= 100 } || await authorizations.TakeAsync("amocrm", state, ct) is not { } authorization) return OutcomePage.Stale();
        if (error is not null) return OutcomePage.Denied();
        if (!CrmAddress.TryReadHost("amocrm", referer, hosts.Value, out var account)) return OutcomePage.Foreign();
        if (code is not { Length: > 0 and <= 10_000 }) return OutcomePage.Stale();
        return (await CodeOutcome.OfAmocrmAsync(authorization, account, code, http, logins, own.Value, clock)).Page(log, "amocrm");
    }
}
