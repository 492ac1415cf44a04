using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Faults;
using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>Bitrix24's door: the secret in the path, the limits, then the table of methods.</summary>
internal sealed partial class Bitrix24Crm(EmulatorOptions options, FaultBoard faults, HookSender hooks, TimeProvider clock) : ICrm
{
    private readonly HashSet<string> _secrets = [.. options.Bitrix24.Secrets.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    private readonly HashSet<string> _applicationTokens = [.. options.Bitrix24.ApplicationTokens.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    private readonly Bucket _bucket = new(options.Bitrix24);
    private readonly OperatingTime _operating = new(options.Bitrix24);

    public Portal Portal { get; } = new(options.Bitrix24, clock, () => faults.SearchLag("bitrix24"), hooks);

    public string Name => "bitrix24";

    public Answer Handle(Call call)
    {
        try
        {
            var parameters = ReadParameters(call);
            var (method, isApplication) = Authorize(call, parameters);
            lock (Portal.Gate)
            {
                if (faults.RateLimits(Name) && !_bucket.TryTake(call.ClientIp, clock.GetUtcNow()))
                    throw new RestException(503, "QUERY_LIMIT_EXCEEDED", "Too many requests");
                if (method != "batch")
                {
                    var (reply, timing) = RunTimed(method, parameters, isApplication);
                    return Envelope.Success(reply, timing);
                }
                // A batch as such costs nothing of the operating time; its commands do.
                var start = clock.GetUtcNow();
                return Envelope.Success(new BatchCall(this, isApplication).Run(parameters), new Timing(start, clock.GetUtcNow(), 0, start.ToUnixTimeSeconds() + 600));
            }
        }
        catch (RestException e)
        {
            return e.ToAnswer();
        }
    }

    /// <exception cref="RestException">Refused, by the limit or by the method.</exception>
    public (Reply, Timing) RunTimed(string method, JsonObject parameters, bool isApplication)
    {
        var start = clock.GetUtcNow();
        if (_operating.IsBlocked(method, start))
            throw new RestException(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.");
        var reply = Methods.Call(Portal, method, parameters, isApplication);
        var (operating, resetAt) = _operating.Charge(method, start);
        return (reply, new Timing(start, clock.GetUtcNow(), operating, resetAt));
    }

    /// <summary>Without the suffix, without a trailing slash, in lower case.</summary>
    public static string MethodName(string text)
    {
        var name = text.Trim().TrimEnd('/').ToLowerInvariant();
        return name.EndsWith(".json", StringComparison.Ordinal) ? name[..^5] : name;
    }

    public Answer Malformed(string why) => new RestException(400, "INVALID_REQUEST", why).ToAnswer();

    public Answer Failure(int status) => (status switch
    {
        401 => new RestException(401, "expired_token", "The access token provided has expired"),
        402 => new RestException(402, "PAYMENT_REQUIRED", "Payment required"),
        403 => new RestException(403, "ACCESS_DENIED", "REST is available only on commercial plans"),
        429 => new RestException(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit."),
        // Not the limit's 503: that one promises that nothing was done.
        _ => new RestException(status, "INTERNAL_SERVER_ERROR", "Internal server error"),
    }).ToAnswer();

    public string Mask(string path)
    {
        var parts = path.Split('/');
        var at = Array.IndexOf(parts, "rest");
        if (at >= 0 && parts.Length > at + 2)
            parts[at + 2] = "***";
        return string.Join('/', parts);
    }

    public void Clear()
    {
        Portal.Clear();
        lock (Portal.Gate)
        {
            _bucket.Reset();
            _operating.Reset();
        }
    }

    /// <summary>A webhook by its path, or an application by the parameter <c>auth</c>: <c>/rest/{method}</c>.</summary>
    private (string Method, bool IsApplication) Authorize(Call call, JsonObject parameters)
    {
        var parts = call.Path.TrimEnd('/').Split('/');
        if (parts[0] != "rest" || parts.Length < 2)
            throw new RestException(404, "ERROR_METHOD_NOT_FOUND", "Method not found!");
        if (parts.Length == 2 && Json.Text(parameters["auth"]) is { Length: > 0 } token)
        {
            parameters.Remove("auth");
            if (!_applicationTokens.Contains(token))
                throw new RestException(401, "invalid_token", "Unable to get application by token");
            if (call.TokensExpiredAt is not null)
                throw new RestException(401, "expired_token", "The access token provided has expired");
            return (MethodName(parts[1]), true);
        }
        if (parts.Length < 4)
            throw new RestException(401, "NO_AUTH_FOUND", "Wrong authorization data");
        if (!int.TryParse(parts[1], out var user) || user != options.Bitrix24.User || !_secrets.Contains(parts[2]))
            throw new RestException(401, "INVALID_CREDENTIALS", "Invalid request credentials");
        if (call.TokensExpiredAt is not null)
            throw new RestException(401, "expired_token", "The access token provided has expired");
        return (MethodName(parts[3]), false);
    }

    private static JsonObject ReadParameters(Call call)
    {
        var parameters = call.Query;
        // A body on GET is not read.
        if (call.Method == "GET" || call.Body.IsEmpty)
            return parameters;
        var isForm = call.ContentType?.Contains("urlencoded", StringComparison.OrdinalIgnoreCase) ?? false;
        JsonObject? body;
        if (isForm)
            body = BracketForm.Parse(Encoding.UTF8.GetString(call.Body.Span));
        else
            body = call.ReadJson() switch { JsonObject map => map, JsonArray { Count: 0 } => [], _ => throw new JsonException("not an object") };
        foreach (var (key, value) in body.ToList())
        {
            body.Remove(key);
            parameters[key] = value;
        }
        return parameters;
    }
}
