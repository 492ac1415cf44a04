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
            (site, body) => FormBody.Read(context.Request.ContentType, body, site, out next),
            (site, leadId) => Accepted(site, context.Request, next, leadId));
    }

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
