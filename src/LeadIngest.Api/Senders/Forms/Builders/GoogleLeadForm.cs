using LeadIngest.Api.Ingest;
using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Forms.Builders;

/// <summary>Google's lead form asset: columns with fixed ids, questions with ids of their own. The click id says where it came from.</summary>
internal sealed class GoogleLeadForm : IFormBuilder
{
    public string Name => "google-lead-form";
    public string Title => "Google Ads lead form";
    public SecretsUse Secrets { get; } = new("The key that you have entered beside the webhook's address; it comes as google_key.");

    public FormReading Read(FormRequest request)
    {
        var json = request.Json;
        var draft = new FormDraft { IsTest = json.TextAt("is_test") is "true" or "1" or "True", OccurredAt = WebhookTimes.Read(json.TextAt("lead_submit_time"), "UTC") };
        foreach (var column in json.ItemsAt("user_column_data"))
        {
            var (id, value) = (column.TextAt("column_id") ?? "?", column.TextAt("string_value"));
            if (Columns.Contains(id)) draft.Add(id, value);
            else draft.Answer(column.TextAt("column_name") ?? id, value);
        }
        draft.Add("form_id", json.TextAt("form_id")).Add("gclid", json.TextAt("gcl_id"));
        // No click id, but the form exists nowhere but in an advertisement of Google's.
        if (json.TextAt("gcl_id") is null) draft.Add("utm_source", "google").Add("utm_medium", "cpc");
        draft.Add("utm_id", json.TextAt("campaign_id"));
        draft.AddRest(json, "lead_id", "google_key", "is_test", "user_column_data", "form_id", "gcl_id", "campaign_id", "api_version", "lead_submit_time");
        return new FormReading.Enquiry(draft, json.TextAt("lead_id"));
    }

    public IResult Answer(Guid? leadId) => new JsonText(200, "{}", "application/json");

    private static readonly HashSet<string> Columns =
    [
        "FULL_NAME", "FIRST_NAME", "LAST_NAME", "EMAIL", "WORK_EMAIL", "PHONE_NUMBER", "WORK_PHONE", "POSTAL_CODE", "STREET_ADDRESS", "CITY", "REGION", "COUNTRY", "COMPANY_NAME", "JOB_TITLE",
    ];
}
