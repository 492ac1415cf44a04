using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Tests.Access;

/// <summary>A service whose callers may be users: a key's request that names a user and a role is answered as theirs.</summary>
public class PageFixture : ApiFixture
{
    protected override void Configure(WebApplicationBuilder builder) =>
        builder.Services.PostConfigure<AuthenticationOptions>(options => options.SchemeMap[ApiKeyAuthentication.SchemeName].HandlerType = typeof(NamedCaller));

    /// <summary>One call of a user with this role in the project.</summary>
    public async Task<HttpResponseMessage> AsAsync(TestProject project, string role, Guid user, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", project.ApiKey);
        request.Headers.Add(NamedCaller.Header, $"{role} {user}");
        if (body is not null) request.Content = System.Net.Http.Json.JsonContent.Create(body);
        return await Client.SendAsync(request);
    }

    public async Task<JsonElement> ReadAsAsync(TestProject project, string role, Guid user, string path) => await (await AsAsync(project, role, user, HttpMethod.Get, path)).JsonAsync();
}

/// <summary>Knows keys, and takes a user and a role by their word.</summary>
internal sealed class NamedCaller(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeyCache cache)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Header = "X-Tests-Caller";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await cache.FindAsync(Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal), Context.RequestAborted) is not { } key) return AuthenticateResult.NoResult();
        var named = Request.Headers[Header].ToString().Split(' ');
        var caller = named.Length == 2 ? new Caller(key.ProjectId, named[0], Guid.Parse(named[1]), null, "Анна") : new Caller(key.ProjectId, Roles.Key, null, key.KeyId, "tests");
        caller.KeepIn(Context);
        var identity = new ClaimsIdentity([new(ApiKeyAuthentication.ProjectClaim, key.ProjectId.ToString())], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }
}
