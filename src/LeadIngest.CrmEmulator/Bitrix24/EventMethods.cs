using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary><c>event.*</c>: what an application asks to be told, or keeps for later.</summary>
internal static class EventMethods
{
    private const int Page = 50;

    public static Reply Bind(Portal portal, JsonObject parameters)
    {
        var name = NameOf(parameters);
        var isOffline = Text(parameters, "event_type") == "offline";
        var handler = Text(parameters, "handler");
        if (!isOffline && (handler is null || !Uri.TryCreate(handler, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")))
            throw new RestException(400, "ERROR_EVENT_BINDING_HANDLER", "Wrong handler");
        portal.Events.Bind(portal.Caller.ClientId!, name, isOffline ? null : handler, Json.Integer(parameters["auth_type"] ?? parameters["AUTH_TYPE"]) ?? 0);
        return Reply.True();
    }

    public static Reply Get(Portal portal) => Reply.Of(w =>
    {
        w.WriteStartArray();
        foreach (var binding in portal.Events.Bindings.Where(b => b.ClientId == portal.Caller.ClientId))
        {
            w.WriteStartObject();
            w.WriteString("event", binding.Event);
            w.WriteString("handler", binding.Handler ?? "");
            w.WriteString("auth_type", Json.Of(binding.AuthType));
            w.WriteNumber("offline", binding.Handler is null ? 1 : 0);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    });

    public static Reply Unbind(Portal portal, JsonObject parameters)
    {
        var name = NameOf(parameters);
        var (isOffline, handler) = (Text(parameters, "event_type") == "offline", Text(parameters, "handler"));
        var count = portal.Events.Unbind(b => b.ClientId == portal.Caller.ClientId && b.Event == name && b.Handler == (isOffline ? null : handler));
        return Reply.Of(w =>
        {
            w.WriteStartObject();
            w.WriteNumber("count", count);
            w.WriteEndObject();
        });
    }

    /// <summary><c>clear=1</c>, the default, forgets the rows at once: a crash of the caller loses them. <c>clear=0</c> reserves them under the <c>process_id</c>.</summary>
    public static Reply TakeOffline(Portal portal, JsonObject parameters)
    {
        var limit = (int)Math.Clamp(Json.Integer(parameters["limit"]) ?? Page, 1, Page);
        var withErrors = Text(parameters, "error") == "1";
        var processId = OAuth.Tokens.Text(16);
        var rows = Own(portal).Where(o => o.IsError ? withErrors : o.ProcessId is null).Take(limit).ToList();
        if (Text(parameters, "clear") != "0")
            portal.Events.DropOffline(rows.Contains);
        rows.ForEach(r => (r.ProcessId, r.IsError) = (processId, false));
        return Reply.Of(w =>
        {
            w.WriteStartObject();
            w.WriteString("process_id", processId);
            w.WritePropertyName("events");
            Write(w, rows);
            w.WriteEndObject();
        });
    }

    public static Reply ListOffline(Portal portal, JsonObject parameters)
    {
        var rows = Own(portal).ToList();
        var start = (int)Math.Clamp(Json.Integer(parameters["start"]) ?? 0, 0, int.MaxValue);
        return new Reply(Json.Write(w => Write(w, rows.Skip(start).Take(Page))), rows.Count, start + Page < rows.Count ? start + Page : null);
    }

    /// <summary>What was reserved is done with: all of it, or the named rows.</summary>
    public static Reply ClearOffline(Portal portal, JsonObject parameters)
    {
        var wanted = Reserved(portal, parameters);
        portal.Events.DropOffline(wanted.Contains);
        return Reply.True();
    }

    /// <summary>What was reserved failed at the caller's.</summary>
    public static Reply FailOffline(Portal portal, JsonObject parameters)
    {
        Reserved(portal, parameters).ForEach(r => r.IsError = true);
        return Reply.True();
    }

    private static IEnumerable<OfflineEvent> Own(Portal portal) => portal.Events.Offline.Where(o => o.ClientId == portal.Caller.ClientId);

    private static List<OfflineEvent> Reserved(Portal portal, JsonObject parameters)
    {
        if (Text(parameters, "process_id") is not { Length: > 0 } processId)
            throw RestException.Missing("process_id");
        var ids = Json.Items(parameters["id"] ?? parameters["message_id"]).Select(Json.Integer).OfType<long>().ToHashSet();
        return [.. Own(portal).Where(o => o.ProcessId == processId && (ids.Count == 0 || ids.Contains(o.Id)))];
    }

    public static Reply App(Portal portal) => Reply.Of(w =>
    {
        w.WriteStartObject();
        w.WriteString("CODE", portal.Caller.ClientId);
        w.WriteString("STATUS", "L");
        w.WriteBoolean("INSTALLED", true);
        w.WriteString("LICENSE", portal.Options.IsBox ? "ru_selfhosted" : "ru_" + portal.Options.Plan);
        w.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter w, IEnumerable<OfflineEvent> rows)
    {
        w.WriteStartArray();
        foreach (var row in rows)
        {
            w.WriteStartObject();
            w.WriteString("ID", Json.Of(row.Id));
            w.WriteString("MESSAGE_ID", Json.Of(row.Id));
            w.WriteString("TIMESTAMP_X", Envelope.Moment(row.At));
            w.WriteString("EVENT_NAME", row.Event);
            w.WriteStartObject("EVENT_DATA");
            w.WriteStartObject("FIELDS");
            w.WriteString("ID", Json.Of(row.ObjectId));
            w.WriteEndObject();
            w.WriteEndObject();
            w.WriteBoolean("EVENT_ADDITIONAL", false);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static string NameOf(JsonObject parameters)
    {
        var name = (Text(parameters, "event") ?? "").ToUpperInvariant();
        return PortalEvents.Names.Contains(name) ? name : throw new RestException(400, "ERROR_EVENT_NOT_FOUND", "Event not found");
    }

    private static string? Text(JsonObject parameters, string name) => Json.Text(parameters[name] ?? parameters[name.ToUpperInvariant()]);
}
