using System.Text.Json;
using LeadIngest.Api.Tests.Figures;

namespace LeadIngest.Api.Tests.Reports.Clients;

/// <summary>Clients who buy, as the mirror keeps them.</summary>
public static class Selling
{
    private static int _remoteId = 100;

    /// <summary>Noon in Moscow of a day.</summary>
    public static DateTimeOffset Noon(string day) => new(DateOnly.ParseExact(day, "yyyy-MM-dd", null).ToDateTime(new(12, 0)), TimeSpan.FromHours(3));

    /// <summary>A deal that was made and won at the same moment.</summary>
    public static Task<Guid> SaleAsync(this ApiFixture api, TestProject project, Guid connection, Guid? client, DateTimeOffset at, decimal amount, string? currency = "RUB", string? manager = "31", Guid? lead = null) =>
        api.DealAsync(project, connection, Interlocked.Increment(ref _remoteId), client, lead, state: "won", amount: amount, currency: currency, stage: "142", responsible: manager, createdAt: at);

    public static Task<Guid> SaleAsync(this ApiFixture api, TestProject project, Guid connection, Guid? client, string day, decimal amount, string? currency = "RUB", string? manager = "31", Guid? lead = null) =>
        api.SaleAsync(project, connection, client, Noon(day), amount, currency, manager, lead);

    /// <summary>A client whose first touch is a lead of this day and source.</summary>
    public static async Task<Guid> CameAsync(this ApiFixture api, TestProject project, string day, string? source = "Яндекс.Директ", string channel = "paid_search", string? campaign = null, string? name = "Анна Петрова")
    {
        var client = await api.ClientAsync(project, name);
        await api.TouchAsync(project, client, Noon(day).AddHours(-1), channel, source, "cpc", campaign);
        return client;
    }

    /// <summary>The report after everything that was marked has been computed.</summary>
    public static async Task<JsonElement> ReportAsync(this ApiFixture api, TestProject project, string path)
    {
        await api.CatchUpAsync(project);
        return await api.ReadAsync(project, "/v1/reports/" + path);
    }

    public static decimal? Number(this JsonElement json, string property) => json.GetProperty(property) is { ValueKind: not JsonValueKind.Null } value ? value.GetDecimal() : null;

    /// <summary>Rows by the key of their group.</summary>
    public static Dictionary<string, JsonElement> ByKey(this JsonElement rows) => rows.EnumerateArray().ToDictionary(r => r.GetProperty("group").GetProperty("key").GetString()!);
}
