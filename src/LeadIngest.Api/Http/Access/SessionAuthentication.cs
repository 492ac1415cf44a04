using System.Security.Claims;
using System.Text.Encodings.Web;
using LeadIngest.Api.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Http.Access;

/// <summary>The cookie of a signed-in person. Which project is meant, and whether the request is the page's own, <see cref="AccessRules"/> finds out.</summary>
internal sealed class SessionAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Sessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Sessions.TokenOf(Request) is not { } token) return AuthenticateResult.NoResult();
        if (await sessions.FindAsync(token, Context.RequestAborted) is not { } person) return AuthenticateResult.Fail("Unknown or ended session.");
        person.KeepIn(Context);
        var identity = new ClaimsIdentity([new(ClaimTypes.NameIdentifier, person.UserId.ToString())], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Of(401, "unauthorized", "Not logged in", "Sign in, or send a valid API key as 'Authorization: Bearer <key>'.").ExecuteAsync(Context);
    }
}

/// <summary>Who may come in by the routes that ask for a login: an API key or a person's cookie. A request that brings a key never uses the cookie.</summary>
internal static class LoggedIn
{
    public const string SchemeName = "LoggedIn";

    /// <summary>What every logged-in route asks for.</summary>
    public static readonly AuthorizationPolicy Policy = new AuthorizationPolicyBuilder(SchemeName).RequireAuthenticatedUser().Build();

    public static string SchemeOf(HttpRequest request) => request.Headers.ContainsKey("Authorization") ? ApiKeyAuthentication.SchemeName : SessionAuthentication.SchemeName;

    public static void AddTo(IServiceCollection services)
    {
        // No default scheme: public routes are not asked for a key at all.
        services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null)
            .AddPolicyScheme(SchemeName, null, scheme => scheme.ForwardDefaultSelector = context => SchemeOf(context.Request));
        services.AddAuthorization();
    }
}
