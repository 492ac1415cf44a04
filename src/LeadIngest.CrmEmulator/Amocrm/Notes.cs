using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Notes in a card. Never deduplicated, not even calls with one <c>uniq</c>.</summary>
internal static class Notes
{
    private static readonly string[] Types =
    [
        "common", "call_in", "call_out", "service_message", "extended_service_message", "sms_in", "sms_out", "geolocation",
        "message_cashier", "attachment",
    ];

    private sealed record NoteDraft(long EntityId, string Type, string ParamsJson, long CreatedBy, long ResponsibleUserId, long? CreatedAt);

    public static Answer Add(Account account, Call call, Kind kind, long? entityId)
    {
        if (entityId is { } id && account.Find(kind, id) is null)
            return Problem.Plain(404, "Entity not found");
        var (batch, refusal) = Batch<NoteDraft>.Read(account, call.ReadJson(), Lists.MaxLimit, 422, item => Read(account, item, kind, entityId));
        if (batch is null)
            return refusal!;
        var added = batch.Items.ConvertAll(i => (i.RequestId, Note: Store(account, kind, i.Value)));
        return Answer.Json(200, Shapes.Hal, w =>
        {
            w.WriteStartObject();
            Shapes.WriteSelf(w, $"{call.BaseUrl}/{call.Path}");
            w.WriteStartObject("_embedded");
            w.WriteStartArray("notes");
            foreach (var (requestId, note) in added)
            {
                w.WriteStartObject();
                w.WriteNumber("id", note.Id);
                w.WriteNumber("entity_id", note.EntityId);
                w.WriteString("request_id", requestId);
                Shapes.WriteSelf(w, $"{call.BaseUrl}/api/v4/{Shapes.Collection(kind)}/{note.EntityId}/notes/{note.Id}");
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteEndObject();
            w.WriteEndObject();
        });
    }

    public static Answer List(Account account, Call call, Kind kind, long? entityId)
    {
        IEnumerable<Note> rows = entityId is { } id ? account.NotesOf.GetValueOrDefault((kind, id)) ?? [] : account.Notes.Rows.Where(n => n.Kind == kind);
        if (call.Query["filter"] is JsonObject filter)
        {
            var types = Json.Items(filter["note_type"]).SelectMany(t => (Json.Text(t) ?? "").Split(',')).ToHashSet();
            var updated = filter["updated_at"] is { } range ? EntityFilter.Range(range) : null;
            var ids = filter["id"] is { } wanted ? EntityFilter.Range(wanted) : null;
            rows = rows.Where(n => (types.Count == 0 || types.Contains(n.Type)) && (updated is null || updated(n.CreatedAt)) && (ids is null || ids(n.Id)));
        }
        if (string.Equals(Json.Text((call.Query["order"] as JsonObject)?["id"]), "desc", StringComparison.Ordinal))
            rows = rows.Reverse();
        return Lists.Page(call, "notes", rows, (w, note) => Write(w, account.Id, note));
    }

    public static void Write(Utf8JsonWriter w, long accountId, Note note)
    {
        w.WriteStartObject();
        w.WriteNumber("id", note.Id);
        w.WriteNumber("entity_id", note.EntityId);
        w.WriteNumber("created_by", note.CreatedBy);
        w.WriteNumber("updated_by", note.CreatedBy);
        w.WriteNumber("created_at", note.CreatedAt);
        w.WriteNumber("updated_at", note.CreatedAt);
        w.WriteNumber("responsible_user_id", note.ResponsibleUserId);
        w.WriteNumber("group_id", 0);
        w.WriteString("note_type", note.Type);
        w.WritePropertyName("params");
        w.WriteRawValue(note.ParamsJson);
        w.WriteNumber("account_id", accountId);
        w.WriteString("entity_type", Shapes.Collection(note.Kind));
        w.WriteEndObject();
    }

    public static Note AddText(Account account, Kind kind, long entityId, string text, long by) =>
        Store(account, kind, new NoteDraft(entityId, "common", new JsonObject { ["text"] = text }.ToJsonString(), by, by, null));

    private static Note Store(Account account, Kind kind, NoteDraft draft)
    {
        var note = new Note(account.Notes.NextId(), kind, draft.EntityId, draft.Type, draft.ParamsJson, draft.CreatedBy, draft.ResponsibleUserId, draft.CreatedAt ?? account.Now);
        account.Notes.Add(note);
        if (!account.NotesOf.TryGetValue((kind, note.EntityId), out var list))
            account.NotesOf[(kind, note.EntityId)] = list = [];
        list.Add(note);
        var type = note.Type switch { "call_in" => "incoming_call", "call_out" => "outgoing_call", "common" => "common_note_added", _ => note.Type + "_added" };
        account.Record(type, kind, note.EntityId, note.CreatedBy, $$"""[{"note":{"id":{{note.Id}} } }]""");
        account.Webhooks.RaiseNote(note);
        return note;
    }

    private static NoteDraft Read(Account account, ItemReader item, Kind kind, long? entityId)
    {
        var owner = entityId ?? item.Int("entity_id", required: true);
        if (owner is { } id && account.Find(kind, id) is null)
            item.Refuse(Violation.NotSupported("entity_id"));
        var type = item.Text("note_type", required: true) ?? "common";
        if (!Types.Contains(type))
            item.Refuse(Violation.NotSupported("note_type"));
        var parameters = item.Map("params");
        if (parameters is null)
            item.Refuse(Violation.Missing("params"));
        else
            CheckParams(item.Below(parameters, "params"), type);
        return new NoteDraft(owner ?? 0, type, parameters?.ToJsonString(Readable) ?? "{}", item.User("created_by", robot: true, account.Directory) ?? 0,
            item.User("responsible_user_id", robot: true, account.Directory) ?? account.Directory.Users[0].Id, item.Int("created_at"));
    }

    private static readonly JsonSerializerOptions Readable = new() { Encoder = Json.Readable.Encoder };

    /// <summary>What calls may carry besides: the same in notes and at <c>/api/v4/calls</c>.</summary>
    public static void CheckCall(ItemReader call)
    {
        call.Text("link");
        call.Text("call_result");
        if (call.Int("call_status") is < 1 or > 7)
            call.Refuse(Violation.NotSupported(call.Path("call_status")));
        if (call.Int("duration") is < 0)
            call.Refuse(Violation.NotSupported(call.Path("duration")));
        if (call.Item["call_responsible"] is not (null or JsonValue))
            call.Refuse(Violation.WrongType(call.Path("call_responsible"), "string"));
    }

    /// <summary>A call's note, as other doors of the account make it.</summary>
    public static Note AddCall(Account account, Kind kind, long entityId, bool isInbound, JsonObject parameters, long? createdAt, long by = 0) =>
        Store(account, kind, new NoteDraft(entityId, isInbound ? "call_in" : "call_out", parameters.ToJsonString(Readable), by, account.Directory.Users[0].Id, createdAt));

    private static void CheckParams(ItemReader parameters, string type)
    {
        switch (type)
        {
            case "common":
                parameters.Text("text", required: true);
                break;
            case "call_in" or "call_out":
                parameters.Text("uniq", required: true);
                parameters.Int("duration", required: true);
                parameters.Text("source", required: true);
                parameters.Text("phone", required: true);
                CheckCall(parameters);
                break;
            case "service_message" or "extended_service_message":
                parameters.Text("service", required: true);
                parameters.Text("text", required: true);
                break;
            case "sms_in" or "sms_out":
                parameters.Text("text", required: true);
                parameters.Text("phone", required: true);
                break;
            default:
                break;
        }
    }
}
