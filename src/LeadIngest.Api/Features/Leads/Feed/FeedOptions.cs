using System.ComponentModel.DataAnnotations;

namespace LeadIngest.Api.Features.Leads.Feed;

/// <summary>Section <c>Feed</c>: leads told as they come. Checked at start.</summary>
internal sealed class FeedOptions
{
    /// <summary>How often leads are looked for when nothing says that there are any; once for all listeners of a project. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")] public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A listener that is told nothing hears so often that the connection lives. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")] public TimeSpan PingEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a listener's login is looked at again: so long a revoked one hears on. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")] public TimeSpan RecheckEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Listeners of one project on this node. Default 50.</summary>
    [Range(1, 1_000)] public int MaxOfProject { get; init; } = 50;

    /// <summary>Listeners of all projects on this node. Default 500.</summary>
    [Range(1, 10_000)] public int MaxOfAll { get; init; } = 500;
}
