using System.Text.Json;
using System.Text.Json.Serialization;
using LeadIngest.Api.Http.Masks;
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Features.Leads;

/// <summary>A lead as the API shows it, in lists and alone.</summary>
/// <param name="Kind">How it came: <c>form</c>, <c>call</c>, <c>chat</c>.</param>
/// <param name="Status"><c>new</c>, <c>repeat</c>, <c>duplicate</c>, <c>spam</c> or <c>test</c>.</param>
/// <param name="OccurredAt">When the visitor sent it, by the sender's clock; null when the sender did not say.</param>
/// <param name="SiteName">For people; null when the site is not there any more.</param>
/// <param name="Phone">E.164; null when what was typed is not a phone number.</param>
/// <param name="PhoneTyped">The phone as typed, where that differs from <c>phone</c>.</param>
/// <param name="Email">Normalised; null when what was typed is not an address.</param>
/// <param name="EmailTyped">The e-mail as typed, where that differs from <c>email</c>.</param>
/// <param name="Fields">The other fields of the form by label. A label that came several times holds an array.</param>
/// <param name="ClientId">The client; after a merge the one that was kept.</param>
/// <param name="Page">Where the form stood; null when nothing told. The visit's first page is <c>landingPage</c> of the passport.</param>
/// <param name="DuplicateOf">The lead that this one repeats within the project's duplicate window.</param>
/// <param name="VisitId">The visit on the site that it came from, a call's that of the call; null when none is known. <c>/v1/visits/{id}</c> shows it for as long as visits are kept.</param>
/// <param name="Warnings">What was mended or set aside while the lead was read.</param>
/// <param name="Reasons">What made it spam or a trial, or speaks for that without deciding: <c>honeypot</c>, <c>stop_list_phone</c>, <c>filled_fast</c>, …;
/// <c>marked_by_hand</c> and <c>released_by_hand</c> when a person decided.</param>
internal sealed record LeadAnswer(
    Guid Id, string Kind, string Status, DateTimeOffset ReceivedAt, DateTimeOffset? OccurredAt, Guid SiteId, string? SiteName, [property: Contact(MaskKind.Free)] string? Name, [property: Contact(MaskKind.Phone)] string? Phone,
    [property: Contact(MaskKind.Free)] string? PhoneTyped, [property: Contact(MaskKind.Email)] string? Email, [property: Contact(MaskKind.Email)] string? EmailTyped,
    [property: Contact(MaskKind.Messenger)] string? Messenger, [property: Contact(MaskKind.Free)] string? Comment, string? FormId, string? FormName, string? Page, IReadOnlyDictionary<string, FieldText> Fields,
    ConsentAnswer? Consent, PassportAnswer Passport, Guid? ClientId, Guid? DuplicateOf, Guid? CallId, Guid? VisitId, IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Reasons, IReadOnlyList<LeadDelivery> Deliveries);

/// <summary>What the visitor agreed to when the form was sent.</summary>
/// <remarks>Kept as it was: a text that is changed on the site later changes nothing here.</remarks>
/// <param name="Text">The text beside the tick.</param>
/// <param name="Given">Whether the tick was set.</param>
/// <param name="Version">SHA-256 of the text, hexadecimal: equal for equal texts. Null for what was taken before versions were kept, and without a text.</param>
/// <param name="Page">Where it was given.</param>
/// <param name="Form">The form's id, else its name.</param>
/// <param name="At">When it came, by this service's clock.</param>
internal sealed record ConsentAnswer(string? Text, bool? Given, string? Version, string? Page, string? Form, DateTimeOffset? At);

/// <summary>Where the lead came from, and how that was found.</summary>
/// <param name="Source">The name for people: «Яндекс.Директ».</param>
/// <param name="Utm">Tags by canonical name, read and mended.</param>
/// <param name="ClickIds">Click ids by name, untouched.</param>
/// <param name="Origin">Which evidence named the source: <c>utm</c>, <c>click_id</c>, <c>openstat</c>, <c>referrer</c>, <c>visit</c>, <c>calltracking</c>, <c>number</c>, <c>direct</c>, <c>none</c>.</param>
/// <param name="Confidence"><c>exact</c>, <c>likely</c> or <c>guessed</c>.</param>
/// <param name="Evidence">What was looked at and which rule decided, in reading order.</param>
/// <param name="Warnings">Named faults that were mended or set aside.</param>
internal sealed record PassportAnswer(
    string Channel, string? Source, string? Medium, string? Campaign, string? Content, string? Keyword, IReadOnlyDictionary<string, string> Utm,
    IReadOnlyDictionary<string, string> ClickIds, string? LandingPage, string? Referrer, string Origin, string Confidence, IReadOnlyList<string> Evidence,
    IReadOnlyList<string> Warnings)
{
    public static PassportAnswer Of(Core.Passports.Passport p) => new(PassportNames.ToWire(p.Channel), p.Source, p.Medium, p.Campaign, p.Content, p.Keyword, p.Utm, p.ClickIds, p.LandingPage,
        p.Referrer, PassportNames.ToWire(p.Origin), PassportNames.ToWire(p.Confidence), p.Evidence, p.Warnings);
}

/// <summary>The lead on its way to one CRM.</summary>
/// <param name="ConnectionName">For people; null when the connection was removed since.</param>
/// <param name="Crm"><c>amocrm</c> or <c>bitrix24</c>; null when the connection was removed since.</param>
/// <param name="State"><c>pending</c>, <c>sending</c>, <c>in_doubt</c>, <c>delivered</c> or <c>dead</c>.</param>
/// <param name="NextAttemptAt">When it is tried again; null when nothing is planned.</param>
/// <param name="RemoteLeadId">The deal's id in the CRM.</param>
/// <param name="RemoteContactId">The contact's id in the CRM.</param>
/// <param name="LastError">The last failure in the CRM's own words.</param>
/// <param name="Warnings">What was left out to get the lead in.</param>
internal sealed record LeadDelivery(
    Guid Id, Guid ConnectionId, string? ConnectionName, string? Crm, string State, int Attempts, DateTimeOffset? NextAttemptAt, string? RemoteLeadId, string? RemoteContactId,
    [property: Contact(MaskKind.Free)] string? LastError, [property: Contact(MaskKind.Free)] IReadOnlyList<string> Warnings);

/// <summary>The text of a form's field: a string on the wire, an array when the field came several times.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record FieldText(IReadOnlyList<string> Texts)
{
    internal sealed class Converter : JsonConverter<FieldText>
    {
        public override FieldText Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType == JsonTokenType.String
            ? new([reader.GetString()!])
            : new(JsonSerializer.Deserialize<string[]>(ref reader, options) ?? []);

        public override void Write(Utf8JsonWriter writer, FieldText value, JsonSerializerOptions options)
        {
            if (value.Texts is [var only]) writer.WriteStringValue(only);
            else JsonSerializer.Serialize(writer, value.Texts, options);
        }
    }
}
