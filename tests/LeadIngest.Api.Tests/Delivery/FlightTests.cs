using LeadIngest.Api.Delivery;

namespace LeadIngest.Api.Tests.Delivery;

/// <summary>Several calls of one account in the air: what one call at a time promises holds all the same.</summary>
public sealed class FlightTests : IAsyncLifetime
{
    private DeliveryFixture _f = null!;

    public async Task InitializeAsync()
    {
        _f = await DeliveryFixture.CreateAsync();
        _f.Crm.MaxCalls = 4;
        _f.Crm.MaxBatch = 5;
    }

    public async Task DisposeAsync() => await _f.DisposeAsync();

    [Fact]
    public async Task A_backlog_goes_in_several_calls_at_a_time_and_no_client_is_in_two_of_them()
    {
        var most = 0;
        _f.Crm.OnSend = async (batch, ct) =>
        {
            var others = _f.Crm.Running.Values.Where(b => !ReferenceEquals(b, batch)).ToList();
            InterlockedMax(ref most, others.Count + 1);
            if (batch.Any(lead => others.Exists(b => b.Any(o => o.ClientId == lead.ClientId)))) _f.Crm.Breaches.Enqueue("a client in two calls");
            await Task.Delay(20, ct);
        };
        var connection = await _f.ConnectionAsync();
        var clients = new List<Guid>();
        for (var i = 0; i < 60; i++) clients.Add(await _f.ClientAsync());
        for (var i = 0; i < 240; i++) await _f.LeadAsync(connection, clients[i * 7 % 60]);
        await _f.StartAsync();
        await _f.AllDeliveredAsync();

        Assert.Equal(240, _f.Crm.Made.Select(m => m.Lead.LeadId).Distinct().Count());
        Assert.Equal(240, _f.Crm.Made.Count);
        Assert.Empty(_f.Crm.Breaches);
        Assert.Equal(4, most);
        foreach (var ordered in _f.Crm.Made.GroupBy(m => m.Lead.ClientId)) Assert.Equal(ordered.Select(m => m.Lead.LeadId).Order(), ordered.Select(m => m.Lead.LeadId));
    }

    [Fact]
    public async Task Leads_that_come_one_by_one_while_a_call_is_in_the_air_share_the_next()
    {
        var (gate, called) = (new TaskCompletionSource(), new TaskCompletionSource());
        _f.Crm.OnSend = async (_, _) =>
        {
            called.TrySetResult();
            await gate.Task;
        };
        var connection = await _f.ConnectionAsync();
        await _f.LeadAsync(connection);
        await _f.StartAsync();
        await called.Task;
        for (var i = 0; i < 3; i++) await _f.LeadAsync(connection);
        gate.SetResult();
        await _f.AllDeliveredAsync();
        Assert.Equal([1, 3], _f.Crm.Batches.Select(b => b.Count));
    }

    [Fact]
    public async Task A_suspected_lead_has_the_account_to_itself()
    {
        var connection = await _f.ConnectionAsync();
        var leads = new List<(Guid Lead, Guid Delivery)>();
        for (var i = 0; i < 60; i++) leads.Add(await _f.LeadAsync(connection));
        var (bad, delivery) = leads[20];
        await _f.ExecuteAsync("update deliveries set crash_claims = 1 where id = @delivery", new { delivery });
        _f.Crm.OnSend = async (batch, ct) =>
        {
            await Task.Delay(10, ct);
            if (_f.Crm.Running.Count > 1 && _f.Crm.Running.Values.Any(b => b.Any(l => l.LeadId == bad))) _f.Crm.Breaches.Enqueue("company for the suspect");
        };
        await _f.StartAsync();
        await _f.AllDeliveredAsync();
        Assert.Empty(_f.Crm.Breaches);
        Assert.Contains(_f.Crm.Batches, b => b is [var alone] && alone.LeadId == bad);
    }

