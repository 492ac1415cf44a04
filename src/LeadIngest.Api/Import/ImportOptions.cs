using System.ComponentModel.DataAnnotations;

namespace LeadIngest.Api.Import;

/// <summary>Section <c>Import</c>: reading people, firms and deals out of the CRMs.</summary>
internal sealed class ImportOptions : IValidatableObject
{
    /// <summary>How often a CRM is asked for what changed: heals what its webhooks lost.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How far each such question reaches back behind the one before: clocks differ, and cards change while they are read.</summary>
    public TimeSpan Overlap { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>After the CRM could not be read and named no time itself.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often it is looked whether the CRM still sends its webhooks.</summary>
    public TimeSpan CheckHooksEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often all cards are listed again to find those that were deleted, where the CRM keeps no log of it.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Between two pages of that: it may take hours, and must never be felt.</summary>
    public TimeSpan SweepPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether deals are read back at all. Without them there is no money in the reports.</summary>
    public bool Deals { get; init; } = true;

    /// <summary>How often pipelines, stages, people and reasons of loss are read again.</summary>
    public TimeSpan DirectoriesEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long webhooks are kept as they came.</summary>
    public TimeSpan KeepEvents { get; init; } = TimeSpan.FromDays(30);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, value) in new[] { (nameof(PollEvery), PollEvery), (nameof(Overlap), Overlap), (nameof(RetryAfter), RetryAfter), (nameof(CheckHooksEvery), CheckHooksEvery), (nameof(SweepEvery), SweepEvery), (nameof(SweepPause), SweepPause), (nameof(KeepEvents), KeepEvents), (nameof(DirectoriesEvery), DirectoriesEvery) })
            if (value <= TimeSpan.Zero) yield return new ValidationResult($"Import:{name} must be longer than zero.", [name]);
    }
}
