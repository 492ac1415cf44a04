using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Forms.Builders;

/// <summary>
/// Meta lead ads. Its own webhook holds only the id of a lead: we call nobody, so that is kept to be completed. A connector that has fetched the lead
/// posts it here with <c>field_data</c>, at any depth where Meta's own answers have it.
/// </summary>
internal sealed class FacebookLead : IFormBuilder
{
    public string Name => "facebook-lead";
    public string Title => "Meta lead ads";

    public SecretsUse Secrets { get; } = new("The app secret: X-Hub-Signature-256 is checked with it.", "A word by which a connector may prove itself instead: ?key= in the address or the header X-Secret.",
        "The verify token of the webhook.");

    public bool IsProven(FormRequest request)
    {
        if (IsCheck(request)) return true; // the verify token is compared when it is answered
        var secrets = request.Sender!.Secrets;
        if (secrets is { Secret: null or "", Key: null or "" }) return true;
        if (secrets.Secret is { Length: > 0 } app && request.Headers.TryGetValue("X-Hub-Signature-256", out var signature))
            return Signatures.Same(signature.ToLowerInvariant(), "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(app), request.RawBody)));
        return secrets.Key is { Length: > 0 } word && SharedSecret.IsIn(request with { Sender = request.Sender with { Secrets = new() { Secret = word } } });
    }

    public FormReading Read(FormRequest request)
    {
        if (IsCheck(request)) return Check(request);
        var leads = Leads(request.Json).ToList();
        var ids = leads.Select(l => l.TextAt("leadgen_id") ?? l.TextAt("lead_id") ?? l.TextAt("id")).OfType<string>().ToList();
        var id = ids.Count == 0 ? null : string.Join(',', ids);
        // A connector may post plain fields.
        if (leads.Count == 0) return request.Json.At("entry") is null ? new FormReading.Enquiry(new FormDraft().Add(request.Body.Pairs)) : new FormReading.Nothing("other_event");
        if (leads.Count > 1) return new FormReading.Unreadable("several_leads", "entry", $"{leads.Count} leads in one message: replay it once for each, with the field_data of one.", id);
        var lead = leads[0];
        if (lead.At("field_data") is null)
            return new FormReading.Unreadable("needs_details", "field_data", $"Meta sends the lead's id alone. Replay it with the lead's data: {{\"leadgen_id\":\"{id}\",\"field_data\":[…]}}", id is null ? null : "bare/" + id);
        return new FormReading.Enquiry(Draft(lead), id);
    }

    private static FormDraft Draft(JsonElement lead)
    {
        var draft = new FormDraft { OccurredAt = WebhookTimes.Read(lead.TextAt("created_time"), "UTC") };
        foreach (var field in lead.ItemsAt("field_data")) draft.Add(field.TextAt("name") ?? "?", field.TextAt("values") ?? field.TextAt("value"));
        draft.Add("form_id", lead.TextAt("form_id")).Add("form_name", lead.TextAt("form_name"));
        var isAd = lead.TextAt("is_organic") is not ("true" or "1");
        draft.Add("utm_source", lead.TextAt("platform") is "ig" or "instagram" ? "instagram" : "facebook").Add("utm_medium", isAd ? "cpc" : "social")
            .Add("utm_campaign", lead.TextAt("campaign_name") ?? lead.TextAt("campaign_id")).Add("utm_content", lead.TextAt("ad_name") ?? lead.TextAt("ad_id"));
        return draft.AddRest(lead, "field_data", "form_id", "form_name", "created_time", "campaign_name", "ad_name", "is_organic", "leadgen_id", "id");
    }

    private static IEnumerable<JsonElement> Leads(JsonElement json)
    {
        if (json.At("field_data") is not null || json.At("leadgen_id") is not null) return [json];
        return json.ItemsAt("entry").SelectMany(e => e.ItemsAt("changes")).Where(c => c.TextAt("field") is null or "leadgen").Select(c => c.At("value")).OfType<JsonElement>();
    }

    private static bool IsCheck(FormRequest request) => HttpMethods.IsGet(request.Method) && request.Json.TextAt("hub.mode") == "subscribe";

    private static FormReading Check(FormRequest request)
    {
        if (request.Sender?.Secrets.Confirmation is not { Length: > 0 } token)
            return new FormReading.Refused(404, "Make a sender for facebook-lead on this site and give it the verify token as confirmation.");
        return Signatures.Same(request.Json.TextAt("hub.verify_token"), token) && request.Json.TextAt("hub.challenge") is { Length: <= 500 } challenge
            ? new FormReading.Reply(challenge) : new FormReading.Refused(401, "wrong verify token");
    }
}
