namespace LeadIngest.Core.Attribution;

/// <summary>What a data-driven model has learnt: how much each source counts against the others. Only proportions matter.</summary>
/// <param name="BySource">Not negative. A source that is not here counts 0, unless that holds for the whole path: then all its sources count alike.</param>
public sealed record SourceWeights<TSource>(IReadOnlyDictionary<TSource, double> BySource) where TSource : notnull
{
    /// <summary>
    /// Nothing learnt: the distinct sources of a path share alike. That is Shapley's answer for each single deal, when a deal counts for every set of
    /// sources which holds its whole path; its sums over deals are the values of <see cref="Shapley.OfConversions"/>.
    /// </summary>
    public static SourceWeights<TSource> Alike { get; } = new(new Dictionary<TSource, double>());

    public double Of(TSource source) => BySource.TryGetValue(source, out var weight) ? weight : 0;
}
