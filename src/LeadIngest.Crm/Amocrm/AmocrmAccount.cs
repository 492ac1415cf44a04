using LeadIngest.Crm.Cards;
using LeadIngest.Crm.Deals;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Routing;

namespace LeadIngest.Crm.Amocrm;

/// <summary>An account of amoCRM or Kommo, API v4.</summary>
internal sealed class AmocrmAccount : ICrmAccount
{
    private readonly BatchSize _batch = new(50);
    private readonly CrmPipeline _pipeline;
    private readonly AmocrmClient _client;
    private readonly AmocrmFields _fields;
    private readonly AmocrmSender _sender;
    private readonly AmocrmLookup _lookup;
    private readonly ConnectionSettings _settings;
    private readonly ICrmTokens _tokens;
    private readonly TimeProvider _clock;
    private readonly AmocrmPeople _people;
    private readonly DealCourse _course;

    public AmocrmAccount(CrmConnection connection, CrmTimings timings, RequestBudgets budgets, HttpMessageHandler handler, TimeProvider clock, ICrmTokens tokens)
    {
        (_settings, _tokens, _clock) = (connection.Settings, tokens, clock);
        LookupDelays = timings.LookupDelays ?? [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(120)];
        _pipeline = new CrmPipeline(
            new PipelineSettings
            {
                BaseAddress = new Uri(connection.BaseAddress.AbsoluteUri.TrimEnd('/') + "/"),
                Secrets = new Secrets(connection.Token),
                AttemptTimeout = timings.AttemptTimeout ?? TimeSpan.FromSeconds(20),
                ReadTimeout = timings.ReadTimeout ?? TimeSpan.FromSeconds(10),
                TotalTimeout = timings.TotalTimeout ?? TimeSpan.FromSeconds(45),
                BreakerPause = timings.BreakerPause,
                Bucket = budgets.Of(connection, timings),
                Read = reply => AmocrmErrors.Read(reply, clock.GetUtcNow()),
            },
            handler,
            clock);
        _client = new AmocrmClient(new AccessedCalls(_pipeline, tokens));
        Contacts = new AmocrmContacts(_client);
        Deals = new AmocrmDealReader(_client);
        Directories = new AmocrmDirectories(_client);
        _fields = new AmocrmFields(_client, clock);
        _lookup = new AmocrmLookup(_client, _settings, clock);
        _sender = new AmocrmSender(_client, _fields, _lookup);
        _people = new AmocrmPeople(_client);
        _course = new DealCourse(new AmocrmDeals(_client, _people));
    }

    public string Kind => "amocrm";

    /// <summary>The vendor's bound of <c>leads/complex</c>.</summary>
    public int MaxBatch => _batch.Now;

    /// <summary>The limit is of requests a second: one that waits for its answer must not hold back the next. More at once would only make amoCRM slower.</summary>
    public int MaxCalls => 4;

    public IReadOnlyList<TimeSpan> LookupDelays { get; }

    public IContactReader? Contacts { get; }

    public IDealReader? Deals { get; }

    public IDirectoryReader? Directories { get; }

    public AccountHealth Health => _pipeline.Health;

    public void ContinueRate(double level, TimeSpan age) => _pipeline.ContinueRate(level, age);

    public async Task<IReadOnlyList<DeliveryOutcome>> SendAsync(IReadOnlyList<OutgoingLead> batch, ICallGuard guard, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Count, _batch.Longest, nameof(batch));
        var items = batch.Select(lead => new AmocrmItem(lead, RoutingRules.Decide(lead, _settings, _clock.GetUtcNow()))).ToArray();
        foreach (var done in items.Where(i => i.Lead.Steps.ContainsKey(LastStep(i.Lead.Kind))))
        {
            done.End(new CallEnd.Ok(null));
        }

        var notes = items.Where(i => i is { Outcome: null, Lead.Kind: OutgoingKind.Note }).ToArray();
        var deals = items.Where(i => i is { Outcome: null, Lead.Kind: OutgoingKind.Deal }).ToArray();
        foreach (var note in notes)
        {
            if (long.TryParse(note.Lead.DealId, out _))
            {
                note.Body = AmocrmLeads.Note(note.Lead, note.Lead.DealId);
            }
            else
            {
                note.End(new CallEnd.Data("The note has no deal to go to.", []));
            }
        }

        var stop = deals.Length > 0 ? await SendDealsAsync(deals, guard, ct).ConfigureAwait(false) : null;
        stop ??= await _course.TakeAsync(items, guard, ct).ConfigureAwait(false);
        stop = await SendUnlessAsync(stop, AmocrmDoor.Notes, notes, guard, ct).ConfigureAwait(false);
        stop = await EnterCallsAsync(stop, items, guard, ct).ConfigureAwait(false);
        // What was refused may have been for a deal that somebody removed since it was looked at.
        stop ??= await _course.TakeAsync(items.Where(i => i.Outcome is DeliveryOutcome.Refused), guard, ct).ConfigureAwait(false);
        await SetTasksAsync(stop, items, guard, ct).ConfigureAwait(false);

