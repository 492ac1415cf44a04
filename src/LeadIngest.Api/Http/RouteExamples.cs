namespace LeadIngest.Api.Http;

/// <summary>A request body that the API's description shows and that the generated tests send.</summary>
internal sealed record RequestExample(string Json);

internal static class RouteExamples
{
    /// <summary>Shows a body that this route accepts as it stands; people, firms and numbers in it are invented.</summary>
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder route, string json) => route.WithMetadata(new RequestExample(json));
}
