using Dapper;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Visits;
using LeadIngest.Core;
using LeadIngest.Core.Passports;
using LeadIngest.Crm;
using Npgsql;

namespace LeadIngest.Api.Features.Connections;

/// <summary>Makes a lead ready for a CRM without storing it: ingest's own normalising and planning, and delivery's own reading, with nothing written.</summary>
internal sealed class PreviewedLeads(SiteDirectory sites, VisitDirectory visits, TimeProvider clock)
{
    /// <returns>Null when no site has this key.</returns>
    public async Task<(OutgoingLead Lead, string Status)?> PostedAsync(NpgsqlConnection session, Delivery.ConnectionRow connection, string siteKey, PostedLead posted, CancellationToken ct)
    {
        if (await sites.FindAsync(siteKey, ct) is not { } site) return null;
        var now = clock.GetUtcNow();
        var visit = posted.VisitId is null ? null : await visits.FindAsync(site.ProjectId, posted.VisitId, ct);
        var item = LeadNormalising.Item(posted, site, new PostOrigin(null, null), now, KnownOfLead.Nothing with { Visit = visit?.Passport });
        var known = new Knowledge();
        await BatchLookup.ReadAsync(session, [item], known, ct);
        var plan = await new BatchPlanner(new OrderedIds(clock)).PlanAsync([item], ClientBooks.Open([item], known, null), known,
            clients => BatchLookup.FactsAsync(session, site.ProjectId, clients, ct));
        var row = plan.Leads[0];
        var remote = await session.QuerySingleAsync<(string? Contact, string? Deal)>(new CommandDefinition(Remote,
            new { site.ProjectId, Connection = connection.Id, Prefix = $"{connection.Id}/", Client = row.ClientId, row.DuplicateOf }, cancellationToken: ct));
        var project = await session.QuerySingleAsync<(bool IsDemo, string TimeZone, string SiteName)>(new CommandDefinition(Project,
            new { site.ProjectId, site.SiteId }, cancellationToken: ct));
        // As delivery does: a note without a card to go to becomes a deal.
        var isNote = remote.Deal is not null && (row.Status == Core.Clients.LeadStatus.Duplicate
            || (row.Status == Core.Clients.LeadStatus.Repeat && site.RepeatPolicy is "note" or "note_task"));
        var status = row.Status.ToString().ToLowerInvariant();
        return (OutgoingLeads.Map(
            new Claim(Guid.Empty, row.Id, row.ClientId!.Value, isNote ? OutgoingKind.Note : OutgoingKind.Deal, remote.Contact, isNote ? remote.Deal : null, 1, 0),
            new OutgoingRow
            {
                DeliveryId = Guid.Empty,
                Status = status,
                ReceivedAt = now,
                Name = item.Name,
                Phone = item.Phone,
                PhoneTyped = item.PhoneTyped,
                Email = item.Email,
                EmailTyped = item.EmailTyped,
                Messenger = item.Messenger,
                Comment = item.Comment,
                FormId = item.FormId,
                FormName = item.FormName,
                Channel = PassportNames.ToWire(item.Passport.Channel),
                Source = item.Passport.Source,
                Medium = item.Passport.Medium,
                Campaign = item.Passport.Campaign,
                Content = item.Passport.Content,
                Keyword = item.Passport.Keyword,
                Passport = item.PassportJson,
                Details = item.DetailsJson,
                SiteId = site.SiteId,
                SiteName = project.SiteName,
                LeadKind = item.Kind,
                RepeatPolicy = site.RepeatPolicy,
                IsDemo = project.IsDemo,
                TimeZone = project.TimeZone,
            }), status);
    }

    /// <returns>Null when this connection has no delivery of the lead. The lead as if it were sent for the first time.</returns>
    public static async Task<(OutgoingLead Lead, string Status)?> StoredAsync(NpgsqlConnection session, Delivery.ConnectionRow connection, Guid leadId, CancellationToken ct)
    {
        var row = await session.QuerySingleOrDefaultAsync<StoredRow>(new CommandDefinition(Stored,
            new { connection.ProjectId, Connection = connection.Id, Lead = leadId, Prefix = $"{connection.Id}/" }, cancellationToken: ct));
        if (row is null) return null;
        var isNote = row is { Kind: DueDelivery.Note, Deal: not null };
        var claim = new Claim(row.Id, leadId, row.ClientId, isNote ? OutgoingKind.Note : OutgoingKind.Deal, row.Contact, isNote ? row.Deal : null, 1, 0);
        return (await OutgoingLeads.LoadAsync(session, connection, [claim], ct))[row.Id].Lead is { } lead
            ? (lead with { Steps = new Dictionary<string, string>() }, row.Status)
            : null;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record StoredRow
    {
        public required Guid Id { get; init; }
        public required Guid ClientId { get; init; }
        public required string Kind { get; init; }
        public required string Status { get; init; }
        public string? Contact { get; init; }
        public string? Deal { get; init; }
    }

    private const string Remote = """
        select (select substr(i.value, length(@Prefix) + 1) from identities i
                where i.project_id = @ProjectId and i.client_id = @Client and i.kind = 'crm_contact' and starts_with(i.value, @Prefix) order by i.created_at limit 1) as contact,
            (select d.remote_lead_id from deliveries d join leads l on l.project_id = d.project_id and l.id = d.lead_id
                where d.project_id = @ProjectId and d.connection_id = @Connection and l.client_id = @Client and d.kind <> 'call' and d.state = 'delivered'
                    and d.remote_lead_id is not null and (@DuplicateOf::uuid is null or d.lead_id = @DuplicateOf)
                order by l.id desc limit 1) as deal
        """;

    private const string Project = """
        select p.is_demo, p.time_zone, s.name as site_name from projects p join sites s on s.project_id = p.project_id and s.id = @SiteId where p.project_id = @ProjectId
        """;

    // A contact that this very lead made was not known before it.
    private const string Stored = """
        select d.id, coalesce(c.merged_into, d.client_id) as client_id, d.kind, l.status, d.remote_lead_id as deal,
            (select substr(i.value, length(@Prefix) + 1) from identities i
                where i.project_id = d.project_id and i.client_id = coalesce(c.merged_into, d.client_id) and i.kind = 'crm_contact' and starts_with(i.value, @Prefix)
                    and (d.kind <> 'deal' or l.status <> 'new' or i.created_at < l.received_at)
                order by i.created_at limit 1) as contact
        from deliveries d
        join leads l on l.project_id = d.project_id and l.id = d.lead_id
        left join clients c on c.project_id = d.project_id and c.id = d.client_id
        where d.project_id = @ProjectId and d.connection_id = @Connection and d.lead_id = @Lead and d.kind <> 'call' order by d.id limit 1
        """;
}
