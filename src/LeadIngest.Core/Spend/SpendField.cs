namespace LeadIngest.Core.Spend;

/// <summary>What a column of a spend table means.</summary>
public enum SpendField
{
    Date, Amount, Currency, CampaignId, CampaignName, GroupId, GroupName, AdId, AdName, Keyword, Source, Medium, Clicks, Impressions,
}
