using LeadIngest.Core.Identities;

namespace LeadIngest.Api.Ingest;

/// <summary>How the person can be reached, read out of whichever field it was typed into.</summary>
/// <param name="PhoneTyped">The phone's field, cleaned.</param>
/// <param name="EmailTyped">The e-mail's field, cleaned.</param>
/// <param name="Other">The field for other contacts, cleaned.</param>
internal readonly record struct LeadContacts(Phone? Phone, Email? Email, Messenger? Messenger, string? PhoneTyped, string? EmailTyped, string? Other)
{
    private const int MaxLine = 500;

    /// <param name="posted">As sent.</param>
    /// <param name="country">Of the site: decides phones without a calling code.</param>
    public static LeadContacts Read(PostedLead posted, string country)
    {
        var phoneTyped = Text.CleanLine(posted.Phone, MaxLine);
        var emailTyped = Text.CleanLine(posted.Email, MaxLine);
        var contact = Text.CleanLine(posted.Contact, MaxLine);
        var phone = Phone.TryParse(phoneTyped, country, out var readPhone) ? readPhone : null;
        var email = Email.TryParse(emailTyped, out var readEmail) ? readEmail : null;
        // A person who types a phone into the e-mail's field, or the other way round, is still reachable.
        if (phoneTyped is not null && phone is null && email is null && Email.TryParse(phoneTyped, out readEmail)) email = readEmail;
        if (emailTyped is not null && email is null && phone is null && Phone.TryParse(emailTyped, country, out readPhone)) phone = readPhone;
        var messenger = posted.Messenger;
        if (contact is not null && messenger is null && !Messenger.TryParse(contact, country, null, out messenger))
        {
            if (phone is null && Phone.TryParse(contact, country, out readPhone)) phone = readPhone;
            else if (email is null && Email.TryParse(contact, out readEmail)) email = readEmail;
        }
        return new(phone, email, messenger, phoneTyped, emailTyped, contact);
    }
}
