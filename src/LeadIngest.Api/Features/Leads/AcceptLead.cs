using System.Net.Http.Headers;
using LeadIngest.Api.Http;
using LeadIngest.Api.Ingest;

namespace LeadIngest.Api.Features.Leads;

/// <summary>Takes a lead as JSON from a site or a program. Answers 202 once it is stored for good; the same for new, repeat, duplicate and spam.</summary>
internal sealed class AcceptLead : IEndpoint
{
    /// <summary>The body, for the API's description; it is read by <see cref="LeadJson"/>, which names each fault.</summary>
    /// <param name="Name">Name of the person.</param>
    /// <param name="Phone">Phone in any spelling; a national number is of the site's default country.</param>
    /// <param name="Email">E-mail address.</param>
    /// <param name="Contact">Another way to reach the person: a messenger's handle or link. At least one of phone, email, contact is needed.</param>
    /// <param name="Comment">What the person wrote.</param>
    /// <param name="Page">Address of the page with the form, with its tags.</param>
    /// <param name="Referrer">What the page saw as its referrer.</param>
    /// <param name="FormId">Id of the form; the same form within the duplicate window makes no second deal.</param>
    /// <param name="FormName">Name of the form for people.</param>
    /// <param name="VisitorId">First-party id of the browser.</param>
    /// <param name="VisitId">Id of the visit; its source is the lead's when the lead's own tags say nothing.</param>
    /// <param name="LandingPage">First page of the visit, for when the visit itself is not known here.</param>
    /// <param name="LandingReferrer">Referrer of that page.</param>
    /// <param name="FilledInSeconds">Seconds between the page's load and the post.</param>
    /// <param name="OccurredAt">When it happened, RFC 3339, when that was not now.</param>
    /// <param name="Consent">Consent to the processing of personal data.</param>
    /// <param name="Fields">Any other fields; tags and click ids here win over those of the page.</param>
    public sealed record Request(string? Name, string? Phone, string? Email, string? Contact, string? Comment, string? Page, string? Referrer, string? FormId,
        string? FormName, string? VisitorId, string? VisitId, string? LandingPage, string? LandingReferrer, double? FilledInSeconds, DateTimeOffset? OccurredAt, ConsentRequest? Consent, Dictionary<string, string>? Fields);

    /// <param name="Text">What was agreed to, word for word.</param>
    /// <param name="Given">Whether the box was ticked.</param>
    public sealed record ConsentRequest(string? Text, bool? Given);

    /// <param name="LeadId">The lead's id.</param>
    public sealed record Response(Guid LeadId);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/leads", (Delegate)HandleAsync).AllowAnonymous()
            .Accepts<Request>("application/json", MediaTypes.Any)
            .Produces<Response>(StatusCodes.Status202Accepted)
            .ProducesValidationProblem().ProducesPublicProblems();

    internal static Task<IResult> HandleAsync(string siteKey, HttpContext context, Intake intake) =>
        intake.TakeAsync(siteKey, "leads", context, (site, body) => FieldsAsForm.Read(Read(context.Request.ContentType, body), site));

    /// <summary>JSON in UTF-8 under any content type that does not say otherwise: <c>sendBeacon</c> sends it as text/plain.</summary>
    internal static ReadResult Read(string? contentType, byte[] body)
    {
        if (contentType is not null && !IsJson(contentType, out var problem)) return new(null, new() { ["Content-Type"] = [problem] }, 415, "content_type");
        return ReadResult.Of(LeadJson.Read(body, out var errors), errors);
    }

    private static bool IsJson(string contentType, out string problem)
    {
        problem = "";
        if (contentType is "application/json" or "application/json; charset=utf-8") return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) problem = "Not a media type.";
        else if (type.CharSet?.Trim('"').ToLowerInvariant() is { Length: > 0 } charset && charset is not ("utf-8" or "utf8" or "us-ascii"))
            problem = $"JSON is UTF-8; charset {charset} cannot be taken here.";
        else if (type.MediaType is not ("application/json" or "text/plain" or "text/json") && type.MediaType?.EndsWith("+json", StringComparison.Ordinal) != true)
            problem = "Send application/json here; urlencoded and multipart forms go to the address that ends in /forms.";
        return problem.Length == 0;
    }
}
