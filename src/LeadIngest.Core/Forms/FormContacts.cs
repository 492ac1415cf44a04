using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Forms;

/// <summary>Who sent a form: picks name, phone, e-mail and messenger and marks the fields they came from.</summary>
internal sealed record FormContacts(string? Name, string? Phone, string? Email, Messenger? Messenger)
{
    private const int LongestPhone = 500;
    private const int LongestEmail = 500;

    private static readonly (FieldMeaning Meaning, MessengerKind Kind)[] Messengers =
    [
        (FieldMeaning.Telegram, MessengerKind.Telegram), (FieldMeaning.WhatsApp, MessengerKind.WhatsApp),
        (FieldMeaning.Viber, MessengerKind.Viber), (FieldMeaning.Vk, MessengerKind.Vk),
    ];

    public static FormContacts Find(List<FormField> fields, string? country)
    {
        bool IsPhone(FormField field) => Identities.Phone.TryParse(field.Value, country, out _);
        static bool IsEmail(FormField field) => Identities.Email.TryParse(field.Value, out _);

        // A value that is right beats one that is not; a wrong one is still shown, because a person may understand it.
        var phone = Claim(fields, field => field.Meaning == FieldMeaning.Phone && IsPhone(field))
            ?? Claim(fields, field => field.Meaning is FieldMeaning.PhoneIfValid or FieldMeaning.WhatsApp or FieldMeaning.Viber && IsPhone(field));
        var email = Claim(fields, field => field.Meaning == FieldMeaning.Email && IsEmail(field));

        // Typed into the wrong field, or into "phone or e-mail".
        phone ??= Claim(fields, field => field.Meaning is FieldMeaning.Contact or FieldMeaning.Telegram or FieldMeaning.Email && !IsEmail(field) && IsPhone(field));
        email ??= Claim(fields, field => field.Meaning is FieldMeaning.Contact or FieldMeaning.Phone or FieldMeaning.Name && IsEmail(field));

        var messenger = FindMessenger(fields, country);
        var name = FindName(fields, country, ref phone);
        phone ??= ClaimOnly(fields, field => field.IsPhoneAlone(country));
        email ??= ClaimOnly(fields, field => field.Value.Contains('@', StringComparison.Ordinal) && IsEmail(field));
        phone ??= Claim(fields, field => field.Meaning == FieldMeaning.Phone && field.Value.Length <= LongestPhone);
        email ??= Claim(fields, field => field.Meaning == FieldMeaning.Email && field.Value.Length <= LongestEmail);
        return new FormContacts(name, phone, email, messenger);
    }

    private static Messenger? FindMessenger(List<FormField> fields, string? country)
    {
        foreach (var field in fields)
        {
            if (field.IsClaimed)
                continue;
            var known = Array.FindIndex(Messengers, pair => pair.Meaning == field.Meaning);
            if (known < 0 && field.Meaning is not (FieldMeaning.Contact or FieldMeaning.Phone))
                continue;
            if (!Messenger.TryParse(field.Value, country, known < 0 ? null : Messengers[known].Kind, out var messenger))
                continue;
            // Words around a nick would be lost, so such a field stays among the others too.
            field.IsClaimed = !field.Value.Contains(' ', StringComparison.Ordinal);
            return messenger;
        }
        return null;
    }

    private static string? FindName(List<FormField> fields, string? country, ref string? phone)
    {
        string? Part(FieldMeaning meaning) => Claim(fields, field => field.Meaning == meaning && field.Value.Length <= PersonName.MaxLength);

        if (fields.Find(field => !field.IsClaimed && field.Meaning == FieldMeaning.Name && field.Value.Length <= PersonName.MaxLength) is { } field)
        {
            field.IsClaimed = true;
            var typed = PersonName.Clean(field.Value);
            if (phone is null && typed is not null && Identities.Phone.TryParse(typed, country, out _))
            {
                // The whole text is the phone as typed; the name is what stands before the digits.
                phone = typed;
                var digit = typed.AsSpan().IndexOfAnyInRange('0', '9');
                return digit <= 0 ? null : PersonName.Clean(typed[..digit].TrimEnd(' ', '+', '(', '-', ',', ':', ';', '.'));
            }
            // A family name beside a full name: "Имя" and "Фамилия".
            return PersonName.Join(typed, Part(FieldMeaning.MiddleName), Part(FieldMeaning.LastName));
        }
        return PersonName.Join(Part(FieldMeaning.FirstName), Part(FieldMeaning.MiddleName), Part(FieldMeaning.LastName));
    }

    private static string? Claim(List<FormField> fields, Predicate<FormField> fits)
    {
        if (fields.Find(field => !field.IsClaimed && fits(field)) is not { } field)
            return null;
        field.IsClaimed = true;
        return field.Value;
    }

    /// <summary>By value alone: only when exactly one nameless value fits, and never from a price, a date, a taxpayer id.</summary>
    private static string? ClaimOnly(List<FormField> fields, Predicate<FormField> fits)
    {
        var found = fields.FindAll(field => !field.IsClaimed && field.Meaning == FieldMeaning.Other && FieldNames.MayHoldContact(field.Name) && fits(field));
        if (found.Count != 1)
            return null;
        found[0].IsClaimed = true;
        return found[0].Value;
    }
}
