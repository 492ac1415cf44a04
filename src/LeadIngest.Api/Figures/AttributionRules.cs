using System.Text.Json;
using LeadIngest.Core.Attribution;

namespace LeadIngest.Api.Figures;

/// <summary>How a project shares the credit for its deals, as it is stored and as the API shows it.</summary>
/// <param name="Model"><c>first</c>, <c>last</c>, <c>lastNonDirect</c> (when absent), <c>lastPaid</c>, <c>linear</c>, <c>positionBased</c>, <c>timeDecay</c>, <c>markov</c> or <c>shapley</c>.</param>
/// <param name="DealWindowDays">How far before a deal its touches may lie, 1 to 730 days; 90 when absent.</param>
/// <param name="LeadWindowDays">How far before a lead, 1 to 730 days; 30 when absent.</param>
/// <param name="HalfLifeDays">Of <c>timeDecay</c>, 1 to 365 days; 7 when absent.</param>
/// <param name="LeaveOutDirect">Direct touches get nothing as long as the path has another.</param>
internal sealed record AttributionRules(string? Model = null, int? DealWindowDays = null, int? LeadWindowDays = null, int? HalfLifeDays = null, bool? LeaveOutDirect = null)
{
    /// <summary>The models as the wire spells them, in the order of <see cref="AttributionModel"/>.</summary>
    public static readonly string[] Models = [.. Enum.GetNames<AttributionModel>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    public AttributionSettings Settings { get; } = new()
    {
        Model = Model is null ? AttributionModel.LastNonDirect : (AttributionModel)Array.IndexOf(Models, Model),
        DealWindow = DealWindowDays is { } deal ? TimeSpan.FromDays(deal) : AttributionSettings.DefaultDealWindow,
        LeadWindow = LeadWindowDays is { } lead ? TimeSpan.FromDays(lead) : AttributionSettings.DefaultLeadWindow,
        HalfLife = HalfLifeDays is { } half ? TimeSpan.FromDays(half) : AttributionSettings.DefaultHalfLife,
        LeaveOutDirect = LeaveOutDirect ?? false,
    };

    public static AttributionRules Read(string json)
    {
        var read = JsonSerializer.Deserialize<Stored>(json, JsonSerializerOptions.Web)!;
        return new(read.Model, read.DealWindowDays, read.LeadWindowDays, read.HalfLifeDays, read.LeaveOutDirect);
    }

    public string Write() => JsonSerializer.Serialize(new Stored(Model, DealWindowDays, LeadWindowDays, HalfLifeDays, LeaveOutDirect), JsonSerializerOptions.Web);

    private sealed record Stored(string? Model, int? DealWindowDays, int? LeadWindowDays, int? HalfLifeDays, bool? LeaveOutDirect);
}
