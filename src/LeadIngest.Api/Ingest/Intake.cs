using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadIngest.Api.Http;
using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Api.Visits;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Ingest;

/// <summary>What reading a body led to: a lead, or the errors by field that a person can mend.</summary>
internal readonly record struct ReadResult(PostedLead? Lead, Dictionary<string, string[]>? Errors, int Status = 400, string Reason = "invalid_input")
{
    /// <summary>Readable, but there is no way to reach the person.</summary>
    public static ReadResult NoContact { get; } =
        new(null, new() { ["phone"] = ["At least one of phone, email or another contact is required."] }, Reason: "no_contact");

    public static ReadResult Of(PostedLead? lead, Dictionary<string, string[]> errors) => lead is null ? new(null, errors) : new(lead, null);
}

/// <summary>
/// The way of a post from its bytes to its answer, the same for every format: body, idempotency key, reading, lead or Reject, commit. Nothing that
/// reached this far is dropped: what cannot be read is kept whole.
/// </summary>
internal sealed class Intake(PublicSite door, Writer writer, VisitDirectory visits, JunkJudge junk, IngestMetrics metrics, TimeProvider clock,
    IOptions<IngestOptions> options)
{
    /// <summary>A reject keeps the query of its address among the headers, under a name that no header can have.</summary>
    public const string QueryHeader = ":query";

    /// <param name="siteKey">From the address.</param>
    /// <param name="route">leads or forms.</param>
    /// <param name="context">The request.</param>
    /// <param name="read">Reads the body of this route's format.</param>
    /// <param name="accepted">Makes the answer to a stored lead; null: 202 with its id.</param>
    public async Task<IResult> TakeAsync(string siteKey, string route, HttpContext context, Func<SiteEntry, byte[], ReadResult> read,
        Func<SiteEntry, Guid, IResult>? accepted = null)
    {
        var started = Stopwatch.GetTimestamp();
        var (site, refusal) = await door.EnterAsync(siteKey, route, context);
        if (site is null) return refusal!;
        var body = await PostedBody.ReadAsync(context.Request, options.Value.MaxBodyBytes, context.RequestAborted);
        if (body.Problem is { } problem)
        {
            metrics.Count(route, "refused", problem.Type);
            return Problems.Of(problem.Status, problem.Type, "The body cannot be taken", problem.Detail);
        }
        if (!TryKey(context.Request, route, body.Bytes, out var key))
        {
            metrics.Count(route, "refused", "idempotency_key");
            return Problems.Invalid("Idempotency-Key", "Must be 1 to 255 visible ASCII characters.");
        }
        var now = clock.GetUtcNow();
        var result = read(site, body.Bytes);
        if (result.Lead is { } posted && !LeadNormalising.HasContact(posted) && !posted.LooksLikeSpam)
            result = ReadResult.NoContact;
        IngestItem item = result.Lead is { } lead
            ? await ItemAsync(lead, site, new(context.Connection.RemoteIpAddress, context.Request.Headers.UserAgent), now, new() { Idempotency = key }, context.RequestAborted)
            : Reject(site, route, context, body.Bytes, result, now, key);
        var written = await writer.WriteAsync(item, context.RequestAborted);
        if (written is IngestResult.Poisoned poisoned)
        {
            result = new(null, new() { ["body"] = [$"The database refuses these values (SQLSTATE {poisoned.SqlState})."] }, 422, "not_storable");
            item = Reject(site, route, context, body.Bytes, result, now, key);
            written = await writer.WriteAsync(item, context.RequestAborted);
        }
        metrics.Took(Stopwatch.GetElapsedTime(started));
        return Answer(context, route, item, written, site, accepted);
    }

    /// <summary>A posted lead as the writer takes it: joined to its visit, judged, normalised.</summary>
    public async ValueTask<LeadItem> ItemAsync(PostedLead lead, SiteEntry site, PostOrigin origin, DateTimeOffset receivedAt, KnownOfLead known, CancellationToken ct)
    {
        var visit = lead.VisitId is null ? null : await visits.FindAsync(site.ProjectId, lead.VisitId, ct);
        var verdict = junk.Judge(lead, site, origin, receivedAt);
        return LeadNormalising.Item(lead, site, origin, receivedAt, known with { Visit = visit?.Passport, Verdict = verdict.Status, Reasons = verdict.Reasons });
    }

    private IResult Answer(HttpContext context, string route, IngestItem item, IngestResult? written, SiteEntry site,
        Func<SiteEntry, Guid, IResult>? accepted)
    {
        switch (written)
        {
            case IngestResult.Stored stored when item is LeadItem:
                metrics.Count(route, "stored");
                return accepted?.Invoke(site, stored.Id) ?? new JsonText(202, BatchPlanner.Answer(stored), "application/json");
            case IngestResult.Stored:
                var reject = (RejectItem)item;
                metrics.Count(route, "rejected", reject.Reason);
                return new JsonText(reject.Status, RussianProblems.For(context, reject.Answer), "application/problem+json");
            case IngestResult.Seen seen:
                metrics.Count(route, "refused", "seen_before");
                if (seen.Status == 202 && accepted is not null) return accepted(site, Guid.Parse(seen.Answer.AsSpan(11, 36)));
                return seen.Status < 400 ? new JsonText(seen.Status, seen.Answer, "application/json")
                    : new JsonText(seen.Status, RussianProblems.For(context, seen.Answer), "application/problem+json");
            case IngestResult.KeyReused:
                metrics.Count(route, "refused", "idempotency_key_reused");
                return Problems.Of(422, "idempotency-key-reused", "Idempotency key reused", "This Idempotency-Key already belongs to a different body.");
            default:
                return door.Unavailable(context, route, written is null ? "busy" : "database_away");
        }
    }

    /// <param name="query">Of the address, where a replay needs it.</param>
    /// <param name="secretHeader">A further header that is not kept.</param>
    public static RejectItem Reject(SiteEntry site, string route, HttpContext context, byte[] body, ReadResult result, DateTimeOffset now, IdempotencyClaim? key,
        string? query = null, string? secretHeader = null)
    {
        var headers = context.Request.Headers.Where(h => !SecretBlanks.IsSecretHeader(h.Key, secretHeader))
            .ToDictionary(h => h.Key, h => Core.Identities.Text.CleanLine(h.Value.ToString(), 2000));
        if (query is { Length: > 0 }) headers[QueryHeader] = Core.Identities.Text.CleanLine(query, 2000);
        var errors = result.Errors ?? [];
        return new RejectItem
        {
            Site = site,
            ReceivedAt = now,
            Idempotency = key,
            Route = route,
            Reason = result.Reason,
            ErrorsJson = JsonSerializer.Serialize(errors),
            ContentType = context.Request.ContentType is { } type ? Core.Identities.Text.CleanLine(type, 300) : null,
            HeadersJson = JsonSerializer.Serialize(headers),
            Ip = context.Connection.RemoteIpAddress,
            Body = body,
            Status = result.Status,
            Answer = ProblemText(result.Status, errors),
        };
    }

    /// <summary>The problem document as text: it is stored with an Idempotency-Key and must come out the same again.</summary>
    private static string ProblemText(int status, Dictionary<string, string[]> errors) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["type"] = Problems.Type("invalid-input"),
        ["title"] = "Invalid input",
        ["status"] = status,
        ["detail"] = Problems.Joined(errors),
        ["errors"] = errors,
    }, Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static bool TryKey(HttpRequest request, string route, byte[] body, out IdempotencyClaim? claim)
    {
        claim = null;
        var header = request.Headers["Idempotency-Key"];
        if (header.Count == 0) return true;
        var key = header.ToString();
        if (key.Length is 0 or > 255 || key.AsSpan().ContainsAnyExceptInRange('!', '~')) return false;
        claim = new IdempotencyClaim(route, key, SHA256.HashData(body));
        return true;
    }
}

/// <summary>A body that is JSON text already.</summary>
internal sealed class JsonText(int status, string json, string contentType) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = Encoding.UTF8.GetByteCount(json);
        Encoding.UTF8.GetBytes(json, response.BodyWriter);
        return Task.CompletedTask;
    }
}
