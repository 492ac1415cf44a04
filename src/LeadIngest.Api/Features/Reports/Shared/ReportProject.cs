using System.Text.Json;
using Dapper;
using LeadIngest.Api.Figures;
using LeadIngest.Core.Attribution;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Shared;

/// <summary>How a project counts: what a report has to know before it counts anything.</summary>
/// <param name="Zone">Days begin by it.</param>
/// <param name="Currency">ISO 4217, of all money in reports.</param>
/// <param name="Romi">Which meaning the project's pages show.</param>
/// <param name="Vat"><c>gross</c> or <c>net</c>, of spend.</param>
/// <param name="Attribution">Model and windows.</param>
/// <param name="Working">Null: people always work.</param>
internal sealed record ReportProject(Guid Id, TimeZoneInfo Zone, string Currency, RomiKind Romi, string Vat, AttributionSettings Attribution, WorkingTime? Working)
{
    // By properties: Dapper finds no constructor that takes an array.
    private sealed record Row
    {
        public string TimeZone { get; init; } = "";
        public string Currency { get; init; } = "";
        public string Romi { get; init; } = "";
        public string SpendVat { get; init; } = "";
        public string Attribution { get; init; } = "";
        public string WorkingHours { get; init; } = "";
        public DateTime[] DaysOff { get; init; } = [];
    }

    public static async Task<ReportProject> ReadAsync(NpgsqlConnection connection, Guid projectId, CancellationToken ct)
    {
        var row = await connection.QuerySingleAsync<Row>(new CommandDefinition(
            """
            select time_zone, currency::text as currency, romi, spend_vat, attribution::text as attribution, working_hours::text as working_hours,
                array(select d::timestamp from unnest(days_off) d) as days_off
            from projects where project_id = @projectId
            """, new { projectId }, cancellationToken: ct));
        var hours = JsonSerializer.Deserialize<Dictionary<string, string>>(row.WorkingHours)!;
        return new(projectId, TimeZoneInfo.FindSystemTimeZoneById(row.TimeZone), row.Currency, row.Romi == "net" ? RomiKind.Net : RomiKind.Payback, row.SpendVat,
            AttributionRules.Read(row.Attribution).Settings, hours.Count == 0 ? null : WorkingTime.Of(hours, [.. row.DaysOff.Select(d => d.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))]));
    }

    /// <summary>The days that the query asks for; the last 30 up to today unless it says more.</summary>
    public DayRange Range(ReportQuery query, TimeProvider clock)
    {
        var to = query.To ?? Today(clock);
        var from = query.From ?? to.AddDays(-29);
        return new(from, to < from ? from : to);
    }

    public DateOnly Today(TimeProvider clock) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Zone).DateTime);
}
