using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary><c>batch</c>: up to 50 commands in order, each able to use the results of earlier ones; one request for the limit, no transaction.</summary>
internal sealed partial class BatchCall(Portal portal)
{
    private const int MaxCommands = 50;

    private readonly Dictionary<string, (Reply Reply, Timing Timing)> _done = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonNode?> _parsed = new(StringComparer.Ordinal);
    private readonly List<(string Key, RestException Error)> _failed = [];

    public Reply Run(JsonObject parameters)
    {
        var isHalting = Json.Text(parameters["halt"]) is "1" or "true" or "Y";
        var commands = Commands(parameters["cmd"]);
        for (var i = 0; i < commands.Count; i++)
        {
            var (key, command) = commands[i];
            try
            {
                if (i >= MaxCommands)
                    throw new RestException(400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded");
                _done[key] = RunOne(command);
            }
            catch (RestException e)
            {
                _failed.Add((key, e));
                if (isHalting)
                    break;
            }
        }
        return Reply.Of(w => Write(w, commands));
    }

    private (Reply, Timing) RunOne(string command)
    {
        var at = command.IndexOf('?', StringComparison.Ordinal);
        var method = Bitrix24Crm.MethodName(at < 0 ? command : command[..at]);
        if (method == "batch")
            throw new RestException(405, "ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage");
        var parameters = BracketForm.Parse(at < 0 ? "" : command[(at + 1)..]);
        Resolve(parameters);
        return portal.RunTimed(method, parameters);
    }

    private static List<(string Key, string Command)> Commands(JsonNode? cmd) => cmd switch
    {
        JsonObject map => [.. map.Select(p => (p.Key, Json.Text(p.Value) ?? ""))],
        JsonArray list => [.. list.Select((n, i) => (Json.Of(i), Json.Text(n) ?? ""))],
        _ => [],
    };

    private void Resolve(JsonObject node)
    {
        foreach (var (key, value) in node.ToList())
        {
            if (value is JsonObject child)
                Resolve(child);
            else if (Json.Text(value) is { } text && text.Contains("$result[", StringComparison.Ordinal))
                node[key] = Reference().Replace(text, m => Look(m.Value));
        }
    }

    /// <summary>What cannot be resolved becomes empty text or an error: the vendor is said to do either.</summary>
    private string Look(string reference)
    {
        var keys = Step().Matches(reference).Select(m => m.Groups[1].Value).ToList();
        if (!_done.TryGetValue(keys[0], out var done))
            return Unresolved(keys[0]);
        if (!_parsed.TryGetValue(keys[0], out var node))
            _parsed[keys[0]] = node = JsonNode.Parse(done.Reply.Result.Span);
        foreach (var key in keys.Skip(1))
        {
            node = node switch
            {
                JsonObject map => map[key],
                JsonArray list when int.TryParse(key, out var i) && i >= 0 && i < list.Count => list[i],
                _ => null,
            };
        }
        return Json.Text(node) ?? Unresolved(keys[0]);
    }

    private string Unresolved(string key) => portal.Options.Unresolved == "error" ? throw RestException.Missing(key) : "";

    private void Write(Utf8JsonWriter w, List<(string Key, string Command)> commands)
    {
        var done = commands.Select(c => c.Key).Where(_done.ContainsKey).ToList();
        w.WriteStartObject();
        WriteMap(w, "result", done, key => w.WriteRawValue(_done[key].Reply.Result.Span, skipInputValidation: true));
        WriteMap(w, "result_error", [.. _failed.Select(f => f.Key)], key => _failed.Find(f => f.Key == key).Error.Write(w));
        WriteMap(w, "result_total", [.. done.Where(k => _done[k].Reply.Total is not null)], key => w.WriteNumberValue(_done[key].Reply.Total!.Value));
        WriteMap(w, "result_next", [.. done.Where(k => _done[k].Reply.Next is not null)], key => w.WriteNumberValue(_done[key].Reply.Next!.Value));
        WriteMap(w, "result_time", done, key => Envelope.WriteTime(w, _done[key].Timing));
        w.WriteEndObject();
    }

    /// <summary>Keys 0, 1, 2, … make a list in PHP, and so does emptiness.</summary>
    private static void WriteMap(Utf8JsonWriter w, string name, List<string> keys, Action<string> write)
    {
        var isList = keys.Select((k, i) => k == Json.Of(i)).All(same => same);
        w.WritePropertyName(name);
        if (isList)
            w.WriteStartArray();
        else
            w.WriteStartObject();
        foreach (var key in keys)
        {
            if (!isList)
                w.WritePropertyName(key);
            write(key);
        }
        if (isList)
            w.WriteEndArray();
        else
            w.WriteEndObject();
    }

    [GeneratedRegex(@"\$result(\[[^\]]*\])+")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\[([^\]]*)\]")]
    private static partial Regex Step();
}
