using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Registered webhooks and what is sent to them: PHP-bracket forms in which every value is a string.</summary>
internal sealed class Webhooks(Account account, HookSender sender, double pauseScale)
{
    private const int MaxFailures = 100;
    private const int MaxWebhooks = 100;
    private static readonly TimeSpan FailureWindow = TimeSpan.FromHours(2);
    private static readonly double[] PausesSeconds = [300, 900, 900, 3600];

    private readonly List<Webhook> _all = [];
    private long _lastId = 600;

    private sealed class Webhook
    {
        public required long Id { get; init; }

        public required string Destination { get; init; }

        public required HashSet<string> Settings { get; set; }

        public required long CreatedAt { get; init; }

        public bool IsDisabled { get; set; }

        public Queue<DateTimeOffset> Failures { get; } = new();
    }

    /// <summary>The vendor switches webhooks off after many failures; only a person switches them on again.</summary>
    public void Enable(bool isOn)
    {
        foreach (var hook in _all)
        {
            hook.IsDisabled = !isOn;
            hook.Failures.Clear();
        }
    }

    public Answer Register(Call call)
    {
        if (call.ReadJson() is not JsonObject { Count: > 0 } body)
            return Problem.Empty();
        var violations = new List<Violation>();
        var item = new ItemReader(body, violations);
        var destination = item.Text("destination", required: true);
        var settings = item.List("settings").Select(Json.Text).OfType<string>().ToHashSet();
        if (destination is not null && !(Uri.TryCreate(destination, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            violations.Add(Violation.NotSupported("destination"));
        if (settings.Count == 0)
            violations.Add(Violation.Missing("settings"));
        if (violations.Count > 0)
            return Problem.Invalid([("0", violations)]);
        var hook = _all.Find(h => h.Destination == destination);
        if (hook is null && _all.Count >= MaxWebhooks)
            return Problem.Plain(400, $"Limit {MaxWebhooks} webhooks per account");
        if (hook is null)
            _all.Add(hook = new Webhook { Id = ++_lastId, Destination = destination!, Settings = settings, CreatedAt = account.Now });
        hook.Settings = settings;
        return Answer.Json(201, Shapes.Hal, w => Write(w, hook));
    }

    public Answer List(Call call)
    {
        var destination = Json.Text((call.Query["filter"] as JsonObject)?["destination"]);
        return Lists.Page(call, "webhooks", _all.Where(h => destination is null || h.Destination == destination), Write);
    }

    public Answer Remove(Call call)
    {
        var destination = Json.Text((call.ReadJson() as JsonObject)?["destination"]);
        return _all.RemoveAll(h => h.Destination == destination) > 0 ? Answer.Empty(204) : Problem.Plain(404, "Webhook not found");
    }

    public void Raise(string action, Entity entity, long? oldStatus = null)
    {
        var setting = action + "_" + entity.Kind.ToString().ToLowerInvariant();
        // Contacts and companies share a prefix; "type" tells them apart.
        var prefix = entity.Kind == Kind.Lead ? "leads" : "contacts";
        Send(setting, form => HookBody.WriteEntity(form, account.Id, $"{prefix}[{action}][0]", entity, action == "delete", oldStatus));
    }

    public void RaiseNote(Note note) => Send("note_" + note.Kind.ToString().ToLowerInvariant(),
        form => HookBody.WriteNote(form, $"{(note.Kind == Kind.Lead ? "leads" : "contacts")}[note][0][note]", note));

    public void RaiseIncoming(string action, IncomingLead row, string? outcome = null) => Send(action + "_unsorted", form =>
    {
        var prefix = $"unsorted[{action}][0]";
        form.Add($"{prefix}[uid]", row.Uid);
        form.Add($"{prefix}[category]", row.Category);
        form.Add($"{prefix}[source_uid]", row.SourceUid);
        form.Add($"{prefix}[pipeline_id]", Json.Of(row.PipelineId));
        if (outcome is null)
            return;
        form.Add($"{prefix}[action]", outcome);
        form.Add($"{prefix}[{outcome}_result][leads][0]", Json.Of(row.LeadId));
    });

    private void Send(string setting, Action<HookForm> write)
    {
        string? body = null;
        foreach (var hook in _all.Where(h => !h.IsDisabled && h.Settings.Contains(setting)))
        {
            if (body is null)
            {
                var form = new HookForm(new StringBuilder());
                write(form);
                form.Add("account[subdomain]", account.Subdomain);
                form.Add("account[id]", Json.Of(account.Id));
                form.Add("account[_links][self]", $"https://{account.Host}");
                body = form.ToString();
            }
            sender.Send(new HookJob(account.Home.Name, hook.Destination, body, "amoCRM-WebHook-client/1.0", (attempt, status) => Pause(hook, attempt, status)));
        }
    }

    /// <summary>Five tries; the last two only after 499 or 5xx. Too many failures in two hours switch the webhook off.</summary>
    private TimeSpan? Pause(Webhook hook, int attempt, int status)
    {
        if (status is >= 100 and < 300)
            return null;
        lock (account.Gate)
        {
            var now = account.Clock.GetUtcNow();
            hook.Failures.Enqueue(now);
            while (hook.Failures.Peek() < now - FailureWindow)
                hook.Failures.Dequeue();
            hook.IsDisabled |= hook.Failures.Count > MaxFailures;
        }
        var goesOn = attempt <= 2 || (attempt <= PausesSeconds.Length && (status == 499 || status >= 500));
        return goesOn && !hook.IsDisabled ? TimeSpan.FromSeconds(PausesSeconds[attempt - 1] * pauseScale) : null;
    }

    private void Write(Utf8JsonWriter w, Webhook hook)
    {
        w.WriteStartObject();
        w.WriteNumber("id", hook.Id);
        w.WriteString("destination", hook.Destination);
        w.WriteNumber("created_at", hook.CreatedAt);
        w.WriteNumber("updated_at", hook.CreatedAt);
        w.WriteNumber("account_id", account.Id);
        w.WriteNumber("created_by", account.Directory.Users[0].Id);
        w.WriteNumber("sort", 1);
        w.WriteBoolean("disabled", hook.IsDisabled);
        w.WriteStartArray("settings");
        foreach (var setting in hook.Settings)
            w.WriteStringValue(setting);
        w.WriteEndArray();
        w.WriteEndObject();
    }
}
