using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Tests;

public sealed class RequestBudgetTests
{
    private readonly RequestBudgets _budgets = new(TimeProvider.System);

    [Fact]
    public void Two_webhooks_of_one_portal_share_its_budget() =>
        Assert.Same(Of("bitrix24", "https://acme.bitrix24.ru/rest/1/aaa/"), Of("bitrix24", "https://acme.bitrix24.ru/rest/7/bbb/"));

    [Fact]
    public void Two_portals_have_a_budget_each() =>
        Assert.NotSame(Of("bitrix24", "https://acme.bitrix24.ru/rest/1/aaa/"), Of("bitrix24", "https://other.bitrix24.ru/rest/1/aaa/"));

    [Fact]
    public void Two_tokens_of_one_amocrm_account_share_its_budget() =>
        Assert.Same(Of("amocrm", "https://acme.amocrm.ru"), Of("amocrm", "https://acme.amocrm.ru/"));

    [Fact]
    public void Who_goes_out_late_keeps_the_next_at_its_distance_and_never_holds_up_many()
    {
        TimeSpan WaitAfter(double drain, TimeSpan late)
        {
            var bucket = new LeakyBucket(drain, threshold: 1, new StandingClock());
            Assert.True(bucket.TryTake(TimeSpan.FromSeconds(30), out _));
            bucket.Late(late);
            Assert.True(bucket.TryTake(TimeSpan.FromSeconds(30), out var wait));
            return wait;
        }

        Assert.Equal(200, WaitAfter(5, TimeSpan.FromMilliseconds(10)).TotalMilliseconds, 3);
        Assert.Equal(300, WaitAfter(5, TimeSpan.FromMilliseconds(100)).TotalMilliseconds, 3);
        Assert.Equal(600, WaitAfter(5, TimeSpan.FromSeconds(9)).TotalMilliseconds, 3);
        Assert.InRange(WaitAfter(1_000_000, TimeSpan.FromSeconds(1)).TotalMilliseconds, 0, 0.1);
    }

    [Fact]
    public void Batches_that_fail_together_halve_once()
    {
        var size = new BatchSize(50);
        DeliveryOutcome[] lost = [.. Enumerable.Repeat(new DeliveryOutcome.Unknown("504"), 50)];
        for (var i = 0; i < 4; i++) size.Learn(lost);
        Assert.Equal(25, size.Now);
        size.Learn(lost[..25]);
        Assert.Equal(12, size.Now);
    }

    private LeakyBucket Of(string kind, string address) =>
        _budgets.Of(new CrmConnection { Kind = kind, BaseAddress = new Uri(address), Token = "t" }, new CrmTimings());
}
