using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Dapper;
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
        var rows = (await session.QueryAsync<Row>(new CommandDefinition(Select,
            new { connection.ProjectId, Ids = claims.Select(c => c.Id).ToArray() }, cancellationToken: ct))).ToDictionary(r => r.DeliveryId);
        return claims.ToDictionary(c => c.Id, c => rows.TryGetValue(c.Id, out var row) ? Read(c, row) : (null, "The lead is not there any more."));
    }

    private static (OutgoingLead?, string?) Read(Claim claim, Row row)
    {
        try
        {
            return (Map(claim, row), null);
        }
        catch (Exception e)
        {
            // The message may quote the lead; the type is enough to find the place.
            return (null, $"The stored lead cannot be read ({e.GetType().Name}).");
        }
    }

    private static OutgoingLead Map(Claim claim, Row row)
    {
        using var passport = JsonDocument.Parse(row.Passport);
        using var details = JsonDocument.Parse(row.Details);
        var read = ReadPassport(passport.RootElement, row);
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
            IsDemo = row.IsDemo,
            Name = row.Name,
            Phone = row.Phone ?? row.PhoneTyped,
            PhoneIsValid = row.Phone is not null,
            Email = row.Email ?? row.EmailTyped,
            EmailIsValid = row.Email is not null,
            Comment = row.Comment,
            SiteName = row.SiteName,
            FormId = row.FormId,
            FormName = row.FormName,
            Page = read.LandingPage,
            Fields = [.. Messenger(row), .. Fields(details.RootElement)],
            Passport = read,
        };
    }

    // The port has no place of its own for it, and for some leads it is the only way to answer.
    private static IEnumerable<KeyValuePair<string, string>> Messenger(Row row) => row.Messenger is { } messenger ? [new("Мессенджер", messenger)] : [];

    private static Passport ReadPassport(JsonElement json, Row row)
    {
        // Names of a newer version read as "unknown", "none" and "guessed": an old node still delivers.
        _ = PassportNames.TryParse(row.Channel, out Channel channel);
        _ = PassportNames.TryParse(Text(json, "origin"), out Origin origin);
        _ = PassportNames.TryParse(Text(json, "confidence"), out Confidence confidence);
        return new Passport
        {
            Channel = channel,
            Source = row.Source,
            Medium = row.Medium,
            Campaign = row.Campaign,
            Content = row.Content,
            Keyword = row.Keyword,
            Utm = Map(json, "utm"),
            ClickIds = Map(json, "clickIds"),
            LandingPage = Text(json, "landingPage"),
            Referrer = Text(json, "referrer"),
            Origin = origin,
            Confidence = confidence,
            Evidence = List(json, "evidence"),
            Warnings = List(json, "warnings"),
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> Fields(JsonElement details)
    {
        if (!details.TryGetProperty("fields", out var fields) || fields.ValueKind != JsonValueKind.Array) return [];
        return [.. fields.EnumerateArray().Where(f => f.ValueKind == JsonValueKind.Array && f.GetArrayLength() == 2)
            .Select(f => new KeyValuePair<string, string>(f[0].GetString() ?? "", f[1].GetString() ?? ""))];
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Dictionary<string, string> Map(JsonElement json, string name) => json.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Object
        ? map.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString()) : [];

    private static string[] List(JsonElement json, string name) => json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(i => i.ToString())] : [];

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record Row
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
        public string? SiteName { get; init; }
        public required bool IsDemo { get; init; }
    }

    private const string Select = """
        select d.id as delivery_id, d.steps::text as steps, l.status, l.received_at, l.name, l.phone, l.phone_typed, l.email, l.email_typed, l.messenger,
            l.comment, l.form_id, l.form_name, l.channel, l.source, l.medium, l.campaign, l.content, l.keyword, l.passport::text as passport,
            l.details::text as details, s.name as site_name, p.is_demo
        from deliveries d
        join leads l on l.project_id = d.project_id and l.id = d.lead_id
        join projects p on p.project_id = d.project_id
        left join sites s on s.project_id = l.project_id and s.id = l.site_id
        where d.project_id = @ProjectId and d.id = any(@Ids)
        """;
}

/// <summary>Remote ids by step as they stand in <c>deliveries.steps</c>.</summary>
internal static class Steps
{
    public static IReadOnlyDictionary<string, string> Parse(string? json) =>
        json is null ? new Dictionary<string, string>() : JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];

    public static string Write(IReadOnlyDictionary<string, string> steps) => JsonSerializer.Serialize(steps);
}
