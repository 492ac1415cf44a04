using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Forms.Builders;

/// <summary>Contact Form 7 by "CF7 to Webhook": the form's tags, as JSON or by the owner's template. It sends while the visitor waits, once.</summary>
internal sealed class ContactForm7 : IFormBuilder
{
    public string Name => "cf7";
    public string Title => "Contact Form 7 (WordPress)";

    public FormReading Read(FormRequest request)
    {
        var draft = new FormDraft().Add("form_id", request.Json.TextAt("_wpcf7"));
        return new FormReading.Enquiry(draft.Add(request.Body.Pairs));
    }
}
