using System.ComponentModel.DataAnnotations;

namespace LeadIngest.Api.Visits;

/// <summary>Section <c>Visits</c>. Checked at start.</summary>
internal sealed class VisitOptions
{
    /// <summary>Bytes of one beacon, on the wire and unpacked. Default 16 KB.</summary>
    [Range(1024, 256 * 1024)] public int MaxBodyBytes { get; init; } = 16 * 1024;

    /// <summary>Beacons that may wait for the writer loop before the answer is 503. Default 4,000.</summary>
    [Range(1, 100_000)] public int ChannelCapacity { get; init; } = 4_000;

    /// <summary>Beacons in one transaction. Default 200.</summary>
    [Range(1, 1_000)] public int MaxBatch { get; init; } = 200;

    /// <summary>How many times the site's limits for leads a site and an address may send beacons. Default 10: a visitor sends two a minute, and many may share an address.</summary>
    [Range(1, 1_000)] public int RateFactor { get; init; } = 10;

    /// <summary>How long visits, and the hours of the numbers' usage, are kept, in days. Default 400: a year can be compared with the one before.</summary>
    [Range(1, 3_650)] public int KeepDays { get; init; } = 400;
}
