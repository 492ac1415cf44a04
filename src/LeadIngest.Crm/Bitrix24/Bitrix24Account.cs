using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>A Bitrix24 portal by its inbound webhook, or by an application.</summary>
internal sealed class Bitrix24Account : ICrmAccount
{
    private readonly CrmPipeline _pipeline;
    private readonly Bitrix24Client _client;
    private readonly Bitrix24Sender _sender;
    private readonly Bitrix24Calls _calls;
    private readonly Bitrix24Lookup _lookup;
    private readonly ConnectionSettings _settings;

    public Bitrix24Account(CrmConnection connection, CrmTimings timings, RequestBudgets budgets, HttpMessageHandler handler, TimeProvider clock)
    {
        _settings = connection.Settings;
        LookupDelays = timings.LookupDelays ?? [TimeSpan.FromSeconds(65), TimeSpan.FromSeconds(130)];
        _pipeline = new CrmPipeline(
            new PipelineSettings
            {
                BaseAddress = new Uri(connection.BaseAddress.AbsoluteUri.TrimEnd('/') + "/"),
                Secrets = new Secrets(connection.IsApplication ? connection.Token : connection.BaseAddress.AbsolutePath.TrimEnd('/').Split('/')[^1]),
                AttemptTimeout = timings.AttemptTimeout ?? TimeSpan.FromSeconds(65),
                ReadTimeout = timings.ReadTimeout ?? TimeSpan.FromSeconds(15),
                TotalTimeout = timings.TotalTimeout ?? TimeSpan.FromSeconds(70),
                BreakerPause = timings.BreakerPause,
                Bucket = budgets.Of(connection, timings),
                Read = reply => Bitrix24Errors.Read(reply, clock.GetUtcNow()),
            },
            handler,
            clock);
        _client = new Bitrix24Client(_pipeline, clock, connection.IsApplication ? connection.Token : null);
        Contacts = new Bitrix24Contacts(_client, connection.IsApplication);
        _sender = new Bitrix24Sender(_client, _settings);
        _calls = new Bitrix24Calls(_client, _settings, connection.IsApplication);
        _lookup = new Bitrix24Lookup(_client, _settings);
    }

    public string Kind => "bitrix24";

    /// <summary>Half of a batch's 50 commands, with room to spare: long batches run into the portal's 60 s.</summary>
    public int MaxBatch => 24;

    public IReadOnlyList<TimeSpan> LookupDelays { get; }

    public IContactReader? Contacts { get; }

    public AccountHealth Health => _pipeline.Health;

    public async Task<IReadOnlyList<DeliveryOutcome>> SendAsync(IReadOnlyList<OutgoingLead> batch, ICallGuard guard, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Count, MaxBatch, nameof(batch));
        var items = batch.Select(lead => new Bitrix24Item(lead)).ToArray();
        foreach (var item in items)
        {
            if (item.IsCall)
            {
                continue;
            }

            if (item.Steps.ContainsKey(item.IsNote ? Step.Note : Step.Deal))
            {
                item.End(new CallEnd.Ok(null));
            }
            else if (item.IsNote && !long.TryParse(item.Lead.DealId, out _))
            {
                item.End(new CallEnd.Data("The note has no deal to go to.", []));
            }
        }

        var stop = await _sender.SendAsync([.. items.Where(i => !i.IsCall)], guard, ct).ConfigureAwait(false);
        await _calls.SendAsync(items, stop, guard, ct).ConfigureAwait(false);
        return [.. items.Select(i => i.Outcome!)];
    }

    public Task<IReadOnlyList<LookupOutcome>> FindAsync(IReadOnlyList<OutgoingLead> batch, ICallGuard guard, CancellationToken ct) =>
        _lookup.FindAsync(batch, guard, ct);

    public Task<AccountCheck> CheckAsync(ICallGuard guard, CancellationToken ct) => Bitrix24Check.RunAsync(_client, _settings, guard, ct);

    public ValueTask DisposeAsync()
    {
        _pipeline.Dispose();
        return ValueTask.CompletedTask;
    }
}
