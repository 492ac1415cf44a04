namespace LeadIngest.Api.Senders.Forms.Builders;

/// <summary>Anything else that can post: the names are found by synonyms and by the owner's map. An id counts only under a name that can mean nothing but one enquiry.</summary>
internal sealed class Generic : IFormBuilder
{
    private static readonly string[] Ids = ["lead_id", "leadId", "submission_id", "submissionId", "response_id", "answer_id", "event_id", "tranid"];

    public string Name => "generic";
    public string Title => "Anything else";

    public FormReading Read(FormRequest request) => new FormReading.Enquiry(new FormDraft().Add(request.Body.Pairs), request.Body.Pairs.FirstOrDefault(p => Ids.Contains(p.Key, StringComparer.OrdinalIgnoreCase)).Value);
}
