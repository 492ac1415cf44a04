using LeadIngest.Core.Attribution;
using LeadIngest.Core.Deals;

namespace LeadIngest.Api.Figures;

/// <summary>What days and a rate make of a deal.</summary>
/// <param name="Rate">Of the project's currency for one unit of the deal's; null: none is known.</param>
/// <param name="Worths">What it was worth from which day on, see <see cref="DealMoney"/>.</param>
internal sealed record PricedDeal(FamilyDeal Deal, DealOutcome Outcome, DateOnly MadeDay, DateOnly? WonDay, DateOnly? LostDay, decimal? Rate, IReadOnlyList<DayWorth> Worths)
{
    /// <summary>Kopecks of the project's currency; null: no rate is known.</summary>
    public long? Amount => Rate is { } rate ? Kopecks(Deal.Amount, rate) : null;

    public static long Kopecks(decimal amount, decimal rate) => (long)Math.Round(amount * rate * 100, MidpointRounding.AwayFromZero);
}

/// <param name="Root">The client; null: nobody's.</param>
/// <param name="Priced">The deal.</param>
/// <param name="Nth">The how-manyth won deal of its client.</param>
/// <param name="IsRepeat">Its client had a deal before it.</param>
/// <param name="Path">What led to it.</param>
/// <param name="Steps">The touches of the path, oldest first.</param>
/// <param name="First">The client's first touch of all that had been made by then.</param>
internal sealed record CountedDeal(Guid? Root, PricedDeal Priced, int? Nth, bool IsRepeat, DealPath Path, IReadOnlyList<FamilyTouch> Steps, FamilyTouch? First)
{
    /// <summary>The latest touch that is not direct, else the latest; null: a repeat by nothing, or nobody knows.</summary>
    public FamilyTouch? Latest => IsForNobody ? null : Steps.LastOrDefault(s => !s.Touch.Source.IsDirect) ?? Steps[^1];

    /// <summary>No touch gets anything: there is none, or a known client came back and no advertisement did it. The rule of <see cref="DealCredit"/>.</summary>
    public bool IsForNobody { get; } = Steps.Count == 0 || (IsRepeat && Path.Path.IsEmptyOrDirect);

    /// <summary>Where the lead that became it came to; without one, the latest touch.</summary>
    public Guid? Site => Priced.Deal.LeadSite ?? (Steps.Count > 0 ? Steps[^1].Site : null);
}

/// <summary>The figures of one client.</summary>
/// <param name="First">The first touch of all.</param>
/// <param name="CameAt">The first enquiry that counts, else the first deal.</param>
internal sealed record CountedClient(Guid Id, DateTimeOffset CameAt, FamilyTouch? First, Guid? Site, int Leads, int Deals, int Won, long Revenue, DateOnly? FirstWonDay, DateOnly? LastWonDay, FamilyDeal? Newest,
    DateTimeOffset? ContactAt);

/// <summary>Makes figures of what a family is. Pure.</summary>
internal static class FamilyFigures
{
    public static IReadOnlyList<CountedDeal> Deals(Family family, IReadOnlyList<PricedDeal> deals, AttributionSettings settings)
    {
        var touches = family.Touches.ToDictionary(t => (t.Touch.Kind, t.Touch.Id));
        var nth = deals.Where(d => d.Outcome.WonAt is not null).OrderBy(d => d.Outcome.WonAt).ThenBy(d => d.Deal.MadeAt).ThenBy(d => d.Deal.Id)
            .Select((d, i) => (d.Deal.Id, N: i + 1)).ToDictionary(d => d.Id, d => d.N);
        return [.. deals.OrderBy(d => d.Deal.MadeAt).ThenBy(d => d.Deal.Id).Select((d, i) =>
        {
            var path = DealPath.Of(family.Touches.Select(t => t.Touch), d.Deal.MadeAt, d.Deal.Lead, settings);
            return new CountedDeal(family.Client, d, nth.TryGetValue(d.Deal.Id, out var n) ? n : null, i > 0 && family.Client is not null, path,
                [.. path.Steps.Select(s => touches[(s.Kind, s.Id)])], path.First is { } first ? touches[(first.Kind, first.Id)] : null);
        })];
    }

    /// <summary>The first deal that its client paid for; of one that was won and is not any more: nothing had been paid for before.</summary>
    public static bool IsFirst(CountedDeal deal, IReadOnlyList<CountedDeal> family) =>
        deal.Nth is { } nth ? nth == 1 : deal.Priced.Worths is [var first, ..] && !family.Any(d => d.Priced.WonDay <= first.Day);

    /// <returns>Null: neither an enquiry nor a deal, so nobody for reports.</returns>
    public static CountedClient? Client(Family family, IReadOnlyList<CountedDeal> deals, AttributionSettings settings)
    {
        var leads = family.Touches.Where(t => t.Touch.Kind == TouchKind.Lead).OrderBy(t => t.Touch.At).ThenBy(t => t.Touch.Id).ToList();
        if (family.Client is not { } id || (leads.Count == 0 && deals.Count == 0)) return null;
        var won = deals.Where(d => d.Nth is not null).ToList();
        var first = DealPath.Of(family.Touches.Select(t => t.Touch), DateTimeOffset.MaxValue, null, settings).First;
        return new(id, leads.Count > 0 ? leads[0].Touch.At : deals[0].Priced.Deal.MadeAt,
            first is null ? null : family.Touches.Find(t => t.Touch == first), leads.Count > 0 ? leads[0].Site : deals[0].Latest?.Site,
            leads.Count, deals.Count, won.Count, won.Sum(d => d.Priced.Amount ?? 0), won.Min(d => d.Priced.WonDay), won.Max(d => d.Priced.WonDay), deals.Count > 0 ? deals[^1].Priced.Deal : null, family.ContactAt);
    }
}
