using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Forms;

/// <summary>One field of a posted form with what is known about it.</summary>
internal sealed class FormField(string name, string value, FieldMeaning meaning)
{
    /// <summary>The label when the form sent one, else the name as posted.</summary>
    public string Name { get; } = name;

    /// <summary>Cleaned, never empty.</summary>
    public string Value { get; } = value;

    public FieldMeaning Meaning { get; } = meaning;

    /// <summary>For <see cref="FieldMeaning.Tag"/>.</summary>
    public string? Tag { get; init; }

    /// <summary>Some member of the lead holds the value.</summary>
    public bool IsClaimed { get; set; }

    /// <summary>True when the value is a phone and nothing but a phone: no words, in a range that was given out.</summary>
    public bool IsPhoneAlone(string? country) =>
        Value.Length <= 40 && !Value.Any(char.IsLetter) && Phone.FindAll(Value, country) is [{ IsAllotted: true }];
}
