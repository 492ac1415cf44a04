using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Features.Leads;

/// <summary>A row of <c>leads</c> on its way to the API: one reading of the JSON columns for every route that shows leads.</summary>
internal sealed class LeadRow
{
    /// <summary>Add <c>where l.project_id = @ProjectId and …</c>. A merged client is shown as the one that was kept.</summary>
    public const string Select = """
        select l.id, l.kind, l.status, l.received_at, l.occurred_at, l.site_id, w.name as site_name, l.name, l.phone, l.phone_typed, l.email, l.email_typed, l.messenger, l.comment,
            l.form_id, l.form_name, l.channel, l.source, l.medium, l.campaign, l.content, l.keyword, l.passport::text as passport, l.details::text as details,
            coalesce(c.merged_into, l.client_id) as client_id, l.duplicate_of, l.call_id, l.visit_id, b.visit_id as call_visit_id
        from leads l left join clients c on c.project_id = l.project_id and c.id = l.client_id
            left join sites w on w.project_id = l.project_id and w.id = l.site_id
            left join calls b on b.project_id = l.project_id and b.id = l.call_id
        """;

    private const string SelectDeliveries = """
        select d.lead_id, d.id, d.connection_id, k.name as connection_name, k.crm, d.state, d.attempts, case when d.state in ('pending', 'in_doubt') then d.next_attempt_at end as next_attempt_at,
            d.remote_lead_id, d.remote_contact_id, d.last_error, d.warnings
        from deliveries d left join connections k on k.project_id = d.project_id and k.id = d.connection_id
        where d.project_id = @ProjectId and d.lead_id = any(@Leads) order by d.id
        """;

    public Guid Id { get; init; }
    public string Kind { get; init; } = "";
    public string Status { get; init; } = "";
    public DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset? OccurredAt { get; init; }
    public Guid SiteId { get; init; }
    public string? SiteName { get; init; }
    public string? Name { get; init; }
    public string? Phone { get; init; }
    public string? PhoneTyped { get; init; }
    public string? Email { get; init; }
    public string? EmailTyped { get; init; }
    public string? Messenger { get; init; }
    public string? Comment { get; init; }
    public string? FormId { get; init; }
    public string? FormName { get; init; }
    public string Channel { get; init; } = "unknown";
    public string? Source { get; init; }
    public string? Medium { get; init; }
    public string? Campaign { get; init; }
    public string? Content { get; init; }
    public string? Keyword { get; init; }
    public string Passport { get; init; } = "{}";
    public string Details { get; init; } = "{}";
    public Guid? ClientId { get; init; }
    public Guid? DuplicateOf { get; init; }
    public Guid? CallId { get; init; }

    /// <summary>As it was posted: only what reads as an id is one.</summary>
    public string? VisitId { get; init; }

    public Guid? CallVisitId { get; init; }

    /// <summary>The answers for rows of one project, with their deliveries, in the rows' order.</summary>
    public static async Task<IReadOnlyList<LeadAnswer>> AnswerAsync(NpgsqlConnection connection, Guid projectId, IReadOnlyList<LeadRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0) return [];
        var deliveries = await connection.QueryAsync<DeliveryRow>(new CommandDefinition(SelectDeliveries,
            new { ProjectId = projectId, Leads = rows.Select(r => r.Id).ToArray() }, cancellationToken: ct));
        var byLead = deliveries.ToLookup(d => d.LeadId, d => new LeadDelivery(d.Id, d.ConnectionId, d.ConnectionName, d.Crm, d.State, d.Attempts, d.NextAttemptAt,
            d.RemoteLeadId, d.RemoteContactId, d.LastError, d.Warnings ?? []));
        return [.. rows.Select(r => r.Answer([.. byLead[r.Id]]))];
    }

    private LeadAnswer Answer(IReadOnlyList<LeadDelivery> deliveries)
    {
        using var details = JsonDocument.Parse(Details);
        var root = details.RootElement;
        var passport = PassportOf();
        return new(Id, Kind, Status, ReceivedAt, OccurredAt, SiteId, SiteName, Name, Phone, PhoneTyped, Email, EmailTyped, Messenger, Comment, FormId, FormName,
            StoredJson.Text(root, "page") ?? (passport.Origin == "visit" ? null : passport.LandingPage), Fields(root), Consent(root), passport, ClientId, DuplicateOf, CallId, CallVisitId ?? (Guid.TryParse(VisitId, out var visit) ? visit : null), StoredJson.Texts(root, "warnings"), StoredJson.Texts(root, "reasons"), deliveries);
    }

    public PassportAnswer PassportOf()
    {
        using var passport = JsonDocument.Parse(Passport);
        var root = passport.RootElement;
        return new(Channel, Source, Medium, Campaign, Content, Keyword, StoredJson.Map(root, "utm"), StoredJson.Map(root, "clickIds"), StoredJson.Text(root, "landingPage"), StoredJson.Text(root, "referrer"),
            StoredJson.Text(root, "origin") ?? "none", StoredJson.Text(root, "confidence") ?? "guessed", StoredJson.Texts(root, "evidence"), StoredJson.Texts(root, "warnings"));
    }

    private static Dictionary<string, FieldText> Fields(JsonElement details) => StoredJson.Pairs(details, "fields")
        .GroupBy(field => field.Key, field => field.Value, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => new FieldText([.. g]), StringComparer.Ordinal);

    private static ConsentAnswer? Consent(JsonElement details)
    {
        if (!details.TryGetProperty("consent", out var consent) || consent.ValueKind != JsonValueKind.Object) return null;
        var said = consent.TryGetProperty("given", out var given) && given.ValueKind is JsonValueKind.True or JsonValueKind.False;
        return new(StoredJson.Text(consent, "text"), said ? given.GetBoolean() : null, StoredJson.Text(consent, "version"), StoredJson.Text(consent, "page"), StoredJson.Text(consent, "form"),
            consent.TryGetProperty("at", out var at) && at.TryGetDateTimeOffset(out var moment) ? moment : null);
    }

    private sealed class DeliveryRow
    {
        public Guid LeadId { get; init; }
        public Guid Id { get; init; }
        public Guid ConnectionId { get; init; }
        public string? ConnectionName { get; init; }
        public string? Crm { get; init; }
        public string State { get; init; } = "";
        public int Attempts { get; init; }
        public DateTimeOffset? NextAttemptAt { get; init; }
        public string? RemoteLeadId { get; init; }
        public string? RemoteContactId { get; init; }
        public string? LastError { get; init; }
        public string[]? Warnings { get; init; }
    }
}
