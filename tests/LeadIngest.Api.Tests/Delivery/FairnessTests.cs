using LeadIngest.Api.Delivery;
using LeadIngest.Crm;

namespace LeadIngest.Api.Tests.Delivery;

/// <summary>Accounts side by side: one that is slow costs the others nothing.</summary>
public sealed class FairnessTests : IAsyncLifetime
{
    private DeliveryFixture _f = null!;

    public async Task InitializeAsync() => _f = await DeliveryFixture.CreateAsync();

    public async Task DisposeAsync() => await _f.DisposeAsync();

    [Fact]
    public async Task Accounts_that_hang_leave_their_places_to_the_others()
    {
        var healed = new TaskCompletionSource();
        var hanging = new HashSet<Guid>();
        _f.Crm.OnSend = (batch, ct) => hanging.Contains(batch[0].LeadId) ? healed.Task.WaitAsync(ct) : Task.CompletedTask;
        var stuck = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            var (lead, delivery) = await _f.LeadAsync(await _f.ConnectionAsync(account: $"amocrm/silent{i}.amocrm.ru"));
            hanging.Add(lead);
            stuck.Add(delivery);
        }
        var well = new List<Guid>();
        for (var i = 0; i < 4; i++) well.Add(await _f.ConnectionAsync(account: $"amocrm/well{i}.amocrm.ru"));
        await _f.StartAsync(new DeliveryOptions { MaxAccounts = 2, PollEvery = TimeSpan.FromMilliseconds(100), HangsAfter = TimeSpan.FromMilliseconds(150) });
        foreach (var delivery in stuck) await _f.StateAsync(delivery, "sending");

        // Twice, so that it is not only the accounts' first leads that get through.
        for (var round = 0; round < 2; round++)
            foreach (var connection in well) await _f.StateAsync((await _f.LeadAsync(connection)).Delivery, "delivered");
        foreach (var delivery in stuck) Assert.Equal("sending", (await _f.RowAsync(delivery)).State);

        healed.SetResult();
        await _f.AllDeliveredAsync();
    }

    [Fact]
    public async Task More_accounts_than_places_to_wait_in_are_all_served()
    {
        for (var i = 0; i < 12; i++) await _f.LeadAsync(await _f.ConnectionAsync(account: $"amocrm/a{i}.amocrm.ru"));
        await _f.StartAsync(new DeliveryOptions { MaxAccounts = 4, MaxIdle = 2, PollEvery = TimeSpan.FromMinutes(1), IdleHold = TimeSpan.FromMinutes(5) });

        await _f.AllDeliveredAsync();
        await _f.UntilAsync(async () => await _f.SingleAsync<int>("select count(*)::int from crm_accounts where lease_owner is not null") <= 2);
        Assert.Empty(_f.Crm.Breaches);
    }

    [Fact]
    public async Task An_account_that_was_told_to_wait_gives_its_place_back()
    {
        var busy = await _f.LeadAsync(await _f.ConnectionAsync(account: "amocrm/busy.amocrm.ru"));
        _f.Crm.CallFaults = batch => batch[0].LeadId == busy.Lead ? new Fault(Before: new DeliveryOutcome.NotExecuted("429", TimeSpan.FromMinutes(5))) : Fault.None;
        await _f.StartAsync(new DeliveryOptions { MaxAccounts = 1, PollEvery = TimeSpan.FromMilliseconds(100), MaxHold = TimeSpan.FromMinutes(1) });
        await _f.UntilAsync(async () => (await _f.RowAsync(busy.Delivery)).LastError == "429");

        await _f.StateAsync((await _f.LeadAsync(await _f.ConnectionAsync(account: "amocrm/well.amocrm.ru"))).Delivery, "delivered");
        Assert.Equal("pending", (await _f.RowAsync(busy.Delivery)).State);
    }
}
