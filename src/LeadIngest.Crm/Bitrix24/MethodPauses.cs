using System.Text.Json;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>
/// Methods that have used up their time budget (480 s in ten minutes): their commands wait until the portal's <c>operating_reset_at</c>, all others go on.
/// Safe for concurrent callers.
/// </summary>
internal sealed class MethodPauses(TimeProvider clock)
{
    public const string Code = "OPERATION_TIME_LIMIT";

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10), Usual = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _until = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, TimeSpan> _lastByKey = [];

    /// <returns>How long commands of the method have to wait; zero when they may go.</returns>
    public TimeSpan Left(string method)
    {
        lock (_gate)
        {
            return _until.TryGetValue(method, out var until) && until - clock.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>The end of a command that was not sent for its method's pause.</summary>
    public CallEnd End(string method) => Bitrix24Errors.Read(Code, $"{method} waits for its time budget", status: 200, Left(method));

    /// <returns>The pause that the last answer set for the command.</returns>
    public TimeSpan OfKey(string key)
    {
        lock (_gate)
        {
            return _lastByKey.GetValueOrDefault(key, Usual);
        }
    }

    /// <summary>Reads an answer: which methods were refused, and when they are free again.</summary>
    public void Learn(CallEnd end, IReadOnlyDictionary<string, Bitrix24Command> commands)
    {
        if (end is not CallEnd.Ok answer || answer.Body.Get("result") is not { } result)
        {
            return;
        }

        lock (_gate)
        {
            _lastByKey.Clear();
            foreach (var (key, command) in commands.Where(c => result.Get("result_error").Get(c.Key).Get("error").Text() == Code))
            {
                // Told by the answers to other commands of the method, else by any.
                var same = commands.Where(c => c.Value.Method == command.Method).Select(c => Reset(result.Get("result_time").Get(c.Key))).Max();
                var any = new[] { Reset(answer.Body.Get("time")) }.Concat(result.Get("result_time") is { ValueKind: JsonValueKind.Object } times
                    ? times.EnumerateObject().Select(t => Reset(t.Value)) : []).Max();
                var pause = (same ?? any) - clock.GetUtcNow() ?? Usual;
                pause = pause < Shortest ? Shortest : pause < RetryTime.Cap ? pause : RetryTime.Cap;
                _lastByKey[key] = pause;
                _until[command.Method] = clock.GetUtcNow() + pause;
            }
        }
    }

    private static DateTimeOffset? Reset(JsonElement? time) =>
        JsonRead.Number(time.Get("operating_reset_at")) is { } at and > 0 and < 4e9 ? DateTimeOffset.FromUnixTimeSeconds((long)at) : null;
}
