using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using LeadIngest.Api.Http;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Calls;
using LeadIngest.Api.Senders.Webhooks;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Calls;

/// <summary>
/// The way of a call webhook from its bytes to its answer: gate, sender, body, the provider's reading, commit. It is answered after the commit and before
/// any processing.
/// </summary>
internal sealed partial class CallIntake(DatabaseGate gate, TokenGuard guard, SiteDirectory sites, Writer writer, CallStore store, SenderSightings sightings, CallMetrics metrics, TimeProvider clock,
    IOptions<IngestOptions> options, IOptions<PublicAddress> address, ILogger<CallIntake> log)
{
    private static readonly TimeSpan FindTimeout = TimeSpan.FromMilliseconds(1500);

    public async Task<IResult> TakeAsync(string providerName, string token, string? rest, HttpContext context)
    {
        var http = context.Request;
        if (CallProviders.Find(providerName) is not { } provider)
        {
            metrics.Webhook("unknown", "refused");
            return Problems.Of(404, "unknown-provider", "Unknown provider", $"Known are: {string.Join(", ", CallProviders.Names)}.");
        }
        if (!gate.IsOpen) return Unavailable(context, provider.Name);
        Sender? sender;
        try
        {
            (sender, var refused) = await guard.FindAsync(provider.Name, token, context.Connection.RemoteIpAddress, context.RequestAborted).WaitAsync(FindTimeout, context.RequestAborted);
            if (sender is null) metrics.UnknownToken(asked: !refused);
            if (refused)
            {
                metrics.Webhook(provider.Name, "refused");
                context.Response.Headers.RetryAfter = "60";
                return Problems.Of(429, "too-many-requests", "Too many requests", "Too many unknown tokens from this address. Come again after the seconds in Retry-After.");
            }
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
        {
            gate.Close($"{e.GetType().Name}: {e.Message}");
            return Unavailable(context, provider.Name);
        }
        catch (CryptographicException)
        {
            // Without the secret nobody can prove himself: until the keys are restored it is to be sent again.
            return Unavailable(context, provider.Name);
        }
        if (sender is null)
        {
            metrics.Webhook(provider.Name, "refused");
            return Problems.Of(401, "unknown-token", "Unknown token", "The address belongs to no active sender of this provider.");
        }
        var body = await PostedBody.ReadAsync(http, options.Value.MaxBodyBytes, context.RequestAborted);
        if (body.Problem is { } problem)
        {
            metrics.Webhook(provider.Name, "refused");
            return Problems.Of(problem.Status, problem.Type, "The body cannot be taken", problem.Detail);
        }
        var request = new CallRequest
        {
            Sender = sender,
            Method = http.Method,
            Address = $"{address.Value.For(http)}{http.Path.ToUriComponent()}{http.QueryString.ToUriComponent()}",
            Rest = rest?.Trim('/') ?? "",
            Query = http.QueryString.Value ?? "",
            ContentType = http.ContentType,
            Headers = http.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Body = body.Bytes,
            ReceivedAt = clock.GetUtcNow(),
        };
        return await AnswerAsync(provider, request, context);
    }

    /// <summary>What the provider's adapter makes of a webhook; an adapter that stumbles has met something unreadable.</summary>
    public CallReading Read(ICallProvider provider, CallRequest request)
    {
        try
        {
            var read = provider.Read(request);
            return read is CallReading.Events events && events.List.Any(e => string.IsNullOrWhiteSpace(e.ExternalId))
                ? new CallReading.Unreadable(new Dictionary<string, string[]> { ["id"] = ["No call id."] }) : read;
        }
        catch (Exception e)
        {
            // The message may quote the call; the type and the place are enough.
            LogStumbled(provider.Name, e.GetType().Name, e.StackTrace?.Split('\n')[0].Trim() ?? "");
            return new CallReading.Unreadable(new Dictionary<string, string[]> { ["body"] = [$"The adapter of {provider.Name} cannot read it ({e.GetType().Name})."] });
        }
    }

    private async Task<IResult> AnswerAsync(ICallProvider provider, CallRequest request, HttpContext context)
    {
        var read = Read(provider, request);
        sightings.Note(request.Sender, read is CallReading.Nothing { IsTest: true });
        switch (read)
        {
            case CallReading.Answer answer:
                metrics.Webhook(provider.Name, "answered");
                return TypedResults.Text(answer.Text, answer.ContentType);
            case CallReading.Nothing nothing:
                metrics.Webhook(provider.Name, nothing.IsTest ? "test" : "nothing");
                return TypedResults.Ok();
            case CallReading.Forbidden forbidden:
                metrics.Webhook(provider.Name, "forbidden");
                return await RejectAsync(provider, request, context, "forbidden", new Dictionary<string, string[]> { ["signature"] = [forbidden.Why] })
                    ?? Problems.Of(401, "forbidden", "Not proved", forbidden.Why);
            case CallReading.Unreadable unreadable:
                metrics.Webhook(provider.Name, "rejected");
                return await RejectAsync(provider, request, context, "unreadable", unreadable.Errors) ?? TypedResults.Ok();
            case CallReading.Events events:
                var stored = await store.StoreAsync(request, events);
                if (stored == CallStored.Unavailable) return Unavailable(context, provider.Name);
                metrics.Webhook(provider.Name, stored switch { CallStored.Stored => "stored", CallStored.SeenBefore => "repeated", _ => "rejected" });
                return stored != CallStored.NotStorable ? TypedResults.Ok()
                    : await RejectAsync(provider, request, context, "not_storable", new Dictionary<string, string[]> { ["body"] = ["The database refuses these values."] }) ?? TypedResults.Ok();
            case var other:
                throw new InvalidOperationException($"Unknown reading {other.GetType().Name}.");
        }
    }

    /// <summary>Keeps it whole, without secrets.</summary>
    /// <returns>Null when it is stored; else the answer that asks to come again.</returns>
    private async Task<IResult?> RejectAsync(ICallProvider provider, CallRequest request, HttpContext context, string reason, IReadOnlyDictionary<string, string[]> errors)
    {
        try
        {
            if (await sites.FindAsync(request.Sender.SiteKey, CancellationToken.None) is { } site
                && await writer.WriteAsync(Reject(provider, request, context.Connection.RemoteIpAddress, site, reason, errors), CancellationToken.None) is IngestResult.Stored)
                return null;
        }
        catch (Npgsql.NpgsqlException e)
        {
            gate.Close($"{e.GetType().Name}: {e.Message}");
        }
        return Unavailable(context, provider.Name);
    }

    private static RejectItem Reject(ICallProvider provider, CallRequest request, IPAddress? ip, SiteEntry site, string reason, IReadOnlyDictionary<string, string[]> errors)
    {
        var headers = SecretBlanks.Headers(request.Headers, request.Sender.Secrets);
        foreach (var (name, value) in KeptRequest.Marks(request)) headers[name] = value;
        return new RejectItem
        {
            Site = site,
            ReceivedAt = request.ReceivedAt,
            Route = "calls/" + provider.Name,
            Reason = reason,
            ErrorsJson = JsonSerializer.Serialize(errors),
            ContentType = request.ContentType is { } type ? Core.Identities.Text.CleanLine(type, 300) : null,
            HeadersJson = JsonSerializer.Serialize(headers),
            Ip = ip,
            Body = SecretBlanks.Blank(request.Body.Span, request.Sender.Secrets),
            Status = 200,
            Answer = "",
        };
    }

    private Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Unavailable(HttpContext context, string provider)
    {
        metrics.Webhook(provider, "refused");
        context.Response.Headers.RetryAfter = Random.Shared.Next(2, 6).ToString(CultureInfo.InvariantCulture);
        return Problems.Of(503, "come-again", "Not now", "The call was not stored. Send it again after the seconds in Retry-After.");
    }

    [LoggerMessage(1, LogLevel.Error, "the adapter of {Provider} stumbled: {Exception} {Place}")]
    private partial void LogStumbled(string provider, string exception, string place);
}
