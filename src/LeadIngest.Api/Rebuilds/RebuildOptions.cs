using System.ComponentModel.DataAnnotations;

namespace LeadIngest.Api.Rebuilds;

/// <summary>Section <c>Rebuilds</c>. Checked at start.</summary>
internal sealed class RebuildOptions
{
    /// <summary>Whether this node rebuilds history. Default: yes.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Rows read, and written at most, in one go: their locks last tens of milliseconds. Default 2,000.</summary>
    [Range(1, 5000)] public int Batch { get; init; } = 2_000;

    /// <summary>Rest between two batches. Default 5 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")] public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How often work is looked for. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")] public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A node that dies leaves its rebuild to others after this time. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A preview over more visits and leads than these is no answer but a job. Default 200,000.</summary>
    [Range(0, 5_000_000)] public int MostAtOnce { get; init; } = 200_000;

    /// <summary>The longest a preview is waited for before it becomes a job. Default 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")] public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);
}
