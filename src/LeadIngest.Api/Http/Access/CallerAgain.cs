using LeadIngest.Api.Access;
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
        // Those of the request remember what they have found for as long as it lasts.
        var handlers = new AuthenticationHandlerProvider(context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>());
        if (await handlers.GetHandlerAsync(context, LoggedIn.SchemeOf(context.Request)) is not { } handler || !(await handler.AuthenticateAsync()).Succeeded) return null;
        var now = before.UserId is null || SignedIn.In(context) is not { } person ? Caller.Of(context) : AccessRules.CallerOf(person, before.ProjectId);
        return now is not null && now.ProjectId == before.ProjectId && now.May(right) ? now : null;
    }
}
