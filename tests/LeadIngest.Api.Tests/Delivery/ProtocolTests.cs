using LeadIngest.Api.Delivery;
using LeadIngest.Crm;

namespace LeadIngest.Api.Tests.Delivery;

/// <summary>Leases, fencing, doubt: a lead arrives once whatever happens to the worker, the database or the answer.</summary>
public sealed class ProtocolTests : IAsyncLifetime
{
    private DeliveryFixture _f = null!;

    public async Task InitializeAsync() => _f = await DeliveryFixture.CreateAsync();

    public async Task DisposeAsync() => await _f.DisposeAsync();

    [Fact]
    public async Task A_lost_answer_is_looked_up_and_not_sent_again()
    {
        var connection = await _f.ConnectionAsync();
        _f.Crm.Faults = _ => Fault.LostAfter;
        var (_, delivery) = await _f.LeadAsync(connection);
        await _f.StartAsync();

        var row = await _f.StateAsync(delivery, "delivered");
        Assert.Equal((Assert.Single(_f.Crm.Made).Id, 1), (row.RemoteLeadId, row.Attempts));
        Assert.Equal("send unknown, lookup found", await _f.SingleAsync<string>("select string_agg(action || ' ' || outcome, ', ' order by id) from delivery_attempts"));
    }

    [Fact]
    public async Task A_lost_request_is_sent_again_after_the_last_look_up()
    {
        var connection = await _f.ConnectionAsync();
        var calls = 0;
        _f.Crm.Faults = _ => ++calls == 1
            ? new Fault(Before: new DeliveryOutcome.Unknown("time-out") { Steps = new Dictionary<string, string> { [Step.Contact] = "c1" } }) : Fault.None;
        _f.Crm.LookupDelays = [TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2)];
        var (_, delivery) = await _f.LeadAsync(connection);
        await _f.StartAsync();

