using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Amocrm.OAuth;
using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>What the door <c>/_account/amocrm</c> shows and does.</summary>
internal sealed partial class Account
{
    public JsonObject Settings()
    {
        var shown = new JsonObject { ["account"] = Host, ["id"] = Id };
        foreach (var (name, value) in Overlay.Show(Options))
            shown[name] = value?.DeepClone();
        return shown;
    }

    public string? Change(JsonObject change, string baseUrl)
    {
        lock (Gate)
        {
            var settings = new JsonObject();
            foreach (var (name, value) in change)
            {
                var why = name switch
                {
                    "rename" => Rename(value, Json.Integer(change["old_host"])),
                    "old_host" => null,
                    "uninstall" => Uninstall(Json.Text(value) ?? ""),
                    "integration" => Register(value as JsonObject),
                    "dismiss_user" => Dismiss(Json.Integer(value) ?? 0),
                    "remove_user" => Replace(Directory.WithoutUser(Json.Integer(value) ?? 0), "user"),
                    "remove_status" => Replace(Directory.WithoutStatus(Json.Integer(value) ?? 0), "status"),
                    "remove_pipeline" => Replace(Directory.WithoutPipeline(Json.Integer(value) ?? 0), "pipeline"),
                    "remove_field" => RemoveField(value as JsonObject, null),
                    "remove_enum" => RemoveField(value as JsonObject, Json.Integer(value?["enum_id"])),
                    "webhooks" => Switch(value),
                    _ => Keep(settings, name, value),
                };
                if (why is not null)
                    return why;
            }
            Options = Overlay.Apply(Options, settings);
            if (!Options.Blocked && change.ContainsKey("blocked"))
                Limit.Reset();
            return null;
        }
    }

    private static string? Keep(JsonObject settings, string name, JsonNode? value)
    {
        settings[name] = value?.DeepClone();
        return null;
    }

    private string? Rename(JsonNode? to, long? oldAnswer)
    {
        if (Json.Text(to) is not { Length: > 0 } host)
            return "rename is the new host name";
        if (oldAnswer is not (null or 401 or 404))
            return "old_host is 404 or 401";
        return Home.Rename(this, AccountHosts.Named(host), (int)(oldAnswer ?? 404)) ? null : "this name is taken";
    }

    /// <summary>An administrator switches an integration off: its tokens die, and its developer is told.</summary>
    private string? Uninstall(string name)
    {
        _off.Add(name);
        if (Home.Integration(name) is not { } integration)
            return null;
        Home.Tokens.Revoke(this, name);
        if (integration.DisconnectUri.Length > 0)
        {
            var join = integration.DisconnectUri.Contains('?', StringComparison.Ordinal) ? "&" : "?";
            var url = $"{integration.DisconnectUri}{join}account_id={Id}&client_uuid={Uri.EscapeDataString(name)}&signature={integration.Sign(Id)}";
            _hooks.Send(new HookJob(Home.Name, url, "", "amoCRM-WebHook-client/1.0", null) { IsGet = true });
        }
        return null;
    }

    /// <summary>A developer registers an integration or changes its keys; this is the same for all accounts.</summary>
    private string? Register(JsonObject? given)
    {
        var clientId = Json.Text(given?["client_id"]) ?? _emulator.Amocrm.ClientId;
        if (given is null)
            return "integration is an object";
        Home.Register(Overlay.Apply(Home.Integration(clientId) ?? new Integration { ClientId = clientId }, given));
        return null;
    }

    private string? Dismiss(long id)
    {
        Directory = Directory.WithDismissed(id);
        return Directory.HasUser(id) ? null : "no such user";
    }

    private string? Replace(Directory changed, string what)
    {
        var isSame = changed.Users.Length == Directory.Users.Length && changed.Pipelines.Sum(p => p.Statuses.Length) == Directory.Pipelines.Sum(p => p.Statuses.Length);
        Directory = changed;
        return isSame ? $"no such {what}, or it cannot be removed" : null;
    }

    private string? RemoveField(JsonObject? which, long? enumId)
    {
        var kind = Json.Text(which?["entity"]) switch { "leads" => Kind.Lead, "contacts" => Kind.Contact, "companies" => Kind.Company, _ => (Kind?)null };
        if (kind is null)
            return "entity is leads, contacts or companies";
        var fields = OwnFieldsOf(kind.Value);
        var field = Json.Text(which!["code"]) is { } code ? fields.Find(code) : fields.Find(Json.Integer(which["id"]) ?? 0);
        if (field is null)
            return "no such field";
        if (enumId is { } id)
            fields.RemoveEnum(field, id);
        else
            fields.Remove(field);
        return null;
    }

    private string? Switch(JsonNode? value)
    {
        if (!Json.Is(value, JsonValueKind.True) && !Json.Is(value, JsonValueKind.False))
            return "webhooks is true or false";
        Webhooks.Enable(value!.GetValue<bool>());
        return null;
    }
}
