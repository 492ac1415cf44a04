using Microsoft.AspNetCore.Authentication;

namespace LeadIngest.Api.Http.Access;

/// <summary>Asks again who a request is from: for answers that last longer than a login may.</summary>
internal static class CallerAgain
{
    /// <param name="context">Of the request, which is still being answered.</param>
    /// <param name="before">As the request came.</param>
    /// <param name="right">What the route needs.</param>
    /// <returns>As the caller is now; null: the login has ended, or it does not allow this any more.</returns>
    public static async Task<Caller?> AskAsync(HttpContext context, Caller before, Right right)
    {
        var schemes = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket?.AuthenticationScheme.Split(';') ?? [];
        // Those of the request remember what they have found for as long as it lasts.
        var handlers = new AuthenticationHandlerProvider(context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>());
        foreach (var scheme in schemes)
            if (await handlers.GetHandlerAsync(context, scheme) is { } handler && (await handler.AuthenticateAsync()).Succeeded
                && Caller.Of(context) is var now && now.ProjectId == before.ProjectId && now.May(right)) return now;
        return null;
    }
}
