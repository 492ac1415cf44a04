using System.Text.Json;
using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Forms.Builders;

/// <summary>Marquiz: the answers of a quiz, contacts, and where the visitor came from.</summary>
internal sealed class Marquiz : IFormBuilder
{
    private static readonly string[] Known = ["answers", "contacts", "quiz", "created", "extra", "raw", "result"];

    public string Name => "marquiz";
    public string Title => "Marquiz";

    public FormReading Read(FormRequest request)
    {
        var json = request.Json;
        var draft = new FormDraft { OccurredAt = WebhookTimes.Read(json.TextAt("created"), request.Sender?.Settings.TimeZone) };
        draft.Add("form_id", json.TextAt("quiz", "id")).Add("form_name", json.TextAt("quiz", "name"));
        draft.Add("page", json.TextAt("extra", "href")).Add("referrer", json.TextAt("extra", "referrer"));
        if (json.At("contacts") is { } contacts) draft.AddRest(contacts);
        foreach (var answer in json.ItemsAt("answers"))
            draft.Answer(answer.TextAt("q") ?? answer.TextAt("question"), answer.TextAt("a") ?? answer.TextAt("answer"));
        draft.Answer("Результат", json.TextAt("result", "title")).Add("result[cost]", json.TextAt("result", "cost"));
        foreach (var (tag, value) in json.At("extra", "utm") is { } utm ? utm.Members() : [])
            draft.Add(tag.StartsWith("utm", StringComparison.OrdinalIgnoreCase) ? tag : $"utm_{tag}", WebhookJson.Joined(value));
        draft.Add("cookies", Cookies(json.At("extra", "cookies")));
        if (json.At("extra") is { } extra) draft.AddRest(extra, "href", "referrer", "utm", "cookies");
        return new FormReading.Enquiry(draft.AddRest(json, Known));
    }

    private static string? Cookies(JsonElement? cookies) => cookies switch
    {
        { ValueKind: JsonValueKind.Object } named => string.Join("; ", named.Members().Select(c => $"{c.Name}={WebhookJson.Text(c.Value)}")),
        { ValueKind: JsonValueKind.String } text => WebhookJson.Text(text),
        _ => null,
    };
}
