using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Forms;

/// <summary>Turns posted pairs into fields: joins Elementor's attributes of one field, applies the owner's map, drops the form's machinery.</summary>
internal static class FormFields
{
    private const int LongestName = 200;
    private const int LongestValue = 20_000;

    // Attributes that describe a field: fields[x][type]=tel.
    private static readonly string[] Attributes = ["id", "type", "title", "required"];

    public static List<FormField> Read(
        IReadOnlyList<KeyValuePair<string, string>> pairs, IReadOnlyDictionary<string, string>? map, List<string> dropped)
    {
        var described = Describe(pairs);
        var fields = new List<FormField>(pairs.Count);
        foreach (var (posted, value) in pairs)
        {
            if (string.IsNullOrWhiteSpace(value))
                continue;
            var name = posted ?? "";
            var owner = OwnerMeaning(map, name);
            var parts = FieldName.Split(name);
            Described? about = null;
            if (parts.Count == 3 && described.TryGetValue(Group(parts), out about) && about.Value is not null && owner is null)
            {
                // Attributes carry no answer, and raw_value mostly repeats the value.
                if (Attributes.Contains(parts[2]) || (parts[2] == "raw_value" && value == about.Value))
                {
                    dropped.Add(name);
                    continue;
                }
            }
            if (Field(name, value, owner, about) is not { } field)
                continue;
            if (field.Meaning == FieldMeaning.Service)
                dropped.Add(name);
            else
                fields.Add(field);
        }
        return fields;
    }

    private static FormField? Field(string name, string value, string? owner, Described? about)
    {
        if (Text.Clean(value, LongestValue) is not { } clean)
            return null;
        var label = Text.CleanLine(about?.Title ?? name, LongestName) ?? "";
        if (owner is not null)
            return Enum.TryParse<FieldMeaning>(owner, ignoreCase: true, out var said) && Enum.IsDefined(said) && !char.IsAsciiDigit(owner[0])
                ? new FormField(label, clean, said) { Tag = said == FieldMeaning.Tag ? name : null }
                : owner.Equals("ignore", StringComparison.OrdinalIgnoreCase)
                    ? new FormField(label, clean, FieldMeaning.Service)
                    // Any other word is the name under which the owner wants to see the field.
                    : new FormField(owner, clean, FieldMeaning.Other);
        var meaning = FieldNames.Of(name, out var tag);
        if (about is not null)
        {
            if (Typed(about.Type) is { } typed)
                (meaning, tag) = (typed, null);
            else if (meaning == FieldMeaning.Other && about.Title is not null)
                meaning = FieldNames.Of(about.Title, out tag);
        }
        return new FormField(label, clean, meaning) { Tag = tag };
    }

    private static FieldMeaning? Typed(string? type) => type switch
    {
        "tel" => FieldMeaning.Phone,
        "email" => FieldMeaning.Email,
        "textarea" => FieldMeaning.Comment,
        "acceptance" => FieldMeaning.Consent,
        "recaptcha" or "recaptcha_v3" or "honeypot" => FieldMeaning.Service,
        _ => null,
    };

    private static string? OwnerMeaning(IReadOnlyDictionary<string, string>? map, string name)
    {
        if (map is null || map.Count == 0)
            return null;
        if (map.TryGetValue(name, out var exact) && exact.Length > 0)
            return exact;
        foreach (var (key, meaning) in map)
            if (key.AsSpan().Trim().Equals(name.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase) && meaning.Length > 0)
                return meaning;
        return null;
    }

    private static Dictionary<string, Described> Describe(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        var described = new Dictionary<string, Described>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
        {
            if (name is null || !name.Contains('[', StringComparison.Ordinal) || FieldName.Split(name) is not { Count: 3 } parts)
                continue;
            if (parts[2] is not ("type" or "title" or "value"))
                continue;
            if (!described.TryGetValue(Group(parts), out var about))
                described.Add(Group(parts), about = new Described());
            switch (parts[2])
            {
                case "type":
                    about.Type = value?.Trim().ToLowerInvariant();
                    break;
                case "title":
                    about.Title = string.IsNullOrWhiteSpace(value) ? null : value;
                    break;
                default:
                    about.Value = value;
                    break;
            }
        }
        return described;
    }

    private static string Group(List<string> parts) => $"{parts[0]}[{parts[1]}]";

    private sealed class Described
    {
        public string? Type { get; set; }
        public string? Title { get; set; }
        public string? Value { get; set; }
    }
}
