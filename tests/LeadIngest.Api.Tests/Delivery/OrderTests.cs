using LeadIngest.Api.Delivery;
using LeadIngest.Api.Features.Deliveries;
using LeadIngest.Crm;

namespace LeadIngest.Api.Tests.Delivery;

/// <summary>Order per client, one contact a client, notes and the deals they belong to.</summary>
public sealed class OrderTests : IAsyncLifetime
{
    private DeliveryFixture _f = null!;

    public async Task InitializeAsync() => _f = await DeliveryFixture.CreateAsync();

    public async Task DisposeAsync() => await _f.DisposeAsync();

    [Fact]
    public async Task A_new_client_goes_one_by_one_until_the_contact_is_known_and_then_together()
    {
        var connection = await _f.ConnectionAsync();
        var client = await _f.ClientAsync();
        var leads = new List<Guid>();
        for (var i = 0; i < 8; i++) leads.Add((await _f.LeadAsync(connection, client)).Lead);
        await _f.StartAsync();
        await _f.AllDeliveredAsync();

        Assert.Equal(leads, _f.Crm.Made.Select(m => m.Lead.LeadId));
        Assert.Equal([1, 7], _f.Crm.Batches.Select(b => b.Count));
        Assert.Equal([null, $"c{client:N}"], _f.Crm.Batches.Select(b => b[0].ContactId));
        Assert.Empty(_f.Crm.Breaches);
    }

