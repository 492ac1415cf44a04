using System.Buffers;
using System.Net;
using System.Security.Cryptography;
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
internal readonly record struct PostOrigin(IPAddress? Ip, string? UserAgent);

/// <summary>What ingest knows of a lead besides the post itself.</summary>
internal sealed record KnownOfLead
{
    public static KnownOfLead Nothing { get; } = new();

    public IdempotencyClaim? Idempotency { get; init; }

    /// <summary>The reject that this lead mends.</summary>
    public Guid? Replays { get; init; }

    /// <summary>The passport of the lead's visit.</summary>
    public Passport? Visit { get; init; }

    /// <summary>Spam or test, decided before client resolution; null: an enquiry.</summary>
    public LeadStatus? Verdict { get; init; }

    /// <summary>Why the verdict: <c>honeypot</c>, <c>disposable_email</c>, …</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>See <see cref="LeadItem.Id"/>, <see cref="LeadItem.CallId"/>, <see cref="LeadItem.DeliverAfter"/>.</summary>
    public Guid? LeadId { get; init; }

    public Guid? CallId { get; init; }
    public DateTimeOffset? DeliverAfter { get; init; }

    /// <summary>A passport that was decided elsewhere (a call's); null: written from the post.</summary>
    public Passport? Passport { get; init; }
}

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

    /// <param name="posted">As sent.</param>
    /// <param name="site">Whose lead it is.</param>
    /// <param name="sender">Kept as proof of consent.</param>
    /// <param name="now">Time of arrival.</param>
    /// <param name="known">What ingest found out beside the post: its visit, the verdict on it.</param>
    public static LeadItem Item(PostedLead posted, SiteEntry site, PostOrigin sender, DateTimeOffset now, KnownOfLead known)
    {
        var warnings = new List<string>(known.Warnings);
        var (phone, email, messenger, phoneTyped, emailTyped, contact) = LeadContacts.Read(posted, site.DefaultCountry);
        if (phoneTyped is not null && phone is null) warnings.Add("phone_unreadable");
        if (emailTyped is not null && email is null) warnings.Add("email_unreadable");
        if (email is { IsPlaceholder: true }) warnings.Add("email_placeholder");
        if (posted.OccurredAt is { } at && (at - now).Duration() > FarOff) warnings.Add("occurred_at_far_off");
        if (posted.Comment?.Length > MaxComment) warnings.Add("comment_cut");

        var passport = known.Passport ?? PassportRules.Write(new PassportInput
        {
            Page = posted.Page,
            Referrer = posted.Referrer,
            Fields = posted.Fields,
            Cookies = posted.Cookies,
            OwnHosts = site.OwnHosts,
            Visit = known.Visit ?? Landing(posted, site),
        }, SourceCatalog.Default, site.Sources);

        var visitor = Text.CleanLine(posted.VisitorId, 100);
        return new LeadItem
        {
            Id = known.LeadId,
            CallId = known.CallId,
            DeliverAfter = known.DeliverAfter,
            Site = site,
            ReceivedAt = now,
            Idempotency = known.Idempotency,
            Replays = known.Replays,
            FixedStatus = known.Verdict,
            Kind = posted.Kind,
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
            DetailsJson = Details(posted, sender, phone?.Extension, warnings, known.Reasons, passport.LandingPage, now),
        };
    }

    /// <summary>The visit by what the page remembers of its beginning, for when its own message was blocked or is still on its way.</summary>
    private static Passport? Landing(PostedLead posted, SiteEntry site) => posted.LandingPage is null && posted.LandingReferrer is null
        ? null
        : PassportRules.Write(new PassportInput { Page = posted.LandingPage, Referrer = posted.LandingReferrer, OwnHosts = site.OwnHosts },
            SourceCatalog.Default, site.Sources);

    /// <summary>By which a lead's client may be known: what is shared by many names nobody.</summary>
    public static List<Identity> Identities(SiteEntry site, string? phone, string? email, string? messenger, string? visitor)
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

    private static string Details(PostedLead posted, PostOrigin sender, string? extension, List<string> warnings, IReadOnlyList<string> reasons, string? landingPage, DateTimeOffset now) =>
        Write((posted, sender, extension, warnings, reasons, landingPage, now), static (json, lead) =>
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
                var text = Text.Clean(consent.Text, MaxComment);
                json.WriteString("text"u8, text);
                // Which text it was, whatever the site says by now.
                if (text is not null) json.WriteString("version"u8, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
                if (consent.Given is { } given) json.WriteBoolean("given"u8, given);
                if (Text.CleanLine(lead.posted.Page ?? lead.landingPage, PassportRules.LongestAddress) is { } where) json.WriteString("page"u8, where);
                if (Text.CleanLine(lead.posted.FormId ?? lead.posted.FormName, MaxLine) is { } form) json.WriteString("form"u8, form);
                json.WriteString("at"u8, lead.now.UtcDateTime);
                if (lead.sender.Ip is { } from) json.WriteString("ip"u8, from.ToString());
                json.WriteEndObject();
            }
            if (lead.sender.Ip is { } ip) json.WriteString("ip"u8, ip.ToString());
            if (lead.sender.UserAgent is { } agent) json.WriteString("userAgent"u8, Text.CleanLine(agent, MaxLine));
            if (lead.extension is not null) json.WriteString("extension"u8, lead.extension);
            // The page of the form, where the passport tells of the visit's first one.
            if (lead.posted.Page is { } page && page != lead.landingPage) json.WriteString("page"u8, Text.CleanLine(page, PassportRules.LongestAddress));
            if (lead.warnings.Count > 0) List(json, "warnings"u8, lead.warnings);
            if (lead.reasons.Count > 0) List(json, "reasons"u8, lead.reasons);
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
