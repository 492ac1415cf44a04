using LeadIngest.Crm;

namespace LeadIngest.Api.Tests.Delivery;

/// <summary>Rows whose deal was closed, deleted or merged in the CRM: what they become is written before it is sent, once, and ends.</summary>
public sealed class RedirectTests : IAsyncLifetime
{
    private DeliveryFixture _f = null!;

    public async Task InitializeAsync() => _f = await DeliveryFixture.CreateAsync();

    public async Task DisposeAsync() => await _f.DisposeAsync();

    /// <summary>Notes and calls of this deal go another way.</summary>
    private static Func<OutgoingLead, Fault> Gone(string deal, DeliveryOutcome outcome) => l => l.Kind != OutgoingKind.Deal && l.DealId == deal ? new Fault(Before: outcome) : Fault.None;

    private static DeliveryOutcome.Redirected Deleted { get; } = new(OutgoingKind.Deal, null, "It was deleted.") { Warnings = ["It was deleted."] };

    private static DeliveryOutcome.Redirected Merged(string from, string into, OutgoingKind kind = OutgoingKind.Note) => new(kind, into, "It was merged.") { MergedFrom = from, Warnings = ["It was merged."] };

    /// <summary>A delivered deal of a client.</summary>
    private async Task<(Guid Connection, Guid Client, Guid Lead, Guid Delivery, string Deal)> DealAsync()
    {
        var (connection, client) = (await _f.ConnectionAsync(), await _f.ClientAsync());
        var (lead, delivery) = await _f.LeadAsync(connection, client);
        await _f.StartAsync();
        await _f.AllDeliveredAsync();
        return (connection, client, lead, delivery, (await _f.RowAsync(delivery)).RemoteLeadId!);
    }

    [Fact]
    public async Task Duplicates_whose_deal_was_deleted_become_one_new_deal_with_the_others_as_its_notes()
    {
        var (connection, client, lead, _, deal) = await DealAsync();
        _f.Crm.Faults = Gone(deal, Deleted);
        // All in one batch, which finds the deal gone for all of them.
        await _f.ExecuteAsync("update connections set state = 'paused'");
        var rows = new List<Guid>();
        for (var i = 0; i < 5; i++) rows.Add((await _f.LeadAsync(connection, client, "note", "duplicate", lead)).Delivery);
        await _f.ExecuteAsync("update connections set state = 'active'; select pg_notify('deliveries', '')");
        await _f.AllDeliveredAsync();
        Assert.Contains(_f.Crm.Batches, b => b.Count == 5);

        var heir = await _f.RowAsync(rows[0]);
        Assert.Equal(("deal", "It was deleted."), (heir.Kind, Assert.Single(heir.Warnings!)));
        Assert.NotEqual(deal, heir.RemoteLeadId);
        foreach (var note in rows.Skip(1)) Assert.Equal(("note", heir.RemoteLeadId), (await _f.RowAsync(note)).Kind is var kind ? (kind, (await _f.RowAsync(note)).RemoteLeadId) : default);

        // Those that come later go straight there; a call's entry of the first lead too.
        var before = _f.Crm.Batches.Count;
        var (_, late) = await _f.LeadAsync(connection, client, "note", "duplicate", lead);
        await _f.CallAsync(lead);
        var entry = await _f.EntryAsync(connection, lead);
        await _f.AllDeliveredAsync();
        Assert.Equal((heir.RemoteLeadId, heir.RemoteLeadId), ((await _f.RowAsync(late)).RemoteLeadId, (await _f.RowAsync(entry)).RemoteLeadId));
        Assert.All(_f.Crm.Batches.Skip(before).SelectMany(b => b), l => Assert.Equal(heir.RemoteLeadId, l.DealId));
        Assert.Equal(2, _f.Crm.Made.Count(m => m.Lead.Kind == OutgoingKind.Deal));
        Assert.Empty(_f.Crm.Breaches);
    }

