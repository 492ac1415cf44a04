using System.Text.Json;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Forms.Builders;

/// <summary>Jivo's chat: an offline message or a finished chat makes a lead when the person has left a phone or an e-mail; the other events are only heard.</summary>
internal sealed class Jivo : IFormBuilder
{
    public string Name => "jivo";
    public string Title => "Jivo";

    public FormReading Read(FormRequest request)
    {
        var json = request.Json;
        var name = json.TextAt("event_name");
        if (name is null) return new FormReading.Unreadable("no_event", "event_name", "A webhook of Jivo names its event.");
        if (name is not ("offline_message" or "chat_finished")) return new FormReading.Nothing("other_event");
        var visitor = json.At("visitor") ?? WebhookJson.Empty;
        // A chat of a person who cannot be reached is no enquiry; the chat itself stays in Jivo.
        if (visitor.TextAt("phone") is null && visitor.TextAt("email") is null) return new FormReading.Nothing("no_contact");
        var draft = new FormDraft { Kind = "chat" };
        foreach (var field in (string[])["name", "phone", "email"]) draft.Add(field, visitor.TextAt(field));
        draft.Add("comment", json.TextAt("message") ?? Transcript(json));
        draft.Add("page", json.TextAt("page", "url")).Add("page_title", json.TextAt("page", "title")).Add("form_name", "Jivo");
        Tags(json, draft);
        draft.Add("Jivo visitor", visitor.TextAt("number")).Add("Jivo note", visitor.TextAt("description"));
        draft.AddRest(visitor, "name", "phone", "email", "number", "description");
        if (json.At("session", "geoip") is { } place) draft.Add(WebhookJson.Flatten(place, "geoip"));
        draft.Add("chat_id", json.TextAt("chat_id")).Add("Operator", string.Join(", ", json.ItemsAt("agents").Select(a => a.TextAt("name")).OfType<string>()));
        return new FormReading.Enquiry(draft, json.TextAt("offline_message_id") is { } offline ? $"offline/{offline}" : json.TextAt("chat_id") is { } chat ? $"chat/{chat}" : null);
    }

    public IResult Answer(Guid? leadId) => new JsonText(200, """{"result":"ok"}""", "application/json");

    private static void Tags(JsonElement json, FormDraft draft)
    {
        if (json.At("session", "utm_json") is { ValueKind: JsonValueKind.Object } tags)
            foreach (var (tag, value) in tags.Members()) draft.Add(Tag(tag), WebhookJson.Joined(value));
        else
            foreach (var pair in (json.TextAt("session", "utm") ?? "").Split('|', 50))
                if (pair.IndexOf('=', StringComparison.Ordinal) is > 0 and var at) draft.Add(Tag(pair[..at]), pair[(at + 1)..]);
    }

    private static string Tag(string name) => name.StartsWith("utm", StringComparison.OrdinalIgnoreCase) ? name : $"utm_{name}";

    private static string? Transcript(JsonElement json)
    {
        var lines = json.ItemsAt("chat", "messages").Select(m => m.TextAt("message") is { } text ? $"{(m.TextAt("type") == "agent" ? "Оператор" : "Клиент")}: {text}" : null).OfType<string>().ToList();
        return lines.Count > 0 ? string.Join('\n', lines) : json.TextAt("plain_messages");
    }
}
