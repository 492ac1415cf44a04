using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LeadIngest.Core.Clients;
using LeadIngest.Core.Identities;
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Ingest;

/// <summary>Where a post came from, as far as it is kept with the lead: consent has to be provable.</summary>
/// <param name="Ip">The sender's address.</param>
/// <param name="UserAgent">The browser, cut at 500 characters.</param>
internal readonly record struct Sender(IPAddress? Ip, string? UserAgent);

/// <summary>Turns a posted lead into rows' values: phone, e-mail and name in one spelling, the passport written, lengths bounded, faults noted.</summary>
internal static class LeadNormalising
{
    private const int MaxComment = 10_000;
    private const int MaxLine = 500;
    private static readonly TimeSpan FarOff = TimeSpan.FromHours(24);
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>At least one way to reach the person; asked before anything else is done with a lead.</summary>
    public static bool HasContact(PostedLead lead) =>
        !string.IsNullOrWhiteSpace(lead.Phone) || !string.IsNullOrWhiteSpace(lead.Email) || !string.IsNullOrWhiteSpace(lead.Contact) || lead.Messenger is not null;

    public static LeadItem Item(PostedLead posted, SiteEntry site, Sender sender, DateTimeOffset now, IdempotencyClaim? idempotency, Guid? replays = null)
    {
        var warnings = new List<string>();
        var phoneTyped = Text.CleanLine(posted.Phone, MaxLine);
        var emailTyped = Text.CleanLine(posted.Email, MaxLine);
        var contact = Text.CleanLine(posted.Contact, MaxLine);
        var phone = Phone.TryParse(phoneTyped, site.DefaultCountry, out var readPhone) ? readPhone : null;
        var email = Email.TryParse(emailTyped, out var readEmail) ? readEmail : null;
        // A person who types a phone into the e-mail's field, or the other way round, is still reachable.
        if (phoneTyped is not null && phone is null && email is null && Email.TryParse(phoneTyped, out readEmail)) email = readEmail;
        if (emailTyped is not null && email is null && phone is null && Phone.TryParse(emailTyped, site.DefaultCountry, out readPhone)) phone = readPhone;
        var messenger = posted.Messenger;
        if (contact is not null && messenger is null && !Messenger.TryParse(contact, site.DefaultCountry, null, out messenger))
        {
            if (phone is null && Phone.TryParse(contact, site.DefaultCountry, out readPhone)) phone = readPhone;
            else if (email is null && Email.TryParse(contact, out readEmail)) email = readEmail;
        }
        if (phoneTyped is not null && phone is null) warnings.Add("phone_unreadable");
        if (emailTyped is not null && email is null) warnings.Add("email_unreadable");
        if (email is { IsPlaceholder: true }) warnings.Add("email_placeholder");
        if (posted.OccurredAt is { } at && (at - now).Duration() > FarOff) warnings.Add("occurred_at_far_off");
        if (posted.Comment?.Length > MaxComment) warnings.Add("comment_cut");

        var passport = PassportRules.Write(new PassportInput
        {
            Page = posted.Page,
            Referrer = posted.Referrer,
            Fields = posted.Fields,
            Cookies = posted.Cookies,
            OwnHosts = site.OwnHosts,
        }, SourceCatalog.Default, SourceDictionary.Default);

        var visitor = Text.CleanLine(posted.VisitorId, 100);
        return new LeadItem
        {
            Site = site,
            ReceivedAt = now,
            Idempotency = idempotency,
            Replays = replays,
            FixedStatus = posted.LooksLikeSpam ? LeadStatus.Spam : null,
            Kind = "form",
            Identities = Identities(site, phone?.E164, email is { IsPlaceholder: false } ? email.Address : null, messenger?.ToString(), visitor),
            OccurredAt = posted.OccurredAt,
            Name = PersonName.Clean(posted.Name),
            Phone = phone?.E164,
            PhoneTyped = phoneTyped == phone?.E164 ? null : phoneTyped,
            Email = email?.Address,
            EmailTyped = emailTyped == email?.Address ? null : emailTyped,
            Messenger = messenger?.ToString() ?? contact,
            Comment = Text.Clean(posted.Comment, MaxComment),
            FormId = Text.CleanLine(posted.FormId, 200),
            FormName = Text.CleanLine(posted.FormName, MaxLine),
            VisitorId = visitor,
            VisitId = Text.CleanLine(posted.VisitId, 100),
            Passport = passport,
            PassportJson = PassportJson(passport),
            DetailsJson = Details(posted, sender, phone?.Extension, warnings),
        };
    }

