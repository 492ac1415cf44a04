using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Team.Shared;

/// <summary>A share with what it was counted on.</summary>
/// <param name="Part">Upper part.</param>
/// <param name="Whole">Lower part.</param>
/// <param name="Value">0.15 is 15 %; null when there is nothing to divide by.</param>
/// <param name="Low">Lower end of the 95 % interval (Wilson).</param>
/// <param name="High">Its upper end.</param>
/// <param name="IsSmall">Counted on fewer than 30: no verdict by colour.</param>
internal sealed record Share(long Part, long Whole, decimal? Value, decimal? Low, decimal? High, bool IsSmall)
{
    public static Share Of(long part, long whole)
    {
        var interval = Wilson.Interval(part, whole);
        return new(part, whole, Round(new Ratio(part, whole).Value), Round(interval?.Low), Round(interval?.High), whole < Wilson.FewLeads);
    }

    /// <summary>Of counts that Core has divided already.</summary>
    public static Share Of(Ratio ratio) => Of((long)ratio.Part!.Value, (long)ratio.Whole!.Value);

    private static decimal? Round(decimal? value) => value is { } known ? Math.Round(known, 6) : null;
}
