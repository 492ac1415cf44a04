using System.Diagnostics.CodeAnalysis;

namespace LeadIngest.Core.Identities;

/// <summary>A phone number in E.164 form: a plus and 7 to 15 digits, for example +79161234567.</summary>
/// <remarks>
/// Sources: ITU-T E.164 (2010) for the form; libphonenumber's numbering plans for what is a number (<c>Identities/Data</c>).
/// </remarks>
public sealed record Phone
{
    internal Phone(string e164, string? country, bool isAllotted) => (E164, Country, IsAllotted) = (e164, country, isAllotted);

    public string E164 { get; }

    /// <summary>What to dial after the answer, 1 to 7 digits. Not part of an identity: a reception has one number and many extensions.</summary>
    public string? Extension { get; init; }

    /// <summary>ISO 3166-1 alpha-2. Null where the calling code belongs to no country or to several that do not claim the number.</summary>
    public string? Country { get; }

    /// <summary>
    /// False: the shape is right, yet the range was given to nobody when the plans were published. Often a digit was lost, as when
    /// 8916… is typed into a mask that starts with +7: +7 (891) 612-34-56. Worth a warning, never a refusal.
    /// </summary>
    public bool IsAllotted { get; }

    /// <summary>Takes the first phone number of a text. Never throws.</summary>
    /// <param name="text">As typed: any spelling, words around it, several numbers. Only the first 2 000 characters are read.</param>
    /// <param name="defaultCountry">ISO 3166-1 alpha-2 of the site: decides numbers without a calling code. Unknown: only international ones are read.</param>
    /// <param name="phone">The number, null when there is none.</param>
    public static bool TryParse(string? text, string? defaultCountry, [NotNullWhen(true)] out Phone? phone)
    {
        phone = PhoneText.Find(text, NumberingPlans.Of(defaultCountry), most: 1) is [var first, ..] ? first : null;
        return phone is not null;
    }

    /// <summary>All phone numbers of a text in reading order, each once. Never throws.</summary>
    public static IReadOnlyList<Phone> FindAll(string? text, string? defaultCountry) =>
        PhoneText.Find(text, NumberingPlans.Of(defaultCountry), most: int.MaxValue);

    public override string ToString() => Extension is null ? E164 : $"{E164} ext. {Extension}";
}
