namespace LeadIngest.Crm.Failures;

/// <summary>The ends of a call without an answer: one table for both CRMs.</summary>
internal static class TransportFailures
{
    public static readonly Failure NotConnected = new("transport.not_connected", Meaning.NotExecuted,
        "the request never went out: no such host, connection refused, TLS not agreed on, no answer before the first byte")
    { IsIll = true };

    public static readonly Failure Silent = new("transport.silent", Meaning.Unknown, "no answer in time after the request went out") { IsIll = true };

    public static readonly Failure Broken = new("transport.broken", Meaning.Unknown, "the connection broke after the request went out, or in the middle of the answer") { IsIll = true };

    public static readonly Failure NoTime = new("transport.no_time", Meaning.NotExecuted, "our own queue for the account's rate took all the time of the call");

    public static readonly Failure Queue = new("transport.queue", Meaning.NotExecuted, "our own limit: too many calls wait for their turn");

    public static readonly Failure BreakerOpen = new("transport.breaker", Meaning.NotExecuted, "our own breaker holds calls back after a run of failures");

    public static readonly Failure LeaseLost = new("transport.lease_lost", Meaning.NotExecuted, "another node works on the account by now");

    public static IReadOnlyList<Failure> All { get; } = [NotConnected, Silent, Broken, NoTime, Queue, BreakerOpen, LeaseLost];
}
