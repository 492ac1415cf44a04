namespace LeadIngest.CrmEmulator.Doors;

/// <summary>
/// Lets pages of this machine (any port of localhost, 127.0.0.1 or ::1) use the doors from a browser, and no others: a page from elsewhere that is
/// open in the same browser must not press the buttons.
/// </summary>
internal static class DoorOrigins
{
    public static void UseDoorsFromThisMachine(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (http.Request.Headers.Origin is not [{ Length: > 0 } origin] || !IsDoor(http.Request.Path))
        {
            await next(http);
            return;
        }
        var answer = http.Response;
        answer.Headers.Vary = "Origin";
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var page) || !page.IsLoopback || page.Scheme is not ("http" or "https"))
        {
            answer.StatusCode = StatusCodes.Status403Forbidden;
            await answer.WriteAsJsonAsync(new { error = "the doors are open to pages of this machine only" }, http.RequestAborted);
            return;
        }
        answer.Headers.AccessControlAllowOrigin = origin;
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            answer.Headers.AccessControlAllowMethods = "GET, POST, DELETE";
            answer.Headers.AccessControlAllowHeaders = "content-type";
            answer.Headers.AccessControlMaxAge = "600";
            answer.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        await next(http);
    });

    private static bool IsDoor(PathString path) => path.Value?.StartsWith("/_", StringComparison.Ordinal) == true;
}
