using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Forms.Builders;

/// <summary>Creatium: an order with typed fields, the site, the page and the visit's tags.</summary>
internal sealed class Creatium : IFormBuilder
{
    public string Name => "creatium";
    public string Title => "Creatium";

    public FormReading Read(FormRequest request)
    {
        var order = request.Json.At("order") ?? request.Json;
        var draft = new FormDraft { OccurredAt = WebhookTimes.Read(order.TextAt("date"), request.Sender?.Settings.TimeZone) };
        foreach (var field in order.ItemsAt("fields"))
            draft.Typed(request, field.TextAt("name") ?? field.TextAt("title") ?? field.TextAt("type") ?? "?", Type(field.TextAt("type")), field.TextAt("value"));
        draft.Add("page", order.TextAt("page", "url") ?? request.Json.TextAt("page", "url")).Add("page_title", order.TextAt("page", "name") ?? order.TextAt("page", "title"));
        draft.Add("form_name", order.TextAt("form", "name"));
        if ((order.At("visit") ?? request.Json.At("visit")) is { } visit)
        {
            foreach (var (tag, value) in visit.At("utm") is { } utm ? utm.Members() : [])
                draft.Add(tag.StartsWith("utm", StringComparison.OrdinalIgnoreCase) ? tag : $"utm_{tag}", WebhookJson.Joined(value));
            draft.AddRest(visit, "utm");
        }
        draft.AddRest(order, "id", "fields", "date", "page", "visit", "form");
        if (request.Json.At("order") is not null) draft.AddRest(request.Json, "order", "page", "visit");
        return new FormReading.Enquiry(draft, order.TextAt("id"));
    }

    private static string? Type(string? type) => type?.ToLowerInvariant() switch
    {
        "phone" or "tel" => "tel",
        "email" or "mail" => "email",
        "textarea" => "textarea",
        _ => null,
    };
}
