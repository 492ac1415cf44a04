using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>An error told beforehand: the portal answers it for a method, inside a batch too.</summary>
/// <param name="Contains">Text that the parameters have to contain; null: any.</param>
/// <param name="IsAfter">The work is done first.</param>
internal sealed record CommandFault(string Method, string? Contains, string Code, string Description, int Status, bool IsAfter)
{
    public int Left { get; set; }

    public static CommandFault? Read(JsonObject given) => Json.Text(given["method"]) is not { Length: > 0 } method ? null
        : new CommandFault(method.ToLowerInvariant(), Json.Text(given["contains"]), Json.Text(given["code"]) ?? "INTERNAL_SERVER_ERROR",
            Json.Text(given["description"]) ?? "Internal server error", (int)(Json.Integer(given["status"]) ?? 500), Json.Text(given["after"]) == "true")
        {
            Left = (int)(Json.Integer(given["times"]) ?? 1),
        };

    public bool Hits(string method, JsonObject parameters) =>
        Left > 0 && Method == method && (Contains is null || parameters.ToJsonString(Overlay.Readable).Contains(Contains, StringComparison.OrdinalIgnoreCase));

    public RestException Error() => new(Status, Code, Description);
}
