using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.ApiKeys;

/// <summary>The keys by which programs log in to the project.</summary>
internal static class ApiKeysFeature
{
    public static void MapApiKeys(this IEndpointRouteBuilder v1)
    {
        var keys = v1.MapGroup("/api-keys").WithTags("ApiKeys").Needs(Right.People);
        keys.MapEndpoint<ListApiKeys>();
        keys.MapEndpoint<CreateApiKey>().NeedsConfirmation();
        keys.MapEndpoint<RevokeApiKey>();
    }
}
