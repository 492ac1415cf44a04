using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Core.Calls;
using LeadIngest.Core.Identities;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>A <see cref="CallEvent"/> while it is being read: adapters fill what their provider says, <see cref="Build"/> settles the rest, the same for all.</summary>
internal sealed class CallDraft
{
    public const int LongestId = 200;
    private const int LongestText = 500;
    private const int LongestTag = 2000;
    private const int LongestAddress = 8192;
    private static readonly TimeSpan FarOff = TimeSpan.FromHours(24);

    private readonly CallRequest _request;
    private readonly TimeZoneInfo _zone;
    private bool _isMapped;
    private readonly List<KeyValuePair<string, string>> _tags = [];
    private readonly List<KeyValuePair<string, string>> _fields = [];
    private readonly List<string> _warnings = [];

    public CallDraft(CallRequest request, HookFacts facts)
    {
        (_request, Facts) = (request, facts);
        _zone = WebhookTimes.Zone(Settings.TimeZone, out var known);
        if (!known) Warn("time_zone_unknown");
    }

    public HookFacts Facts { get; }
    public SenderSettings Settings => _request.Sender.Settings;
    public string? Id { get; set; }
    public long? Sequence { get; set; }
    public CallDirection Direction { get; set; }
    public CallPhase Phase { get; set; }

    /// <summary>By the provider's word; <see cref="CallOutcome.Missed"/> for any call without talk.</summary>
    public CallOutcome Outcome { get; set; }

