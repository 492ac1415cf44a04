using System.Globalization;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Cabinets;

/// <summary>What was spent on one day at the finest level that is known of it.</summary>
/// <param name="GroupId">Null: a campaign that the vendor's wizard leads has none.</param>
/// <param name="Cost">Roubles, VAT included.</param>
internal sealed record SpentRow(DateOnly Day, long CampaignId, string Campaign, long? GroupId, string? Group, long? AdId, string? Ad, string? Keyword, long Impressions, long Clicks, decimal Cost)
{
    /// <summary>A row as a door takes it; an error in words otherwise.</summary>
    public static (SpentRow? Row, string? Error) Read(JsonNode? node)
    {
        if (node is not JsonObject row)
            return (null, "a row is an object");
        if (!DateOnly.TryParseExact(Json.Text(row["day"]), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return (null, "day: 2026-08-01");
        if (Json.Integer(row["campaignId"]) is not { } campaign || campaign <= 0)
            return (null, "campaignId: a whole number above 0");
        if (Json.Decimal(row["cost"]) is not { } cost || decimal.Round(cost, 2) != cost)
            return (null, "cost: roubles with kopecks");
        var unknown = row.Select(p => p.Key).Except(["day", "campaignId", "campaign", "groupId", "group", "adId", "ad", "keyword", "impressions", "clicks", "cost"]).FirstOrDefault();
        return unknown is not null ? (null, $"{unknown}: no such field") : (new(day, campaign, Json.Text(row["campaign"]) ?? $"Кампания {campaign}", Json.Integer(row["groupId"]), Json.Text(row["group"]),
            Json.Integer(row["adId"]), Json.Text(row["ad"]), Json.Text(row["keyword"]), Json.Integer(row["impressions"]) ?? 0, Json.Integer(row["clicks"]) ?? 0, cost), null);
    }
}
