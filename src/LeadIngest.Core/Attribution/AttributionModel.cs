namespace LeadIngest.Core.Attribution;

/// <summary>Who gets the credit for a conversion. Formulas stand beside each; the worked example is in the folder's README.</summary>
public enum AttributionModel
{
    /// <summary>All to the earliest touch.</summary>
    First,

    /// <summary>All to the latest touch.</summary>
    Last,

    /// <summary>All to the latest touch that is not direct; if every touch is direct, to the latest. Also called "last significant".</summary>
    LastNonDirect,

    /// <summary>All to the latest paid touch; without one as <see cref="LastNonDirect"/>. Beside the eight models: what advertising cabinets show.</summary>
    LastPaid,

    /// <summary>Each touch alike: 1/n. Touches are counted, not distinct sources: two visits from one source weigh twice.</summary>
    Linear,

    /// <summary>One touch: all. Two: half each. More: 40 % first, 40 % last, 20 % shared alike by those between (as Google defined it).</summary>
    PositionBased,

    /// <summary>2^(−age / half-life), brought to the sum of 1. Age is counted from the conversion; the half-life is 7 days unless set.</summary>
    TimeDecay,

    /// <summary>By the removal effects of <see cref="Markov"/>, learnt from all paths.</summary>
    Markov,

    /// <summary>By the values of <see cref="Shapley"/>, learnt from all paths.</summary>
    Shapley,
}
