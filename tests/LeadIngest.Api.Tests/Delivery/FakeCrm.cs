using System.Collections.Concurrent;
using LeadIngest.Api.Delivery;
using LeadIngest.Crm;

namespace LeadIngest.Api.Tests.Delivery;

/// <summary>A CRM in memory that all workers of a test share. It does what it is told, remembers everything, and fails on demand.</summary>
internal sealed class FakeCrm : ICrmAccountFactory
{
    private readonly Lock _gate = new();
    private int _ids = 100;

    /// <summary>What happens to the next call for this lead. Default: it is done.</summary>
    public Func<OutgoingLead, Fault> Faults { get; set; } = _ => Fault.None;

    /// <summary>What happens to a whole call; asked before <see cref="Faults"/>.</summary>
    public Func<IReadOnlyList<OutgoingLead>, Fault> CallFaults { get; set; } = _ => Fault.None;

    /// <summary>Awaited inside every send, before anything is done: to hold a call.</summary>
    public Func<IReadOnlyList<OutgoingLead>, CancellationToken, Task> OnSend { get; set; } = (_, _) => Task.CompletedTask;

    public Func<OutgoingLead, LookupOutcome?> OnFind { get; set; } = _ => null;
    public int MaxBatch { get; set; } = 10;
    public int MaxCalls { get; set; } = 1;

    /// <summary>Sends that are running now.</summary>
    public ConcurrentDictionary<object, IReadOnlyList<OutgoingLead>> Running { get; } = new();
    public IReadOnlyList<TimeSpan> LookupDelays { get; set; } = [TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(80)];
    public AccountHealth Health { get; set; } = new(false, null);

    /// <summary>Null: the account cannot be read.</summary>
    public IContactReader? Reader { get; set; }

    /// <summary>Everything that was made, in order.</summary>
    public ConcurrentQueue<(OutgoingLead Lead, string Id)> Made { get; } = new();

    public ConcurrentQueue<IReadOnlyList<OutgoingLead>> Batches { get; } = new();
    public ConcurrentQueue<OutgoingLead> Finds { get; } = new();

    /// <summary>Breaches of the port's contract by the caller.</summary>
    public ConcurrentQueue<string> Breaches { get; } = new();

    public ICrmAccount Create(CrmConnection connection, ICrmTokens? tokens) => new Account(this, connection.Kind);

    private DeliveryOutcome Do(OutgoingLead lead, Fault call)
    {
        lock (_gate)
        {
            var fault = call != Fault.None ? call : Faults(lead);
            if (fault.Before is { } before) return before;
            var contact = lead.ContactId ?? Made.Select(m => m.Lead).FirstOrDefault(l => l.ClientId == lead.ClientId && l.Steps.ContainsKey(Step.Contact))?.Steps[Step.Contact]
                ?? $"c{lead.ClientId:N}";
            var id = $"{++_ids}";
            var steps = new Dictionary<string, string> { [Step.Contact] = contact, [Ending.Final(lead.Kind)] = id };
            if (lead.Call?.RecordingUrl is not null) steps[Step.Record] = id;
            Made.Enqueue((lead, id));
            return fault.After ?? new DeliveryOutcome.Delivered { Steps = steps, Warnings = fault.Warnings };
        }
    }

    private LookupOutcome Find(OutgoingLead lead)
    {
        Finds.Enqueue(lead);
        if (OnFind(lead) is { } told) return told;
        foreach (var (made, id) in Made)
            if (made.LeadId == lead.LeadId && made.Kind == lead.Kind)
                return new LookupOutcome.Found { Steps = new Dictionary<string, string> { [Ending.Final(lead.Kind)] = id, [Step.Contact] = $"c{lead.ClientId:N}" } };
        return new LookupOutcome.Absent();
    }

    private sealed class Account(FakeCrm crm, string kind) : ICrmAccount
    {
        public string Kind => kind;
        public int MaxBatch => crm.MaxBatch;
        public int MaxCalls => crm.MaxCalls;
        public IReadOnlyList<TimeSpan> LookupDelays => crm.LookupDelays;
        public AccountHealth Health => crm.Health;
        public IContactReader? Contacts => crm.Reader;

        public async Task<IReadOnlyList<DeliveryOutcome>> SendAsync(IReadOnlyList<OutgoingLead> batch, ICallGuard guard, CancellationToken ct)
        {
            crm.Batches.Enqueue(batch);
            if (batch.Count > MaxBatch) crm.Breaches.Enqueue($"{batch.Count} in a batch");
            foreach (var group in batch.Where(l => l.ContactId is null).GroupBy(l => l.ClientId).Where(g => g.Count() > 1)) crm.Breaches.Enqueue($"{group.Count()} of one new client");
            var key = new object();
            crm.Running[key] = batch;
            try
            {
                await crm.OnSend(batch, ct);
            }
            finally
            {
                crm.Running.TryRemove(key, out _);
            }
            if (!guard.MayCall) return [.. batch.Select(_ => new DeliveryOutcome.NotExecuted("The lease is lost."))];
            var fault = crm.CallFaults(batch);
            return [.. batch.Select(lead => crm.Do(lead, fault))];
        }

        public Task<IReadOnlyList<LookupOutcome>> FindAsync(IReadOnlyList<OutgoingLead> batch, ICallGuard guard, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<LookupOutcome>>([.. batch.Select(crm.Find)]);

        public Task<AccountCheck> CheckAsync(CheckRequest request, ICallGuard guard, CancellationToken ct) => Task.FromResult(new AccountCheck([], new Dictionary<string, string>()));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <param name="Before">Answered instead of doing anything.</param>
/// <param name="After">Answered although it was done.</param>
internal sealed record Fault(DeliveryOutcome? Before = null, DeliveryOutcome? After = null)
{
    public static readonly Fault None = new();
    public static readonly Fault LostBefore = new(Before: new DeliveryOutcome.Unknown("time-out"));
    public static readonly Fault LostAfter = new(After: new DeliveryOutcome.Unknown("time-out"));
    public static readonly Fault Busy = new(Before: new DeliveryOutcome.NotExecuted("429", TimeSpan.FromMilliseconds(50)));

    public IReadOnlyList<string> Warnings { get; init; } = [];
}
