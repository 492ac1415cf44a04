using System.Text.Json;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Core.Forms;

namespace LeadIngest.Api.Senders.Forms;

/// <summary>An enquiry as an adapter puts it together: pairs by the names that the builder posts, read by the same rules as any form, and the few facts that are typed.</summary>
internal sealed class FormDraft
{
    /// <summary>Cookies worth keeping; the rest of a cookie string may hold secrets of the visitor's session.</summary>
    private static readonly string[] KeptCookies = ["_ym_uid", "_ym_d", "_ga", "_fbc", "_fbp", "_ct_session_id", "roistat_visit", "roistat_first_visit", "previousUrl"];

    /// <summary>The tracker's own cookie: visitor, visit and two times, joined by dots.</summary>
    private const string TrackerCookie = "leadingest";

    /// <summary>More is no enquiry of a person; the adapters add contacts first.</summary>
    private const int MostFields = 500;

    private bool _isCut;
    private readonly List<KeyValuePair<string, string>> _pairs = [];
    private readonly List<KeyValuePair<string, string>> _answers = [];
    private int _typed;

    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>form or chat.</summary>
    public string Kind { get; init; } = "form";

    public bool IsTest { get; init; }

    /// <summary>Adds a field under the name that the owner's map and the synonyms know it by; null and empty values are none.</summary>
    public FormDraft Add(string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value) && HasRoom()) _pairs.Add(new(name, value));
        return this;
    }

    public FormDraft Add(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        foreach (var (name, value) in pairs) Add(name, value);
        return this;
    }

    /// <summary>Adds a field whose type the builder tells: <c>tel</c>, <c>email</c>, <c>textarea</c>, … The owner's map, where it names the field, goes above the type.</summary>
    public FormDraft Typed(FormRequest request, string name, string? type, string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) return this;
        if (type is null || request.FieldMap.Keys.Any(k => k.Equals(name, StringComparison.OrdinalIgnoreCase))) return Add(name, value);
        var at = $"typed[{++_typed}]";
        return Add($"{at}[type]", type).Add($"{at}[title]", name).Add($"{at}[value]", value);
    }

    /// <summary>Adds a question with its answer: a line of the comment, and a field.</summary>
    public FormDraft Answer(string? question, string? answer)
    {
        if (!string.IsNullOrWhiteSpace(answer) && HasRoom()) _answers.Add(new(string.IsNullOrWhiteSpace(question) ? "?" : question.Trim(), answer.Trim()));
        return this;
    }

    /// <summary>Adds every member that the adapter has no use for itself.</summary>
    public FormDraft AddRest(JsonElement json, params string[] except) => Add(json.Members()
        .Where(m => !except.Contains(m.Name, StringComparer.OrdinalIgnoreCase))
        .SelectMany(m => WebhookJson.Flatten(m.Value, m.Name)));

    private bool HasRoom()
    {
        if (_pairs.Count + _answers.Count < MostFields) return true;
        _isCut = true;
        return false;
    }

    public PostedLead ToLead(FormRequest request)
    {
        var pairs = SharedSecret.Without(request, _pairs);
        // An answer that the owner's map names is a field like any other.
        var answers = _answers.Where(a => !request.FieldMap.Keys.Any(k => k.Equals(a.Key, StringComparison.OrdinalIgnoreCase))).ToList();
        pairs.AddRange(_answers.Except(answers));
        var form = FormReader.Read(pairs, request.Site.DefaultCountry, request.FieldMap);
        if (form is { Phone: null, Email: null, Contact: null } && answers.Count > 0)
        {
            // The contact may be one of the answers: a quiz asks for it as for anything else.
            var all = FormReader.Read([.. pairs, .. answers], request.Site.DefaultCountry, request.FieldMap);
            if (all.Phone is not null || all.Email is not null || all.Contact is not null)
            {
                form = all;
                answers.RemoveAll(a => !all.Fields.Any(f => f.Key == a.Key.Trim()));
                form = form with { Fields = [.. form.Fields.Where(f => !answers.Exists(a => a.Key == f.Key))] };
            }
        }
        var cookies = Cookies(form.Cookies);
        var tracker = cookies.FirstOrDefault(c => c.Key == TrackerCookie).Value?.Split('.') is { Length: 4 } parts ? parts : null;
        var lead = FormBody.Posted(form);
        return lead with
        {
            Comment = string.Join('\n', answers.Select(a => $"{a.Key}: {a.Value}").Prepend(form.Comment).Where(line => !string.IsNullOrEmpty(line))) is { Length: > 0 } text ? text : null,
            VisitorId = lead.VisitorId ?? tracker?[0],
            VisitId = lead.VisitId ?? tracker?[1],
            OccurredAt = OccurredAt,
            Kind = Kind,
            IsTest = IsTest,
            Fields = [.. lead.Fields, .. answers, .. cookies.Where(c => KeptCookies.Contains(c.Key, StringComparer.Ordinal)),
                .. _isCut ? [new KeyValuePair<string, string>("…", $"more than {MostFields} fields")] : Array.Empty<KeyValuePair<string, string>>()],
        };
    }

    private static List<KeyValuePair<string, string>> Cookies(string? text)
    {
        var read = new List<KeyValuePair<string, string>>();
        foreach (var cookie in (text ?? "").Split(';', 500))
            if (cookie.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && cookie.Length - at < 500)
                read.Add(new(cookie[..at].Trim(), Uri.UnescapeDataString(cookie[(at + 1)..].Trim())));
        return read;
    }
}
