using System.Text.Json;
using LeadIngest.Api.Http.Masks;

namespace LeadIngest.Api.Features.Calls;

/// <summary>A phone call as the API shows it, in lists and alone.</summary>
/// <param name="SenderName">Of the connection to the provider, for people.</param>
/// <param name="SiteName">For people; null when the site is not there any more.</param>
/// <param name="Provider">The provider's word in the address: <c>mango</c>.</param>
/// <param name="ExternalId">The provider's id of the call.</param>
/// <param name="Direction"><c>in</c>, <c>out</c>, <c>internal</c> or <c>unknown</c>.</param>
/// <param name="Phase"><c>ringing</c>, <c>talking</c>, <c>ended</c> or <c>unknown</c>.</param>
/// <param name="Outcome"><c>answered</c>, <c>missed</c>, <c>unanswered</c>, <c>rejected</c> or <c>unknown</c>.</param>
/// <param name="ClientPhone">E.164; null when hidden or no phone.</param>
/// <param name="ClientPhoneTyped">What was sent, where that differs from <c>clientPhone</c>.</param>
/// <param name="LinePhone">The number that the client dialled.</param>
/// <param name="Employee">Who answered, as the PBX names people.</param>
/// <param name="RecordingUrl">The recording's address as the provider gave it; <c>/v1/calls/{id}/recording</c> plays it where the operator listed its host.</param>
/// <param name="LeadId">The lead that the call became; null for outgoing and internal calls, and while its lead is being made.</param>
/// <param name="ClientId">The client; after a merge the one that was kept.</param>
/// <param name="VisitId">The visit on the site that the call came from.</param>
/// <param name="NumberName">What the tracking number that was dialled is called: «Баннер на Ленина».</param>
/// <param name="MatchedBy">How the visit or the source was found: <c>holder</c>, <c>session</c>, <c>provider</c>, <c>recent</c>, <c>static</c>, <c>none</c>.</param>
/// <param name="FirstSeenAt">When the first message about the call came.</param>
/// <param name="Warnings">What was odd in the provider's messages.</param>
internal sealed record CallAnswer(
    Guid Id, Guid SenderId, string? SenderName, Guid SiteId, string? SiteName, string Provider, string ExternalId, string Direction, string Phase, string Outcome, [property: Contact(MaskKind.Phone)] string? ClientPhone, [property: Contact(MaskKind.Free)] string? ClientPhoneTyped,
    [property: Contact(MaskKind.Own)] string? LinePhone, string? Employee, DateTimeOffset? StartedAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt, int? WaitSeconds, int? TalkSeconds,
    [property: Contact(MaskKind.Free)] string? RecordingUrl, [property: Contact(MaskKind.Free)] string? RecordingId, Guid? LeadId, Guid? ClientId, [property: Contact(MaskKind.Free)] string? ClientName, Guid? VisitId, Guid? NumberId, string? NumberName, string? MatchedBy, DateTimeOffset FirstSeenAt,
    DateTimeOffset LastSeenAt, IReadOnlyList<string> Warnings);

/// <summary>A row of <c>calls</c> on its way to the API.</summary>
internal sealed class CallAnswerRow
{
    /// <summary>Add <c>where c.project_id = @ProjectId and …</c>. A merged client is shown as the one that was kept, a lead once it is there.</summary>
    public const string Select = """
        select c.id, c.sender_id, sender.name as sender_name, c.site_id, site.name as site_name, c.provider, c.external_id, c.direction, c.phase, c.outcome, c.client_phone, c.client_phone_typed, c.line_phone, c.employee,
            c.started_at, c.answered_at, c.ended_at, c.wait_seconds, c.talk_seconds, c.recording_url, c.recording_id, l.id as lead_id,
            coalesce(k.merged_into, c.client_id) as client_id, coalesce(root.name, k.name) as client_name, c.visit_id, c.number_id, number.name as number_name, c.matched_by, c.first_seen_at, c.last_seen_at, c.facts::text as facts
        from calls c
        left join leads l on l.project_id = c.project_id and l.id = c.lead_id
        left join clients k on k.project_id = c.project_id and k.id = c.client_id
        left join clients root on root.project_id = k.project_id and root.id = k.merged_into
        left join sites site on site.project_id = c.project_id and site.id = c.site_id
        left join senders sender on sender.project_id = c.project_id and sender.id = c.sender_id
        left join tracking_numbers number on number.project_id = c.project_id and number.id = c.number_id
        """;

    public Guid Id { get; init; }
    public Guid SenderId { get; init; }
    public string? SenderName { get; init; }
    public Guid SiteId { get; init; }
    public string? SiteName { get; init; }
    public string Provider { get; init; } = "";
    public string ExternalId { get; init; } = "";
    public string Direction { get; init; } = "unknown";
    public string Phase { get; init; } = "unknown";
    public string Outcome { get; init; } = "unknown";
    public string? ClientPhone { get; init; }
    public string? ClientPhoneTyped { get; init; }
    public string? LinePhone { get; init; }
    public string? Employee { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public int? WaitSeconds { get; init; }
    public int? TalkSeconds { get; init; }
    public string? RecordingUrl { get; init; }
    public string? RecordingId { get; init; }
    public Guid? LeadId { get; init; }
    public Guid? ClientId { get; init; }
    public string? ClientName { get; init; }
    public Guid? VisitId { get; init; }
    public Guid? NumberId { get; init; }
    public string? NumberName { get; init; }
    public string? MatchedBy { get; init; }
    public DateTimeOffset FirstSeenAt { get; init; }
    public DateTimeOffset LastSeenAt { get; init; }
    public string Facts { get; init; } = "{}";

    public CallAnswer Answer()
    {
        using var facts = JsonDocument.Parse(Facts);
        string[] warnings = facts.RootElement.TryGetProperty("warnings", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(w => w.ToString())] : [];
        return new(Id, SenderId, SenderName, SiteId, SiteName, Provider, ExternalId, Direction, Phase, Outcome, ClientPhone, ClientPhoneTyped, LinePhone, Employee, StartedAt, AnsweredAt, EndedAt,
            WaitSeconds, TalkSeconds, RecordingUrl, RecordingId, LeadId, ClientId, ClientName, VisitId, NumberId, NumberName, MatchedBy, FirstSeenAt, LastSeenAt, warnings);
    }
}
