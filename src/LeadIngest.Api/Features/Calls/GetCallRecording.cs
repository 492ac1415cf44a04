using System.Buffers;
using System.Net.Http.Headers;
using LeadIngest.Api.Calls;
using LeadIngest.Api.Calls.Recordings;
using LeadIngest.Api.Data;
using LeadIngest.Api.Demo;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Http.Masks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Calls;

/// <summary>Plays the recording of a call: passes on what the provider keeps, where the operator listed its host.</summary>
/// <remarks>
/// 404 <c>no-recording</c>: the call has none; 404 <c>recording-host</c>: its address is not one that may be fetched, <c>detail</c> says why; 502 <c>recording-unavailable</c>: the provider does not
/// give it. Sound only, 50 MB at most; <c>Range</c> is passed on.
/// </remarks>
internal sealed class GetCallRecording : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes)
    {
        var route = routes.MapGet("/{id:guid}/recording", (Delegate)HandleAsync).Produces(StatusCodes.Status200OK, contentType: "audio/mpeg").ForThoseWhoSeeContacts().Needs(Right.Leads);
        foreach (var status in (int[])[404, 416, 429, 502]) route.ProducesProblem(status);
        return route;
    }

    internal static async Task<IResult> HandleAsync(Guid id, Caller caller, HttpContext context, Database db, RecordingHttp http, IOptions<CallsOptions> calls, IOptions<DemoOptions> demo, CancellationToken ct)
    {
        CallAnswerRow? call;
        await using (var connection = await db.Reading.OpenConnectionAsync(ct)) call = await GetCall.FindAsync(connection, caller, id, ct);
        if (call is null) return Problems.NotFound("call");
        if (call.RecordingUrl is not { Length: > 0 } url) return Problems.Of(404, "no-recording", "No recording", "The provider gave no address of a recording of this call.");
        if (RecordingHosts.Refusal(url, calls.Value.RecordingHosts, demo.Value.Enabled, out var address) is { } why) return Problems.Of(404, "recording-host", "Not fetched", why);
        if (!await http.Places.WaitAsync(TimeSpan.Zero, ct))
        {
            context.Response.Headers.RetryAfter = "5";
            return Problems.Of(429, "too-many-recordings", "Too many recordings", "As many recordings are being listened to as may be at one time. Try again in a moment.");
        }
        try
        {
            return await FetchAsync(address!, context, http, ct);
        }
        finally
        {
            http.Places.Release();
        }
    }

    private static async Task<IResult> FetchAsync(Uri address, HttpContext context, RecordingHttp http, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(RecordingHttp.Patience);
        HttpResponseMessage answer;
        try
        {
            answer = await http.AskAsync(address, OneRange(context.Request.Headers.Range), patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // What the network said could tell a caller what is behind the firewall.
            return Unavailable("The provider's host does not answer.");
        }
        using (answer)
        {
            var content = answer.Content.Headers;
            if ((int)answer.StatusCode == 416) return Problems.Of(416, "range", "No such range", "The recording is shorter.");
            if ((int)answer.StatusCode is not (200 or 206)) return Unavailable($"The provider answered HTTP {(int)answer.StatusCode}.");
            if (content.ContentType?.MediaType is not { } type || !type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase)) return Unavailable("What the provider sent is no sound.");
            if (content.ContentLength > RecordingHttp.MostBytes) return Unavailable("The recording is longer than 50 MB.");
            var response = context.Response;
            response.StatusCode = (int)answer.StatusCode;
            response.ContentType = type;
            response.ContentLength = content.ContentLength;
            if (content.ContentRange is { } range) response.Headers.ContentRange = range.ToString();
            if (answer.Headers.AcceptRanges.Contains("bytes") || answer.StatusCode == System.Net.HttpStatusCode.PartialContent) response.Headers.AcceptRanges = "bytes";
            response.Headers.ContentDisposition = "inline";
            await PassOnAsync(answer, context, patience, ct);
            return Results.Empty;
        }
    }

    private static async Task PassOnAsync(HttpResponseMessage answer, HttpContext context, CancellationTokenSource patience, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            await using var sound = await answer.Content.ReadAsStreamAsync(patience.Token);
            long passed = 0;
            while (true)
            {
                patience.CancelAfter(RecordingHttp.Patience);
                var read = await sound.ReadAsync(buffer, patience.Token);
                if (read == 0) return;
                if ((passed += read) > RecordingHttp.MostBytes) break;
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), patience.Token);
            }
            // It said another length, or none. What was sent must not look whole.
            context.Abort();
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            context.Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>Null unless one range of bytes is asked for, as players do.</returns>
    private static RangeHeaderValue? OneRange(string? header) => RangeHeaderValue.TryParse(header, out var range) && range is { Unit: "bytes", Ranges.Count: 1 } ? range : null;

    private static ProblemHttpResult Unavailable(string why) => Problems.Of(502, "recording-unavailable", "The recording cannot be had", why);
}
