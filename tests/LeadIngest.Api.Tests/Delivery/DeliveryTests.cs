using LeadIngest.Api.Delivery;
using LeadIngest.Api.Features.Deliveries;
using LeadIngest.Core.Passports;
using LeadIngest.Crm;

namespace LeadIngest.Api.Tests.Delivery;

/// <summary>The way of one lead: delivered, refused, told to wait.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private DeliveryFixture _f = null!;

    public async Task InitializeAsync() => _f = await DeliveryFixture.CreateAsync();

    public async Task DisposeAsync() => await _f.DisposeAsync();

    [Fact]
    public async Task A_lead_is_delivered_whole_and_its_contact_is_remembered()
    {
        var connection = await _f.ConnectionAsync();
        var client = await _f.ClientAsync();
        var (lead, delivery) = await _f.LeadAsync(connection, client);
        await _f.StartAsync();

        var row = await _f.StateAsync(delivery, "delivered");

        var (sent, id) = Assert.Single(_f.Crm.Made);
        Assert.Equal((id, $"c{client:N}", 1, 0), (row.RemoteLeadId, row.RemoteContactId, row.Attempts, row.CrashClaims));
        Assert.Equal((lead, client, OutgoingKind.Deal), (sent.LeadId, sent.ClientId, sent.Kind));
        Assert.Equal(("Анна", "+79161234567", true, "anna at mail", false), (sent.Name, sent.Phone, sent.PhoneIsValid, sent.Email, sent.EmailIsValid));
        Assert.Equal(("okna-plus.ru", "Замер", true, false), (sent.SiteName, sent.FormName, sent.IsDemo, sent.IsRepeat));
        Assert.Equal([new("Мессенджер", "@anna"), new("Площадь", "54 м²")], sent.Fields);
        Assert.Equal((Channel.PaidSearch, Origin.ClickId, Confidence.Likely), (sent.Passport.Channel, sent.Passport.Origin, sent.Passport.Confidence));
        Assert.Equal("17", sent.Passport.ClickIds["yclid"]);
        Assert.Equal(client, await _f.SingleAsync<Guid>("select client_id from identities where kind = 'crm_contact' and value = @V", new { V = $"{connection}/c{client:N}" }));
        Assert.Equal("send delivered 1", await _f.SingleAsync<string>("select action || ' ' || outcome || ' ' || attempt from delivery_attempts"));
    }

    [Fact]
    public async Task A_refused_lead_is_dead_with_the_CRMs_words_and_goes_again_when_told()
    {
        var connection = await _f.ConnectionAsync();
        var (_, delivery) = await _f.LeadAsync(connection);
        _f.Crm.Faults = _ => new Fault(Before: new DeliveryOutcome.Refused("price: must be a number") { Warnings = ["field X was dropped"] });
        await _f.StartAsync();
        var row = await _f.StateAsync(delivery, "dead");
        Assert.Equal(("price: must be a number", 1), (row.LastError, row.Attempts));
        Assert.Equal(["field X was dropped"], row.Warnings!);

        _f.Crm.Faults = _ => Fault.None;
        Assert.Equal(1, (await Again(new(_f.Project, ConnectionId: connection))).Deliveries);

        row = await _f.StateAsync(delivery, "delivered");
        Assert.Equal((1, null), (row.Attempts, row.LastError));
        // It had been sent once: our id was looked up before it was sent again.
        Assert.NotEmpty(_f.Crm.Finds);
        Assert.Equal(0, (await Again(new(_f.Project, Id: delivery))).Deliveries);
    }

    [Fact]
    public async Task A_rate_limit_costs_no_attempt_and_pauses_the_account()
    {
        var connection = await _f.ConnectionAsync();
        var (_, delivery) = await _f.LeadAsync(connection);
        var calls = 0;
        _f.Crm.Faults = _ => ++calls < 3 ? new Fault(Before: new DeliveryOutcome.NotExecuted("429", TimeSpan.FromMilliseconds(300))) : Fault.None;
        await _f.StartAsync();

        await _f.UntilAsync(async () => await _f.SingleAsync<bool>("select exists (select 1 from crm_accounts where retry_at > clock_timestamp())"));
        var row = await _f.StateAsync(delivery, "delivered");
        Assert.Equal(1, row.Attempts);
        Assert.Equal(2, await _f.SingleAsync<int>("select count(*) from delivery_attempts where outcome = 'not_executed'"));
        await _f.UntilAsync(async () => await _f.SingleAsync<bool>("select retry_at is null from crm_accounts"));
    }

    [Theory]
    [InlineData("needs_reauth")]
    [InlineData("blocked")]
    public async Task Refused_credentials_stop_the_connection_and_keep_its_leads(string state)
    {
        var connection = await _f.ConnectionAsync();
        var (_, delivery) = await _f.LeadAsync(connection);
        _f.Crm.Faults = _ => new Fault(Before: state == "blocked" ? new DeliveryOutcome.AccountBlocked("Unpaid.") : new DeliveryOutcome.CredentialsRefused("Token revoked."));
        await _f.StartAsync();

        await _f.UntilAsync(async () => await _f.SingleAsync<string>("select state from connections") == state);
        var row = await _f.StateAsync(delivery, "pending");
        Assert.Equal((0, null), (row.Attempts, row.SentAt));
        var calls = _f.Crm.Batches.Count;

        _f.Crm.Faults = _ => Fault.None;
        await _f.LeadAsync(connection);
        await _f.ExecuteAsync("update connections set state = 'active'");
        await _f.AllDeliveredAsync();
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task A_paused_connection_is_left_alone_and_another_of_the_account_goes_on()
    {
        var paused = await _f.ConnectionAsync();
        var active = await _f.ConnectionAsync();
        await _f.ExecuteAsync("update connections set state = 'paused' where id = @Paused", new { Paused = paused });
        var (_, waiting) = await _f.LeadAsync(paused);
        var (_, going) = await _f.LeadAsync(active);
        await _f.StartAsync();

        await _f.StateAsync(going, "delivered");
        Assert.Equal("pending", (await _f.RowAsync(waiting)).State);
        Assert.Single(_f.Crm.Made);
    }

    [Fact]
    public async Task Unreadable_credentials_stop_nobody_else()
    {
        var (_, stuck) = await _f.LeadAsync(await _f.ConnectionAsync(account: "amocrm/broken.amocrm.ru", readable: false));
        var (_, going) = await _f.LeadAsync(await _f.ConnectionAsync());
        await _f.StartAsync(new DeliveryOptions { MaxAccounts = 1, PollEvery = TimeSpan.FromMilliseconds(100), MaxHold = TimeSpan.FromMilliseconds(1) });

        await _f.StateAsync(going, "delivered");
        Assert.Equal("pending", (await _f.RowAsync(stuck)).State);
    }

    [Fact]
    public async Task A_lead_that_cannot_be_read_is_put_aside_and_its_neighbours_go()
    {
        var connection = await _f.ConnectionAsync();
        var (lead, broken) = await _f.LeadAsync(connection);
        var (_, fine) = await _f.LeadAsync(connection);
        await _f.ExecuteAsync("update leads set passport = '[]' where id = @Lead", new { Lead = lead });
        await _f.StartAsync();

        await _f.StateAsync(fine, "delivered");
        await _f.UntilAsync(async () =>
        {
            await _f.ExecuteAsync("update deliveries set next_attempt_at = clock_timestamp() where state = 'pending'");
            return (await _f.RowAsync(broken)).State == "dead";
        });
        Assert.StartsWith("The stored lead cannot be read", (await _f.RowAsync(broken)).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lead_that_was_sent_too_often_is_stopped()
    {
        var connection = await _f.ConnectionAsync();
        var (_, minute) = await _f.LeadAsync(connection);
        var (_, all) = await _f.LeadAsync(connection);
        await _f.ExecuteAsync("""
            update deliveries set attempts = case when id = @Minute then 5 else 50 end;
            insert into delivery_attempts select project_id, id, gen_random_uuid(), n, 'send', clock_timestamp(), clock_timestamp(), 'unknown' from deliveries, generate_series(1, 5) n
            where id = @Minute
            """, new { Minute = minute });
        await _f.StartAsync();

        Assert.Equal("Stopped: sent 5 times within a minute.", (await _f.StateAsync(minute, "dead")).LastError);
        Assert.Equal("Stopped: sent 50 times.", (await _f.StateAsync(all, "dead")).LastError);
        Assert.Empty(_f.Crm.Batches);
    }

    [Fact]
    public async Task From_commit_to_the_CRM_within_300_ms_at_five_leads_a_second()
    {
        var connection = await _f.ConnectionAsync();
        await _f.StartAsync();
        for (var i = 0; i < 15; i++)
        {
            await _f.LeadAsync(connection);
            await Task.Delay(200);
        }
        await _f.AllDeliveredAsync();
        var median = await _f.SingleAsync<double>("""
            select percentile_cont(0.5) within group (order by extract(epoch from d.sent_at - l.received_at)) from deliveries d join leads l on l.id = d.lead_id
            """);
        Assert.InRange(median, 0, 0.3);
    }

    private Task<Redelivery.Answer> Again(Redelivery.Selection selection) => new Redelivery(_f.Db, new DeliverySignal()).AgainAsync(selection, CancellationToken.None);
}