    [Fact]
    public async Task A_worker_that_lost_its_lease_with_calls_in_the_air_writes_none_of_them()
    {
        var gate = new TaskCompletionSource();
        _f.Crm.OnSend = (_, _) => gate.Task;
        var connection = await _f.ConnectionAsync();
        for (var i = 0; i < 20; i++) await _f.LeadAsync(connection);
        await _f.StartAsync(new DeliveryOptions { Lease = TimeSpan.FromSeconds(30), RenewEvery = TimeSpan.FromSeconds(10), PollEvery = TimeSpan.FromMilliseconds(200) });
        await _f.UntilAsync(() => Task.FromResult(_f.Crm.Running.Count == 4));
        await _f.ExecuteAsync("update crm_accounts set lease_token = lease_token + 1, lease_owner = 'thief', lease_until = clock_timestamp() + interval '1 hour'");
        gate.SetResult();

        await _f.UntilAsync(async () => await _f.SingleAsync<int>("select count(*) from delivery_attempts") == 20);
        Assert.Equal(20, await _f.SingleAsync<int>("select count(*) from deliveries where state = 'sending' and lease_token = 1 and remote_lead_id is null"));

        // The next holder finds them all, and sends none again.
        await _f.ExecuteAsync("update crm_accounts set lease_until = clock_timestamp()");
        await _f.AllDeliveredAsync();
        Assert.Equal(20, _f.Crm.Made.Count);
    }

    [Fact]
    public async Task A_stop_waits_for_every_call_in_the_air()
    {
        var gate = new TaskCompletionSource();
        _f.Crm.OnSend = (_, _) => gate.Task;
        var connection = await _f.ConnectionAsync();
        for (var i = 0; i < 40; i++) await _f.LeadAsync(connection);
        var worker = await _f.StartAsync();
        await _f.UntilAsync(() => Task.FromResult(_f.Crm.Running.Count == 4));
        var stop = worker.StopAsync(CancellationToken.None);
        gate.SetResult();
        await stop;
        Assert.Equal((20, 20), (_f.Crm.Made.Count, await _f.SingleAsync<int>("select count(*) from deliveries where state = 'delivered'")));
        Assert.Equal(20, await _f.SingleAsync<int>("select count(*) from deliveries where state = 'pending' and attempts = 0"));
        Assert.True(await _f.SingleAsync<bool>("select lease_owner is null from crm_accounts"));
    }

    [Fact]
    public async Task Two_workers_under_faults_and_thefts_deliver_each_lead_once_and_in_order()
    {
        var random = new Random(20261122);
        _f.Crm.CallFaults = _ =>
        {
            lock (random) return random.Next(20) switch { 0 => Fault.LostAfter, 1 => Fault.LostBefore, 2 or 3 => Fault.Busy, _ => Fault.None };
        };
        _f.Crm.OnSend = async (_, ct) => await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(30)), ct);
        _f.Crm.LookupDelays = [TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(1500)];
        var connection = await _f.ConnectionAsync();
        var clients = new List<Guid>();
        for (var i = 0; i < 80; i++) clients.Add(await _f.ClientAsync());
        for (var i = 0; i < 300; i++) await _f.LeadAsync(connection, clients[i * 7 % 80]);
        for (var i = 0; i < 2; i++) await _f.StartAsync();
        for (var i = 0; i < 4; i++)
        {
            await Task.Delay(300);
            await _f.ExecuteAsync("update crm_accounts set lease_token = lease_token + 1, lease_owner = 'thief', lease_until = clock_timestamp() + interval '50 ms'");
        }

        await _f.UntilAsync(async () =>
        {
            // The schedule's seconds between a lost request and the next attempt are not what is tested here.
            await _f.ExecuteAsync("update deliveries set next_attempt_at = clock_timestamp() where state = 'pending' and not parked and next_attempt_at > clock_timestamp() + interval '300 ms'");
            return await _f.SingleAsync<int>("select count(*) from deliveries where state <> 'delivered'") == 0;
        }, seconds: 90);
        Assert.Empty(_f.Crm.Breaches);
        Assert.Equal(300, _f.Crm.Made.Count);
        foreach (var ordered in _f.Crm.Made.GroupBy(m => m.Lead.ClientId)) Assert.Equal(ordered.Select(m => m.Lead.LeadId).Order(), ordered.Select(m => m.Lead.LeadId));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen && Interlocked.CompareExchange(ref most, value, seen) != seen;) seen = Volatile.Read(ref most);
    }
}
