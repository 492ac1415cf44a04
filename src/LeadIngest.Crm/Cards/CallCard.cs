using System.Globalization;
using LeadIngest.Core.Calls;

namespace LeadIngest.Crm.Cards;

/// <summary>What a manager reads of a call, the same in both CRMs.</summary>
internal static class CallCard
{
    public const string HiddenNumber = "Скрытый номер";

    /// <summary>True once it is known how the call ended: before that there is nothing to enter.</summary>
    public static bool IsOver(OutgoingCall call) => call.Outcome != CallOutcome.Unknown;

    /// <summary>The call still lacks its own entry in the card. A call that goes on gets it later, by a delivery of its own.</summary>
    public static bool LacksEntry(OutgoingLead lead) =>
        lead.Call is { } call && (lead.Kind == OutgoingKind.Call || IsOver(call)) && !lead.Steps.ContainsKey(Step.Call);

    /// <summary>Why the entry of a lead that is nothing but a call's entry cannot be sent; null when it can.</summary>
    public static string? Fault(OutgoingLead lead) => lead.Kind != OutgoingKind.Call ? null
        : lead.Call is null ? "The call is not there any more."
        : long.TryParse(lead.DealId, out _) ? null : "The call's entry has no deal to go to.";

    public static bool IsOut(OutgoingCall call) => call.Direction == CallDirection.Out;

    public static bool IsAnswered(OutgoingCall call) => call.Outcome == CallOutcome.Answered;

    public static string Name(OutgoingCall call) => call.Outcome switch
    {
        CallOutcome.Missed => "Пропущенный звонок",
        CallOutcome.Rejected => "Отклонённый звонок",
        _ => IsOut(call) ? "Исходящий звонок" : "Звонок",
    };

    public static DateTimeOffset EndedAt(OutgoingCall call) => call.StartedAt.AddSeconds((call.WaitSeconds ?? 0) + (call.TalkSeconds ?? 0));

    /// <summary>Label to value, empty values included: the caller leaves them out.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Lines(OutgoingCall? call) => call is null
        ? []
        :
        [
            new("Начало звонка", Moment(call.StartedAt)),
            new("Итог звонка", call.Outcome switch
            {
                CallOutcome.Answered => "отвечен",
                CallOutcome.Missed => "пропущен",
                CallOutcome.Unanswered => "не ответили",
                CallOutcome.Rejected => "отклонён",
                _ => "ещё идёт",
            }),
            new("Номер линии", call.LinePhone ?? ""),
            new("Ожидание", Length(call.WaitSeconds)),
            new("Разговор", Length(call.TalkSeconds)),
            new("Сотрудник", call.Employee ?? ""),
            new("Запись звонка", call.RecordingUrl ?? ""),
        ];

    /// <summary>The recording of a call whose entry is already there. Ends with our id of the call, by which the text is found again.</summary>
    public static string Recording(OutgoingCall call) => $"Запись звонка: {call.RecordingUrl}\n{RecordingMark(call)}";

    public static string RecordingMark(OutgoingCall call) => $"LeadIngest: {LeadCard.ExternalId(call.CallId)}";

    /// <summary>With the offset it came with: the reader's own zone is not known here.</summary>
    public static string Moment(DateTimeOffset at) => at.ToString("dd.MM.yyyy HH:mm:ss", CultureInfo.InvariantCulture)
        + (at.Offset == TimeSpan.Zero ? " UTC" : " UTC" + at.ToString("zzz", CultureInfo.InvariantCulture));

    public static string Length(int? seconds) => seconds switch
    {
        null => "",
        < 60 => $"{seconds} с",
        < 3600 => $"{seconds / 60} мин {seconds % 60} с",
        _ => $"{seconds / 3600} ч {seconds % 3600 / 60} мин",
    };
}
