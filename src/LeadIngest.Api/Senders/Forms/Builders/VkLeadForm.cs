using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Forms.Builders;

/// <summary>Lead forms of a VK community, by its Callback API: repeated until it hears ok, whatever the event was.</summary>
internal sealed class VkLeadForm : IFormBuilder
{
    private static readonly HashSet<string> Contacts = ["first_name", "last_name", "patronymic_name", "phone_number", "email"];

    public string Name => "vk-lead-form";
    public string Title => "VK lead form";

    public SecretsUse Secrets { get; } = new("The secret key of the Callback API; it comes as secret.", Confirmation: "The string that the server must return, from the Callback API's settings.");

    /// <summary>The question for the confirmation string comes before the secret is set.</summary>
    public bool IsProven(FormRequest request) => request.Json.TextAt("type") == "confirmation" || SharedSecret.IsIn(request);

    public FormReading Read(FormRequest request)
    {
        var json = request.Json;
        switch (json.TextAt("type"))
        {
            case "confirmation":
                return request.Sender?.Secrets.Confirmation is { Length: > 0 } confirmation ? new FormReading.Reply(confirmation)
                    : new FormReading.Refused(404, "Make a sender for vk-lead-form on this site and give it the confirmation string.");
            case "lead_forms_new":
                break;
            case null:
                return new FormReading.Unreadable("no_event", "type", "An event of VK has a type and an object.");
            default:
                return new FormReading.Nothing("other_event");
        }
        var lead = json.At("object") ?? WebhookJson.Empty;
        var draft = new FormDraft().Add("form_id", lead.TextAt("form_id")).Add("form_name", lead.TextAt("form_name"));
        foreach (var answer in lead.ItemsAt("answers"))
        {
            var (key, value) = (answer.TextAt("key"), answer.TextAt("answer"));
            if (key is not null && Contacts.Contains(key)) draft.Add(key, value);
            else draft.Answer(answer.TextAt("question") ?? key, value);
        }
        if (lead.TextAt("user_id") is { } user && user != "0") draft.Add("vk", $"https://vk.com/id{user}");
        // VK tells no tags. With an ad it was advertising; without one somebody found the form in the community.
        var isAd = lead.TextAt("ad_id") is { } ad && ad != "0";
        draft.Add("utm_source", "vk").Add("utm_medium", isAd ? "cpc" : "social").Add("utm_content", isAd ? lead.TextAt("ad_id") : null);
        draft.AddRest(lead, "lead_id", "form_id", "form_name", "answers", "ad_id", "user_id").Add("group_id", json.TextAt("group_id"));
        return new FormReading.Enquiry(draft, lead.TextAt("lead_id") is { } id ? $"{lead.TextAt("form_id")}/{id}" : json.TextAt("event_id"));
    }

    public IResult Answer(Guid? leadId) => Plain.Ok;
}
