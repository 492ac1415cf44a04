using System.Text;
using LeadIngest.CrmEmulator.Bitrix24.OAuth;
using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

internal sealed record OutgoingWebhook(long Id, string Handler, HashSet<string> Events, string Token);

/// <param name="Handler">Null for an offline binding: the portal keeps the events.</param>
internal sealed record EventBinding(long Id, string ClientId, string Event, string? Handler, long AuthType);

internal sealed record OfflineEvent(long Id, string ClientId, string Event, long ObjectId, DateTimeOffset At)
{
    /// <summary>Who took it and has not confirmed it yet; null: free.</summary>
    public string? ProcessId { get; set; }

    /// <summary>Reported as failed: given only to those who ask for errors.</summary>
    public bool IsError { get; set; }
}

/// <summary>Events of the portal: ids only, form-encoded, sent once, never repeated. To outgoing webhooks and to applications.</summary>
internal sealed class PortalEvents(Portal portal, HookSender sender)
{
    private const string Moved = "ONCRMDEALMOVETOCATEGORY";

    private readonly List<OutgoingWebhook> _webhooks = [];
    private readonly List<EventBinding> _bindings = [];
    private readonly List<OfflineEvent> _offline = [];
    private long _last = 30;

    public static string[] Names { get; } =
    [
        .. new[] { "LEAD", "DEAL", "CONTACT", "COMPANY", "ACTIVITY", "TIMELINECOMMENT" }.SelectMany(n => new[] { $"ONCRM{n}ADD", $"ONCRM{n}UPDATE", $"ONCRM{n}DELETE" }),
        Moved, "ONAPPINSTALL", "ONAPPUNINSTALL", "ONOFFLINEEVENT",
    ];

    public IReadOnlyList<EventBinding> Bindings => _bindings;

    public IReadOnlyList<OfflineEvent> Offline => _offline;

    /// <param name="events">Names like <c>ONCRMDEALUPDATE</c>; none means all that a webhook made by a person can have.</param>
    public OutgoingWebhook Subscribe(string handler, IEnumerable<string> events, string? token)
    {
        var id = ++_last;
        var hook = new OutgoingWebhook(id, handler, [.. events.Select(e => e.ToUpperInvariant())], token ?? $"emulated-application-token-{id}");
        _webhooks.Add(hook);
        return hook;
    }

    public void Unsubscribe(string handler) => _webhooks.RemoveAll(h => h.Handler == handler);

    public void Bind(string clientId, string name, string? handler, long authType)
    {
        _bindings.RemoveAll(b => b.ClientId == clientId && b.Event == name && b.Handler == handler);
        _bindings.Add(new EventBinding(++_last, clientId, name, handler, authType));
    }

    public int Unbind(Predicate<EventBinding> which) => _bindings.RemoveAll(which);

    public void DropOffline(Predicate<OfflineEvent> which) => _offline.RemoveAll(which);

    public void Raise(string name, long id) => Raise(name, id, []);

    /// <summary>Only applications hear that a deal went to another pipeline, and hear it instead of the update.</summary>
    public void RaiseMove(Item deal) => Raise(Moved, deal.Id, ("CATEGORY_ID", Json.Of(deal.Category)), ("STAGE_ID", deal.Stage ?? ""));

    /// <summary>Told to the application itself, whatever it bound: it was installed, or it is gone.</summary>
    /// <param name="tokens">Its first pair; null when it is gone.</param>
    public void RaiseInstall(Installation installation, string name, (string Access, string Refresh)? tokens)
    {
        var form = new HookForm(new StringBuilder());
        form.Add("event", name);
        form.Add("data[VERSION]", "1");
        form.Add("data[LANGUAGE_ID]", "ru");
        form.Add("ts", Json.Of(portal.Now.ToUnixTimeSeconds()));
        AddAuth(form, installation.ApplicationToken, installation, tokens);
        Send(installation.Application.InstallUri, form);
    }

    private void Raise(string name, long id, params (string Key, string Value)[] more)
    {
        foreach (var hook in _webhooks)
        {
            if (name != Moved && (hook.Events.Count == 0 || hook.Events.Contains(name)))
                Send(hook.Handler, Form(name, id, more, hook.Id, hook.Token, null));
        }
        foreach (var binding in _bindings)
        {
            if (binding.Event != name || portal.InstallationOf(binding.ClientId) is not { } installation)
                continue;
            if (binding.Handler is { } handler)
                Send(handler, Form(name, id, more, binding.Id, installation.ApplicationToken, installation));
            else
                Keep(binding, id);
        }
    }

    /// <summary>One row per object: the last change stands for all of them.</summary>
    private void Keep(EventBinding binding, long id)
    {
        _offline.RemoveAll(o => o.ClientId == binding.ClientId && o.Event == binding.Event && o.ObjectId == id && o.ProcessId is null);
        _offline.Add(new OfflineEvent(++_last, binding.ClientId, binding.Event, id, portal.Now));
    }

    private HookForm Form(string name, long id, (string Key, string Value)[] more, long handlerId, string token, Installation? installation)
    {
        var form = new HookForm(new StringBuilder());
        form.Add("event", name);
        form.Add("event_handler_id", Json.Of(handlerId));
        form.Add("data[FIELDS][ID]", Json.Of(id));
        foreach (var (key, value) in more)
            form.Add($"data[FIELDS][{key}]", value);
        form.Add("ts", Json.Of(portal.Now.ToUnixTimeSeconds()));
        var tokens = installation is not null && portal.Options.EventTokens
            ? portal.Home.Tokens.Issue(new Grant(portal, installation.Application, portal.OwnerId), portal.Now) : ((string, string)?)null;
        AddAuth(form, token, installation, tokens);
        return form;
    }

    private void AddAuth(HookForm form, string token, Installation? installation, (string Access, string Refresh)? tokens)
    {
        if (installation is not null && tokens is var (access, refresh))
        {
            form.Add("auth[access_token]", access);
            form.Add("auth[refresh_token]", refresh);
            form.Add("auth[expires]", Json.Of(portal.Now.ToUnixTimeSeconds() + Tokens.LifeSeconds));
            form.Add("auth[expires_in]", Json.Of(Tokens.LifeSeconds));
            form.Add("auth[scope]", installation.Application.Scopes);
            form.Add("auth[status]", "L");
            form.Add("auth[user_id]", Json.Of(portal.OwnerId));
        }
        form.Add("auth[domain]", portal.Host);
        form.Add("auth[client_endpoint]", portal.Endpoint);
        form.Add("auth[server_endpoint]", $"https://{OAuthServer.Host}/rest/");
        form.Add("auth[member_id]", portal.MemberId);
        form.Add("auth[application_token]", token);
    }

    private void Send(string url, HookForm form)
    {
        if (url.Length > 0)
            sender.Send(new HookJob(portal.Home.Name, url, form.ToString(), "Bitrix24 Webhook Engine", null));
    }
}
