namespace LeadIngest.Crm.Tests;

/// <summary>What goes wrong between us and a CRM, and that nothing is lost or doubled by it.</summary>
public abstract partial class CrmAccountContract
{
    [Theory]
    [InlineData("drop_after", null)]
    [InlineData("status_after", 500)]
    [InlineData("status_after", 502)]
    [InlineData("status_after", 504)]
    public async Task What_was_done_before_the_answer_was_lost_is_found_and_not_sent_twice(string kind, int? status)
    {
        await DeliverAsync(Samples.Lead());
        var lead = Samples.Lead();
        await _crm.FailAsync(kind, status);
        Assert.IsType<DeliveryOutcome.Unknown>(await SendAsync(lead));
        await _crm.HealAsync();
        var found = Assert.IsType<LookupOutcome.Found>(await FindAsync(lead));
        var deal = await OneAsync("deals", found.Steps[Step.Deal]);
        Assert.Equal(ContactOf(deal), found.Steps[Step.Contact]);
        Assert.Equal(2, (await _crm.HoldsAsync("deals")).Count);
        Assert.Equal(2, (await _crm.HoldsAsync("contacts")).Count);
    }

    [Theory]
    [InlineData("drop_before", null)]
    [InlineData("status_before", 500)]
    [InlineData("down", 503)]
    public async Task What_was_not_done_is_in_doubt_and_then_absent(string kind, int? status)
    {
        await DeliverAsync(Samples.Lead());
        var lead = Samples.Lead();
        await _crm.FailAsync(kind, status);
        Assert.IsType<DeliveryOutcome.Unknown>(await SendAsync(lead));
        Assert.IsType<LookupOutcome.Failed>(await FindAsync(lead));
        await _crm.HealAsync();
        Assert.IsType<LookupOutcome.Absent>(await FindAsync(lead));
        await DeliverAsync(lead);
        Assert.Equal(2, (await _crm.HoldsAsync("deals")).Count);
    }

    [Theory]
    [InlineData("hang", 5000)]
    [InlineData("html", null)]
    public async Task Silence_and_a_gateways_page_are_doubts(string kind, int? ms)
    {
        await using var account = Account(_crm, new CrmTimings { AttemptTimeout = TimeSpan.FromMilliseconds(400), RequestsPerSecond = 1000 });
        Assert.IsType<DeliveryOutcome.Delivered>(Assert.Single(await account.SendAsync([Samples.Lead()], _guard, default)));
        await _crm.FailAsync(kind, ms: ms);
        var lead = Samples.Lead();
        Assert.IsType<DeliveryOutcome.Unknown>(Assert.Single(await account.SendAsync([lead], _guard, default)));
    }

    [Fact]
    public async Task A_new_deal_that_search_does_not_know_yet_is_absent_and_later_found()
    {
        await _crm.FailAsync("search_lag", ms: 1500);
        var lead = Samples.Lead();
        await DeliverAsync(lead);
        Assert.IsType<LookupOutcome.Absent>(await FindAsync(lead));
        await Task.Delay(1600);
        Assert.IsType<LookupOutcome.Found>(await FindAsync(lead));
    }

    [Theory]
    [InlineData("expire_tokens", null, "CredentialsRefused")]
    [InlineData("status_before", 401, "CredentialsRefused")]
    public virtual async Task Trouble_with_the_account_leaves_the_delivery_pending(string kind, int? status, string expected)
    {
        await DeliverAsync(Samples.Lead());
        await _crm.FailAsync(kind, status);
        var outcome = await SendAsync(Samples.Lead());
        Assert.Equal(expected, outcome.GetType().Name);
        Assert.IsType<LookupOutcome.Failed>(await FindAsync(Samples.Lead()));
        Assert.False((await _account.CheckAsync(new CheckRequest(), _guard, default)).Ok);
        Assert.Single(await _crm.HoldsAsync("deals"));
        Assert.DoesNotContain(Secret, outcome + _account.Health.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_answer_is_no_doubt_and_tells_when_to_come_back()
    {
        await DeliverAsync(Samples.Lead());
        await _crm.FailAsync("status_before", 429);
        Assert.True(Assert.IsType<DeliveryOutcome.NotExecuted>(await SendAsync(Samples.Lead())).After > TimeSpan.FromSeconds(1));
        Assert.False(_account.Health.BreakerOpen);
        Assert.Single(await _crm.HoldsAsync("deals"));
    }

    [Fact]
    public async Task A_CRM_that_is_not_there_is_no_doubt()
    {
        await using var account = CrmAccounts.Create(Connection(new Uri("http://127.0.0.1:9/")), new CrmTimings(), new RequestBudgets(TimeProvider.System), Handler, TimeProvider.System);
        var outcome = Assert.Single(await account.SendAsync([Samples.Lead()], _guard, default));
        Assert.IsType<DeliveryOutcome.NotExecuted>(outcome);
        Assert.DoesNotContain(Secret, outcome.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_sent_without_the_lease()
    {
        var outcome = Assert.Single(await _account.SendAsync([Samples.Lead()], new Guard(mayCall: false), default));
        Assert.Equal("lease lost", Assert.IsType<DeliveryOutcome.NotExecuted>(outcome).Why);
        Assert.IsType<LookupOutcome.Failed>(Assert.Single(await _account.FindAsync([Samples.Lead()], new Guard(mayCall: false), default)));
        Assert.Equal(0, await _crm.CallsAsync());
    }
}
