using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Http;

/// <summary>One operation of the running service, as the generated tests call it.</summary>
internal sealed record RouteCall(string Name, HttpMethod Method, string Template, bool LoggedIn, string? Example, bool TakesBody, EndpointMetadataCollection Metadata)
{
    /// <summary>Of a person, whatever the project: an API key cannot call it.</summary>
    public bool IsOfPerson => Metadata.GetMetadata<OfPerson>() is not null;

    public bool HasId => Template.Contains("{id:guid}", StringComparison.Ordinal);

    public string Path(Guid id) => "/" + Template.Replace("{id:guid}", id.ToString(), StringComparison.Ordinal).TrimStart('/');

    public HttpContent? Body() => Example is null ? null : new StringContent(Example, null, "application/json");
}

internal static class EveryRoute
{
    /// <summary>Every route that the service has mapped, the parts of the framework and the description of the API left out.</summary>
    public static IReadOnlyList<RouteCall> Of(ApiFixture api) => [.. api.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<IEndpointNameMetadata>() is not null)
        .SelectMany(e => e.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(method => new RouteCall(
            e.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName, HttpMethod.Parse(method), e.RoutePattern.RawText!,
            e.Metadata.GetMetadata<IAuthorizeData>() is not null && e.Metadata.GetMetadata<IAllowAnonymous>() is null,
            e.Metadata.GetMetadata<RequestExample>()?.Json, e.Metadata.GetMetadata<IAcceptsMetadata>() is not null, e.Metadata)))];
}
