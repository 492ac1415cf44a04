using LeadIngest.Crm;

namespace LeadIngest.Api.Tests.Delivery;

/// <summary>Users of a rule take turns: fairly, over nodes and attempts.</summary>
public sealed class TurnTests : IAsyncLifetime
{
    private DeliveryFixture _f = null!;

    public async Task InitializeAsync() => _f = await DeliveryFixture.CreateAsync();

    public async Task DisposeAsync() => await _f.DisposeAsync();

    private async Task<Guid> ConnectionAsync()
    {
        var connection = await _f.ConnectionAsync();
        await _f.ExecuteAsync("update connections set settings = @Settings::jsonb where id = @Id",
            new { Id = connection, Settings = """{"routing":{"rules":[{"name":"Отдел","then":{"responsible":{"users":[31,32,33]}}}]}}""" });
        return connection;
    }

    [Fact]
    public async Task Two_nodes_and_repeated_attempts_give_every_user_the_same_number_of_leads_and_every_lead_one_user()
    {
        var connection = await ConnectionAsync();
        var given = new System.Collections.Concurrent.ConcurrentBag<(Guid Lead, string User)>();
        var calls = 0;
        _f.Crm.Faults = lead =>
        {
            var again = given.Any(g => g.Lead == lead.LeadId);
            given.Add((lead.LeadId, lead.Steps[Step.Responsible]));
            // Only a lead's first attempt fails: later ones would wait by the schedule.
            return again ? Fault.None : (Interlocked.Increment(ref calls) % 4) switch
            {
                0 => new Fault(Before: new DeliveryOutcome.NotExecuted("429", TimeSpan.Zero)),
                1 => new Fault(Before: new DeliveryOutcome.Unknown("timeout")),
                _ => Fault.None,
            };
        };
        for (var i = 0; i < 30; i++) await _f.LeadAsync(connection);
        await _f.StartAsync();
        await _f.StartAsync();
        for (var i = 0; i < 30; i++) await _f.LeadAsync(connection);

        await _f.AllDeliveredAsync();

        Assert.True(given.Count > 60, "Some leads were sent more than once.");
        var users = given.GroupBy(g => g.Lead).Select(g => Assert.Single(g.Select(x => x.User).Distinct())).ToList();
        Assert.Equal([20, 20, 20], users.GroupBy(u => u).OrderBy(g => g.Key).Select(g => g.Count()));
        Assert.Equal(60, await _f.SingleAsync<long>("select taken from routing_turns where rule = 'Отдел'"));
        Assert.Equal(60, await _f.SingleAsync<int>("select count(*) from deliveries where steps ? 'responsible'"));
    }

    [Fact]
    public async Task Notes_take_no_turn_and_connections_without_such_rules_have_no_counter()
    {
        var (turning, plain) = (await ConnectionAsync(), await _f.ConnectionAsync(account: "amocrm/other.amocrm.ru"));
        var client = await _f.ClientAsync();
        var (first, deal) = await _f.LeadAsync(turning, client);
        await _f.LeadAsync(plain);
        await _f.StartAsync();
        await _f.StateAsync(deal, "delivered");
        await _f.LeadAsync(turning, client, kind: "note", status: "duplicate", duplicateOf: first);
        await _f.AllDeliveredAsync();
        Assert.Equal(1, await _f.SingleAsync<long>("select sum(taken)::bigint from routing_turns"));
    }

    [Fact]
    public async Task A_connection_can_be_removed_with_its_counters()
    {
        var connection = await ConnectionAsync();
        await _f.LeadAsync(connection);
        await _f.StartAsync();
        await _f.AllDeliveredAsync();
        await _f.ExecuteAsync("delete from connections where id = @Id", new { Id = connection });
        Assert.Equal(0, await _f.SingleAsync<int>("select count(*) from routing_turns"));
    }
}
