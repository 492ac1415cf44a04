using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Passports;
using LeadIngest.Crm;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>Reads leads as the CRM port wants them. A row that cannot be read never stops its neighbours.</summary>
internal sealed class OutgoingLeads(NpgsqlDataSource db)
{
    /// <returns>By delivery: the lead, or why it cannot be read.</returns>
    public async Task<IReadOnlyDictionary<Guid, (OutgoingLead? Lead, string? Fault)>> LoadAsync(ConnectionRow connection, IReadOnlyList<Claim> claims, CancellationToken ct)
    {
        await using var session = await db.OpenConnectionAsync(ct);
        return await LoadAsync(session, connection, claims, ct);
    }

    /// <inheritdoc cref="LoadAsync(ConnectionRow, IReadOnlyList{Claim}, CancellationToken)"/>
    public static async Task<IReadOnlyDictionary<Guid, (OutgoingLead? Lead, string? Fault)>> LoadAsync(NpgsqlConnection session, ConnectionRow connection, IReadOnlyList<Claim> claims, CancellationToken ct)
    {
        var rows = (await session.QueryAsync<OutgoingRow>(new CommandDefinition(Select,
            new { connection.ProjectId, Ids = claims.Select(c => c.Id).ToArray() }, cancellationToken: ct))).ToDictionary(r => r.DeliveryId);
        var origins = await DealOrigins.ReadAsync(session, connection, claims, ct);
        return claims.ToDictionary(c => c.Id, c => rows.TryGetValue(c.Id, out var row) ? Read(c, row, origins.GetValueOrDefault(c.Id)) : (null, "The lead is not there any more."));
    }

    private static (OutgoingLead?, string?) Read(Claim claim, OutgoingRow row, DealOrigins.Origin? deal)
    {
        try
        {
            return (Map(claim, row) with { DealLeadId = deal?.MadeBy, OtherDealIds = deal?.Others ?? [], FirstPassport = deal?.First is { } first ? ReadPassport(first) : null }, null);
        }
        catch (Exception e)
        {
            // The message may quote the lead; the type is enough to find the place.
            return (null, $"The stored lead cannot be read ({e.GetType().Name}).");
        }
    }

    /// <exception cref="System.Text.Json.JsonException">The stored row is not what this version writes.</exception>
    public static OutgoingLead Map(Claim claim, OutgoingRow row)
    {
        using var details = JsonDocument.Parse(row.Details);
        var passport = ReadPassport(new(row.Channel, row.Source, row.Medium, row.Campaign, row.Content, row.Keyword, row.Passport));
        return new OutgoingLead
        {
            LeadId = claim.LeadId,
            ClientId = claim.ClientId,
            Kind = claim.Kind,
            ContactId = claim.ContactId,
            DealId = claim.DealId,
            Steps = Steps.Parse(row.Steps),
            ReceivedAt = row.ReceivedAt,
            IsRepeat = row.Status == "repeat",
            WantsTask = row is { Status: "repeat", RepeatPolicy: "note_task" },
            IsDemo = row.IsDemo,
            Name = row.Name,
            Phone = row.Phone ?? row.PhoneTyped,
            PhoneIsValid = row.Phone is not null,
            Email = row.Email ?? row.EmailTyped,
            EmailIsValid = row.Email is not null,
            Comment = row.Comment,
            SiteId = row.SiteId,
            SiteName = row.SiteName,
            LeadKind = row.LeadKind,
            TimeZone = row.Zone,
            FormId = row.FormId,
            FormName = row.FormName,
            Page = StoredJson.Text(details.RootElement, "page") ?? passport.LandingPage,
            Fields = [.. Messenger(row), .. StoredJson.Pairs(details.RootElement, "fields")],
            Passport = passport,
            Call = row.Call(claim.Kind),
            CallEntryId = claim.Kind == OutgoingKind.Call ? row.CallEntry : null,
            Visit = row.Visit(),
        };
    }

    // The port has no place of its own for it, and for some leads it is the only way to answer.
    private static IEnumerable<KeyValuePair<string, string>> Messenger(OutgoingRow row) => row.Messenger is { } messenger ? [new("Мессенджер", messenger)] : [];

    private static Passport ReadPassport(PassportRow row) => StoredPassport.Parse(row.Channel, row.Passport) with
    {
        Source = row.Source,
        Medium = row.Medium,
        Campaign = row.Campaign,
        Content = row.Content,
        Keyword = row.Keyword,
    };

    private const string Select = """
        select d.id as delivery_id, d.steps::text as steps, l.status, l.received_at, l.name, l.phone, l.phone_typed, l.email, l.email_typed, l.messenger,
            l.comment, l.form_id, l.form_name, l.channel, l.source, l.medium, l.campaign, l.content, l.keyword, l.passport::text as passport,
            l.details::text as details, l.site_id, s.name as site_name, l.kind as lead_kind, p.is_demo, p.time_zone, p.repeat_policy,
            c.id as call_id, c.provider as call_provider, c.direction as call_direction, c.outcome as call_outcome,
            coalesce(c.client_phone, c.client_phone_typed) as call_client, c.line_phone as call_line, c.employee as call_employee,
            coalesce(c.started_at, c.first_seen_at) as call_started_at, c.wait_seconds as call_wait, c.talk_seconds as call_talk, c.recording_url as call_recording,
            entry.id as call_entry, entry.has_record as call_entry_has_record,
            v.started_at as visit_started_at, v.page_views as visit_page_views, v.seconds as visit_seconds, v.pages::text as visit_pages, v.client_ids::text as visit_client_ids
        from deliveries d
        join leads l on l.project_id = d.project_id and l.id = d.lead_id
        join projects p on p.project_id = d.project_id
        left join sites s on s.project_id = l.project_id and s.id = l.site_id
        left join calls c on c.project_id = l.project_id and c.id = l.call_id
        -- leads.visit_id is text as it was posted: only what reads as an id is one.
        left join visits v on v.project_id = l.project_id and v.id = coalesce(c.visit_id, case
            when l.visit_id ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then l.visit_id::uuid end)
        -- What the other deliveries of the lead have entered of its call: the first made the entry.
        left join lateral (
            select (array_agg(o.steps ->> 'call' order by o.id))[1] as id, bool_or(o.steps ->> 'record' is not null) as has_record
            from deliveries o
            where d.kind = 'call' and o.project_id = d.project_id and o.lead_id = d.lead_id and o.connection_id = d.connection_id and o.id <> d.id
                and o.state = 'delivered' and o.steps ->> 'call' is not null) entry on true
        where d.project_id = @ProjectId and d.id = any(@Ids)
        """;
}

/// <summary>A passport as the columns of <c>leads</c> keep it.</summary>
/// <param name="Passport">What has no column of its own, as JSON.</param>
internal sealed record PassportRow(string Channel, string? Source, string? Medium, string? Campaign, string? Content, string? Keyword, string Passport);

/// <summary>Remote ids by step as they stand in <c>deliveries.steps</c>.</summary>
internal static class Steps
{
    public static IReadOnlyDictionary<string, string> Parse(string? json) =>
        json is null ? new Dictionary<string, string>() : JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];

    public static string Write(IReadOnlyDictionary<string, string> steps) => JsonSerializer.Serialize(steps);
}
