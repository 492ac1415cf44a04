using System.Text;
using LeadIngest.Core.Passports;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Cards;

/// <summary>What a manager reads in a CRM card, the same in both CRMs. Russian, as the cards are.</summary>
internal static class LeadCard
{
    /// <summary>Both CRMs' bound of a title and a name, UTF-16 units.</summary>
    public const int LongestTitle = 255;

    private const int LongestText = 8000;

    public static string Title(OutgoingLead lead)
    {
        var from = Words.Bound(lead.FormName, 120, oneLine: true) ?? Words.Bound(lead.SiteName, 120, oneLine: true) ?? "сайт";
        var what = lead.Call is { } call ? CallCard.Name(call) : "Заявка";
        return Words.Short($"{what}: {from} — {ContactName(lead)}", LongestTitle);
    }

    public static string ContactName(OutgoingLead lead) =>
        Words.Bound(lead.Name, LongestTitle, oneLine: true) ?? Words.Bound(lead.Phone, LongestTitle, oneLine: true)
        ?? Words.Bound(lead.Email, LongestTitle, oneLine: true) ?? (lead.Call is null ? "Без имени" : CallCard.HiddenNumber);

    /// <summary>
    /// The phone for the contact's phone field. A number that could not be read goes there too if it has digits enough to dial: "345-67-89"
    /// is of use to a manager of that town.
    /// </summary>
    public static string? Phone(OutgoingLead lead) =>
        lead.PhoneIsValid || lead.Phone?.Count(char.IsAsciiDigit) >= 5 ? Words.Bound(lead.Phone, 100, oneLine: true) : null;

    public static string? Email(OutgoingLead lead) => lead.EmailIsValid ? Words.Bound(lead.Email, 250, oneLine: true) : null;

    /// <summary>The CRM's utm_source: the name for people, or the tag as posted.</summary>
    public static string? UtmSource(Passport passport, ConnectionSettings settings)
    {
        var raw = passport.Utm.GetValueOrDefault("utm_source");
        return settings.UtmSource == "raw" ? raw ?? passport.Source : passport.Source ?? raw;
    }

    /// <summary>
    /// Comment, other posted fields and contact details that did not fit their own fields, such as an address that the CRM would not take
    /// (<paramref name="refusedEmail"/>); null when there is nothing to say.
    /// </summary>
    public static string? Comment(OutgoingLead lead, string? refusedEmail = null)
    {
        var text = new StringBuilder();
        if (Words.Bound(lead.Comment, LongestText) is { } comment)
        {
            text.AppendLine(comment);
        }

        Line(text, "Телефон (как введён)", lead.PhoneIsValid ? null : lead.Phone);
        Line(text, "E-mail (как введён)", lead.EmailIsValid ? refusedEmail : lead.Email);
        foreach (var (label, value) in CallCard.Lines(lead.Call).Concat(lead.Fields).Concat(VisitCard.Lines(lead.Visit)))
        {
            Line(text, Words.Short(label, 100), value);
        }

        return Words.Bound(text.Replace("\r", "").ToString(), LongestText);
    }

    /// <summary>Form, page and passport in lines, for CRMs without fields of ours.</summary>
    public static string? Origin(OutgoingLead lead)
    {
        var text = new StringBuilder();
        Line(text, "Сайт", lead.SiteName);
        Line(text, "Форма", lead.FormName ?? lead.FormId);
        Line(text, "Страница", lead.Page);
        Line(text, "Источник", lead.Passport.Source);
        Line(text, "Кампания", lead.Passport.Campaign);
        Line(text, "Ключевая фраза", lead.Passport.Keyword);
        return Words.Bound(text.Replace("\r", "").ToString(), LongestText);
    }

    /// <summary>
    /// The whole lead as one note: what differs from the first enquiry first, then the person, the words and the passport in full. It ends with our id, by
    /// which a note of unknown outcome is found again.
    /// </summary>
    public static string Note(OutgoingLead lead)
    {
        var text = new StringBuilder(lead.Call is { } call ? $"Повторное обращение: {CallCard.Name(call)}\n" : "Повторное обращение\n");
        if (PassportCard.Verdict(lead.Passport, lead.FirstPassport) is { } verdict)
        {
            text.AppendLine(verdict);
        }

        Line(text, "Имя", lead.Name);
        Line(text, "Телефон", lead.Phone);
        Line(text, "E-mail", lead.Email);
        if (Comment(lead with { Phone = null, Email = null }) is { } comment)
        {
            text.AppendLine(comment);
        }

        Line(text, "Сайт", lead.SiteName);
        Line(text, "Форма", lead.FormName ?? lead.FormId);
        Line(text, "Страница", lead.Page);
        foreach (var (label, value) in PassportCard.Lines(lead.Passport, lead.FirstPassport, lead.Page))
        {
            Line(text, label, value);
        }

        return text.Append("LeadIngest: ").Append(ExternalId(lead.LeadId)).Replace("\r", "").ToString();
    }

    /// <summary>Our id as the CRMs keep it: as the API writes it, so that people can search one place by what the other shows.</summary>
    public static string ExternalId(Guid id) => id.ToString();

    private static void Line(StringBuilder text, string label, string? value)
    {
        if (Words.Bound(value, 2000) is { } shown)
        {
            text.Append(label).Append(": ").AppendLine(shown);
        }
    }
}
