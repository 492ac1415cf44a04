using System.Text.Json;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Forms;

/// <summary>Reads the webhooks of one form builder. Pure: no clock, no database, no calls out; one file a builder.</summary>
internal interface IFormBuilder
{
    /// <summary>The word in the address and the name of its page: <c>tilda</c>.</summary>
    string Name { get; }

    /// <summary>For people.</summary>
    string Title { get; }

    /// <summary>What each secret is called over there; see <see cref="SenderSecrets"/>.</summary>
    SecretsUse Secrets => SharedSecret.Use;

    /// <summary>Asked only when the sender has secrets: does this request come from whom it says? Must compare in constant time.</summary>
    bool IsProven(FormRequest request) => SharedSecret.IsIn(request);

    FormReading Read(FormRequest request);

    /// <summary>What the builder wants to hear, for a lead, its retry and for what was kept aside alike.</summary>
    /// <param name="leadId">Null: no lead was made.</param>
    IResult Answer(Guid? leadId) => new JsonText(200, leadId is { } id ? BatchPlanner.Answer(new IngestResult.Stored(id)) : "{}", "application/json");
}

/// <summary>A webhook of a form builder as it arrived.</summary>
internal sealed record FormRequest
{
    public required SiteEntry Site { get; init; }

    /// <summary>What the owner has set for this builder on this site; null: nothing.</summary>
    public Sender? Sender { get; init; }

    public required string Method { get; init; }
    public string? ContentType { get; init; }
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Without the question mark.</summary>
    public string Query { get; init; } = "";

    public required byte[] RawBody { get; init; }
    public required WebhookBody Body { get; init; }

    public JsonElement Json => Body.Json;

    /// <summary>The owner's word on single fields: the site's map, and above it the sender's.</summary>
    public required IReadOnlyDictionary<string, string> FieldMap { get; init; }

    public static IReadOnlyDictionary<string, string> MapOf(SiteEntry site, Sender? sender)
    {
        if (sender is not { Settings.FieldMap.Count: > 0 }) return site.FieldMap;
        var map = new Dictionary<string, string>(site.FieldMap, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, meaning) in sender.Settings.FieldMap) map[name] = meaning;
        return map;
    }

    /// <summary>Without the person, whom a record would print.</summary>
    public override string ToString() => $"{Method} {RawBody.Length} bytes";
}

/// <summary>What a webhook turned out to be.</summary>
internal abstract record FormReading
{
    private FormReading() { }

    /// <param name="Draft">The enquiry.</param>
    /// <param name="Id">The builder's own id of it, the same in every retry; null: it has none.</param>
    public sealed record Enquiry(FormDraft Draft, string? Id = null) : FormReading;

    /// <summary>A check of the address that has an answer of its own: nothing is stored.</summary>
    public sealed record Reply(string Text, string ContentType = "text/plain; charset=utf-8") : FormReading;

    /// <summary>Understood and of no use (another event, a test button).</summary>
    /// <param name="Why">For the metrics: one word of few.</param>
    /// <param name="IsTest">A trial of the address.</param>
    public sealed record Nothing(string Why, bool IsTest = false) : FormReading;

    /// <summary>The request is a check that cannot be answered well: 4xx, nothing stored.</summary>
    public sealed record Refused(int Status, string Why) : FormReading;

    /// <summary>It cannot become a lead as it is: kept whole, answered well.</summary>
    public sealed record Unreadable(string Reason, string Field, string Error, string? Id = null) : FormReading;
}
