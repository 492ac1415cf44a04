using System.Globalization;

namespace LeadIngest.Core.Forms;

/// <summary>Finds name, phone, e-mail and the rest among the fields of a form, whatever they are called.</summary>
/// <remarks>
/// Order of trust: the owner's map, the type that the form declares, the field's name, and last the value alone. A value that no
/// rule understands stays among <see cref="FormLead.Fields"/>: nothing but the form's machinery is left out. Never throws.
/// </remarks>
public static class FormReader
{
    // Ours: no person types more, and CRMs cut there.
    private const int LongestComment = 20_000;
    private const int LongestUrl = 8192;

    // A year, in seconds: nobody has a page open for longer.
    private const double LongestStay = 31_536_000;

    private static readonly string[] Yes = ["yes", "on", "1", "true", "да", "checked", "y", "agree", "agreed", "accepted", "ok", "согласен", "согласна"];
    private static readonly string[] No = ["no", "off", "0", "false", "нет", "n"];

    /// <param name="pairs">Decoded names and values in the order posted.</param>
    /// <param name="defaultCountry">ISO 3166-1 alpha-2 of the site, for phones without a calling code.</param>
    /// <param name="map">
    /// The owner's word on single fields, by posted name (case aside): a <see cref="FieldMeaning"/>, <c>ignore</c>, or the name under
    /// which to keep the field.
    /// </param>
    public static FormLead Read(
        IReadOnlyList<KeyValuePair<string, string>> pairs, string? defaultCountry, IReadOnlyDictionary<string, string>? map = null)
    {
        var dropped = new List<string>();
        var fields = FormFields.Read(pairs, map, dropped);
        var contacts = FormContacts.Find(fields, defaultCountry);
        var (consent, consentText) = Consent(fields);
        var honeypot = fields.FindAll(field => field.Meaning == FieldMeaning.Honeypot);
        foreach (var trap in honeypot)
        {
            trap.IsClaimed = true;
            dropped.Add(trap.Name);
        }
        var page = Take(fields, FieldMeaning.Page, LongestUrl) ?? Take(fields, FieldMeaning.PageOrReferrer, LongestUrl);
        return new FormLead
        {
            Name = contacts.Name,
            Phone = contacts.Phone,
            Email = contacts.Email,
            Contact = contacts.Messenger,
            Comment = Comment(fields),
            Page = page,
            Referrer = Take(fields, FieldMeaning.Referrer, LongestUrl) ?? Take(fields, FieldMeaning.PageOrReferrer, LongestUrl),
            FormId = Take(fields, FieldMeaning.FormId, 200),
            FormName = Take(fields, FieldMeaning.FormName, 500),
            VisitorId = Take(fields, FieldMeaning.VisitorId, 200),
            VisitId = Take(fields, FieldMeaning.VisitId, 200),
            LandingPage = Take(fields, FieldMeaning.LandingPage, LongestUrl),
            LandingReferrer = Take(fields, FieldMeaning.LandingReferrer, LongestUrl),
            FilledInSeconds = Seconds(Take(fields, FieldMeaning.FilledInSeconds, 20)),
            ConsentGiven = consent,
            ConsentText = consentText,
            Cookies = Take(fields, FieldMeaning.Cookies, int.MaxValue / 4),
            Next = Take(fields, FieldMeaning.Next, LongestUrl),
            HoneypotFilled = honeypot.Count > 0,
            Tags = [.. fields.Where(field => field.Meaning == FieldMeaning.Tag).Select(Tag)],
            Fields = [.. fields.Where(field => !field.IsClaimed).Select(field => KeyValuePair.Create(field.Name, field.Value))],
            Dropped = dropped,
        };
    }

    private static double? Seconds(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < LongestStay ? seconds : null;

    private static KeyValuePair<string, string> Tag(FormField field)
    {
        field.IsClaimed = true;
        return KeyValuePair.Create(field.Tag ?? field.Name, field.Value);
    }

    /// <summary>The first field of a meaning that fits; the others, and one too long to be what it says, stay among the fields.</summary>
    private static string? Take(List<FormField> fields, FieldMeaning meaning, int longest)
    {
        if (fields.Find(field => !field.IsClaimed && field.Meaning == meaning && field.Value.Length <= longest) is not { } field)
            return null;
        field.IsClaimed = true;
        return field.Value;
    }

    private static string? Comment(List<FormField> fields)
    {
        var lines = new List<string>();
        var length = 0;
        foreach (var field in fields)
        {
            if (field.IsClaimed || field.Meaning != FieldMeaning.Comment || length + field.Value.Length + 1 > LongestComment)
                continue;
            field.IsClaimed = true;
            length += field.Value.Length + 1;
            lines.Add(field.Value);
        }
        return lines.Count > 0 ? string.Join('\n', lines) : null;
    }

    /// <summary>The first consent of the form; further ones (to mailings, to an offer) stay among the fields under their own names.</summary>
    private static (bool? Given, string? Text) Consent(List<FormField> fields)
    {
        var text = Take(fields, FieldMeaning.ConsentText, LongestComment);
        if (fields.Find(field => field.Meaning == FieldMeaning.Consent) is not { } field)
            return (null, text);
        var answer = field.Value.ToLowerInvariant();
        if (Yes.Contains(answer) || No.Contains(answer))
        {
            field.IsClaimed = true;
            return (Yes.Contains(answer), text);
        }
        // A ticked box whose value is the sentence that was agreed to.
        if (text is null)
        {
            field.IsClaimed = true;
            text = field.Value;
        }
        return (true, text);
    }
}
