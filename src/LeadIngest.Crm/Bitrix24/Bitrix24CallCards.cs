using System.Globalization;
using LeadIngest.Crm.Cards;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>Commands that enter calls and find them again: activities, and the portal's telephony where the connection is an application.</summary>
internal static class Bitrix24CallCards
{
    private const int CallType = 2;

    /// <summary>A call as an activity of the card, or of the contact where the deal was deleted. A missed one is left open: somebody has to call back.</summary>
    public static Bitrix24Command Activity(Bitrix24Item item, ConnectionSettings settings, string dealId)
    {
        var (lead, call) = (item.Lead, item.Lead.Call!);
        var isToDo = !CallCard.IsOut(call) && !CallCard.IsAnswered(call);
        var command = new Bitrix24Command("crm.activity.add")
            .With(lead.EntryContactId is null ? Bitrix24Cards.CardType(settings) : Bitrix24Cards.ContactType, "fields", "OWNER_TYPE_ID")
            .With(lead.EntryContactId ?? dealId, "fields", "OWNER_ID")
            .With(CallType, "fields", "TYPE_ID")
            .With(Words.Short($"{CallCard.Name(call)}: {call.ClientPhone ?? CallCard.HiddenNumber}", LeadCard.LongestTitle), "fields", "SUBJECT")
            .With(CallCard.IsOut(call) ? 2 : 1, "fields", "DIRECTION")
            .With(Moment(call.StartedAt), "fields", "START_TIME")
            .With(Moment(CallCard.EndedAt(call)), "fields", "END_TIME")
            .With(isToDo ? "N" : "Y", "fields", "COMPLETED")
            .With(settings.ResponsibleUserId, "fields", "RESPONSIBLE_ID")
            .With(string.Join("\n", CallCard.Lines(call).Where(l => l.Value.Length > 0).Select(l => $"{l.Key}: {Words.Short(l.Value, 2000)}")), "fields", "DESCRIPTION")
            .With(1, "fields", "DESCRIPTION_TYPE")
            .With(Bitrix24Cards.Originator, "fields", "ORIGINATOR_ID")
            .With(LeadCard.ExternalId(call.CallId), "fields", "ORIGIN_ID")
            .With(call.ClientPhone ?? LeadCard.Phone(lead) ?? CallCard.HiddenNumber, "fields", "COMMUNICATIONS", "0", "VALUE")
            .With("PHONE", "fields", "COMMUNICATIONS", "0", "TYPE");
        return item.ContactId is { } contact
            ? command.With(contact, "fields", "COMMUNICATIONS", "0", "ENTITY_ID").With(Bitrix24Cards.ContactType, "fields", "COMMUNICATIONS", "0", "ENTITY_TYPE_ID")
            : command;
    }

    public static Bitrix24Command FindActivity(OutgoingLead lead) =>
        new Bitrix24Command("crm.activity.list")
            .With(Bitrix24Cards.Originator, "filter", "ORIGINATOR_ID")
            .With(LeadCard.ExternalId(lead.Call!.CallId), "filter", "ORIGIN_ID")
            .With("ID", "select", "0")
            .With("ORIGIN_ID", "select", "1")
            .With("ASC", "order", "ID");

    /// <summary>
    /// Tells the portal's telephony of a call, without a window on anybody's screen. The same within 30 minutes is the same call: our id is in its key.
    /// Telephony hangs calls on contacts and leads, not on deals.
    /// </summary>
    public static Bitrix24Command Register(Bitrix24Item item, ConnectionSettings settings, string dealId)
    {
        var (lead, call) = (item.Lead, item.Lead.Call!);
        var command = new Bitrix24Command("telephony.externalCall.register")
            .With(settings.ResponsibleUserId, "USER_ID")
            .With(call.ClientPhone, "PHONE_NUMBER")
            .With(CallCard.IsOut(call) ? 1 : 2, "TYPE")
            .With(Moment(call.StartedAt), "CALL_START_DATE")
            .With(0, "CRM_CREATE")
            .With(0, "SHOW")
            .With(0, "ADD_TO_CHAT")
            .With(call.LinePhone, "LINE_NUMBER")
            .With(LeadCard.ExternalId(call.CallId), "EXTERNAL_CALL_ID");
        return Bitrix24Cards.CardType(settings) == 1 && lead.EntryContactId is null ? command.With("LEAD", "CRM_ENTITY_TYPE").With(dealId, "CRM_ENTITY_ID")
            : item.ContactId is { } contact ? command.With("CONTACT", "CRM_ENTITY_TYPE").With(contact, "CRM_ENTITY_ID")
            : command;
    }

    public static Bitrix24Command Finish(OutgoingCall call, ConnectionSettings settings, string registered) =>
        new Bitrix24Command("telephony.externalCall.finish")
            .With(registered, "CALL_ID")
            .With(settings.ResponsibleUserId, "USER_ID")
            .With(call.TalkSeconds ?? 0, "DURATION")
            .With(CallCard.IsAnswered(call) ? "200" : call.Outcome == Core.Calls.CallOutcome.Rejected ? "603" : "304", "STATUS_CODE")
            .With(0, "ADD_TO_CHAT");

    public static Bitrix24Command Attach(OutgoingCall call, string registered) =>
        new Bitrix24Command("telephony.externalCall.attachRecord").With(registered, "CALL_ID").With(call.RecordingUrl, "RECORD_URL");

    public static Bitrix24Command FindCall(string registered) =>
        new Bitrix24Command("voximplant.statistic.get").With(registered, "FILTER", "CALL_ID");

    private static string Moment(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}
