using System.ComponentModel.DataAnnotations;

namespace LeadIngest.Api.Numbers;

/// <summary>Section <c>Numbers</c>. Checked at start. What differs by site (hold, rest, look-back) is a setting of the site.</summary>
internal sealed class NumberOptions
{
    /// <summary>
    /// How long a number that was called is lent to nobody else, from the start of the call, in seconds; twice the site's hold when that is longer. Covers
    /// the talk and a redial. Default 600.
    /// </summary>
    [Range(0, 86_400)] public int CallRestSeconds { get; init; } = 600;

    /// <summary>How long it is remembered which visit held a number, in days. Default 90: providers tell of a call within days.</summary>
    [Range(1, 3_650)] public int KeepDays { get; init; } = 90;
}
