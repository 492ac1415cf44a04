using System.Security.Claims;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Privacy;

/// <summary>A service whose callers may be made to be people who see no contacts: by the header <c>X-Test-Masked</c>, whatever logged them in.</summary>
public sealed class PrivacyFixture : ApiFixture
{
    public const string Masked = "X-Test-Masked";

    protected override void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<IClaimsTransformation, AnotherCaller>();
    }

    private sealed class AnotherCaller(IHttpContextAccessor accessor) : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            var context = accessor.HttpContext!;
            if (context.Request.Headers.ContainsKey(Masked)) (Caller.Of(context) with { SeesContacts = false }).KeepIn(context);
            return Task.FromResult(principal);
        }
    }

    /// <summary>Asks as somebody who sees no contacts.</summary>
    public async Task<HttpResponseMessage> MaskedAsync(TestProject project, HttpMethod method, string path, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        request.Headers.Authorization = new("Bearer", project.ApiKey);
        request.Headers.Add(Masked, "yes");
        return await Client.SendAsync(request);
    }
}
