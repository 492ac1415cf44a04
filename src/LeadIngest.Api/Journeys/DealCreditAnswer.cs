using LeadIngest.Api.Figures;
using LeadIngest.Core.Attribution;
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Journeys;

/// <summary>How a deal is shared among the touches before it, under every model. The parts of each add up to exactly <c>amount</c>.</summary>
/// <param name="ConvertedAt">The deal's creation in the CRM: touches up to then count.</param>
/// <param name="Amount">The deal's, rounded to two digits, in its own currency; negative for a refund.</param>
/// <param name="WindowDays">How far back touches count.</param>
/// <param name="HalfLifeDays">Of <c>timeDecay</c>.</param>
/// <param name="LeavesOutDirect">Direct touches get nothing as long as the path has another one.</param>
/// <param name="IsRepeat">The client had a deal before: where the path is empty or direct, the deal is a repeat and no touch gets it.</param>
/// <param name="Path">The touches that count, oldest first. A lead stands for its visit and its call.</param>
/// <param name="ClientFirst">The client's first touch of all: by the other view it gets everything. Null: unknown.</param>
/// <param name="Models">By the deal's own path.</param>
/// <param name="LearntAt">When <c>markov</c> learnt from the project's paths; null: not yet, sources count alike.</param>
internal sealed record DealCreditAnswer(DateTimeOffset ConvertedAt, decimal Amount, string? Currency, double WindowDays, double HalfLifeDays, bool LeavesOutDirect, bool IsRepeat,
    IReadOnlyList<DealCreditAnswer.Step> Path, DealCreditAnswer.First? ClientFirst, IReadOnlyList<DealCreditAnswer.ModelCredits> Models, DateTimeOffset? LearntAt)
{
    /// <param name="Kind"><c>visit</c>, <c>call</c> or <c>lead</c>.</param>
    internal sealed record Step(string Kind, Guid Id, DateTimeOffset At, string Channel, string? Source, string? Medium, string? Campaign, string? Content, string? Keyword, bool IsDirect, bool IsPaid);

    internal sealed record First(Step Touch, decimal Amount);

    /// <param name="Model"><c>first</c>, <c>last</c>, <c>lastNonDirect</c>, <c>lastPaid</c>, <c>linear</c>, <c>positionBased</c>, <c>timeDecay</c>, <c>markov</c>, <c>shapley</c>.</param>
    /// <param name="Credits">One a touch of the path, in its order; those with nothing too.</param>
    /// <param name="Repeat">All of the amount when a known client came back by itself.</param>
    /// <param name="WithoutTouches">All of the amount when nothing is known to have led here.</param>
    internal sealed record ModelCredits(string Model, IReadOnlyList<Credit> Credits, decimal Repeat, decimal WithoutTouches);

    /// <param name="Share">0 to 1; the shares of a path add up to exactly 1.</param>
    internal sealed record Credit(string Kind, Guid Id, decimal Share, decimal Amount);

    /// <param name="amount">Of the deal, in its currency.</param>
    /// <param name="learnt">By which reports share too: a figure and its explanation must not differ.</param>
    public static DealCreditAnswer Of(DealPath path, decimal amount, string? currency, bool isRepeat, AttributionSettings settings, IReadOnlyDictionary<AttributionModel, SourceWeights<TouchSource>> learnt,
        DateTimeOffset? learntAt)
    {
        var minor = (long)decimal.Round(amount * 100, MidpointRounding.AwayFromZero);
        var isForNobody = path.Steps.Count == 0 || (isRepeat && path.Path.IsEmptyOrDirect);
        var (shares, amounts) = isForNobody ? ([], []) : (DealShares.Of(path, DealCreditRows.Whole, settings, learnt), DealShares.Of(path, minor, settings, learnt));
        var models = AttributionRules.Models.Select((name, m) => isForNobody
            ? new ModelCredits(name, [.. path.Steps.Select(s => new Credit(Word(s.Kind), s.Id, 0, 0))], isRepeat ? minor / 100m : 0, isRepeat ? 0 : minor / 100m)
            : new ModelCredits(name, [.. path.Steps.Select((s, i) => new Credit(Word(s.Kind), s.Id, shares[m][i] / (decimal)DealCreditRows.Whole, amounts[m][i] / 100m))], 0, 0));
        return new(path.Path.ConvertedAt, minor / 100m, currency, settings.DealWindow.TotalDays, settings.HalfLife.TotalDays, settings.LeaveOutDirect, isRepeat, [.. path.Steps.Select(StepOf)],
            path.First is { } first ? new(StepOf(first), minor / 100m) : null, [.. models], learntAt);
    }

    private static Step StepOf(DealTouch t) => new(Word(t.Kind), t.Id, t.At, PassportNames.ToWire(t.Source.Channel), t.Source.Source, t.Source.Medium, t.Source.Campaign, t.Source.Content,
        t.Source.Keyword, t.Source.IsDirect, t.Source.IsPaid);

    private static string Word(TouchKind kind) => kind switch { TouchKind.Visit => "visit", TouchKind.Call => "call", _ => "lead" };
}
