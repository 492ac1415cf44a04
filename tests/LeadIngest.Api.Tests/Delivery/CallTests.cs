using LeadIngest.Api.Delivery;
using LeadIngest.Api.Features.Deliveries;
using LeadIngest.Core.Calls;
using LeadIngest.Crm;

namespace LeadIngest.Api.Tests.Delivery;

/// <summary>Calls on their way: what the card is told, and entries that come after their lead.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private DeliveryFixture _f = null!;

    public async Task InitializeAsync() => _f = await DeliveryFixture.CreateAsync();

    public async Task DisposeAsync() => await _f.DisposeAsync();

    [Fact]
    public async Task A_lead_goes_out_with_its_call_and_its_visit_in_the_projects_time()
    {
        var connection = await _f.ConnectionAsync();
        await _f.ExecuteAsync("update projects set time_zone = 'Asia/Yekaterinburg'");
        var (lead, delivery) = await _f.LeadAsync(connection);
        var call = await _f.CallAsync(lead, recording: "https://pbx.example/1.mp3");
        await _f.StartAsync();
        await _f.StateAsync(delivery, "delivered");

        var sent = Assert.Single(_f.Crm.Made).Lead;
        Assert.Equal(new OutgoingCall
        {
            CallId = call,
            Direction = CallDirection.In,
            Outcome = CallOutcome.Answered,
            ClientPhone = "+79161234567",
            LinePhone = "+74951234567",
            Employee = "101",
            StartedAt = new DateTimeOffset(2026, 3, 2, 11, 30, 0, TimeSpan.FromHours(5)),
            WaitSeconds = 12,
            TalkSeconds = 65,
            RecordingUrl = "https://pbx.example/1.mp3",
            Provider = "mango",
        }, sent.Call);
        Assert.Equal(TimeSpan.FromHours(5), sent.Call!.StartedAt.Offset);
        Assert.Equal((4, 190, "17000001", "1.2"), (sent.Visit!.PageViews, sent.Visit.Seconds, sent.Visit.YandexClientId, sent.Visit.GoogleClientId));
        Assert.Equal(["/", "/prices"], sent.Visit.Pages);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 6, 23, 0, TimeSpan.Zero), sent.Visit.StartedAt);
    }

    [Theory]
    [InlineData("not an id")]
    [InlineData("0198d000-0000-7000-8000-00000000000g")]
    [InlineData("0198d000-0000-7000-8000-000000000000")]
    public async Task A_visit_that_is_not_known_stops_no_lead(string visit)
    {
        var connection = await _f.ConnectionAsync();
        var (lead, delivery) = await _f.LeadAsync(connection);
        await _f.CallAsync(lead, visitId: visit);
        await _f.StartAsync();
        await _f.StateAsync(delivery, "delivered");
        Assert.Null(Assert.Single(_f.Crm.Made).Lead.Visit);
    }

    [Fact]
    public async Task An_entry_goes_into_the_deal_of_its_own_lead_and_the_next_one_knows_it()
    {
        var connection = await _f.ConnectionAsync();
        var client = await _f.ClientAsync();
        var (lead, first) = await _f.LeadAsync(connection, client);
        await _f.CallAsync(lead);
        await _f.LeadAsync(connection, client);
        var (entry, record) = (await _f.EntryAsync(connection, lead), await _f.EntryAsync(connection, lead));
        await _f.StartAsync();
        await _f.AllDeliveredAsync();

        var deal = (await _f.RowAsync(first)).RemoteLeadId;
        var sent = _f.Crm.Made.Where(m => m.Lead.Kind == OutgoingKind.Call).ToList();
        Assert.Equal([deal, deal], sent.Select(s => s.Lead.DealId));
        Assert.Equal([null, sent[0].Id], sent.Select(s => s.Lead.CallEntryId));
        Assert.Equal(["call", "call"], new[] { (await _f.RowAsync(entry)).Kind, (await _f.RowAsync(record)).Kind });
        Assert.Equal(deal, (await _f.RowAsync(record)).RemoteLeadId);
        Assert.Equal(4, _f.Crm.Made.Count);
        Assert.Empty(_f.Crm.Breaches);
    }

    [Fact]
    public async Task A_recording_that_is_in_is_not_told_again()
    {
        var connection = await _f.ConnectionAsync();
        var (lead, first) = await _f.LeadAsync(connection);
        await _f.CallAsync(lead, recording: "https://pbx.example/1.mp3");
        await _f.ExecuteAsync("update deliveries set state = 'delivered', remote_lead_id = '55', steps = '{\"deal\":\"55\",\"call\":\"7\",\"record\":\"7\"}', delivered_at = clock_timestamp() where id = @Id", new { Id = first });
        var entry = await _f.EntryAsync(connection, lead);
        await _f.StartAsync();
        await _f.StateAsync(entry, "delivered");
        var sent = Assert.Single(_f.Crm.Made).Lead;
        Assert.Equal(("55", "7", null), (sent.DealId, sent.CallEntryId, sent.Call!.RecordingUrl));
    }

    [Fact]
    public async Task An_entry_of_a_duplicates_call_goes_where_its_note_went()
    {
        var connection = await _f.ConnectionAsync();
        var client = await _f.ClientAsync();
        var (lead, first) = await _f.LeadAsync(connection, client);
        var (duplicate, _) = await _f.LeadAsync(connection, client, "note", "duplicate", lead);
        await _f.CallAsync(duplicate);
        var entry = await _f.EntryAsync(connection, duplicate);
        await _f.StartAsync();
        await _f.AllDeliveredAsync();
        Assert.Equal((await _f.RowAsync(first)).RemoteLeadId, (await _f.RowAsync(entry)).RemoteLeadId);
        Assert.Equal([OutgoingKind.Deal, OutgoingKind.Note, OutgoingKind.Call], _f.Crm.Made.Select(m => m.Lead.Kind));
    }

    [Fact]
    public async Task A_duplicates_note_goes_to_the_deal_whatever_entries_that_deal_has()
    {
        var connection = await _f.ConnectionAsync();
        var client = await _f.ClientAsync();
        var (lead, first) = await _f.LeadAsync(connection, client);
        await _f.CallAsync(lead);
        var entry = await _f.EntryAsync(connection, lead);
        _f.Crm.Faults = l => l.Kind == OutgoingKind.Call ? new Fault(Before: new DeliveryOutcome.Refused("No.")) : Fault.None;
        var (_, note) = await _f.LeadAsync(connection, client, "note", "duplicate", lead);
        await _f.StartAsync();
        await _f.StateAsync(entry, "dead");
        await _f.StateAsync(note, "delivered");
        Assert.Equal((await _f.RowAsync(first)).RemoteLeadId, (await _f.RowAsync(note)).RemoteLeadId);
    }

    [Fact]
    public async Task An_entry_waits_for_a_dead_deal_and_follows_its_redelivery_while_others_go_on()
    {
        var connection = await _f.ConnectionAsync();
        var client = await _f.ClientAsync();
        var (lead, dead) = await _f.LeadAsync(connection, client);
        await _f.CallAsync(lead);
        var entry = await _f.EntryAsync(connection, lead);
        var (_, next) = await _f.LeadAsync(connection, client);
        _f.Crm.Faults = l => l.LeadId == lead ? new Fault(Before: new DeliveryOutcome.Refused("No.")) : Fault.None;
        await _f.StartAsync();
        await _f.StateAsync(next, "delivered");
        await _f.UntilAsync(async () => (await _f.RowAsync(entry)).LastError == $"waits for #{lead}");
        Assert.Single(_f.Crm.Made);

        _f.Crm.Faults = _ => Fault.None;
        Assert.Equal(1, (await new Redelivery(_f.Db, new DeliverySignal()).AgainAsync(new(_f.Project, Id: dead), CancellationToken.None)).Deliveries);
        await _f.AllDeliveredAsync();
        Assert.Equal((await _f.RowAsync(dead)).RemoteLeadId, _f.Crm.Made.Last().Lead.DealId);
    }

    [Fact]
    public async Task An_entry_whose_answer_was_lost_is_looked_up_and_not_sent_twice()
    {
        var connection = await _f.ConnectionAsync();
        var (lead, _) = await _f.LeadAsync(connection);
        var call = await _f.CallAsync(lead);
        var entry = await _f.EntryAsync(connection, lead);
        _f.Crm.Faults = l => l.Kind == OutgoingKind.Call ? Fault.LostAfter : Fault.None;
        await _f.StartAsync();
        await _f.AllDeliveredAsync();
        Assert.Single(_f.Crm.Made, m => m.Lead.Kind == OutgoingKind.Call);
        var asked = Assert.Single(_f.Crm.Finds);
        Assert.Equal((OutgoingKind.Call, call, (await _f.RowAsync(entry)).RemoteLeadId), (asked.Kind, asked.Call!.CallId, asked.DealId));
    }

    [Fact]
    public async Task A_card_whose_call_is_in_doubt_is_delivered_once_and_keeps_its_id()
    {
        var connection = await _f.ConnectionAsync();
        var (lead, delivery) = await _f.LeadAsync(connection);
        await _f.CallAsync(lead);
        var card = new Dictionary<string, string> { [Step.Deal] = "55" };
        _f.Crm.Faults = l => l.Steps.ContainsKey(Step.Deal) ? Fault.None : new Fault(Before: new DeliveryOutcome.Unknown("time-out") { Steps = card });
        _f.Crm.OnFind = _ => new LookupOutcome.Absent { Steps = card };
        await _f.StartAsync();
        await _f.StateAsync(delivery, "delivered");
        Assert.Equal("55", Assert.Single(_f.Crm.Made).Lead.Steps[Step.Deal]);
    }
}
