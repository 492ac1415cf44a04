using LeadIngest.Api.Http.Masks;

namespace LeadIngest.Api.Features.Deliveries;

/// <summary>One lead on its way to one connection.</summary>
internal sealed record DeliveryAnswer
{
    /// <summary>Add <c>where d.project_id = @ProjectId and …</c>.</summary>
    public const string Select = """
        select d.id, d.lead_id, d.connection_id, k.name as connection_name, k.crm, d.client_id, d.kind, d.state, d.attempts,
            case when d.state in ('pending', 'in_doubt') then d.next_attempt_at end as next_attempt_at, d.sent_at, d.delivered_at,
            d.remote_lead_id, d.remote_contact_id, d.last_error, coalesce(d.warnings, '{}') as warnings
        from deliveries d left join connections k on k.project_id = d.project_id and k.id = d.connection_id
        """;

    public required Guid Id { get; init; }
    public required Guid LeadId { get; init; }
    public required Guid ConnectionId { get; init; }

    /// <summary>For people; null when the connection was removed since.</summary>
    public string? ConnectionName { get; init; }

    /// <summary><c>amocrm</c> or <c>bitrix24</c>; null when the connection was removed since.</summary>
    public string? Crm { get; init; }

    public required Guid ClientId { get; init; }

    /// <summary><c>deal</c>: a new lead or deal in the CRM; <c>note</c>: a note in the card of the client's deal.</summary>
    public required string Kind { get; init; }

    /// <summary><c>pending</c>, <c>sending</c>, <c>in_doubt</c>, <c>delivered</c> or <c>dead</c>.</summary>
    public required string State { get; init; }

    public required int Attempts { get; init; }

    /// <summary>When it is tried or looked up again; null when nothing is planned.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }
    public DateTimeOffset? DeliveredAt { get; init; }
    public string? RemoteLeadId { get; init; }
    public string? RemoteContactId { get; init; }

    /// <summary>The last failure in the CRM's own words.</summary>
    [Contact(MaskKind.Free)] public string? LastError { get; init; }

    /// <summary>What was left out to get the lead in.</summary>
    [Contact(MaskKind.Free)] public required string[] Warnings { get; init; }
}
