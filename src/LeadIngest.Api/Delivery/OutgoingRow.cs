using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using LeadIngest.Core.Calls;
using LeadIngest.Crm;

namespace LeadIngest.Api.Delivery;

/// <summary>A lead as the database tells it, with its call and its visit.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
internal sealed record OutgoingRow
{
    public required Guid DeliveryId { get; init; }
    public string? Steps { get; init; }
    public required string Status { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? Name { get; init; }
    public string? Phone { get; init; }
    public string? PhoneTyped { get; init; }
    public string? Email { get; init; }
    public string? EmailTyped { get; init; }
    public string? Messenger { get; init; }
    public string? Comment { get; init; }
    public string? FormId { get; init; }
    public string? FormName { get; init; }
    public required string Channel { get; init; }
    public string? Source { get; init; }
    public string? Medium { get; init; }
    public string? Campaign { get; init; }
    public string? Content { get; init; }
    public string? Keyword { get; init; }
    public required string Passport { get; init; }
    public required string Details { get; init; }
    public Guid? SiteId { get; init; }
    public string? SiteName { get; init; }
    public required string LeadKind { get; init; }
    public required string RepeatPolicy { get; init; }
    public required bool IsDemo { get; init; }
    public string? TimeZone { get; init; }
    public Guid? CallId { get; init; }
    public string? CallProvider { get; init; }
    public string? CallDirection { get; init; }
    public string? CallOutcome { get; init; }
    public string? CallClient { get; init; }
    public string? CallLine { get; init; }
    public string? CallEmployee { get; init; }
    public DateTimeOffset? CallStartedAt { get; init; }
    public int? CallWait { get; init; }
    public int? CallTalk { get; init; }
    public string? CallRecording { get; init; }
    public string? CallEntry { get; init; }
    public bool? CallEntryHasRecord { get; init; }
    public DateTimeOffset? VisitStartedAt { get; init; }
    public int? VisitPageViews { get; init; }
    public int? VisitSeconds { get; init; }
    public string? VisitPages { get; init; }
    public string? VisitClientIds { get; init; }

    /// <summary>Times are the project's: a card has no zone of its own.</summary>
    public OutgoingCall? Call(OutgoingKind kind) => CallId is not { } id ? null : new OutgoingCall
    {
        CallId = id,
        Direction = Word<CallDirection>(CallDirection),
        Outcome = Word<CallOutcome>(CallOutcome),
        ClientPhone = CallClient,
        LinePhone = CallLine,
        Employee = CallEmployee,
        StartedAt = Local(CallStartedAt!.Value),
        WaitSeconds = CallWait,
        TalkSeconds = CallTalk,
        // The entry may have been made with the recording in it.
        RecordingUrl = kind == OutgoingKind.Call && CallEntryHasRecord == true ? null : CallRecording,
        Provider = CallProvider!,
    };

    public OutgoingVisit? Visit()
    {
        if (VisitStartedAt is not { } started) return null;
        using var pages = JsonDocument.Parse(VisitPages!);
        using var ids = JsonDocument.Parse(VisitClientIds!);
        return new OutgoingVisit(Local(started), VisitPageViews ?? 0, VisitSeconds ?? 0,
            [.. (pages.RootElement.ValueKind == JsonValueKind.Array ? pages.RootElement.EnumerateArray() : [])
                .Select(p => p.ValueKind == JsonValueKind.Array && p.GetArrayLength() > 0 && p[0].ValueKind == JsonValueKind.String ? p[0].GetString()! : "").Where(p => p.Length > 0)],
            Id("ym"), Id("ga"));

        string? Id(string name) => ids.RootElement.ValueKind == JsonValueKind.Object && ids.RootElement.TryGetProperty(name, out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
    }

    /// <summary>The project's.</summary>
    public TimeZoneInfo Zone => TimeZone is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? found : TimeZoneInfo.Utc;

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    // A word of a newer version reads as unknown: an old node still delivers.
    private static T Word<T>(string? word) where T : struct, Enum => Enum.TryParse<T>(word, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : default;
}
