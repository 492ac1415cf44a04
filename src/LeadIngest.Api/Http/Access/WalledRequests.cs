using LeadIngest.Api.Data;
using Microsoft.AspNetCore.Authorization;

namespace LeadIngest.Api.Http.Access;

/// <summary>Puts every request of a route that asks for a login behind a <see cref="ProjectWall"/>, before anybody looks who is asking: a route cannot forget it.</summary>
internal static class WalledRequests
{
    public static void UseProjectWalls(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (AsksForLogin(context.GetEndpoint())) ProjectWall.Raise();
        await next(context);
    });

    private static bool AsksForLogin(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IAuthorizeData>() is not null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null;
}
