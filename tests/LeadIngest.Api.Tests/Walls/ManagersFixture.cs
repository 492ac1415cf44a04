using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Tests.Walls;

/// <summary>The service with callers as the tests say: a project's key logs in its owner, and with <see cref="Header"/> a manager of these users of the CRMs.</summary>
public sealed class ManagersFixture : ApiFixture
{
    /// <summary><c>connection/user</c>, several of them with commas between; empty: a manager of nobody.</summary>
    public const string Header = "X-Only-Of";

    protected override void Configure(WebApplicationBuilder builder) => builder.Services.PostConfigure<AuthenticationOptions>(
        o => o.SchemeMap[ApiKeyAuthentication.SchemeName].HandlerType = typeof(AsTheTestSays));

    /// <summary>One call; <paramref name="onlyOf"/> null: the owner's.</summary>
    public async Task<HttpResponseMessage> AsAsync(TestProject project, string? onlyOf, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new("Bearer", project.ApiKey) } };
        if (onlyOf is not null) request.Headers.Add(Header, onlyOf);
        if (body is not null) request.Content = new StringContent(body, null, "application/json");
        return await Client.SendAsync(request);
    }

    private sealed class AsTheTestSays(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeyCache keys)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (!AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header) || await keys.FindAsync(header.Parameter!, Context.RequestAborted) is not { } key)
                return AuthenticateResult.NoResult();
            var onlyOf = Request.Headers.TryGetValue(Header, out var said)
                ? said.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).Select(u => u.Split('/')).Select(u => new CrmUser(Guid.Parse(u[0]), u[1])).ToList() : null;
            new Caller(key.ProjectId, onlyOf is null ? Roles.Owner : Roles.Manager, Guid.CreateVersion7(), null, "tests", OnlyOf: onlyOf).KeepIn(Context);
            var identity = new ClaimsIdentity([new(ApiKeyAuthentication.ProjectClaim, key.ProjectId.ToString())], Scheme.Name);
            return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Scheme.Name));
        }
    }
}