    [Fact]
    public async Task A_merged_deals_new_id_is_remembered_for_all_rows_of_the_client()
    {
        var (connection, client, lead, first, deal) = await DealAsync();
        _f.Crm.Faults = Gone(deal, Merged(deal, "777"));
        var (_, note) = await _f.LeadAsync(connection, client, "note", "duplicate", lead);
        await _f.AllDeliveredAsync();
        Assert.Equal(("777", "777"), ((await _f.RowAsync(first)).RemoteLeadId, (await _f.RowAsync(note)).RemoteLeadId));
        Assert.Equal(0, (await _f.RowAsync(note)).Attempts - 1);

        var before = _f.Crm.Batches.Count;
        var (_, repeat) = await _f.LeadAsync(connection, client, "note", "repeat");
        await _f.AllDeliveredAsync();
        Assert.Equal("777", Assert.Single(_f.Crm.Batches.Skip(before).SelectMany(b => b)).DealId);
        Assert.Equal("777", (await _f.RowAsync(repeat)).RemoteLeadId);
    }

    [Fact]
    public async Task What_the_row_became_is_looked_for_when_the_new_deals_answer_is_lost()
    {
        var (connection, client, lead, _, deal) = await DealAsync();
        _f.Crm.Faults = l => l.LeadId != lead && l.Kind == OutgoingKind.Deal ? Fault.LostAfter : Gone(deal, Deleted)(l);
        var (_, row) = await _f.LeadAsync(connection, client, "note", "repeat");
        await _f.AllDeliveredAsync();
        Assert.Equal(OutgoingKind.Deal, Assert.Single(_f.Crm.Finds).Kind);
        Assert.Equal(2, _f.Crm.Made.Count);
        Assert.Equal("deal", (await _f.RowAsync(row)).Kind);
    }

    [Fact]
    public async Task A_worker_that_dies_while_it_makes_the_new_deal_leaves_a_row_that_is_looked_for_as_a_deal()
    {
        var (connection, client, lead, _, deal) = await DealAsync();
        var died = new TaskCompletionSource();
        _f.Crm.Faults = l => l.LeadId != lead && l.Kind == OutgoingKind.Deal ? new Fault(After: Fail(died)) : Gone(deal, Deleted)(l);
        var (_, row) = await _f.LeadAsync(connection, client, "note", "repeat");
        await died.Task;
        await _f.AllDeliveredAsync();
        Assert.All(_f.Crm.Finds, l => Assert.Equal(OutgoingKind.Deal, l.Kind));
        Assert.NotEmpty(_f.Crm.Finds);
        Assert.Equal(2, _f.Crm.Made.Count);

        // Another process has taken the account over before the answer could be written.
        DeliveryOutcome Fail(TaskCompletionSource told)
        {
            _f.Db.Delivery.CreateCommand("update crm_accounts set lease_token = lease_token + 1, lease_until = '-infinity', lease_owner = null").ExecuteNonQuery();
            told.TrySetResult();
            return new DeliveryOutcome.Delivered { Steps = new Dictionary<string, string> { [Step.Deal] = "1", [Step.Contact] = $"c{client:N}" } };
        }
    }

    [Fact]
    public async Task A_note_that_may_have_gone_before_its_deal_was_merged_is_looked_for_in_the_other_one_first()
    {
        var (connection, client, lead, _, deal) = await DealAsync();
        var tries = 0;
        _f.Crm.Faults = l => l.Kind != OutgoingKind.Note || l.DealId != deal ? Fault.None : tries++ == 0 ? Fault.LostAfter : new Fault(Before: Merged(deal, "777"));
        // A search that does not know the note while it stands in the first deal.
        _f.Crm.OnFind = l => l.DealId == deal ? new LookupOutcome.Absent() : null;
        var (_, note) = await _f.LeadAsync(connection, client, "note", "duplicate", lead);
        await _f.AllDeliveredAsync();
        Assert.Single(_f.Crm.Made, m => m.Lead.Kind == OutgoingKind.Note);
        Assert.Equal("777", _f.Crm.Finds.Last().DealId);
        Assert.Equal("777", (await _f.RowAsync(note)).RemoteLeadId);
    }

