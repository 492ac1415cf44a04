using System.ComponentModel.DataAnnotations;

namespace LeadIngest.Api.Calls;

/// <summary>Section <c>Calls</c>. Checked at start: a bad value stops the host, not the first call.</summary>
internal sealed class CallsOptions : IValidatableObject
{
    /// <summary>How long after a call's first event its lead waits for the client's number or the direction, when no event has told it. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")] public TimeSpan PhoneGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same for a call that is over: after its last event, within <see cref="PhoneGrace"/>. Events overtake each other by less. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")] public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A lead that is brought to the CRM at the end of its call goes there so long after the call's first event at the latest. Default 15 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "24:00:00")] public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long after the end of an answered call its recording is waited for before the lead goes without it. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")] public TimeSpan RecordingWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often calls are looked for when nobody says that there are any. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")] public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A folder that dies leaves its calls to others after this time. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")] public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Calls taken up at a time. Default 50.</summary>
    [Range(1, 1000)] public int Batch { get; init; } = 50;

    /// <summary>Webhooks that one node writes at the same time; the others wait for a place. Default 8.</summary>
    [Range(1, 16)] public int MaxWrites { get; init; } = 8;

    /// <summary>Tokens never seen before that one address may try in a minute. Default 30.</summary>
    [Range(1, 10_000)] public int UnknownTokensPerMinute { get; init; } = 30;

    /// <summary>False: events are stored, and another node folds them.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// From where recordings are fetched for who listens on the page: <c>storage.pbx.ru</c>, <c>*.pbx.ru</c>, <c>host:port</c>. Over https; a name must lead to the open internet, a machine of
    /// one's own network is listed by its address. Default: none, recordings are then only linked to.
    /// </summary>
    public string[] RecordingHosts { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        RecordingHosts.Select(Recordings.RecordingHosts.Fault).OfType<string>().Select(fault => new ValidationResult(fault));
}
