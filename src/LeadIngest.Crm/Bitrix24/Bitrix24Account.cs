using LeadIngest.Crm.Deals;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Routing;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>A Bitrix24 portal by its inbound webhook, or by an application.</summary>
internal sealed class Bitrix24Account : ICrmAccount
{
    private readonly BatchSize _batch = new(Bitrix24Client.MaxCommands);
    private readonly CrmPipeline _pipeline;
    private readonly Bitrix24Client _client;
    private readonly Bitrix24Sender _sender;
    private readonly Bitrix24Calls _calls;
    private readonly Bitrix24Lookup _lookup;
    private readonly Bitrix24Tasks _tasks;
    private readonly DealCourse _course;
    private readonly ConnectionSettings _settings;
    private readonly TimeProvider _clock;
    private readonly bool _isApplication;

    public Bitrix24Account(CrmConnection connection, CrmTimings timings, RequestBudgets budgets, HttpMessageHandler handler, TimeProvider clock, ICrmTokens tokens)
    {
        (_settings, _clock, _isApplication) = (connection.Settings, clock, connection.IsApplication);
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
        _client = new Bitrix24Client(new AccessedCalls(_pipeline, tokens), clock);
        Contacts = new Bitrix24Contacts(_client, connection.IsApplication);
        Deals = new Bitrix24DealReader(_client, _settings);
        Directories = new Bitrix24Fields(_client, _settings);
        _sender = new Bitrix24Sender(_client, _settings);
        _calls = new Bitrix24Calls(_client, _settings, connection.IsApplication);
        _tasks = new Bitrix24Tasks(_client, _settings, clock);
        _lookup = new Bitrix24Lookup(_client, _settings);
        _course = new DealCourse(new Bitrix24Deals(_client, _settings));
    }

    public string Kind => "bitrix24";

    /// <summary>
    /// A full batch of contacts, then one of cards. Where that runs into the portal's 60 s, the next ones are shorter. One call at a time: creates that
    /// come in parallel have been answered with plain 500s.
    /// </summary>
    public int MaxBatch => _batch.Now;

    public IReadOnlyList<TimeSpan> LookupDelays { get; }

    public IContactReader? Contacts { get; }

    public IDealReader? Deals { get; }

    public IDirectoryReader? Directories { get; }

    public AccountHealth Health => _pipeline.Health;

    public void ContinueRate(double level, TimeSpan age) => _pipeline.ContinueRate(level, age);

    public async Task<IReadOnlyList<DeliveryOutcome>> SendAsync(IReadOnlyList<OutgoingLead> batch, ICallGuard guard, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Count, _batch.Longest, nameof(batch));
        var items = batch.Select(lead => new Bitrix24Item(lead, RoutingRules.Decide(lead, _settings, _clock.GetUtcNow()))).ToArray();
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

        var stop = await _course.TakeAsync(items, guard, ct).ConfigureAwait(false);
        // A method out of its time keeps only the notes waiting.
        if (stop is null or CallEnd.NotExecuted { IsOfMethod: true })
        {
            stop = await _sender.SendAsync([.. items.Where(i => !i.IsCall)], guard, ct).ConfigureAwait(false);
        }

        Array.ForEach([.. items.Where(i => stop is not null && i.Outcome is null && !i.IsCall)], i => i.End(stop!));
        await _calls.SendAsync(items, stop, guard, ct).ConfigureAwait(false);
        // What was refused may have been for a deal that somebody removed since it was looked at.
        stop ??= await _course.TakeAsync(items.Where(i => i.Outcome is DeliveryOutcome.Refused), guard, ct).ConfigureAwait(false);
        await _tasks.SetAsync(items, stop, guard, ct).ConfigureAwait(false);
        return _batch.Learn([.. items.Select(i => i.Outcome!)]);
    }

    public async Task<IReadOnlyList<LookupOutcome>> FindAsync(IReadOnlyList<OutgoingLead> batch, ICallGuard guard, CancellationToken ct) =>
        await _tasks.FindAsync(batch, await _lookup.FindAsync(batch, guard, ct).ConfigureAwait(false), guard, ct).ConfigureAwait(false);

    public async Task<AccountCheck> CheckAsync(CheckRequest request, ICallGuard guard, CancellationToken ct) =>
        (await new Bitrix24Check(_client, _settings, _isApplication, request).RunAsync(guard, ct).ConfigureAwait(false)).Masked(_pipeline.Mask);

    public ValueTask DisposeAsync()
    {
        _pipeline.Dispose();
        return ValueTask.CompletedTask;
    }
}