        return _batch.Learn([.. items.Select(i => i.Outcome!)]);
    }

    public Task<IReadOnlyList<LookupOutcome>> FindAsync(IReadOnlyList<OutgoingLead> batch, ICallGuard guard, CancellationToken ct) =>
        _lookup.FindAsync(batch, guard, ct);

    public async Task<AccountCheck> CheckAsync(CheckRequest request, ICallGuard guard, CancellationToken ct) =>
        (await new AmocrmCheck(_client, _fields, _settings, request).RunAsync(_tokens, _clock.GetUtcNow(), guard, ct).ConfigureAwait(false)).Masked(_pipeline.Mask);

    public ValueTask DisposeAsync()
    {
        _fields.Dispose();
        _pipeline.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<CallEnd?> SendDealsAsync(AmocrmItem[] deals, ICallGuard guard, CancellationToken ct)
    {
        var (fields, failure) = await _fields.GetAsync(guard, ct).ConfigureAwait(false);
        if (fields is null)
        {
            foreach (var item in deals)
            {
                item.End(failure!.AfterRead());
            }

            return failure!.AfterRead();
        }

        if (await KeepPreviousAsync(deals, guard, ct).ConfigureAwait(false) is { } unread)
        {
            return unread;
        }

        foreach (var item in deals)
        {
            item.Body = AmocrmLeads.Lead(item.Lead, item.Route, ContactOf(item), fields, _settings, item.Warnings);
        }

        var linked = deals.Where(i => ContactOf(i) is not null).ToArray();
        var incoming = deals.Where(i => AmocrmCalls.IsIncoming(i.Lead, _settings)).ToHashSet();
        foreach (var item in incoming)
        {
            item.Body = ContactOf(item) is null ? AmocrmCalls.Incoming(item.Lead, item.Body) : AmocrmCalls.IncomingOfKnown(item.Lead, item.Body);
        }

        var stop = await _sender.SendAsync(AmocrmDoor.Leads, [.. linked.Where(i => !incoming.Contains(i))], guard, ct).ConfigureAwait(false);
        stop = await SendUnlessAsync(stop, AmocrmDoor.Complex, [.. linked.Where(incoming.Contains)], guard, ct).ConfigureAwait(false);
        foreach (var item in linked.Where(i => i is { Outcome: null, NeedsNewContact: true }))
        {
            item.Body = AmocrmLeads.Lead(item.Lead, item.Route, contactId: null, fields, _settings, []);
            item.Body = incoming.Contains(item) ? AmocrmCalls.Incoming(item.Lead, item.Body) : item.Body;
            item.NeedsNewContact = false;
        }

        stop = await SendUnlessAsync(stop, AmocrmDoor.Complex, [.. deals.Where(i => i.Outcome is null && !incoming.Contains(i))], guard, ct).ConfigureAwait(false);
        stop = await SendIncomingAsync(stop, [.. incoming.Where(i => i.Outcome is null)], guard, ct).ConfigureAwait(false);
        if (!fields.Has(AmocrmFields.Comment))
        {
            await TellInNotesAsync([.. deals.Where(i => i.Outcome is DeliveryOutcome.Delivered)], guard, ct).ConfigureAwait(false);
        }

        return stop;
    }

    /// <summary>amoCRM refuses an incoming lead that it has already, without saying so in a word to rely on: what was refused is looked up before it is believed.</summary>
    private async Task<CallEnd?> SendIncomingAsync(CallEnd? stop, AmocrmItem[] items, ICallGuard guard, CancellationToken ct)
    {
        stop = await SendUnlessAsync(stop, AmocrmDoor.Incoming, items, guard, ct).ConfigureAwait(false);
        var refused = items.Where(i => i.Last is CallEnd.Data).ToArray();
        if (stop is not null || refused.Length == 0)
        {
            return stop;
        }

        foreach (var (item, found) in refused.Zip(await _lookup.FindAsync([.. refused.Select(i => i.Lead)], guard, ct).ConfigureAwait(false)))
        {
            if (!found.Steps.ContainsKey(Step.Deal))
            {
                continue;
            }

            foreach (var (step, id) in found.Steps)
            {
                item.Steps[step] = id;
            }

            item.End(new CallEnd.Ok(null));
        }

        return stop;
    }

    /// <summary>The calls' own entries: all of a batch in one request, after the cards they go to.</summary>
    private async Task<CallEnd?> EnterCallsAsync(CallEnd? stop, AmocrmItem[] items, ICallGuard guard, CancellationToken ct)
    {
        var entries = new List<(AmocrmItem Item, AmocrmItem Entry)>();
        foreach (var item in items.Where(i => i.Outcome is null || (i.Outcome is DeliveryOutcome.Delivered && CallCard.LacksEntry(i.Lead) && !i.Steps.ContainsKey(Step.Call))))
        {
            if (CallCard.Fault(item.Lead) is { } fault)
            {
                item.End(new CallEnd.Data(fault, []));
                continue;
            }

            var (lead, call) = (item.Lead, item.Lead.Call!);
            if (lead.CallEntryId is { } known && call.RecordingUrl is null)
            {
                item.Steps[Step.Call] = known;
                item.End(new CallEnd.Ok(null));
                continue;
            }

            var deal = lead.DealId ?? item.Steps[Step.Deal];
            var card = lead.EntryContactId ?? deal;
            entries.Add((item, new AmocrmItem(lead with { DealId = deal }, item.Route)
            {
                Body = lead.CallEntryId is null ? AmocrmCalls.Note(lead, card, _settings) : AmocrmLeads.Note(lead, card, CallCard.Recording(call)),
            }));
        }

        stop = await SendUnlessAsync(stop, AmocrmDoor.Calls, [.. entries.Where(e => e.Item.Lead.EntryContactId is null).Select(e => e.Entry)], guard, ct).ConfigureAwait(false);
        stop = await SendUnlessAsync(stop, AmocrmDoor.ContactCalls, [.. entries.Where(e => e.Item.Lead.EntryContactId is not null).Select(e => e.Entry)], guard, ct).ConfigureAwait(false);
        foreach (var (item, entry) in entries)
        {
            item.TakeEntry(entry);
        }

        return stop;
    }

    /// <summary>A known client stays with whoever answers for the contact, where the rules want that.</summary>
    /// <returns>Null, or why no further call should be made now.</returns>
    private async Task<CallEnd?> KeepPreviousAsync(AmocrmItem[] deals, ICallGuard guard, CancellationToken ct)
    {
        var known = deals.Where(i => i.Route.KeepsPrevious && ContactOf(i) is not null).ToArray();
        if (known.Length == 0)
        {
            return null;
        }

        var (users, failure) = await _people.ResponsibleAsync([.. known.Select(i => ContactOf(i)!)], guard, ct).ConfigureAwait(false);
        if (failure is not null)
        {
            foreach (var item in deals)
            {
                item.End(failure);
            }

            return failure;
        }

        foreach (var item in known)
        {
            item.Route = item.Route with { ResponsibleUserId = users.TryGetValue(ContactOf(item)!, out var user) ? user : item.Route.ResponsibleUserId };
        }

        return null;
    }

    /// <summary>The tasks of all leads of a batch that are in by now, in one request.</summary>
    private async Task SetTasksAsync(CallEnd? stop, AmocrmItem[] items, ICallGuard guard, CancellationToken ct)
    {
        var tasks = items.Where(i => i.Outcome is DeliveryOutcome.Delivered && i.Route.Task is not null && !i.Steps.ContainsKey(Step.Task))
            .Select(i => (Item: i, Task: new AmocrmItem(i.Lead, i.Route) { Body = AmocrmLeads.Task(i.Lead, i.Route.Task!, i.Lead.DealId ?? i.Steps[Step.Deal], i.Route.ResponsibleUserId) })).ToArray();
        await SendUnlessAsync(stop, AmocrmDoor.Tasks, [.. tasks.Select(t => t.Task)], guard, ct).ConfigureAwait(false);
        foreach (var (item, task) in tasks)
        {
            item.TakeTask(task);
        }
    }

    private static string LastStep(OutgoingKind kind) => kind switch { OutgoingKind.Note => Step.Note, OutgoingKind.Call => Step.Call, _ => Step.Deal };

    /// <summary>
    /// Where the field for the comment could not be made, what the visitor wrote goes into a note. The deal is in, so a failure here is a
    /// warning and nothing more.
    /// </summary>
    private async Task TellInNotesAsync(AmocrmItem[] delivered, ICallGuard guard, CancellationToken ct)
    {
        var notes = delivered.Select(i => (Item: i, Note: AmocrmLeads.Details(i.Lead, i.Steps[Step.Deal]))).Where(n => n.Note is not null).ToArray();
        if (notes.Length > 0
            && await _client.PostAsync("leads/notes", [.. notes.Select(n => n.Note)], guard, ct).ConfigureAwait(false) is var end and not CallEnd.Ok)
        {
            foreach (var (item, _) in notes)
            {
                item.Warnings.Add($"The comment could not be put into a note. {end.Why}");
            }
        }
    }

    /// <summary>After a call that could not reach the CRM the rest of the batch is not even tried: it would only wait out one time-out more.</summary>
    private async Task<CallEnd?> SendUnlessAsync(CallEnd? stop, AmocrmDoor door, AmocrmItem[] items, ICallGuard guard, CancellationToken ct)
    {
        if (stop is null)
        {
            return await _sender.SendAsync(door, items, guard, ct).ConfigureAwait(false);
        }

        foreach (var item in items.Where(i => i.Outcome is null))
        {
            item.End(stop);
        }

        return stop;
    }

    private static string? ContactOf(AmocrmItem item)
    {
        var id = item.Lead.ContactId ?? item.Lead.Steps.GetValueOrDefault(Step.Contact);
        return long.TryParse(id, out _) ? id : null;
    }
}
