using System.Text.Json;
using LeadIngest.Api.Demo;
using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests.Dashboard;

/// <summary>What a manager reaches by the page: the own, and nothing else by any address.</summary>
[Collection(nameof(DashboardFixture))]
public sealed class ManagerTests(DashboardFixture fixture)
{
    [Fact]
    public async Task A_manager_reaches_own_leads_alone_and_no_page_of_money_or_settings()
    {
        await using var person = await fixture.SignInAsync(DashboardFixture.Manager);
        var page = person.Page;
        await person.OpenAsync("leads");
        var own = (await page.EvaluateAsync<JsonElement>($$"""
            () => fetch('/v1/leads?limit=500', { headers: { 'X-Project': '{{DemoProject.ProjectId}}' } }).then(a => a.json())
            """)).GetProperty("items").EnumerateArray().Select(l => l.GetProperty("id").GetGuid()).ToArray();
        Assert.NotEmpty(own);
        var foreign = await fixture.ScalarAsync<Guid>("select id from leads where project_id = @P and id <> all(@own) order by id desc limit 1", new { P = DemoProject.ProjectId, own });
        Assert.NotEqual(default, foreign);

        await person.OpenAsync($"leads/{own[0]}");
        await page.Locator("[data-test=lead-card]").WaitForAsync();
        await person.OpenAsync($"leads/{foreign}");
        await page.GetByText("Такой заявки нет").WaitForAsync();
        await Assertions.Expect(page.Locator("[data-test=lead-card]")).ToHaveCountAsync(0);

        var menu = page.GetByRole(AriaRole.Navigation).First;
        foreach (var (room, name) in new[] { ("overview", "Обзор"), ("sources", "Источники"), ("money", "Деньги"), ("delivery", "Доставка"), ("audit", "Журнал"), ("settings", "Настройки") })
        {
            await Assertions.Expect(menu.GetByText(name, new() { Exact = true })).ToHaveCountAsync(0);
            await page.GotoAsync($"{fixture.Service}/p/{DemoProject.ProjectId}/{room}");
            await page.GetByText("Нет доступа").WaitForAsync();
        }
    }
}
