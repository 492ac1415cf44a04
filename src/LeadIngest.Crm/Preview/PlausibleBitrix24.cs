using System.Text.Json.Nodes;

namespace LeadIngest.Crm.Preview;

/// <summary>Answers to batches that would write into Bitrix24: every command is done, and ids are counted from 1.</summary>
internal sealed class PlausibleBitrix24
{
    private int _ids;

    /// <summary>No command of the batch changes anything.</summary>
    public static bool OnlyReads(JsonNode batch) => batch["cmd"]!.AsObject().All(c => Method(c.Value!) is var method
        && (method.EndsWith(".get", StringComparison.Ordinal) || method.EndsWith(".list", StringComparison.Ordinal) || method.EndsWith(".fields", StringComparison.Ordinal)));

    public JsonNode Batch(JsonNode batch)
    {
        var results = new JsonObject();
        foreach (var (key, command) in batch["cmd"]!.AsObject())
        {
            var method = Method(command!);
            results[key] = method switch
            {
                // A contact that is known is there: whether a person has removed it since is seen when the lead is sent.
                "crm.item.get" => new JsonObject { ["item"] = new JsonObject { ["id"] = Id(command!.ToString()) } },
                "crm.item.add" => new JsonObject { ["item"] = new JsonObject { ["id"] = ++_ids } },
                "crm.activity.todo.add" => new JsonObject { ["id"] = ++_ids },
                "telephony.externalCall.register" => new JsonObject { ["CALL_ID"] = $"externalCall.{++_ids}" },
                "telephony.externalCall.finish" or "telephony.externalCall.attachRecord" => new JsonObject { ["FILE_ID"] = ++_ids },
                _ => JsonValue.Create(++_ids),
            };
        }

        return new JsonObject { ["result"] = new JsonObject { ["result"] = results, ["result_error"] = new JsonArray() } };
    }

    private static string Method(JsonNode command) => command.ToString().Split('?')[0];

    private static JsonNode? Id(string command) => command.Split('?', '&').FirstOrDefault(p => p.StartsWith("id=", StringComparison.Ordinal)) is { } id ? long.Parse(id.AsSpan(3), System.Globalization.CultureInfo.InvariantCulture) : null;
}