    [Fact]
    public async Task A_deal_that_is_merged_again_and_again_ends_as_a_deal_of_its_own_and_a_call_is_left_out()
    {
        var (connection, client, lead, _, _) = await DealAsync();
        var next = 1000;
        _f.Crm.Faults = l => l.Kind == OutgoingKind.Deal ? Fault.None : new Fault(Before: Merged(l.DealId!, $"{++next}", l.Kind));
        var (_, note) = await _f.LeadAsync(connection, client, "note", "duplicate", lead);
        await _f.StateAsync(note, "delivered");
        await _f.CallAsync(lead);
        var entry = await _f.EntryAsync(connection, lead);
        await _f.AllDeliveredAsync();

        var (row, left) = (await _f.RowAsync(note), await _f.RowAsync(entry));
        Assert.Equal(("deal", 1), (row.Kind, row.Attempts));
        Assert.Contains(row.Warnings!, w => w.Contains("each time", StringComparison.Ordinal));
        Assert.Contains(left.Warnings!, w => w.Contains("left out", StringComparison.Ordinal));
        Assert.InRange(_f.Crm.Batches.Count, 3, 20);
        Assert.DoesNotContain(_f.Crm.Made, m => m.Lead.Kind == OutgoingKind.Call);
    }

    [Fact]
    public async Task A_call_whose_deal_was_deleted_goes_to_the_contact_and_remembers_it()
    {
        var (connection, _, lead, _, deal) = await DealAsync();
        await _f.CallAsync(lead);
        _f.Crm.Faults = l => l is { Kind: OutgoingKind.Call, EntryContactId: null }
            ? new Fault(Before: new DeliveryOutcome.Redirected(OutgoingKind.Call, deal, "It was deleted.") { Steps = new Dictionary<string, string> { [Step.EntryContact] = "55" } }) : Fault.None;
        var entry = await _f.EntryAsync(connection, lead);
        await _f.AllDeliveredAsync();
        Assert.Equal("55", Assert.Single(_f.Crm.Made, m => m.Lead.Kind == OutgoingKind.Call).Lead.EntryContactId);
        Assert.Equal("call", (await _f.RowAsync(entry)).Kind);
    }

    [Fact]
    public async Task A_notes_lead_knows_who_made_its_deal_what_the_card_shows_and_the_clients_other_deals()
    {
        var (connection, client, lead, _, deal) = await DealAsync();
        await _f.ExecuteAsync("update leads set campaign = 'Весна' where id = @Lead", new { Lead = lead });
        var merged = await _f.ClientAsync(mergedInto: client);
        var other = (await _f.LeadAsync(connection, merged)).Delivery;
        await _f.AllDeliveredAsync();
        var (_, duplicate) = await _f.LeadAsync(connection, client, "note", "duplicate", lead);
        var (repeatLead, _) = await _f.LeadAsync(connection, client, "note", "repeat");
        await _f.AllDeliveredAsync();

        var sent = _f.Crm.Made.Select(m => m.Lead).Where(l => l.Kind == OutgoingKind.Note).ToDictionary(l => l.LeadId);
        var note = sent.Values.Single(l => l.LeadId != repeatLead);
        Assert.Equal((deal, lead, "Весна", "окна пвх"), (note.DealId, note.DealLeadId, note.FirstPassport!.Campaign, note.FirstPassport.Keyword));
        Assert.Equal("17", note.FirstPassport.ClickIds["yclid"]);
        Assert.Empty(note.OtherDealIds);
        // The repeat goes to the latest card of the client, the duplicate's.
        var repeat = sent[repeatLead];
        Assert.Equal((deal, lead, "Весна"), (repeat.DealId, repeat.DealLeadId, repeat.FirstPassport!.Campaign));
        Assert.Equal([(await _f.RowAsync(other)).RemoteLeadId!], repeat.OtherDealIds);
    }
}
