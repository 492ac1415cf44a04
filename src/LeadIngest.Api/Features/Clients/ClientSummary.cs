using LeadIngest.Api.Http.Masks;

namespace LeadIngest.Api.Features.Clients;

/// <summary>A client in a list.</summary>
internal sealed record ClientSummary
{
    /// <summary>Add, for each row that <c>c</c> stands for, one of a project's clients: everything merged into it counts as its own.</summary>
    public const string Columns = """
        c.id, c.name, family.lead_count, family.created_at, family.last_lead_at, known.phones, known.emails
        """;

    public const string Joins = """
        cross join lateral (
            select sum(f.lead_count)::int as lead_count, min(f.created_at) as created_at, max(f.last_lead_at) as last_lead_at,
                array_agg(f.id) as ids
            from clients f where f.project_id = c.project_id and (f.id = c.id or f.merged_into = c.id)) family
        cross join lateral (
            select coalesce(array_agg(i.value order by i.created_at) filter (where i.kind = 'phone'), '{}') as phones,
                coalesce(array_agg(i.value order by i.created_at) filter (where i.kind = 'email'), '{}') as emails
            from identities i where i.project_id = c.project_id and i.client_id = any(family.ids)) known
        """;

    public required Guid Id { get; init; }
    [Contact(MaskKind.Free)] public string? Name { get; init; }

    /// <summary>E.164, first known first.</summary>
    [Contact(MaskKind.Phone)] public required string[] Phones { get; init; }

    [Contact(MaskKind.Email)] public required string[] Emails { get; init; }
    public required int LeadCount { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastLeadAt { get; init; }
}
