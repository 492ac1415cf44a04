using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using LeadIngest.Api.Http;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Senders.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api.Senders.Forms;

/// <summary>
/// The way of a builder's webhook, beside <see cref="Intake"/> because a machine is not a person: it never mends its body, so that what cannot be
/// read is kept and answered well; it comes again with what it has sent already, so that its own id of an enquiry makes one lead of all tries.
/// </summary>
internal sealed partial class BuilderIntake(PublicSite door, ServerLimits limits, Intake intake, Writer writer, SenderDirectory senders, SenderSightings sightings, IngestMetrics metrics,
    TimeProvider clock, IOptions<IngestOptions> options, ILogger<BuilderIntake> log)
{
    /// <summary>The same bytes within it, and until the end of the next one, are one lead where the builder has no id; later they are another enquiry.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>Signs of a macro that nobody has filled in.</summary>
    private static readonly SearchValues<char> Unfilled = SearchValues.Create("{}[]<>%");

    private const string ByContent = "content:";

    /// <summary>Longer ids are kept as their hash.</summary>
    private const int LongestId = 200;

    public async Task<IResult> TakeAsync(string siteKey, string builderName, HttpContext context)
    {
        if (FormBuilders.Find(builderName) is not { } builder)
        {
            metrics.Count("forms/unknown", "refused", "unknown_builder");
            return Problems.Of(404, "unknown-builder", "Unknown form builder", $"Known are: {string.Join(", ", FormBuilders.All.Select(b => b.Name))}.");
        }
        var started = Stopwatch.GetTimestamp();
        var route = RouteOf(builder);
        var (site, refusal) = await door.FindAsync(siteKey, route, context, server: true);
        if (site is null) return refusal!;
        if (limits.Take(site, context) is { } limit)
        {
            metrics.Count(route, "refused", "rate_" + limit);
            return Problems.Of(429, "too-many-requests", "Too many requests", "Come again after the seconds in Retry-After.");
        }
        var body = await PostedBody.ReadAsync(context.Request, options.Value.MaxBodyBytes, context.RequestAborted);
        if (body.Problem is { } problem)
        {
            metrics.Count(route, "refused", problem.Type);
            return Problems.Of(problem.Status, problem.Type, "The body cannot be taken", problem.Detail);
        }
        Sender? sender;
        try
        {
            sender = await senders.FindFormAsync(site.ProjectId, site.SiteId, builder.Name, context.RequestAborted)
                .WaitAsync(TimeSpan.FromMilliseconds(options.Value.DatabaseTimeoutMs), context.RequestAborted);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return door.Unavailable(context, route, "database_away");
        }
        catch (CryptographicException)
        {
            // Without the secret nobody can prove himself, and nobody may get in unproved.
            return door.Unavailable(context, route, "credentials_unreadable");
        }

        var request = Request(site, sender, context.Request, body.Bytes);
        if (sender is not null && !builder.IsProven(request)) return Forbidden(route);
        var now = clock.GetUtcNow();
        var (reading, lead) = Read(builder, request);
        switch (reading)
        {
            case FormReading.Reply reply:
                metrics.Count(route, "refused", "check");
                sightings.Note(sender, isTest: true);
                return TypedResults.Text(reply.Text, reply.ContentType);
            case FormReading.Nothing nothing:
                metrics.Count(route, "refused", nothing.Why);
                sightings.Note(sender, nothing.IsTest);
                return builder.Answer(null);
            case FormReading.Refused { Status: 401 }:
                return Forbidden(route);
            case FormReading.Refused refused:
                metrics.Count(route, "refused", "check_failed");
                return Problems.Of(refused.Status, "check-failed", "The check cannot be answered", refused.Why);
            case FormReading.Enquiry enquiry:
                sightings.Note(sender, enquiry.Draft.IsTest);
                return await StoreAsync(builder, request, context, lead, enquiry.Id, new(null, null), now, started);
            case FormReading.Unreadable bad:
                sightings.Note(sender);
                return await StoreAsync(builder, request, context, null, bad.Id, new(null, new() { [bad.Field] = [bad.Error] }, 200, bad.Reason), now, started);
            default:
                throw new UnreachableException();
        }
    }

    public static string RouteOf(IFormBuilder builder) => "forms/" + builder.Name;

    /// <summary>What the adapter makes of a request; a fault of the adapter costs no lead.</summary>
    /// <returns>The lead beside the reading, when it is an enquiry.</returns>
    public (FormReading Reading, PostedLead? Lead) Read(IFormBuilder builder, FormRequest request)
    {
        try
        {
            // A look at the address: builders do it, and so do people.
            if (request.RawBody.Length == 0 && request.Body.Pairs.Count == 0) return (new FormReading.Nothing("empty", IsTest: true), null);
            if (request.Body.Problem is { } problem) return (new FormReading.Unreadable("unreadable_body", "body", problem), null);
            var reading = builder.Read(request);
            return (reading, (reading as FormReading.Enquiry)?.Draft.ToLead(request));
        }
        catch (Exception e)
        {
            LogFailed(e.GetType().Name, builder.Name, e.StackTrace);
            return (new FormReading.Unreadable("adapter_failed", "body", "This body could not be read. Mend it and replay it."), null);
        }
    }

    private static FormRequest Request(SiteEntry site, Sender? sender, HttpRequest http, byte[] body)
    {
        var query = http.QueryString.Value?.TrimStart('?') ?? "";
        // The query is all that a GET brings: it is its body, for a reject keeps bodies.
        var isGet = body.Length == 0 && query.Length > 0;
        return new FormRequest
        {
            Site = site,
            Sender = sender,
            Method = http.Method,
            ContentType = isGet ? "application/x-www-form-urlencoded" : http.ContentType,
            Headers = http.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Query = isGet ? "" : query,
            RawBody = isGet ? Encoding.UTF8.GetBytes(query) : body,
            Body = isGet ? WebhookBody.Read(null, Encoding.UTF8.GetBytes(query)) : WebhookBody.Read(http.ContentType, body, query),
            FieldMap = FormRequest.MapOf(site, sender),
        };
    }

    private ProblemHttpResult Forbidden(string route)
    {
        metrics.Count(route, "refused", "forbidden");
        return Problems.Of(401, "wrong-secret", "Wrong secret", "The secret or the signature is missing or wrong.");
    }

    private async Task<IResult> StoreAsync(IFormBuilder builder, FormRequest request, HttpContext context, PostedLead? lead, string? id, ReadResult result, DateTimeOffset now,
        long started)
    {
        var route = RouteOf(builder);
        if (lead is not null && !LeadNormalising.HasContact(lead) && !lead.LooksLikeSpam)
            (lead, result) = (null, ReadResult.NoContact with { Status = 200 });
        var key = Claim(route, request, id, now);
        var item = await ItemAsync();
        var written = await writer.WriteAsync(item, context.RequestAborted);
        if (written is IngestResult.KeyReused)
        {
            // A header that is the same in every post says nothing of this one: by its content, then.
            key = ContentClaim(route, request, now);
            item = await ItemAsync();
            written = await writer.WriteAsync(item, context.RequestAborted);
        }
        if (written is IngestResult.Poisoned poisoned)
        {
            (lead, result) = (null, new(null, new() { ["body"] = [$"The database refuses these values (SQLSTATE {poisoned.SqlState})."] }, 200, "not_storable"));
            item = await ItemAsync();
            written = await writer.WriteAsync(item, context.RequestAborted);
        }
        metrics.Took(Stopwatch.GetElapsedTime(started));
        switch (written)
        {
            case IngestResult.Stored stored when item is LeadItem:
                metrics.Count(route, "stored");
                return builder.Answer(stored.Id);
            case IngestResult.Stored:
                metrics.Count(route, "rejected", result.Reason);
                return builder.Answer(null);
            case IngestResult.Seen seen:
                metrics.Count(route, "refused", "seen_before");
                return builder.Answer(seen.Status == 202 ? Guid.Parse(seen.Answer.AsSpan(11, 36)) : null);
            default:
                return door.Unavailable(context, route, written is null ? "busy" : "database_away");
        }

        // The address that posts is the builder's, not the visitor's: it proves no consent.
        async ValueTask<IngestItem> ItemAsync() => lead is not null
            ? await intake.ItemAsync(lead, request.Site, default, now, new() { Idempotency = key }, context.RequestAborted)
            : Intake.Reject(request.Site, route, context, Blank(request.RawBody), result, now, IsByContent(key) ? null : key,
                request.Query.Length == 0 ? null : Encoding.UTF8.GetString(Blank(Encoding.UTF8.GetBytes(request.Query))), request.Sender?.Secrets.Key);

        // A builder's key is a name, and no secret itself.
        byte[] Blank(byte[] text) => SecretBlanks.Blank(text, (request.Sender?.Secrets ?? new()) with { Key = null }, request.Sender?.Secrets.Key);
    }

    /// <summary>By the builder's own id, else by the caller's header, else by the content. The hash is over the id alone: a retry may carry another time.</summary>
    private static IdempotencyClaim Claim(string route, FormRequest request, string? id, DateTimeOffset now)
    {
        if (UsableId(id) is { } own) return new(route, own, SHA256.HashData(Encoding.UTF8.GetBytes(own)));
        return request.Headers.TryGetValue("Idempotency-Key", out var header) && header.Length is > 0 and <= 255 && !header.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? new(route, "header:" + header, SHA256.HashData(request.RawBody))
            : ContentClaim(route, request, now);
    }

    private static IdempotencyClaim ContentClaim(string route, FormRequest request, DateTimeOffset now)
    {
        var hash = SHA256.HashData([.. request.RawBody, 0, .. Encoding.UTF8.GetBytes(request.Query)]);
        var (content, window) = (ByContent + Convert.ToHexStringLower(hash), now.Ticks / Window.Ticks);
        // A retry may come just after the end of the window that its first try fell into.
        return new(route, $"{content}:{window}", hash, $"{content}:{window - 1}");
    }

    /// <summary>
    /// No reject is claimed by its content: the owner who has mended the map and sends the same trial once more must see a lead.
    /// </summary>
    private static bool IsByContent(IdempotencyClaim key) => key.Key.StartsWith(ByContent, StringComparison.Ordinal);

    /// <summary>An id that was not filled in is the same for everybody, and would make one lead of many.</summary>
    private static string? UsableId(string? id)
    {
        var text = id?.Trim();
        if (string.IsNullOrEmpty(text) || text.Trim('0', ':', '/', '-').Length == 0 || text.AsSpan().ContainsAny(Unfilled) || WordsForNothing.IsNothing(text)) return null;
        return text.Length <= LongestId && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? "id:" + text : "id:sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    [LoggerMessage(31, LogLevel.Error, "{Exception} in the adapter of {Builder}; the body is kept as a reject. {StackTrace}")]
    private partial void LogFailed(string exception, string builder, string? stackTrace);
}
