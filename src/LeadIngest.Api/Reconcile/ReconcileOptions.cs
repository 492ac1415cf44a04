using System.ComponentModel.DataAnnotations;

namespace LeadIngest.Api.Reconcile;

/// <summary>Section <c>Reconcile</c>. Checked at start.</summary>
internal sealed class ReconcileOptions
{
    /// <summary>Whether this node compares at night. Default: yes.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The hour of the project's time zone from which on a night's comparison may begin; it is made up for until six hours later. Default 3.</summary>
    [Range(0, 17)] public int Hour { get; init; } = 3;

    /// <summary>Days that a night looks back on: cards are deleted, and deliveries end, days after the lead. Default 30.</summary>
    [Range(1, 92)] public int Days { get; init; } = 30;

    /// <summary>A lead or a call is missing when it is older than this. Default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "24:00:00")] public TimeSpan Grace { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A deal made by hand is of a lead that came at most so long before it. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")] public TimeSpan ByHandWithin { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Findings of one kind in one comparison. Default 2,000.</summary>
    [Range(1, 100_000)] public int MostOfAKind { get; init; } = 2_000;

    /// <summary>Comparisons and findings that are over are forgotten after so many days. Default 400.</summary>
    [Range(1, 10_000)] public int KeepDays { get; init; } = 400;

    /// <summary>How often a node looks whose night it is. Default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")] public TimeSpan PollEvery { get; init; } = TimeSpan.FromMinutes(1);
}