    [Fact]
    public async Task Later_leads_wait_for_the_one_in_doubt_and_other_clients_do_not()
    {
        _f.Crm.LookupDelays = [TimeSpan.FromHours(1)];
        var connection = await _f.ConnectionAsync();
        var client = await _f.ClientAsync();
        var (first, doubtful) = await _f.LeadAsync(connection, client);
        _f.Crm.Faults = lead => lead.LeadId == first ? Fault.LostAfter : Fault.None;
        await _f.StartAsync();
        await _f.StateAsync(doubtful, "in_doubt");
        var later = new List<Guid>();
        for (var i = 0; i < 30; i++) later.Add((await _f.LeadAsync(connection, client)).Delivery);
        var (_, other) = await _f.LeadAsync(connection);

        await _f.StateAsync(other, "delivered");
        await _f.UntilAsync(async () => await _f.SingleAsync<int>("select count(*) from deliveries where parked") == 30);
        Assert.Equal(2, _f.Crm.Made.Count);

        await _f.ExecuteAsync("update deliveries set next_attempt_at = clock_timestamp() where id = @Id", new { Id = doubtful });
        await _f.AllDeliveredAsync();
        Assert.Equal(later.Count + 2, _f.Crm.Made.Count);
        var made = _f.Crm.Made.Where(m => m.Lead.ClientId == client).Select(m => m.Lead.LeadId).ToList();
        Assert.Equal(made.Order(), made);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lead_goes_past_a_call_that_is_going_on_once_the_contact_is_known(bool isKnown)
    {
        var connection = await _f.ConnectionAsync();
        var client = await _f.ClientAsync();
        if (isKnown)
            await _f.ExecuteAsync("insert into identities (project_id, kind, value, client_id) values (@Project, 'crm_contact', @Value, @Client)",
                new { _f.Project, Value = $"{connection}/4711", Client = client });
        var (calling, call) = await _f.LeadAsync(connection, client);
        await _f.CallAsync(calling);
        await _f.ExecuteAsync("update deliveries set next_attempt_at = clock_timestamp() + interval '15 minutes' where id = @Id", new { Id = call });
        var (form, delivery) = await _f.LeadAsync(connection, client, status: "repeat");
        var (_, note) = await _f.LeadAsync(connection, client, "note", "repeat");
        await _f.StartAsync();

        // A note goes into the client's last card: that of the call.
        await _f.UntilAsync(async () => await _f.SingleAsync<int>("select count(*) from deliveries where parked") == (isKnown ? 1 : 2));
        await _f.StateAsync(note, "pending");
        await _f.StateAsync(delivery, isKnown ? "delivered" : "pending");
        Assert.Equal(isKnown ? [form] : [], _f.Crm.Made.Select(m => m.Lead.LeadId));
        await _f.ExecuteAsync("update deliveries set next_attempt_at = clock_timestamp() where id = @Id", new { Id = call });
        await _f.AllDeliveredAsync();
        Assert.Equal(isKnown ? [form, calling] : [calling, form], _f.Crm.Made.Where(m => m.Lead.Kind == OutgoingKind.Deal).Select(m => m.Lead.LeadId));
        Assert.Single(_f.Crm.Made.Select(m => m.Lead.ContactId ?? $"c{client:N}").Distinct());
        Assert.Empty(_f.Crm.Breaches);
    }

    [Fact]
    public async Task Clients_that_were_merged_share_the_contact_and_the_order()
    {
        var connection = await _f.ConnectionAsync();
        var kept = await _f.ClientAsync();
        var merged = await _f.ClientAsync(mergedInto: kept);
        await _f.ExecuteAsync("insert into identities (project_id, kind, value, client_id) values (@Project, 'crm_contact', @Value, @Merged)",
            new { _f.Project, Value = $"{connection}/4711", Merged = merged });
        await _f.LeadAsync(connection, kept);
        await _f.LeadAsync(connection, merged);
        await _f.StartAsync();
        await _f.AllDeliveredAsync();

        Assert.All(_f.Crm.Made, m => Assert.Equal(("4711", kept), (m.Lead.ContactId, m.Lead.ClientId)));
    }

    [Fact]
    public async Task A_duplicates_note_goes_into_the_deal_of_the_first_lead()
    {
        var connection = await _f.ConnectionAsync();
        var client = await _f.ClientAsync();
        var (lead, first) = await _f.LeadAsync(connection, client);
        var (_, note) = await _f.LeadAsync(connection, client, "note", "duplicate", lead);
        await _f.StartAsync();
        await _f.AllDeliveredAsync();

        var deal = (await _f.RowAsync(first)).RemoteLeadId;
        var sent = _f.Crm.Made.Last().Lead;
        Assert.Equal((OutgoingKind.Note, deal), (sent.Kind, sent.DealId));
        Assert.Equal(deal, (await _f.RowAsync(note)).RemoteLeadId);
    }

    [Fact]
    public async Task A_note_waits_for_a_dead_deal_and_follows_its_redelivery_while_others_go_on()
    {
        var connection = await _f.ConnectionAsync();
        var client = await _f.ClientAsync();
        var (lead, dead) = await _f.LeadAsync(connection, client);
        var (_, note) = await _f.LeadAsync(connection, client, "note", "duplicate", lead);
        var (_, next) = await _f.LeadAsync(connection, client);
        _f.Crm.Faults = l => l.LeadId == lead ? new Fault(Before: new DeliveryOutcome.Refused("No.")) : Fault.None;
        await _f.StartAsync();
        await _f.StateAsync(next, "delivered");
        await _f.UntilAsync(async () => (await _f.RowAsync(note)).LastError == $"waits for #{lead}");
        Assert.Single(_f.Crm.Made);

        _f.Crm.Faults = _ => Fault.None;
        Assert.Equal(1, (await new Redelivery(_f.Db, new DeliverySignal()).AgainAsync(new(_f.Project, Id: dead), CancellationToken.None)).Deliveries);
        await _f.AllDeliveredAsync();
        Assert.Equal(_f.Crm.Made.Last().Lead.DealId, (await _f.RowAsync(dead)).RemoteLeadId);
        Assert.Null((await _f.RowAsync(note)).LastError);
    }

    [Fact]
    public async Task A_repeats_note_goes_into_the_last_deal_and_becomes_a_deal_where_there_is_none()
    {
        var (known, young) = (await _f.ConnectionAsync(), await _f.ConnectionAsync(account: "bitrix24/okna", crm: "bitrix24"));
        var client = await _f.ClientAsync();
        await _f.LeadAsync(known, client);
        var (_, last) = await _f.LeadAsync(known, client);
        var (_, note) = await _f.LeadAsync(known, client, "note", "repeat");
        var (_, alone) = await _f.LeadAsync(young, client, "note", "repeat");
        await _f.StartAsync();
        await _f.AllDeliveredAsync();

        Assert.Equal((await _f.RowAsync(last)).RemoteLeadId, (await _f.RowAsync(note)).RemoteLeadId);
        Assert.Equal("note", (await _f.RowAsync(note)).Kind);
        Assert.Equal("deal", (await _f.RowAsync(alone)).Kind);
        Assert.True(Assert.Single(_f.Crm.Made, m => m.Lead.Kind == OutgoingKind.Note).Lead.IsRepeat);
    }

    [Fact]
    public async Task A_claim_is_quick_behind_thousands_of_rows_of_one_client()
    {
        _f.Crm.LookupDelays = [TimeSpan.FromHours(1)];
        var connection = await _f.ConnectionAsync();
        var client = await _f.ClientAsync();
        var (lead, delivery) = await _f.LeadAsync(connection, client);
        await _f.ExecuteAsync("""
            update deliveries set state = 'in_doubt', next_attempt_at = clock_timestamp() + interval '1 hour', doubt_since = clock_timestamp(), sent_at = clock_timestamp();
            insert into deliveries (project_id, id, lead_id, connection_id, client_id, kind)
            select project_id, ('ffff0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, lead_id, connection_id, client_id, 'deal' from deliveries, generate_series(1, 20000) n;
            analyze deliveries
            """);
        var (_, other) = await _f.LeadAsync(connection);
        var began = TimeProvider.System.GetTimestamp();
        await _f.StartAsync();
        await _f.StateAsync(other, "delivered");
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 15);
        Assert.Equal(("in_doubt", 1), ((await _f.RowAsync(delivery)).State, _f.Crm.Made.Count));
        Assert.NotEqual(lead, _f.Crm.Made.Single().Lead.LeadId);
    }
}
