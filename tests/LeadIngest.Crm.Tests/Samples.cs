using LeadIngest.Core.Calls;
using LeadIngest.Core.Passports;

namespace LeadIngest.Crm.Tests;

/// <summary>Leads to send; every one has ids of its own.</summary>
internal static class Samples
{
    private static int _phones = 1000000;

    public static OutgoingLead Lead() => new()
    {
        LeadId = Guid.CreateVersion7(),
        ClientId = Guid.CreateVersion7(),
        Kind = OutgoingKind.Deal,
        ReceivedAt = new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.FromHours(3)),
        Name = "Ольга Петрова",
        Phone = $"+7916{Interlocked.Increment(ref _phones)}",
        PhoneIsValid = true,
        Email = "olga@example.org",
        EmailIsValid = true,
        Comment = "Перезвоните & скажите цену + срок #1",
        SiteName = "acme.example",
        FormName = "Обратный звонок",
        Page = "https://acme.example/crm?utm_source=yandex",
        Fields = [new("Город", "Москва")],
        Passport = Passport(),
    };

    public static OutgoingLead Note(string dealId) => Lead() with { Kind = OutgoingKind.Note, DealId = dealId };

    /// <summary>A call that was answered, with its recording.</summary>
    public static OutgoingLead Call(CallOutcome outcome = CallOutcome.Answered, string? recording = "https://pbx.example/records/1.mp3")
    {
        var lead = Lead();
        return lead with
        {
            Name = null,
            Email = null,
            EmailIsValid = false,
            Comment = null,
            FormName = null,
            Fields = [],
            Call = new OutgoingCall
            {
                CallId = Guid.CreateVersion7(),
                Direction = CallDirection.In,
                Outcome = outcome,
                ClientPhone = lead.Phone,
                LinePhone = "+74951234567",
                Employee = "101",
                StartedAt = lead.ReceivedAt,
                WaitSeconds = 12,
                TalkSeconds = outcome == CallOutcome.Answered ? 65 : outcome == CallOutcome.Unknown ? null : 0,
                RecordingUrl = outcome == CallOutcome.Answered ? recording : null,
                Provider = "mango",
            },
            Visit = new OutgoingVisit(lead.ReceivedAt.AddMinutes(-7), 4, 190, ["/", "/prices"], "1700000000123456789", "1234567890.1700000000"),
        };
    }

    /// <summary>The call's entry for a lead that is in the CRM.</summary>
    public static OutgoingLead Entry(OutgoingLead call, string dealId, string? entryId = null) => call with { Kind = OutgoingKind.Call, DealId = dealId, CallEntryId = entryId, Steps = new Dictionary<string, string>() };

    public static Passport Passport() => new()
    {
        Channel = Channel.PaidSearch,
        Source = "Яндекс.Директ",
        Medium = "cpc",
        Campaign = "Поиск_CRM_Москва",
        Content = "b1",
        Keyword = "внедрение crm цена",
        Utm = new Dictionary<string, string> { ["utm_source"] = "yandex" },
        ClickIds = new Dictionary<string, string> { ["yclid"] = "123456789" },
        Origin = Origin.Utm,
        Confidence = Confidence.Exact,
    };
}

/// <summary>A guard that says yes, for good or until told otherwise.</summary>
internal sealed class Guard(bool mayCall = true) : ICallGuard
{
    public bool MayCall { get; set; } = mayCall;
}

/// <summary>Answers a fixed number of times, then no: a lease that runs out between the decision to call and the call.</summary>
internal sealed class ExpiringGuard(int yes) : ICallGuard
{
    private int _asked;

    public bool MayCall => Interlocked.Increment(ref _asked) <= yes;
}

/// <summary>A clock whose time stands until it is moved. Timers run by real time.</summary>
internal sealed class StandingClock : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
}
