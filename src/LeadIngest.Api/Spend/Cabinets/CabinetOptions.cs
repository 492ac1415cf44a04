using System.ComponentModel.DataAnnotations;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>Section <c>Cabinets</c>. Checked at start.</summary>
internal sealed class CabinetOptions : IValidatableObject
{
    /// <summary>False: this process asks no cabinets; another one does.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The longest that a cabinet with something to do waits to be noticed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:20")] public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Cabinets that one process asks at a time.</summary>
    [Range(1, 100)] public int MaxAccounts { get; init; } = 4;

    /// <summary>How long a cabinet belongs to a node that has gone silent. It is renewed three times as often.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>One attempt of a call, the answer read to its end; reports are large.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")] public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>All attempts of a call.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:30:00")] public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The pause after the first failure; it doubles with each, up to <see cref="LongestPause"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")] public TimeSpan FirstPause { get; init; } = TimeSpan.FromMinutes(1);

    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")] public TimeSpan LongestPause { get; init; } = TimeSpan.FromHours(6);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TotalTimeout < AttemptTimeout) yield return new ValidationResult("Cabinets:TotalTimeout must not be shorter than Cabinets:AttemptTimeout.", [nameof(TotalTimeout)]);
        if (LongestPause < FirstPause) yield return new ValidationResult("Cabinets:LongestPause must not be shorter than Cabinets:FirstPause.", [nameof(LongestPause)]);
    }

    /// <returns>The pause before the next attempt, ± 20 %.</returns>
    /// <param name="attempts">Failures so far, at least 1.</param>
    public TimeSpan PauseAfter(int attempts) => Delivery.RetrySchedule.Jitter(
        TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks * (1L << Math.Clamp(attempts - 1, 0, 20)))));
}
