using System.Text.Json;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Forms.Builders;

/// <summary>Tilda: a form of the owner's own names with <c>tranid</c>; three tries within two minutes; the plain word ok is waited for.</summary>
internal sealed class Tilda : IFormBuilder
{
    public string Name => "tilda";
    public string Title => "Tilda";

    public SecretsUse Secrets { get; } = new("The value of the API key in the webhook's settings.", "The name of that key; absent: api_key, key, token or secret.");

    /// <summary>The check at connect time comes before the key is known to work, and stores nothing.</summary>
    public bool IsProven(FormRequest request) => IsCheck(request) || SharedSecret.IsIn(request);

    public FormReading Read(FormRequest request)
    {
        if (IsCheck(request)) return new FormReading.Reply("ok");
        var draft = new FormDraft();
        foreach (var (name, value) in request.Body.Pairs)
        {
            // A shop's order comes as JSON inside of the form.
            if (name.Equals("payment", StringComparison.OrdinalIgnoreCase) && Order(value) is { } order) draft.Add(WebhookJson.Flatten(order, "payment"));
            else draft.Add(name, value);
        }
        return new FormReading.Enquiry(draft, request.Json.TextAt("tranid"));
    }

    public IResult Answer(Guid? leadId) => Plain.Ok;

    private static bool IsCheck(FormRequest request) => request.Body.Pairs is { Count: > 0 and <= 3 } pairs
        && pairs.Any(p => p is { Key: "test", Value: "test" }) && !pairs.Any(p => p.Key.Equals("phone", StringComparison.OrdinalIgnoreCase) || p.Key.Equals("email", StringComparison.OrdinalIgnoreCase) || p.Key == "tranid");

    private static JsonElement? Order(string value)
    {
        var read = value.AsSpan().TrimStart() is ['{', ..] ? WebhookBody.Read("application/json", System.Text.Encoding.UTF8.GetBytes(value)) : null;
        return read is { Problem: null } ? read.Json : null;
    }
}

internal static class Plain
{
    /// <summary>200 with the text ok, nothing more: some compare it.</summary>
    public static IResult Ok { get; } = new JsonText(200, "ok", "text/plain; charset=utf-8");
}