        // The schedule's five seconds after the first attempt.
        var row = await _f.StateAsync(delivery, "delivered");
        Assert.Equal((2, 2), (row.Attempts, _f.Crm.Finds.Count));
        Assert.Equal("c1", Assert.Single(_f.Crm.Made).Lead.Steps[Step.Contact]);
        Assert.Equal("send unknown, lookup absent, lookup absent, send delivered",
            await _f.SingleAsync<string>("select string_agg(action || ' ' || outcome, ', ' order by id) from delivery_attempts"));
    }

    [Fact]
    public async Task A_look_up_that_fails_spends_nothing()
    {
        var connection = await _f.ConnectionAsync();
        var finds = 0;
        _f.Crm.OnFind = _ => ++finds < 4 ? new LookupOutcome.Failed("503", TimeSpan.FromMilliseconds(30)) : null;
        _f.Crm.Faults = _ => Fault.LostAfter;
        var (_, delivery) = await _f.LeadAsync(connection);
        await _f.StartAsync();

        await _f.StateAsync(delivery, "delivered");
        Assert.Single(_f.Crm.Made);
        Assert.Equal(4, finds);
    }

    [Fact]
    public async Task What_a_dead_worker_was_sending_is_looked_up_first()
    {
        var connection = await _f.ConnectionAsync();
        var (arrived, first) = await _f.LeadAsync(connection);
        var (_, second) = await _f.LeadAsync(connection);
        await _f.ExecuteAsync("""
            insert into crm_accounts (account_key, lease_owner, lease_token, lease_until) values ('amocrm/okna.amocrm.ru', 'gone', 7, clock_timestamp() - interval '1 s');
            update deliveries set state = 'sending', lease_token = 7, attempts = 1, crash_claims = 1, sent_at = clock_timestamp() - interval '1 minute'
            """);
        _f.Crm.OnFind = lead => lead.LeadId == arrived ? new LookupOutcome.Found { Steps = new Dictionary<string, string> { [Step.Deal] = "77", [Step.Contact] = "5" } } : null;
        await _f.StartAsync();

        Assert.Equal("77", (await _f.StateAsync(first, "delivered")).RemoteLeadId);
        Assert.Equal(2, (await _f.StateAsync(second, "delivered")).Attempts);
        Assert.Single(_f.Crm.Made);
        Assert.Equal(8, await _f.SingleAsync<long>("select lease_token from crm_accounts"));
    }

    [Fact]
    public async Task A_worker_that_lost_its_lease_writes_nothing_but_the_attempt()
    {
        var connection = await _f.ConnectionAsync();
        var (gate, called) = (new TaskCompletionSource(), new TaskCompletionSource());
        _f.Crm.OnSend = async (_, _) =>
        {
            called.TrySetResult();
            await gate.Task;
        };
        var (_, delivery) = await _f.LeadAsync(connection);
        await _f.StartAsync(Slow(renewEvery: TimeSpan.FromSeconds(3)));
        await called.Task;
        // Somebody else holds the account now; the first worker knows nothing of it.
        await _f.ExecuteAsync("update crm_accounts set lease_token = lease_token + 1, lease_owner = 'thief', lease_until = clock_timestamp() + interval '1 hour'");
        gate.SetResult();

        await _f.UntilAsync(async () => await _f.SingleAsync<int>("select count(*) from delivery_attempts") == 1);
        var row = await _f.RowAsync(delivery);
        Assert.Equal(("sending", 1L, null), (row.State, row.LeaseToken, row.RemoteLeadId));

        // The thief dies: the row is looked up and found, not sent again.
        await _f.ExecuteAsync("update crm_accounts set lease_until = clock_timestamp()");
        await _f.StateAsync(delivery, "delivered");
        Assert.Single(_f.Crm.Made);
    }

    [Fact]
    public async Task A_worker_that_slept_through_its_lease_does_not_call()
    {
        var clock = new SkippingClock();
        var terms = new LeaseTerms("amocrm/okna.amocrm.ru", "me", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(25));
        using var lease = await AccountLease.TryTakeAsync(_f.Db.Delivery, clock, terms, CancellationToken.None);
        Assert.True(lease!.MayCall);
        clock.Skip(TimeSpan.FromSeconds(34));
        Assert.True(lease.MayCall);
        clock.Skip(TimeSpan.FromSeconds(2));
        Assert.Equal((false, true), (lease.MayCall, lease.Holds));
        clock.Skip(TimeSpan.FromSeconds(30));
        Assert.False(lease.Holds);
        await lease.HandBackAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Twenty_workers_ask_for_one_lease_and_one_gets_it()
    {
        var terms = new LeaseTerms("amocrm/okna.amocrm.ru", "me", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(25));
        var leases = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AccountLease.TryTakeAsync(_f.Db.Delivery, TimeProvider.System, terms, CancellationToken.None)));
        var lease = Assert.Single(leases, l => l is not null)!;
        Assert.Equal((1, false), (lease.Token, lease.TakenOver));
        await lease.HandBackAsync(CancellationToken.None);
        using var next = await AccountLease.TryTakeAsync(_f.Db.Delivery, TimeProvider.System, terms, CancellationToken.None);
        Assert.Equal((2, false), (next!.Token, next.TakenOver));
        await next.HandBackAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_lead_that_breaks_the_connector_is_put_aside_and_its_neighbours_go()
    {
        var connection = await _f.ConnectionAsync();
        var (poison, delivery) = await _f.LeadAsync(connection);
        for (var i = 0; i < 5; i++) await _f.LeadAsync(connection);
        _f.Crm.OnSend = (batch, _) => batch.Any(l => l.LeadId == poison) ? throw new InvalidOperationException("boom") : Task.CompletedTask;
        await _f.StartAsync();

        await _f.UntilAsync(async () =>
        {
            // The pauses of the schedule are not what is tested here.
            await _f.ExecuteAsync("update deliveries set next_attempt_at = clock_timestamp() where state = 'pending' and not parked");
            return (await _f.RowAsync(delivery)).State == "dead";
        });
        await _f.UntilAsync(async () => await _f.SingleAsync<int>("select count(*) from deliveries where state = 'delivered'") == 5);
        Assert.StartsWith("Put aside: 5 attempts in a row", (await _f.RowAsync(delivery)).LastError, StringComparison.Ordinal);
        Assert.Equal(5, _f.Crm.Made.Count);
    }

    [Fact]
    public async Task A_stop_lets_the_running_call_end_and_hands_the_account_back()
    {
        var connection = await _f.ConnectionAsync();
        var (gate, called) = (new TaskCompletionSource(), new TaskCompletionSource());
        _f.Crm.OnSend = async (_, _) =>
        {
            called.TrySetResult();
            await gate.Task;
        };
        var (_, delivery) = await _f.LeadAsync(connection);
        var worker = await _f.StartAsync();
        await called.Task;
        var stop = worker.StopAsync(CancellationToken.None);
        Assert.False(stop.IsCompleted);
        gate.SetResult();
        await stop;

        Assert.Equal("delivered", (await _f.RowAsync(delivery)).State);
        Assert.True(await _f.SingleAsync<bool>("select lease_owner is null and lease_until = '-infinity' from crm_accounts"));
    }

    [Fact]
    public async Task A_call_that_outlasts_the_stop_is_cut_and_looked_up_by_the_next_worker()
    {
        var connection = await _f.ConnectionAsync();
        var called = new TaskCompletionSource();
        _f.Crm.OnSend = (_, ct) =>
        {
            called.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, ct);
        };
        var (_, delivery) = await _f.LeadAsync(connection);
        var worker = await _f.StartAsync(new DeliveryOptions { StopWithin = TimeSpan.FromMilliseconds(100) });
        await called.Task;
        await worker.StopAsync(CancellationToken.None);
        var row = await _f.RowAsync(delivery);
        Assert.Equal(("in_doubt", 0), (row.State, row.CrashClaims));

        _f.Crm.OnSend = (_, _) => Task.CompletedTask;
        await _f.StartAsync();
        Assert.Equal(2, (await _f.StateAsync(delivery, "delivered")).Attempts);
    }

    [Fact]
    public async Task A_database_that_goes_away_is_survived()
    {
        var connection = await _f.ConnectionAsync();
        await _f.StartAsync();
        for (var i = 0; i < 4; i++)
        {
            for (var k = 0; k < 5; k++) await _f.LeadAsync(connection);
            await _f.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'leadingest-delivery'");
        }
        await _f.AllDeliveredAsync();
        Assert.Equal(20, _f.Crm.Made.Select(m => m.Lead.LeadId).Distinct().Count());
        Assert.Equal(20, _f.Crm.Made.Count);
    }

    [Fact]
    public async Task More_accounts_than_places_are_all_served()
    {
        for (var account = 0; account < 5; account++)
        {
            var connection = await _f.ConnectionAsync(account: $"amocrm/{account}");
            for (var i = 0; i < 3; i++) await _f.LeadAsync(connection);
        }
        await _f.StartAsync(new DeliveryOptions { MaxAccounts = 1, PollEvery = TimeSpan.FromMilliseconds(100), MaxHold = TimeSpan.FromMilliseconds(50) });
        await _f.AllDeliveredAsync();
        Assert.Equal(15, _f.Crm.Made.Count);
    }

    [Fact]
    public async Task Three_workers_under_faults_deliver_each_lead_once_and_each_clients_leads_in_order()
    {
        var random = new Random(20261122);
        // Whole calls fail, as they do: within one request the order is the CRM's.
        _f.Crm.CallFaults = _ =>
        {
            lock (random)
            {
                return random.Next(20) switch
                {
                    0 => Fault.LostAfter,
                    1 => Fault.LostBefore,
                    2 or 3 => Fault.Busy,
                    _ => Fault.None,
                };
            }
        };
        // A call is slow now and then, and the account is torn away from whoever holds it.
        _f.Crm.OnSend = async (_, ct) => await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(30)), ct);
        // Longer than any call is on its way, as in life: what is not found then will not come any more.
        _f.Crm.LookupDelays = [TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(1500)];
        Guid[] connections = [await _f.ConnectionAsync(), await _f.ConnectionAsync(account: "bitrix24/okna", crm: "bitrix24")];
        var clients = new List<Guid>();
        for (var i = 0; i < 40; i++) clients.Add(await _f.ClientAsync());
        for (var i = 0; i < 3; i++) await _f.StartAsync();
        using var done = new CancellationTokenSource();
        var thefts = StealAsync(done.Token);
        for (var i = 0; i < 300; i++) await _f.LeadAsync(connections[i % 2], clients[Random.Shared.Next(clients.Count)]);
        await done.CancelAsync();
        await thefts;

        await _f.UntilAsync(async () =>
        {
            // The schedule's seconds between a lost request and the next attempt are not what is tested here.
            await _f.ExecuteAsync("update deliveries set next_attempt_at = clock_timestamp() where state = 'pending' and not parked and next_attempt_at > clock_timestamp() + interval '300 ms'");
            return await _f.SingleAsync<int>("select count(*) from deliveries where state <> 'delivered'") == 0;
        }, seconds: 90);

        Assert.Empty(_f.Crm.Breaches);
        Assert.Equal(300, _f.Crm.Made.Count);
        Assert.Equal(300, _f.Crm.Made.Select(m => m.Lead.LeadId).Distinct().Count());
        // One client may have leads in both accounts; order is promised within each.
        var first = (await _f.SingleAsync<Guid[]>("select array_agg(lead_id) from deliveries where connection_id = @C", new { C = connections[0] })).ToHashSet();
        foreach (var ordered in _f.Crm.Made.GroupBy(m => (m.Lead.ClientId, first.Contains(m.Lead.LeadId))))
            Assert.Equal(ordered.Select(m => m.Lead.LeadId).Order(), ordered.Select(m => m.Lead.LeadId));
    }

    // Another holder for a moment: the row's worker finds itself fenced, whatever it was doing.
    private async Task StealAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await _f.ExecuteAsync("update crm_accounts set lease_token = lease_token + 1, lease_owner = 'thief', lease_until = clock_timestamp() + interval '50 ms'");
            await Task.Delay(700, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static DeliveryOptions Slow(TimeSpan renewEvery) => new()
    {
        Lease = TimeSpan.FromSeconds(30),
        RenewEvery = renewEvery,
        PollEvery = TimeSpan.FromMilliseconds(200),
    };
}
