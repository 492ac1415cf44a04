namespace LeadIngest.Api.Senders.Forms.Builders;

/// <summary>Elementor Pro's action Webhook: labels as names, or with advanced data <c>fields[id][type|title|value]</c>, whose types the form's reader knows.</summary>
internal sealed class Elementor : IFormBuilder
{
    public string Name => "elementor";
    public string Title => "Elementor Pro (WordPress)";

    public FormReading Read(FormRequest request) => new FormReading.Enquiry(new FormDraft().Add(request.Body.Pairs));
}
