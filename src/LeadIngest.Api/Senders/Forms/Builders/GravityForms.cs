using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Senders.Forms.Builders;

/// <summary>
/// Gravity Forms: the whole entry with numbers for names. A name field is known by its parts (<c>1.3</c> first, <c>1.6</c> last; an address, which has
/// such parts too, also has <c>.1</c>); phone and e-mail are found by their values, the rest by the owner's map.
/// </summary>
internal sealed class GravityForms : IFormBuilder
{
    private static readonly string[] Machinery = ["is_starred", "is_read", "is_fulfilled", "status", "created_by", "post_id", "payment_status", "transaction_type", "date_updated", "currency", "source_id"];

    public string Name => "gravity";
    public string Title => "Gravity Forms (WordPress)";

    public FormReading Read(FormRequest request)
    {
        var pairs = request.Body.Pairs;
        var posted = request.Json.Members().Select(m => m.Name).Concat(pairs.Select(p => p.Key)).ToHashSet(StringComparer.Ordinal);
        var draft = new FormDraft { OccurredAt = WebhookTimes.Read(request.Json.TextAt("date_created"), "UTC") };
        foreach (var (name, value) in pairs)
            if (!Machinery.Contains(name, StringComparer.Ordinal)) draft.Add(Part(name, posted, request) ?? name, value);
        return new FormReading.Enquiry(draft, request.Json.TextAt("id") is { } id && request.Json.TextAt("form_id") is { } form ? $"{form}/{id}" : null);
    }

    private static string? Part(string name, HashSet<string> posted, FormRequest request)
    {
        if (name.IndexOf('.', StringComparison.Ordinal) is not (> 0 and var dot) || !name[..dot].All(char.IsAsciiDigit) || request.FieldMap.ContainsKey(name)) return null;
        if (posted.Contains($"{name[..dot]}.1")) return null;
        return name[dot..] switch { ".3" => "first_name", ".4" => "middle_name", ".6" => "last_name", _ => null };
    }
}