    public string? Client { get; set; }
    public string? DialledLine { get; set; }
    public string? Employee { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? AnsweredAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public int? WaitSeconds { get; set; }
    public int? TalkSeconds { get; set; }
    public string? RecordingUrl { get; set; }
    public string? RecordingId { get; set; }
    public string? VisitId { get; set; }
    public string? VisitorId { get; set; }
    public string? Page { get; set; }
    public string? Referrer { get; set; }
    public string? ClientName { get; set; }
    public IReadOnlyList<KeyValuePair<string, string>> Tags => _tags;

    /// <summary>One clean line; null when nothing is left.</summary>
    public static string? Line(string? text, int longest) => Text.CleanLine(text, longest);

    public void Warn(string warning)
    {
        if (!_warnings.Contains(warning)) _warnings.Add(warning);
    }

    /// <summary>The first value of a name stays.</summary>
    public void AddTag(string name, string? value)
    {
        if (!WordsForNothing.IsNothing(value) && Tag(name) is null && Line(value, LongestTag) is { } text) _tags.Add(new(name, text));
    }

    public string? Tag(string name)
    {
        foreach (var (key, value) in _tags)
            if (key == name) return value;
        return null;
    }

    public void AddField(string name, string? value)
    {
        if (Line(value, 2000) is { } text) _fields.Add(new(name, text));
    }

    /// <summary>The first readable time under these names, 0 being none; unreadable ones stay among the fields, with a warning.</summary>
    public DateTimeOffset? Time(params ReadOnlySpan<string> names)
    {
        string? unread = null;
        foreach (var name in names)
        {
            if (Facts.Peek(name) is not { } text) continue;
            var isTime = WebhookTimes.TryRead(text, _zone, out var time);
            if (isTime || WebhookTimes.IsNone(text)) Facts.Take(name);
            if (isTime) return time;
            if (!WebhookTimes.IsNone(text)) unread ??= name;
        }
        if (unread is not null) Warn($"time_unreadable: {unread}");
        return null;
    }

    /// <summary>A duration among the facts; unreadable ones stay among the fields, with a warning.</summary>
    public int? Seconds(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Facts.Peek(name) is not { } text) continue;
            if (WebhookTimes.Seconds(text) is { } seconds)
            {
                Facts.Take(name);
                return seconds;
            }
            Warn($"number_unreadable: {name}");
            return null;
        }
        return null;
    }

    public CallDirection WordOfDirection(string? word) => HookWords.Direction(word, Settings);

    public CallPhase WordOfPhase(string? word) => HookWords.Phase(word, Settings);

    public CallOutcome WordOfOutcome(string? word) => HookWords.Outcome(word, Settings);

    /// <param name="idName">How this provider calls the call's id, for the error.</param>
    /// <param name="eventId">The provider's id of this message.</param>
    public CallReading Build(string idName, string? eventId = null)
    {
        ApplyMap();
        HookTags.Take(Facts, this);
        var (client, line) = (HookNumber.Read(Client), HookNumber.Read(DialledLine));
        Employee ??= client.Internal ?? line.Internal;
        var isColleague = line.Internal is not null || (Employee != client.Internal && HookNumber.Read(Employee).Internal is not null);
        if (client.Internal is not null && line.Phone is null && isColleague) Direction = CallDirection.Internal;
        CheckTimes();
        if (Line(Id, LongestId + 1) is not { } id)
        {
            if (Derive(client.Phone, line.Phone) is not { } derived) return HookMessages.Bad(idName, Missing(client.Phone, line.Phone));
            Warn("id_derived");
            id = derived;
        }
        else if (id.Length > LongestId) return HookMessages.Bad(idName, $"Longer than {LongestId} characters.");
        if (TalkSeconds == 0 && Phase is CallPhase.Ringing or CallPhase.Talking) TalkSeconds = null;
        var one = new CallEvent
        {
            ExternalId = id,
            Sequence = Sequence,
            Direction = Direction,
            Phase = Phase,
            Outcome = Settle(),
            ClientPhone = client.Shown,
            LinePhone = line.Phone,
            Employee = Line(Employee, LongestText),
            StartedAt = StartedAt,
            AnsweredAt = AnsweredAt,
            EndedAt = EndedAt,
            WaitSeconds = WaitSeconds,
            TalkSeconds = TalkSeconds,
            RecordingUrl = Line(RecordingUrl, LongestAddress),
            RecordingId = Line(RecordingId, LongestText),
            VisitId = VisitId,
            VisitorId = VisitorId,
            Page = Line(Page, LongestAddress),
            Referrer = Line(Referrer, LongestAddress),
            ClientName = Line(ClientName, LongestText),
            Tags = _tags,
            Fields = [.. _fields, .. Facts.Rest()],
            Warnings = _warnings,
        };
        return new CallReading.Events([one], eventId);
    }

    /// <summary>The owner's word beats the adapter's. <see cref="Build"/> does it; an adapter that goes on from these facts may do it before.</summary>
    public void ApplyMap()
    {
        if (_isMapped) return;
        _isMapped = true;
        if (Mapped("externalId") is { } id) Id = id;
        if (Mapped("sequence") is { } sequence && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) Sequence = number;
        if (Mapped("direction") is { } direction) Direction = WordOfDirection(direction);
        if (Mapped("outcome") is { } outcome) Outcome = WordOfOutcome(outcome);
        if (Mapped("phase") is { } phase) Phase = WordOfPhase(phase);
        Client = Mapped("clientPhone") ?? Client;
        DialledLine = Mapped("linePhone") ?? DialledLine;
        Employee = Mapped("employee") ?? Employee;
        StartedAt = MappedTime("startedAt") ?? StartedAt;
        AnsweredAt = MappedTime("answeredAt") ?? AnsweredAt;
        EndedAt = MappedTime("endedAt") ?? EndedAt;
        WaitSeconds = MappedSeconds("waitSeconds") ?? WaitSeconds;
        TalkSeconds = MappedSeconds("talkSeconds") ?? TalkSeconds;
        RecordingUrl = Mapped("recordingUrl") ?? RecordingUrl;
        RecordingId = Mapped("recordingId") ?? RecordingId;
        VisitId = Line(Mapped("visitId"), 100) ?? VisitId;
        VisitorId = Line(Mapped("visitorId"), 100) ?? VisitorId;
        Page = Mapped("page") ?? Page;
        Referrer = Mapped("referrer") ?? Referrer;
        ClientName = Mapped("clientName") ?? ClientName;
    }

    private string? Mapped(string fact) => Facts.Mapped(fact);

    private DateTimeOffset? MappedTime(string fact)
    {
        if (Mapped(fact) is not { } text || WebhookTimes.IsNone(text)) return null;
        if (WebhookTimes.TryRead(text, _zone, out var time)) return time;
        Warn($"time_unreadable: {fact}");
        AddField(fact, text);
        return null;
    }

    private int? MappedSeconds(string fact)
    {
        if (Mapped(fact) is not { } text) return null;
        if (WebhookTimes.Seconds(text) is { } seconds) return seconds;
        Warn($"number_unreadable: {fact}");
        AddField(fact, text);
        return null;
    }

    private void CheckTimes()
    {
        foreach (var time in (ReadOnlySpan<DateTimeOffset?>)[StartedAt, AnsweredAt, EndedAt])
            if (time is { } at && (at - _request.ReceivedAt).Duration() > FarOff) Warn("clock_far_off");
        if (StartedAt > EndedAt || StartedAt > AnsweredAt || AnsweredAt > EndedAt) Warn("times_out_of_order");
    }

    /// <summary>Talk time decides; the provider's word only where there is none.</summary>
    private CallOutcome Settle()
    {
        if (TalkSeconds > 0) return CallOutcome.Answered;
        if (TalkSeconds == 0) return Outcome == CallOutcome.Rejected ? CallOutcome.Rejected : Phase == CallPhase.Ended || Outcome != CallOutcome.Unknown ? Silent() : CallOutcome.Unknown;
        return Outcome is CallOutcome.Missed or CallOutcome.Unanswered ? Silent() : Outcome;
    }

    private CallOutcome Silent() => Direction switch
    {
        CallDirection.In => CallOutcome.Missed,
        CallDirection.Out or CallDirection.Internal => CallOutcome.Unanswered,
        _ => Outcome is CallOutcome.Missed or CallOutcome.Unanswered ? Outcome : CallOutcome.Unknown,
    };

    /// <summary>The same in every message of the call, as far as all of them give its caller, line and start.</summary>
    private string? Derive(string? caller, string? line)
    {
        if (caller is null || line is null || StartedAt is not { } start) return null;
        var text = $"{Digits(caller)}|{Digits(line)}|{start.ToUnixTimeSeconds()}";
        return "made-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

        static string Digits(string number) => string.Concat(number.Where(char.IsAsciiDigit)) is { Length: > 0 } digits ? digits : number;
    }

    private string Missing(string? caller, string? line)
    {
        var lacks = new List<string>(3);
        if (caller is null) lacks.Add("the caller's number");
        if (line is null) lacks.Add("the dialled number");
        if (StartedAt is null) lacks.Add("a readable start time");
        return $"Missing, and no id can be made: the message lacks {string.Join(" and ", lacks)}.";
    }
}