    private static List<Identity> Identities(SiteEntry site, string? phone, string? email, string? messenger, string? visitor)
    {
        var identities = new List<Identity>(3);
        Add(IdentityKind.Phone, phone);
        Add(IdentityKind.Email, email);
        Add(IdentityKind.Messenger, messenger);
        Add(IdentityKind.Visitor, visitor);
        return identities;

        void Add(IdentityKind kind, string? value)
        {
            if (value is null) return;
            var identity = new Identity(kind, value);
            if (site.SharedContacts.Count == 0 || !site.SharedContacts.Contains(identity)) identities.Add(identity);
        }
    }

    /// <summary>The parts of a passport that have no column of their own; read back by the leads' reader and by delivery.</summary>
    public static string PassportJson(Passport passport) => Write(passport, static (json, p) =>
    {
        json.WriteStartObject();
        Map(json, "utm"u8, p.Utm);
        Map(json, "clickIds"u8, p.ClickIds);
        if (p.LandingPage is not null) json.WriteString("landingPage"u8, Safe(p.LandingPage));
        if (p.Referrer is not null) json.WriteString("referrer"u8, Safe(p.Referrer));
        json.WriteString("origin"u8, PassportNames.ToWire(p.Origin));
        json.WriteString("confidence"u8, PassportNames.ToWire(p.Confidence));
        List(json, "evidence"u8, p.Evidence);
        List(json, "warnings"u8, p.Warnings);
        json.WriteEndObject();
    });

    private static string Details(PostedLead posted, Sender sender, string? extension, List<string> warnings) =>
        Write((posted, sender, extension, warnings), static (json, lead) =>
        {
            json.WriteStartObject();
            if (lead.posted.Fields.Count > 0)
            {
                json.WriteStartArray("fields"u8);
                foreach (var (label, value) in lead.posted.Fields)
                {
                    json.WriteStartArray();
                    json.WriteStringValue(Text.CleanLine(label, 200) ?? "");
                    json.WriteStringValue(Text.Clean(value, 5_000) ?? "");
                    json.WriteEndArray();
                }
                json.WriteEndArray();
            }
            if (lead.posted.Consent is { } consent)
            {
                json.WriteStartObject("consent"u8);
                json.WriteString("text"u8, Text.Clean(consent.Text, MaxComment));
                if (consent.Given is { } given) json.WriteBoolean("given"u8, given);
                json.WriteEndObject();
            }
            if (lead.sender.Ip is { } ip) json.WriteString("ip"u8, ip.ToString());
            if (lead.sender.UserAgent is { } agent) json.WriteString("userAgent"u8, Text.CleanLine(agent, MaxLine));
            if (lead.extension is not null) json.WriteString("extension"u8, lead.extension);
            if (lead.warnings.Count > 0) List(json, "warnings"u8, lead.warnings);
            json.WriteEndObject();
        });

    private static void Map(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string> map)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map) json.WriteString(Safe(key), Safe(value));
        json.WriteEndObject();
    }

    private static void List(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items) json.WriteStringValue(Safe(item));
        json.WriteEndArray();
    }

    /// <summary>jsonb holds neither NUL nor half a surrogate pair: cleaned in the decoded string, for stripping serialised JSON does nothing.</summary>
    private static string Safe(string text)
    {
        foreach (var c in text)
            if (c < ' ' || char.IsSurrogate(c)) return Text.Clean(text, int.MaxValue) ?? "";
        return text;
    }

    [ThreadStatic] private static ArrayBufferWriter<byte>? _buffer;
    [ThreadStatic] private static Utf8JsonWriter? _writer;

    private static string Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        buffer.ResetWrittenCount();
        if (_writer is null) _writer = new Utf8JsonWriter(buffer, Json);
        else _writer.Reset(buffer);
        write(_writer, value);
        _writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
