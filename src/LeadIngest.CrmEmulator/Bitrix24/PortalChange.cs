using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Bitrix24.OAuth;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>What the door <c>/_account/bitrix24</c> shows and does.</summary>
internal sealed partial class Portal
{
    public JsonObject Settings()
    {
        var shown = new JsonObject { ["account"] = Host, ["member_id"] = MemberId, ["endpoint"] = Endpoint };
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
                    "rename" => Rename(value),
                    "application" => Register(value as JsonObject),
                    "install" => Install(Json.Text(value) ?? "", baseUrl),
                    "uninstall" => Uninstall(Json.Text(value) ?? ""),
                    "fail" => Fail(value),
                    "dismiss_user" => Dismiss(Json.Integer(value)),
                    "remove_stage" => Replace(Stages.Without(Json.Text(value?["entity_id"]) ?? "", Json.Text(value?["status_id"]) ?? "")),
                    "remove_category" => Replace(Stages.WithoutCategory(Json.Integer(value) ?? 0)),
                    "remove_field" => RemoveField(Json.Text(value?["entity"]), Json.Text(value?["name"])),
                    _ => Keep(settings, name, value),
                };
                if (why is not null)
                    return why;
            }
            Options = Overlay.Apply(Options, settings);
            return null;
        }
    }

    private static string? Keep(JsonObject settings, string name, JsonNode? value)
    {
        settings[name] = value?.DeepClone();
        return null;
    }

    private string? Rename(JsonNode? to) =>
        Json.Text(to) is not { Length: > 0 } host ? "rename is the new host name"
        : Home.Rename(this, AccountHosts.Named(host)) ? null : "this name is taken";

    /// <summary>A developer registers an application or changes its keys; this is the same for all portals.</summary>
    private string? Register(JsonObject? given)
    {
        if (Json.Text(given?["client_id"]) is not { Length: > 0 } clientId)
            return "application needs a client_id";
        Home.Register(Overlay.Apply(Home.Application(clientId) ?? new Application { ClientId = clientId }, given!));
        return null;
    }

    /// <summary>An administrator installs an application without a page: its handler gets the first tokens.</summary>
    private string? Install(string clientId, string baseUrl)
    {
        if (Home.Application(clientId) is not { } application)
            return "no such application";
        BaseUrl = baseUrl;
        var tokens = Home.Tokens.Issue(new Grant(this, application, OwnerId), Now);
        Events.RaiseInstall(Install(application), "ONAPPINSTALL", tokens);
        return null;
    }

    private string? Uninstall(string clientId)
    {
        if (!_installed.Remove(clientId, out var installation))
            return "not installed";
        Home.Tokens.Revoke(this, clientId);
        Events.Unbind(b => b.ClientId == clientId);
        Events.RaiseInstall(installation, "ONAPPUNINSTALL", null);
        return null;
    }

    private string? Fail(JsonNode? value)
    {
        if (value is null)
        {
            _commandFaults.Clear();
            return null;
        }
        if (value is not JsonObject given || CommandFault.Read(given) is not { } fault)
            return "fail needs a method";
        _commandFaults.Add(fault);
        return null;
    }

    private string? Dismiss(long? id)
    {
        if (!Array.Exists(Users, u => u.Id == id))
            return "no such user";
        Users = [.. Users.Select(u => u.Id == id ? u with { IsActive = false } : u)];
        return null;
    }

    private string? Replace(Stages? less)
    {
        Stages = less ?? Stages;
        return less is null ? "no such entry, or it cannot be removed" : null;
    }

    private string? RemoveField(string? entity, string? name)
    {
        if (Bitrix24.Comments.TypeOf(entity ?? "") is not { } type)
            return "entity is lead, deal, contact or company";
        var schema = OwnSchemaOf(type);
        if ((schema.ByUpper(name ?? "") ?? schema.ByName(name ?? "")) is not { IsUser: true } field)
            return "no such user field";
        schema.Remove(field);
        UserFields.RemoveAll(f => f.Type == type && f.Upper == field.Upper);
        return null;
    }
}
