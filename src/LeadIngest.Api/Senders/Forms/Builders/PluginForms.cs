namespace LeadIngest.Api.Senders.Forms.Builders;

/// <summary>A plugin whose owner names the fields himself: WPForms, Ninja Forms. The entry's id counts only with its form's: alone it could be anything.</summary>
internal sealed class PluginForms(string name, string title) : IFormBuilder
{
    private static readonly string[] Entry = ["entry_id", "entryId", "submission_id", "submissionId", "__submission[id]", "sub_id"];
    private static readonly string[] Form = ["form_id", "formId", "__submission[form_id]"];

    public string Name => name;
    public string Title => $"{title} (WordPress)";

    public FormReading Read(FormRequest request) => new FormReading.Enquiry(new FormDraft().Add(request.Body.Pairs), Id(request.Body.Pairs));

    private static string? Id(IReadOnlyList<KeyValuePair<string, string>> pairs) =>
        Find(pairs, Form) is { } form && Find(pairs, Entry) is { } entry ? $"{form}/{entry}" : null;

    private static string? Find(IReadOnlyList<KeyValuePair<string, string>> pairs, string[] names) =>
        pairs.FirstOrDefault(p => names.Contains(p.Key, StringComparer.OrdinalIgnoreCase) && p.Value.Trim().Length > 0).Value;
}
