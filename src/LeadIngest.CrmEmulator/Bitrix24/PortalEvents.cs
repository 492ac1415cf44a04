using System.Text;
using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

internal sealed record OutgoingWebhook(long Id, string Handler, HashSet<string> Events, string Token);

/// <summary>Outgoing webhooks: ids only, form-encoded, sent once, never repeated.</summary>
internal sealed class PortalEvents(HookSender sender, TimeProvider clock)
{
    private readonly List<OutgoingWebhook> _all = [];

    public IReadOnlyList<OutgoingWebhook> All => _all;

    /// <param name="events">Names like <c>ONCRMDEALUPDATE</c>; none means all that a webhook made by a person can have.</param>
    public OutgoingWebhook Subscribe(string handler, IEnumerable<string> events, string? token)
    {
        var id = 31 + _all.Count;
        var hook = new OutgoingWebhook(id, handler, [.. events.Select(e => e.ToUpperInvariant())], token ?? $"emulated-application-token-{id}");
        _all.Add(hook);
        return hook;
    }

    public void Unsubscribe(string handler) => _all.RemoveAll(h => h.Handler == handler);

    public void Raise(string name, long id)
    {
        // Only applications hear that a deal went to another pipeline.
        if (name == "ONCRMDEALMOVETOCATEGORY")
            return;
        foreach (var hook in _all.Where(h => h.Events.Count == 0 || h.Events.Contains(name)))
        {
            var form = new HookForm(new StringBuilder());
            form.Add("event", name);
            form.Add("event_handler_id", Json.Of(hook.Id));
            form.Add("data[FIELDS][ID]", Json.Of(id));
            form.Add("ts", Json.Of(clock.GetUtcNow().ToUnixTimeSeconds()));
            form.Add("auth[domain]", "emulator.bitrix24.ru");
            form.Add("auth[client_endpoint]", "https://emulator.bitrix24.ru/rest/");
            form.Add("auth[server_endpoint]", "https://oauth.bitrix24.tech/rest/");
            form.Add("auth[member_id]", "00000000000000000000000000000001");
            form.Add("auth[application_token]", hook.Token);
            sender.Send(new HookJob(hook.Handler, form.ToString(), "Bitrix24 Webhook Engine", null));
        }
    }
}
