using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Faults;
using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Bitrix24;

internal sealed class Bitrix24Crm(EmulatorOptions options, FaultBoard faults, HookSender hooks, TimeProvider clock) : ICrm
{
    public string Name => "bitrix24";
    public Lock Gate { get; } = new();
    public IReadOnlyList<string> Nouns { get; } = [];
    public Answer Handle(Call call) => Answer.Empty(404);
    public Answer Malformed(string why) => Answer.Empty(400);
    public Answer Failure(int status) => Answer.Empty(status);
    public IReadOnlyList<object>? Holdings(string noun) => null;
    public void WriteHolding(Utf8JsonWriter w, string baseUrl, object holding) { _ = (options, faults, hooks, clock); }
    public Answer Act(JsonObject act) => Answer.Empty(400);
    public void Clear() { }
    public IReadOnlyList<LeadLine> Latest(int count) => [];
    public string Mask(string path) => path;
}
