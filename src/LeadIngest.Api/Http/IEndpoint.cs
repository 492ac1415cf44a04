namespace LeadIngest.Api.Http;

/// <summary>One operation of the API: request, rules, handler, response and SQL live in the implementing type.</summary>
internal interface IEndpoint
{
    static abstract RouteHandlerBuilder Map(IEndpointRouteBuilder routes);
}

internal static class EndpointMapping
{
    /// <summary>Maps an endpoint; the type's name becomes the operation id in openapi.json.</summary>
    public static RouteHandlerBuilder MapEndpoint<T>(this IEndpointRouteBuilder routes) where T : IEndpoint =>
        T.Map(routes).WithName(typeof(T).Name);
}
