#pragma warning disable CA1822 // its state comes with its tables
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Numbers;

/// <summary>How sure the visit behind a call is (in the order of trust).</summary>
internal enum NumberMatch
{
    /// <summary>No number of ours.</summary>
    None,

    /// <summary>A number of a site that says no more: the overflow number, or one that nobody held.</summary>
    Site,

    /// <summary>A number with a fixed passport.</summary>
    Static,

    /// <summary>The last holder, the number had rested since.</summary>
    Recent,

    /// <summary>The visit that held the number when the call began.</summary>
    Holder,
}

/// <param name="Match">How it was found.</param>
/// <param name="NumberId">The number; null for <see cref="NumberMatch.None"/>.</param>
/// <param name="SiteId">The number's site.</param>
/// <param name="VisitId">Of <see cref="NumberMatch.Holder"/> and <see cref="NumberMatch.Recent"/>.</param>
/// <param name="Passport">The visit's or the static number's.</param>
/// <param name="RestedFor">For <see cref="NumberMatch.Recent"/>: between the end of the hold and the call.</param>
internal sealed record DialledNumberMatch(NumberMatch Match, Guid? NumberId = null, Guid? SiteId = null, Guid? VisitId = null, Passport? Passport = null, TimeSpan? RestedFor = null)
{
    public static DialledNumberMatch Nothing { get; } = new(NumberMatch.None);
}

/// <summary>Answers whose number was dialled.</summary>
internal sealed class NumberBook
{
    /// <param name="projectId">Of the call.</param>
    /// <param name="line">E.164, as the client dialled it.</param>
    /// <param name="at">When the call began.</param>
    /// <param name="ct">Ends the search.</param>
    public Task<DialledNumberMatch> FindAsync(Guid projectId, string line, DateTimeOffset at, CancellationToken ct) => Task.FromResult(DialledNumberMatch.Nothing);
}
