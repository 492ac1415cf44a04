using System.Text.Encodings.Web;
using System.Text.Json;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>Calls to a portal: a webhook's secret is in the address, an application's token in the body. Everything goes as <c>batch</c>: one HTTP request, one count in the limit, up to 50 commands.</summary>
internal sealed class Bitrix24Client(CrmPipeline pipeline, TimeProvider clock, string? applicationToken)
{
    public const int MaxCommands = 50;
    private static readonly JsonWriterOptions AsIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="commands">By key: letters and digits, not digits alone, or the answer may come as an array.</param>
    /// <param name="halt">Stops at the first command that fails.</param>
    /// <param name="isRead">No command changes anything.</param>
    /// <param name="guard">Asked before the bytes go out.</param>
    /// <param name="ct">The caller's.</param>
    /// <param name="isBackground">Leads must not wait for it: see <see cref="CrmCall.IsBackground"/>.</param>
    public async Task<Bitrix24Answers> BatchAsync(
        IReadOnlyDictionary<string, Bitrix24Command> commands, bool halt, bool isRead, ICallGuard guard, CancellationToken ct, bool isBackground = false)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(commands.Count, MaxCommands, nameof(commands));
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, AsIs))
        {
            writer.WriteStartObject();
            writer.WriteNumber("halt", halt ? 1 : 0);
            if (applicationToken is not null)
            {
                writer.WriteString("auth", applicationToken);
            }

            writer.WriteStartObject("cmd");
            foreach (var (key, command) in commands)
            {
                writer.WriteString(key, command.ToString());
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        var end = await pipeline.SendAsync(new CrmCall(HttpMethod.Post, "batch", buffer.ToArray(), isRead) { IsBackground = isBackground }, guard, ct).ConfigureAwait(false);
        return new Bitrix24Answers(end, pipeline.Mask, clock.GetUtcNow());
    }
}

/// <summary>The answers of a batch, command by command.</summary>
internal sealed class Bitrix24Answers(CallEnd whole, Func<string, string> mask, DateTimeOffset now)
{
    private readonly JsonElement? _result = (whole as CallEnd.Ok)?.Body.Get("result");

    /// <summary>How the HTTP call ended; <see cref="CallEnd.Ok"/> says nothing about its commands.</summary>
    public CallEnd Whole => whole;

    /// <summary>How one command ended: with its own result, its own error, or in doubt when the answer does not mention it.</summary>
    public CallEnd Of(string key)
    {
        if (whole is not CallEnd.Ok)
        {
            return whole;
        }

        if (_result.Get("result_error").Get(key) is { } error)
        {
            // A bare string instead of the usual pair is tolerated.
            var code = error.Get("error").Text() ?? "";
            var words = error.Get("error_description").Text() ?? ((JsonElement?)error).Text();
            return Bitrix24Errors.Read(code, words is null ? null : mask(words), status: 200, after: Pause(code));
        }

        return _result.Get("result").Get(key) is { } result
            ? new CallEnd.Ok(result)
            : new CallEnd.Unknown("The portal's answer does not mention the command.");
    }

    /// <summary>True when the answer mentions the command; after a halt those behind the failed one are not run and not mentioned.</summary>
    public bool Mentions(string key) => _result.Get("result_error").Get(key) is not null || _result.Get("result").Get(key) is not null;

    /// <summary>A method out of its time budget is free again when the oldest of its minutes leaves the sum, which the other answers tell.</summary>
    private TimeSpan? Pause(string code)
    {
        if (code != "OPERATION_TIME_LIMIT")
        {
            return null;
        }

        var times = _result.Get("result_time") is { ValueKind: JsonValueKind.Object } map ? map.EnumerateObject().Select(t => (JsonElement?)t.Value) : [];
        var resets = times.Append(whole is CallEnd.Ok ok ? ok.Body.Get("time") : null)
            .Select(t => JsonRead.Number(t.Get("operating_reset_at"))).OfType<double>().Where(s => s is > 0 and < 4e9).ToArray();
        var pause = resets.Length == 0 ? TimeSpan.FromMinutes(1) : DateTimeOffset.FromUnixTimeSeconds((long)resets.Max()) - now;
        return pause < TimeSpan.FromSeconds(10) ? TimeSpan.FromSeconds(10) : pause < RetryTime.Cap ? pause : RetryTime.Cap;
    }
}
