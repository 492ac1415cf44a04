using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LeadIngest.Api.Features.Leads;
using LeadIngest.Api.Http;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Visits;
using LeadIngest.Core.Junk;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Visits;

/// <summary>Takes a beacon of the tracker and answers with the visit's ids and the phone numbers to show. Messages may come twice, late or out of order.</summary>
internal sealed class AcceptVisit : IEndpoint
{
    /// <summary>The body, for the API's description; it is read by <see cref="PostedVisit"/>: every member is optional, and what has the wrong form is passed over.</summary>
    /// <param name="Event"><c>start</c>, <c>page</c>, <c>beat</c> or <c>leave</c>.</param>
    /// <param name="VisitorId">First-party id of the browser, a UUID; made here when absent.</param>
    /// <param name="VisitId">Id of the visit, a UUID; made here when absent.</param>
    /// <param name="Page">Address of the page.</param>
    /// <param name="Referrer">What the page saw as its referrer.</param>
    /// <param name="LandingPage">Address of the visit's first page: the passport is written from it.</param>
    /// <param name="LandingReferrer">Referrer of the visit's first page.</param>
    /// <param name="StartedAt">When the visit began.</param>
    /// <param name="Seconds">Seconds with the page in sight so far.</param>
    /// <param name="Pages">Views so far, 50 at most: path and unix seconds of each.</param>
    /// <param name="PageViews">Number of views so far.</param>
    /// <param name="ClientIds">Ids of analytics: <c>ym</c>, <c>ga</c>.</param>
    /// <param name="WantsNumbers">The page shows numbers that are to be replaced.</param>
    /// <param name="Consent"><c>essential</c>: no address and no analytics ids are kept; <c>full</c>.</param>
    public sealed record Request(string? Event, Guid? VisitorId, Guid? VisitId, string? Page, string? Referrer, string? LandingPage, string? LandingReferrer,
        DateTimeOffset? StartedAt, int? Seconds, object[][]? Pages, int? PageViews, Dictionary<string, string>? ClientIds, bool? WantsNumbers, string? Consent);

    /// <param name="VisitorId">To be sent with the next message.</param>
    /// <param name="VisitId">To be sent with the next message; differs from the posted one when that belongs to another visitor.</param>
    /// <param name="Numbers">What to show instead of what; empty when there is nothing to replace.</param>
    /// <param name="HoldSeconds">The numbers are this visit's for so long after its last message.</param>
    public sealed record Response(Guid VisitorId, Guid VisitId, IReadOnlyList<Replacement> Numbers, int HoldSeconds);

    /// <param name="Replace">The site's own number, E.164.</param>
    /// <param name="Number">The number to show, E.164.</param>
    public sealed record Replacement(string Replace, string Number);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/visits", (Delegate)HandleAsync).AllowAnonymous()
            .Accepts<Request>("application/json", "text/plain", MediaTypes.Any)
            .Produces<Response>()
            .ProducesValidationProblem().ProducesPublicProblems();

    internal static async Task<IResult> HandleAsync(string siteKey, HttpContext context, PublicSite door, VisitLimits limits, VisitWriter writer,
        IngestMetrics metrics, IOptions<VisitOptions> options, TimeProvider clock)
    {
        const string Route = "visits";
        var (site, refusal) = await door.EnterAsync(siteKey, Route, context, limits);
        if (site is null) return refusal!;
        if (!IsJson(context.Request.ContentType)) return Refuse(415, "content-type", "Send application/json or text/plain.", "content_type");
        var body = await PostedBody.ReadAsync(context.Request, options.Value.MaxBodyBytes, context.RequestAborted);
        if (body.Problem is { } problem) return Refuse(problem.Status, problem.Type, problem.Detail, problem.Type);
        if (PostedVisit.Read(body.Bytes, out var error) is not { } posted)
        {
            metrics.Count(Route, "refused", "invalid_input");
            return Problems.Invalid("body", error);
        }
        var agent = context.Request.Headers.UserAgent.ToString();
        var facts = VisitReading.Facts(posted, site, new(context.Connection.RemoteIpAddress, agent), clock.GetUtcNow(), Bots.KindOf(agent) == AgentKind.Crawler);
        switch (await writer.WriteAsync(new VisitItem(facts), context.RequestAborted))
        {
            case VisitResult.Stored stored:
                metrics.Count(Route, "stored");
                return new JsonText(200, Answer(stored, site), "application/json");
            case VisitResult.Poisoned poisoned:
                return Refuse(422, "not-storable", $"The database refuses these values (SQLSTATE {poisoned.SqlState}).", "not_storable");
            case null:
                return door.Unavailable(context, Route, "busy");
            default:
                return door.Unavailable(context, Route, "database_away");
        }

        IResult Refuse(int status, string type, string detail, string reason)
        {
            metrics.Count(Route, "refused", reason);
            return Problems.Of(status, type, "The beacon cannot be taken", detail);
        }
    }

    private static bool IsJson(string? contentType)
    {
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        if (end >= 0) type = type[..end];
        type = type.Trim();
        return type.IsEmpty || type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Equals("text/plain", StringComparison.OrdinalIgnoreCase);
    }

    private static string Answer(VisitResult.Stored stored, SiteEntry site)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            json.WriteString("visitorId"u8, stored.VisitorId);
            json.WriteString("visitId"u8, stored.VisitId);
            json.WriteStartArray("numbers"u8);
            foreach (var replaced in site.ReplacedNumbers)
            {
                if (!stored.Numbers.TryGetValue(replaced.Region, out var number) || number == replaced.Number) continue;
                json.WriteStartObject();
                json.WriteString("replace"u8, replaced.Number);
                json.WriteString("number"u8, number);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteNumber("holdSeconds"u8, (int)site.NumberHold.TotalSeconds);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // The plus of a phone stays readable.
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
