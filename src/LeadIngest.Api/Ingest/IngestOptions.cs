using System.ComponentModel.DataAnnotations;

namespace LeadIngest.Api.Ingest;

/// <summary>Section <c>Ingest</c>. Checked at start: a bad value stops the host, not the first lead.</summary>
internal sealed class IngestOptions
{
    /// <summary>Bytes of one body, on the wire and unpacked. Default 256 KB; 1 MB, the server's own bound, at most.</summary>
    [Range(1024, 1024 * 1024)] public int MaxBodyBytes { get; init; } = 256 * 1024;

    /// <summary>Leads that may wait for the writer loop before the answer is 503. Default 2,000.</summary>
    [Range(1, 100_000)] public int ChannelCapacity { get; init; } = 2_000;

    /// <summary>Leads in one transaction. Default 200.</summary>
    [Range(1, 1_000)] public int MaxBatch { get; init; } = 200;

    /// <summary>How long a request waits for a place in the channel. Default 500 ms.</summary>
    [Range(0, 10_000)] public int SlotWaitMs { get; init; } = 500;

    /// <summary>How long one round trip to the database may take before the batch is given up and its callers are told to come again. Default 1.5 s.</summary>
    [Range(100, 60_000)] public int DatabaseTimeoutMs { get; init; } = 1_500;

    /// <summary>How long an Idempotency-Key is remembered, in days. Default 7.</summary>
    [Range(1, 365)] public int IdempotencyDays { get; init; } = 7;
}
