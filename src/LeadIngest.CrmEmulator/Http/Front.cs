using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using LeadIngest.CrmEmulator.Faults;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Http;

/// <summary>Takes a request in, lets faults have their way before and after the work, logs it, sends the answer.</summary>
internal sealed partial class Front(ICrm crm, FaultBoard faults, RequestLog log, TimeProvider clock, ILogger<Front> logger)
{
    private const int ClientGone = 499;

    public async Task RunAsync(HttpContext http, string host)
    {
        var at = clock.GetUtcNow();
        var (status, logged) = (0, false);
        void Log(int answered)
        {
            if (logged)
                return;
            logged = true;
            log.Add(host, http.Request.Method, crm.Mask(http.Request.PathBase + http.Request.Path), MaskQuery(http.Request.QueryString.Value ?? ""), answered, at);
        }

        try
        {
            status = await AnswerAsync(http, host, Log);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or BadHttpRequestException)
        {
            // The caller gave up, or never sent what it announced.
            status = ClientGone;
            http.Abort();
        }
        finally
        {
            Log(status);
        }
    }

    /// <summary>The query as it may be shown, without credentials.</summary>
    private static string MaskQuery(string query) => query.Length == 0 ? query : Credential().Replace(query, "$1=***");

    [GeneratedRegex("(?<=[?&])(auth|code|client_secret|refresh_token)=[^&]*", RegexOptions.IgnoreCase)]
    private static partial Regex Credential();

    /// <param name="http">The request.</param>
    /// <param name="host">The account.</param>
    /// <param name="answering">Told the status before it is sent: whoever has the answer finds the call in the log.</param>
    /// <returns>The status that was sent, 0 when the connection was dropped.</returns>
    private async Task<int> AnswerAsync(HttpContext http, string host, Action<int> answering)
    {
        var verdict = faults.Roll(crm.Name, host, http.Request);
        if (verdict.DelayMs > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(verdict.DelayMs), clock, http.RequestAborted);
        if (verdict.Before is { } before)
            return await SpoilAsync(http, before, null);
        var answer = Work(await ReadAsync(http, host, verdict));
        if (verdict.After is { } after)
            return await SpoilAsync(http, after, answer);
        answering(answer.Status);
        await SendAsync(http, answer);
        return answer.Status;
    }

    private Answer Work(Call call)
    {
        try
        {
            return crm.Handle(call);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            // Text that is no JSON, or strings that are no text (lone surrogates): the caller's fault. Anything but bad JSON is
            // written down, since a slip of the emulator's own would look the same from outside.
            if (e is not JsonException)
                logger.LogWarning(e, "Answered as malformed");
            return crm.Malformed("Syntax error");
        }
    }

    /// <param name="done">The answer to work that was done, or null.</param>
    private async Task<int> SpoilAsync(HttpContext http, Fault fault, Answer? done)
    {
        if (fault.Kind is FaultKinds.Hang or FaultKinds.Late)
            await Task.Delay(TimeSpan.FromMilliseconds(fault.Ms), clock, http.RequestAborted);
        if (FaultBoard.AnswerOf(fault, crm, done) is { } answer)
        {
            await SendAsync(http, answer);
            return answer.Status;
        }
        http.Abort();
        return 0;
    }

    private static async Task<Call> ReadAsync(HttpContext http, string host, Verdict verdict)
    {
        var request = http.Request;
        var path = request.Path.Value ?? "";
        return new Call
        {
            Method = request.Method,
            Host = host,
            Path = path.TrimStart('/'),
            QueryString = request.QueryString.Value ?? "",
            BaseUrl = $"{request.Scheme}://{request.Host}{request.PathBase}",
            ClientIp = http.Connection.RemoteIpAddress?.ToString() ?? "local",
            Authorization = request.Headers.Authorization,
            RefreshToken = request.Headers["X-Refresh-Token"],
            ContentType = request.ContentType,
            Body = await ReadBodyAsync(request, http.RequestAborted),
            TokensExpiredAt = verdict.TokensExpiredAt,
        };
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength == 0)
            return default;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(ct);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private async Task SendAsync(HttpContext http, Answer answer)
    {
        http.Response.StatusCode = answer.Status;
        if (crm.NamesRequests)
            http.Response.Headers["X-Request-Id"] = http.TraceIdentifier;
        if (answer.Location is { } location)
            http.Response.Headers.Location = location;
        if (answer.ContentType is { } type)
            http.Response.ContentType = type;
        if (answer.Body.IsEmpty)
            return;
        http.Response.ContentLength = answer.Body.Length;
        await http.Response.BodyWriter.WriteAsync(answer.Body, http.RequestAborted);
    }
}
