using LeadIngest.Api.Http;
using LeadIngest.Api.Ingest;

namespace LeadIngest.Api.Features.Leads;

/// <summary>
/// Takes a plain HTML form (urlencoded or multipart) with the site's own field names. <c>_next</c> sends the visitor on (303) to an allowed origin;
/// a filled <c>_gotcha</c> marks the lead as spam and tells the robot nothing.
/// </summary>
internal sealed class AcceptForm : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/forms", (Delegate)HandleAsync).AllowAnonymous().DisableAntiforgery()
            .Accepts<Dictionary<string, string>>("application/x-www-form-urlencoded", "multipart/form-data", MediaTypes.Any)
            .Produces<AcceptLead.Response>(StatusCodes.Status202Accepted)
            .Produces(StatusCodes.Status303SeeOther)
            .ProducesValidationProblem().ProducesPublicProblems();

    internal static Task<IResult> HandleAsync(string siteKey, HttpContext context, Intake intake)
    {
        string? next = null;
        return intake.TakeAsync(siteKey, "forms", context,
            (site, body) => WithPage(FormBody.Read(context.Request.ContentType, body, site, out next), context.Request),
            (site, leadId) => Accepted(site, context.Request, next, leadId));
    }

    /// <summary>
    /// A form without a script does not say what page it stands on, but the browser does, as far as the page's policy lets it. Only an address with a
    /// path or tags is taken: from the bare origin nothing follows, and a visit must not be called direct for want of knowledge.
    /// </summary>
    private static ReadResult WithPage(ReadResult read, HttpRequest request) =>
        read.Lead is { Page: null } lead && Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var page)
            && page!.Scheme is "http" or "https" && page.PathAndQuery.Length > 1
            ? read with { Lead = lead with { Page = page.OriginalString } }
            : read;

    private static IResult Accepted(SiteEntry site, HttpRequest request, string? next, Guid leadId)
    {
        if (PublicSite.AllowedNext(site, request, next) is { } target) return new SeeOther(target);
        var accept = request.Headers.Accept.ToString();
        return accept.Contains("text/html", StringComparison.OrdinalIgnoreCase) && !accept.Contains("application/json", StringComparison.OrdinalIgnoreCase)
            ? TypedResults.Text(Thanks, "text/html; charset=utf-8", statusCode: StatusCodes.Status202Accepted)
            : new JsonText(202, BatchPlanner.Answer(new IngestResult.Stored(leadId)), "application/json");
    }

    private const string Thanks = """
        <!doctype html><html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Заявка принята</title>
        <body><p>Спасибо, заявка принята.</p></body></html>
        """;

    private sealed class SeeOther(string location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = location;
            return Task.CompletedTask;
        }
    }
}
