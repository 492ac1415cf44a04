using LeadIngest.Api.Connecting;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Connections;
using LeadIngest.Api.Http;
using LeadIngest.Crm.OAuth;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>Where a Bitrix24 portal sends its user back to, with a code that lives for 30 seconds: the login is finished within this request.</summary>
internal sealed class TakeBitrix24Code : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/bitrix24", HandleAsync)
        .Produces(StatusCodes.Status200OK, contentType: "text/html").Produces(StatusCodes.Status400BadRequest, contentType: "text/html");

    internal static async Task<IResult> HandleAsync(string? state, string? code, string? domain, string? error, [FromQuery(Name = "member_id")] string? member,
        [FromQuery(Name = "server_domain")] string? server, Authorizations authorizations, CrmHttp http, NewLogin logins, IOptions<CrmHosts> hosts, IOptions<PublicAddress> own, TimeProvider clock,
        ILogger<TakeBitrix24Code> log, CancellationToken ct)
    {
        if (state is not { Length: > 0 and <= 100 } || await authorizations.TakeAsync("bitrix24", state, ct) is not { Keys: { } keys } authorization) return OutcomePage.Stale();
        if (error is not null) return OutcomePage.Denied();
        if (!CrmAddress.TryReadHost("bitrix24", domain, hosts.Value, out var portal)) return OutcomePage.Foreign();
        if (code is not { Length: > 0 and <= 1_000 }) return OutcomePage.Stale();
        server = server is not null && Bitrix24OAuth.IsServer(server) ? server : Bitrix24OAuth.Server;
        // Not cancelled by a browser that leaves: the code is spent by now.
        var answer = await http.Bitrix24.ExchangeAsync(server, keys, code, CancellationToken.None);
        if (answer is not TokenAnswer.Granted granted) return CodeOutcome.Of(answer).Page(log, "bitrix24");
        // The browser's word and the vendor's must be about one portal.
        if (granted.Account is { } given && member is not null && given != member) return OutcomePage.Foreign();
        var row = await logins.KeepAsync(authorization, portal, new Credentials(portal.Base.AbsoluteUri, granted.Access)
        {
            Login = new Login(keys, granted.Refresh, granted.ExpiresAt)
            {
                RefreshedAt = clock.GetUtcNow(),
                Server = server,
                InstallSecretHash = Convert.ToHexStringLower(Authorizations.Hash(state)),
            },
        }, granted.Account ?? member, isProven: granted.Account is not null, own.Value.PublicUrl?.TrimEnd('/'), CancellationToken.None);
        return CodeOutcome.Kept(row).Page(log, "bitrix24");
    }
}
