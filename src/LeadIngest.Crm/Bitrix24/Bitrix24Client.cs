using System.Text.Encodings.Web;
using System.Text.Json;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>Calls to a portal: a webhook's secret is in the address, an application's token in the body. Everything goes as <c>batch</c>: one HTTP request, one count in the limit, up to 50 commands.</summary>
internal sealed class Bitrix24Client(AccessedCalls calls, TimeProvider clock)
{
    public const int MaxCommands = 50;
    private static readonly JsonWriterOptions AsIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly MethodPauses _pauses = new(clock);

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
        // A method out of its time budget would only be refused again. Under a halt the commands belong together.
        var waiting = commands.Where(c => _pauses.Left(c.Value.Method) > TimeSpan.Zero).ToDictionary(c => c.Key, c => _pauses.End(c.Value.Method));
        if (waiting.Count == commands.Count || (halt && waiting.Count > 0))
        {
            return new Bitrix24Answers(waiting.Values.First(), calls.Mask);
        }

        var going = commands.Where(c => !waiting.ContainsKey(c.Key)).ToArray();
        var end = await calls.SendAsync(
            access => new CrmCall(HttpMethod.Post, "batch", Write(going, halt, access.Token), isRead) { BaseAddress = access.BaseAddress, IsBackground = isBackground },
            guard, ct).ConfigureAwait(false);
        _pauses.Learn(end, commands);
        return new Bitrix24Answers(end, calls.Mask, waiting, _pauses);
    }

    /// <param name="commands">By key.</param>
    /// <param name="halt">Stops at the first command that fails.</param>
    /// <param name="token">An application's; null for a webhook.</param>
    private static byte[] Write(IEnumerable<KeyValuePair<string, Bitrix24Command>> commands, bool halt, string? token)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, AsIs))
        {
            writer.WriteStartObject();
            writer.WriteNumber("halt", halt ? 1 : 0);
            if (token is not null)
            {
                writer.WriteString("auth", token);
            }

            writer.WriteStartObject("cmd");
            foreach (var (key, command) in commands)
            {
                writer.WriteString(key, command.ToString());
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}

/// <summary>The answers of a batch, command by command.</summary>
/// <param name="whole">How the HTTP call ended.</param>
/// <param name="mask">Stars out secrets.</param>
/// <param name="waiting">Ends of commands that were not sent.</param>
/// <param name="pauses">Of the methods.</param>
internal sealed class Bitrix24Answers(CallEnd whole, Func<string, string> mask, IReadOnlyDictionary<string, CallEnd>? waiting = null, MethodPauses? pauses = null)
{
    private readonly JsonElement? _result = (whole as CallEnd.Ok)?.Body.Get("result");

    /// <summary>How the HTTP call ended; <see cref="CallEnd.Ok"/> says nothing about its commands.</summary>
    public CallEnd Whole => whole;

    /// <summary>How one command ended: with its own result, its own error, or in doubt when the answer does not mention it.</summary>
    public CallEnd Of(string key)
    {
        if (waiting?.GetValueOrDefault(key) is { } held)
        {
            return held;
        }

        if (whole is not CallEnd.Ok)
        {
            return whole;
        }

        if (_result.Get("result_error").Get(key) is { } error)
        {
            // A bare string instead of the usual pair is tolerated.
            var code = error.Get("error").Text() ?? "";
            var words = error.Get("error_description").Text() ?? ((JsonElement?)error).Text();
            return Bitrix24Errors.Read(code, words is null ? null : mask(words), status: 200, after: code == MethodPauses.Code ? pauses?.OfKey(key) : null);
        }

        return _result.Get("result").Get(key) is { } result
            ? new CallEnd.Ok(result)
            : Bitrix24Errors.Unmentioned();
    }

    /// <returns>How many rows the command's list has in all; null when the answer does not say.</returns>
    public int? Total(string key) => JsonRead.Number(_result.Get("result_total").Get(key)) is { } total and >= 0 and <= int.MaxValue ? (int)total : null;

    /// <summary>True when the answer mentions the command; after a halt those behind the failed one are not run and not mentioned.</summary>
    public bool Mentions(string key) => _result.Get("result_error").Get(key) is not null || _result.Get("result").Get(key) is not null;
}
