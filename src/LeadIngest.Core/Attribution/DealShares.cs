namespace LeadIngest.Core.Attribution;

/// <summary>What each touch of a deal's path gets, under every model at once. Exact: each model's parts add up to the whole.</summary>
public static class DealShares
{
    /// <summary>In the order in which parts are given.</summary>
    public static IReadOnlyList<AttributionModel> Models { get; } = Enum.GetValues<AttributionModel>();

    /// <param name="path">What led to the deal; not empty, and of a repeat deal not only direct.</param>
    /// <param name="whole">Minor units, or the parts that one deal is divided into.</param>
    /// <param name="settings">Windows and the like; its model is not looked at.</param>
    /// <param name="learnt">Weights of the data-driven models by <see cref="NodeOf"/>; where a model has none, sources count alike.</param>
    /// <returns>One row a model, one part a touch.</returns>
    public static IReadOnlyList<IReadOnlyList<long>> Of(DealPath path, long whole, AttributionSettings settings, IReadOnlyDictionary<AttributionModel, SourceWeights<TouchSource>> learnt)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(learnt);
        // Weights are learnt by campaign: ten thousand keywords would each be too rare to say anything.
        var coarse = new TouchPath<TouchSource>([.. path.Path.Touches.Select(t => t with { Source = NodeOf(t.Source) })], path.Path.ConvertedAt);
        return [.. Models.Select(model => (IReadOnlyList<long>)[.. Credits.Of(model is AttributionModel.Markov or AttributionModel.Shapley ? coarse : path.Path, whole, settings with { Model = model },
            learnt.TryGetValue(model, out var weights) ? weights : SourceWeights<TouchSource>.Alike).Touches.Select(t => t.Amount)])];
    }

    /// <summary>The source with nothing below its campaign.</summary>
    public static TouchSource NodeOf(TouchSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source with { Content = null, Keyword = null };
    }
}
