namespace LeadIngest.Core.Metrics;

/// <summary>Why a ratio has no value.</summary>
public enum NoValue
{
    /// <summary>It has one.</summary>
    None,

    /// <summary>The upper or the lower part is not known: spend that nobody imported is not spend of 0.</summary>
    Unknown,

    /// <summary>The lower part is 0. With an upper part above 0 that is worth a flag: spend without leads, spend without revenue.</summary>
    ZeroBase,

    /// <summary>The lower part is below 0, as revenue can be after refunds: the quotient would look like the opposite of what it is.</summary>
    NegativeBase,
}

/// <summary>
/// A quotient with both its parts, so that it can be shown with its counts and made anew from sums. Ratios are never added or averaged: add the parts.
/// </summary>
/// <param name="Part">Upper part; null when unknown.</param>
/// <param name="Whole">Lower part; null when unknown.</param>
public readonly record struct Ratio(decimal? Part, decimal? Whole)
{
    /// <summary>Unrounded; 0.15 is 15 %. Null, never 0 or infinity, when there is no value; <see cref="Why"/> says why.</summary>
    public decimal? Value => Why == NoValue.None ? Part / Whole : null;

    public NoValue Why => Part is null || Whole is null ? NoValue.Unknown : Whole == 0 ? NoValue.ZeroBase : Whole < 0 ? NoValue.NegativeBase : NoValue.None;

    /// <summary>Something was spent and nothing came: the row is flagged.</summary>
    public bool IsForNothing => Why == NoValue.ZeroBase && Part > 0;
}
