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

    private LeakyBucket Of(string kind, string address) =>
        _budgets.Of(new CrmConnection { Kind = kind, BaseAddress = new Uri(address), Token = "t" }, new CrmTimings());
}
