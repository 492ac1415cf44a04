namespace LeadIngest.Core.Attribution;

/// <summary>How a project counts credits.</summary>
public sealed record AttributionSettings
{
    public static readonly TimeSpan DefaultDealWindow = TimeSpan.FromDays(90);
    public static readonly TimeSpan DefaultLeadWindow = TimeSpan.FromDays(30);
    public static readonly TimeSpan DefaultHalfLife = TimeSpan.FromDays(7);

    public AttributionModel Model { get; init; } = AttributionModel.LastNonDirect;

    /// <summary>How far before a deal its touches may lie: 90 days, each of 24 hours. Above 0.</summary>
    public TimeSpan DealWindow { get; init => field = Positive(value, nameof(DealWindow)); } = DefaultDealWindow;

    /// <summary>How far before a lead its touches may lie: 30 days. Above 0.</summary>
    public TimeSpan LeadWindow { get; init => field = Positive(value, nameof(LeadWindow)); } = DefaultLeadWindow;

    /// <summary>Of <see cref="AttributionModel.TimeDecay"/>: 7 days, as Google had it. Above 0.</summary>
    public TimeSpan HalfLife { get; init => field = Positive(value, nameof(HalfLife)); } = DefaultHalfLife;

    /// <summary>Direct touches get nothing as long as the path has another one, whatever the model. Off: they count like any touch.</summary>
    public bool LeaveOutDirect { get; init; }

    private static TimeSpan Positive(TimeSpan value, string name) =>
        value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(name, value, "Above 0.");
}
