using LeadIngest.Api.Http.Masks;

namespace LeadIngest.Api.Features.Deals;

/// <summary>A deal of a CRM, or a lead of Bitrix24, as it stands there.</summary>
/// <param name="ConnectionName">For people.</param>
/// <param name="Kind"><c>deal</c>, or <c>lead</c>: a lead of Bitrix24, which is won when it is converted. That is no sale.</param>
/// <param name="RemoteId">Its id in the CRM.</param>
/// <param name="Pipeline">Null where the CRM has only one.</param>
/// <param name="Stage">Where it stands; its name is null when the CRM does not have that stage any more and it was never read.</param>
/// <param name="State"><c>open</c>, <c>won</c> or <c>lost</c>.</param>
/// <param name="Amount">In major units of <paramref name="Currency"/>.</param>
/// <param name="Currency">ISO 4217; null when the CRM does not say.</param>
/// <param name="Responsible">Null when nobody is; the name is null for a user who was dismissed before anything was read.</param>
/// <param name="ClientId">Of the main contact; a merged client is shown as the one that was kept. Null: nobody is known by that contact.</param>
/// <param name="LeadId">The lead that became this deal; null for one made by hand.</param>
/// <param name="LostReason">Null when it is not lost, or no reason was given.</param>
/// <param name="CreatedAt">By the CRM's clock, like the others.</param>
/// <param name="ClosedAt">When it came to its closed stage; null while it is open.</param>
/// <param name="DeletedAt">Null while it is there.</param>
/// <param name="MergedInto">The deal that took it over, where that can be known.</param>
internal sealed record DealAnswer(Guid Id, Guid ConnectionId, string ConnectionName, string Crm, string Kind, string RemoteId, [property: Contact(MaskKind.Free)] string? Name, DealName? Pipeline, DealName Stage, string State, decimal Amount,
    string? Currency, DealName? Responsible, Guid? ClientId, Guid? LeadId, string? ContactId, string? CompanyId, DealName? LostReason, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt,
    DateTimeOffset? ClosedAt, DateTimeOffset? DeletedAt, Guid? MergedInto);

/// <param name="Id">The CRM's.</param>
/// <param name="Name">For people.</param>
internal sealed record DealName(string Id, string? Name);

/// <summary>A row of <c>deals</c> on its way to the API.</summary>
internal sealed class DealRow
{
    /// <summary>Add <c>where d.project_id = @ProjectId and …</c>.</summary>
    public const string Select = """
        select d.id, d.connection_id, k.name as connection_name, k.crm, d.kind, d.remote_id, d.name, d.pipeline_id, p.name as pipeline_name, d.stage_id, s.name as stage_name, d.state, d.amount, d.currency,
            d.responsible_id, u.name as responsible_name, coalesce(c.merged_into, d.client_id) as client_id, d.lead_id, d.contact_id, d.company_id, d.lost_reason_id,
            r.name as lost_reason_name, d.created_at, d.updated_at, d.closed_at, d.deleted_at, d.merged_into
        from deals d
            join connections k on k.project_id = d.project_id and k.id = d.connection_id
            left join clients c on c.project_id = d.project_id and c.id = d.client_id
            left join crm_pipelines p on p.project_id = d.project_id and p.connection_id = d.connection_id and p.kind = d.kind and p.id = d.pipeline_id
            left join crm_stages s on s.project_id = d.project_id and s.connection_id = d.connection_id and s.kind = d.kind and s.pipeline_id = d.pipeline_id and s.id = d.stage_id
            left join crm_users u on u.project_id = d.project_id and u.connection_id = d.connection_id and u.id = d.responsible_id
            left join crm_lost_reasons r on r.project_id = d.project_id and r.connection_id = d.connection_id and r.id = d.lost_reason_id
        """;

    public Guid Id { get; init; }
    public Guid ConnectionId { get; init; }
    public string ConnectionName { get; init; } = "";
    public string Crm { get; init; } = "";
    public string Kind { get; init; } = "";
    public long RemoteId { get; init; }
    public string? Name { get; init; }
    public string PipelineId { get; init; } = "";
    public string? PipelineName { get; init; }
    public string StageId { get; init; } = "";
    public string? StageName { get; init; }
    public string State { get; init; } = "";
    public decimal Amount { get; init; }
    public string? Currency { get; init; }
    public string? ResponsibleId { get; init; }
    public string? ResponsibleName { get; init; }
    public Guid? ClientId { get; init; }
    public Guid? LeadId { get; init; }
    public string? ContactId { get; init; }
    public string? CompanyId { get; init; }
    public string? LostReasonId { get; init; }
    public string? LostReasonName { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }
    public Guid? MergedInto { get; init; }

    // A reason typed by hand is its own name.
    public DealAnswer Answer() => new(Id, ConnectionId, ConnectionName, Crm, Kind, RemoteId.ToString(System.Globalization.CultureInfo.InvariantCulture), Name,
        PipelineId.Length == 0 ? null : new(PipelineId, PipelineName), new(StageId, StageName), State, Amount, Currency, ResponsibleId is null ? null : new(ResponsibleId, ResponsibleName), ClientId,
        LeadId, ContactId, CompanyId, LostReasonId is null ? null : new(LostReasonId, LostReasonName ?? LostReasonId), CreatedAt, UpdatedAt, ClosedAt, DeletedAt, MergedInto);
}
