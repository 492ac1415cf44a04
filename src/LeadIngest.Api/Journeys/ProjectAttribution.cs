using System.Text.Json;
using Dapper;
using LeadIngest.Core.Attribution;
using Npgsql;

namespace LeadIngest.Api.Journeys;

/// <summary>How a project shares the credit for its deals: windows, half-life, whether direct touches count. What it has not set is as shipped.</summary>
internal static class ProjectAttribution
{
    public static async Task<AttributionSettings> ReadAsync(NpgsqlConnection connection, Guid project, CancellationToken ct)
    {
        var text = await connection.ExecuteScalarAsync<string?>(new CommandDefinition("select (to_jsonb(p) -> 'attribution')::text from projects p where p.project_id = @Project",
            new { Project = project }, cancellationToken: ct));
        using var json = JsonDocument.Parse(text ?? "{}");
        var rules = json.RootElement;
        return new()
        {
            DealWindow = Days("dealWindowDays") ?? AttributionSettings.DefaultDealWindow,
            HalfLife = Days("halfLifeDays") ?? AttributionSettings.DefaultHalfLife,
            LeaveOutDirect = rules.TryGetProperty("leaveOutDirect", out var leave) && leave.ValueKind == JsonValueKind.True,
        };

        TimeSpan? Days(string name) => rules.TryGetProperty(name, out var days) && days.ValueKind == JsonValueKind.Number && days.TryGetDouble(out var count) && count is > 0 and <= 10_000
            ? TimeSpan.FromDays(count) : null;
    }
}
