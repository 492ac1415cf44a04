using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Forms.Builders;

/// <summary>Flexbe: a form of <c>data[…]</c> with the page, its tags, and what was filled in.</summary>
internal sealed class Flexbe : IFormBuilder
{
    public string Name => "flexbe";
    public string Title => "Flexbe";

    public FormReading Read(FormRequest request)
    {
        // Without the wrapping it is the same enquiry: a connector may have unpacked it.
        var data = request.Json.At("data") ?? request.Json;
        var draft = new FormDraft { OccurredAt = WebhookTimes.Read(data.TextAt("time"), request.Sender?.Settings.TimeZone) };
        foreach (var name in (string[])["name", "phone", "email", "form_id", "form_name"]) draft.Add(name, data.TextAt(name));
        draft.Add("page", data.TextAt("page", "url")).Add("page_title", data.TextAt("page", "name"));
        foreach (var (tag, value) in data.At("utm") is { } utm ? utm.Members() : [])
            draft.Add(tag.StartsWith("utm", StringComparison.OrdinalIgnoreCase) ? tag : $"utm_{tag}", WebhookJson.Joined(value));
        if (data.At("form_data") is { } filled) draft.Add(WebhookJson.Flatten(filled));
        draft.AddRest(data, "name", "phone", "email", "form_id", "form_name", "page", "utm", "form_data", "time");
        if (request.Json.At("data") is not null) draft.AddRest(request.Json, "data", "event");
        return new FormReading.Enquiry(draft, data.TextAt("id"));
    }
}
