using LeadIngest.Api.Delivery;
using LeadIngest.Crm;

namespace LeadIngest.Api.Tests.Delivery;

/// <summary>Connections that the CRM stops, and the way back: nothing is lost, nothing is sent that must not be.</summary>
public sealed class StoppedTests : IAsyncLifetime
{
    private DeliveryFixture _f = null!;

    public async Task InitializeAsync() => _f = await DeliveryFixture.CreateAsync();

    public async Task DisposeAsync() => await _f.DisposeAsync();

    private Task<string> StateAsync(Guid connection) => _f.SingleAsync<string>("select state || ' ' || coalesce(state_by, '-') || ' ' || (probe_at is not null) || ' ' || probes from connections where id = @connection", new { connection });

    [Fact]
    public async Task An_unpaid_account_is_tried_with_one_lead_and_goes_on_by_itself_once_it_is_paid()
    {
        var connection = await _f.ConnectionAsync();
        var paid = false;
        _f.Crm.CallFaults = _ => paid ? Fault.None : new Fault(Before: new DeliveryOutcome.AccountBlocked("402 Payment Required") { MayPass = true });
        for (var i = 0; i < 5; i++) await _f.LeadAsync(connection);
        await _f.StartAsync();
        await _f.UntilAsync(async () => await StateAsync(connection) == "blocked crm true 0");
        Assert.Equal(5, await _f.SingleAsync<int>("select count(*)::int from deliveries where state = 'pending' and attempts = 0"));
        Assert.InRange(await _f.SingleAsync<double>("select extract(epoch from probe_at - clock_timestamp())::float8 from connections"), 800, 900);

        await _f.ExecuteAsync("update connections set probe_at = clock_timestamp(); notify deliveries");
        await _f.UntilAsync(async () => await StateAsync(connection) == "blocked crm true 1");
        Assert.Single(_f.Crm.Batches.Last());
        Assert.InRange(await _f.SingleAsync<double>("select extract(epoch from probe_at - clock_timestamp())::float8 from connections"), 1700, 1800);

        paid = true;
        await _f.ExecuteAsync("update connections set probe_at = clock_timestamp(); notify deliveries");
        await _f.AllDeliveredAsync();
        Assert.Equal("active - false 0", await StateAsync(connection));
        Assert.Equal(5, _f.Crm.Made.Count);
    }

    [Fact]
    public async Task An_account_that_refuses_access_waits_for_a_person()
    {
        var connection = await _f.ConnectionAsync();
        _f.Crm.CallFaults = _ => new Fault(Before: new DeliveryOutcome.AccountBlocked("403 Forbidden"));
        await _f.LeadAsync(connection);
        await _f.StartAsync();
        await _f.UntilAsync(async () => await StateAsync(connection) == "blocked crm false 0");
    }

    [Fact]
    public async Task A_connection_that_is_mended_while_its_old_credentials_are_being_refused_goes_on()
    {
        var connection = await _f.ConnectionAsync();
        var calls = 0;
        _f.Crm.CallFaults = _ => ++calls > 1 ? Fault.None : new Fault(Before: new DeliveryOutcome.CredentialsRefused("401 Unauthorized"));
        // The login's keeper has stopped it, and somebody enters other keys, all before the worker has noted its call.
        _f.Crm.OnSend = (_, _) => _f.ExecuteAsync("update connections set state = 'active', state_at = clock_timestamp() where id = @connection", new { connection });
        await _f.LeadAsync(connection);
        await _f.StartAsync();
        await _f.AllDeliveredAsync();
        Assert.Equal("active - false 0", await StateAsync(connection));
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task A_lead_that_breaks_the_crm_goes_alone_after_its_third_time()
    {
        var connection = await _f.ConnectionAsync();
        var (bad, delivery) = await _f.LeadAsync(connection);
        await _f.ExecuteAsync("update deliveries set attempts = 3 where id = @delivery", new { delivery });
        for (var i = 0; i < 4; i++) await _f.LeadAsync(connection);
        await _f.StartAsync();
        await _f.AllDeliveredAsync();
        Assert.Contains(_f.Crm.Batches, b => b is [var alone] && alone.LeadId == bad);
        Assert.Contains(_f.Crm.Batches, b => b.Count > 1 && b.All(l => l.LeadId != bad));
    }

    [Fact]
    public async Task After_a_restore_nothing_is_sent_until_it_is_released_and_then_looked_up_first()
    {
        var connection = await _f.ConnectionAsync();
        var (arrived, first) = await _f.LeadAsync(connection);
        var (_, second) = await _f.LeadAsync(connection);
        // The backup is older than what the CRM has.
        _f.Crm.OnFind = lead => lead.LeadId == arrived ? new LookupOutcome.Found { Steps = new Dictionary<string, string> { [Step.Deal] = "77", [Step.Contact] = "5" } } : null;
        Assert.Equal((1, 2), await RestoredCommand.RunAsync(_f.ConnectionString, default));
        Assert.Equal("paused restored false 0", await StateAsync(connection));
        await _f.StartAsync();
        var other = await _f.ConnectionAsync(account: "amocrm/other.amocrm.ru");
        await _f.StateAsync((await _f.LeadAsync(other)).Delivery, "delivered");
        Assert.Equal(("in_doubt", "in_doubt"), ((await _f.RowAsync(first)).State, (await _f.RowAsync(second)).State));

        await _f.ExecuteAsync("update connections set state = 'active'; notify deliveries");
        Assert.Equal("77", (await _f.StateAsync(first, "delivered")).RemoteLeadId);
        await _f.StateAsync(second, "delivered");
        Assert.DoesNotContain(_f.Crm.Made, m => m.Lead.LeadId == arrived);
    }
}
