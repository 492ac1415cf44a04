using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

internal sealed record Violation(string Code, string Path, string Detail)
{
    public static Violation NotSupported(string path) => new("NotSupportedChoice", path, "The value you selected is not a valid choice.");

    public static Violation WrongType(string path, string type) => new("InvalidType", path, $"This value should be of type {type}.");

    public static Violation Missing(string path) => new("FieldMissing", path, "This field is missing.");
}

/// <summary>Reads typed properties of one item and gathers what is wrong, each with its dotted path.</summary>
internal sealed class ItemReader(JsonObject item, List<Violation> violations, string prefix = "")
{
    public JsonObject Item => item;

    public bool Has(string name) => item.ContainsKey(name);

    public string Path(string name) => prefix + name;

    public void Refuse(Violation violation) => violations.Add(violation);

    public ItemReader Below(JsonObject child, string path) => new(child, violations, prefix + path + ".");

    public string? Text(string name, bool required = false)
    {
        if (item[name] is not { } node)
        {
            if (required)
                violations.Add(Violation.Missing(Path(name)));
            return null;
        }
        if (Json.Is(node, JsonValueKind.String))
            return Json.Text(node);
        violations.Add(Violation.WrongType(Path(name), "string"));
        return null;
    }

    public long? Int(string name, bool required = false)
    {
        if (item[name] is not { } node)
        {
            if (required)
                violations.Add(Violation.Missing(Path(name)));
            return null;
        }
        if (Json.Is(node, JsonValueKind.Number) && Json.Integer(node) is { } number)
            return number;
        violations.Add(Violation.WrongType(Path(name), "int"));
        return null;
    }

    public decimal? Number(string name)
    {
        if (item[name] is not { } node)
            return null;
        if (Json.Is(node, JsonValueKind.Number) && Json.Decimal(node) is { } number)
            return number;
        violations.Add(Violation.WrongType(Path(name), "numeric"));
        return null;
    }

    public bool? Flag(string name)
    {
        if (item[name] is not { } node)
            return null;
        if (Json.Is(node, JsonValueKind.True) || Json.Is(node, JsonValueKind.False))
            return node.GetValue<bool>();
        violations.Add(Violation.WrongType(Path(name), "bool"));
        return null;
    }

    public JsonObject? Map(string name)
    {
        // PHP cannot tell an empty map from an empty list.
        if (item[name] is null or JsonArray { Count: 0 })
            return null;
        if (item[name] is JsonObject map)
            return map;
        violations.Add(Violation.WrongType(Path(name), "array"));
        return null;
    }

    public IList<JsonNode?> List(string name)
    {
        if (item[name] is not { } node)
            return [];
        if (node is JsonArray list)
            return list;
        violations.Add(Violation.WrongType(Path(name), "array"));
        return [];
    }

    /// <summary>A user's id; 0 is the robot and fits only where <paramref name="robot"/> says so.</summary>
    public long? User(string name, bool robot, Directory directory)
    {
        var id = Int(name);
        if (id is null || (robot && id == 0) || directory.HasUser(id.Value))
            return id;
        violations.Add(Violation.NotSupported(Path(name)));
        return null;
    }
}

/// <summary>The items of a request, each under its <c>request_id</c>, and the refusals among them.</summary>
internal sealed class Batch<T>
{
    public List<(string RequestId, T Value)> Items { get; } = [];

    public List<(string RequestId, List<Violation> Violations)> Refused { get; } = [];

    /// <summary>Null when every item is fine. One bad item refuses the whole request, unless the account says otherwise.</summary>
    public Answer? Refusal => Refused.Count == 0 ? null : Problem.Invalid(Refused);

    public static (Batch<T>? Batch, Answer? Refusal) Read(Account account, JsonNode? body, int limit, int overStatus, Func<ItemReader, T> read)
    {
        if (body is null or JsonArray { Count: 0 } or JsonObject { Count: 0 })
            return (null, Problem.Empty());
        if (body is not JsonArray items)
            return (null, Problem.Plain(400, "Request body must be an array"));
        if (items.Count > limit)
            return (null, Problem.Plain(overStatus, $"Limit {limit} per page"));
        var settings = account.Options;
        if (settings.MaxBatch > 0 && items.Count > settings.MaxBatch)
        {
            account.Instead = Answer.Html(504);
            if (!settings.MaxBatchDone)
                return (null, account.Instead);
        }
        var batch = new Batch<T>();
        for (var i = 0; i < items.Count; i++)
        {
            var requestId = items[i] is JsonObject o && Json.Text(o["request_id"]) is { } given ? given : Json.Of(i);
            var violations = new List<Violation>();
            var value = items[i] is JsonObject item ? read(new ItemReader(item, violations)) : default;
            if (items[i] is not JsonObject)
                violations.Add(Violation.WrongType("", "object"));
            if (settings.Poison is { Length: > 0 } poison && items[i]!.ToJsonString(Overlay.Readable).Contains(poison, StringComparison.OrdinalIgnoreCase))
            {
                if (settings.PoisonStatus != 400)
                    return (null, Problem.Plain(settings.PoisonStatus, "Internal error"));
                violations.Add(new Violation("InvalidValue", "name", "This value is not valid."));
            }
            if (violations.Count > 0)
                batch.Refused.Add((requestId, violations));
            else
                batch.Items.Add((requestId, value!));
        }
        if (batch.Refused.Count == 0)
            return (batch, null);
        if (settings.AtomicBatches || batch.Items.Count == 0)
            return (null, batch.Refusal);
        // The good ones are stored, and the caller hears of the bad ones only.
        account.Instead = batch.Refusal;
        return (batch, null);
    }

}
