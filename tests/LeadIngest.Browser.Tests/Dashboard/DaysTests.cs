using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests.Dashboard;

/// <summary>Whoever looks, and from wherever: the days of the page are those of the project, which goes by Moscow's clock.</summary>
[Collection(nameof(DashboardFixture))]
public sealed class DaysTests(DashboardFixture fixture)
{
    [Theory]
    [InlineData("America/Los_Angeles", "2026-03-10T22:30:00Z", "2026-02-10", "2026-03-11")]
    [InlineData("Asia/Kamchatka", "2026-03-10T15:00:00Z", "2026-02-09", "2026-03-10")]
    public async Task The_last_thirty_days_and_today_are_the_projects(string zone, string now, string first, string today)
    {
        await using var person = await fixture.SignInAsync(zone: zone);
        var page = person.Page;
        await page.Clock.SetFixedTimeAsync(now);
        var asked = await page.RunAndWaitForRequestAsync(() => person.OpenAsync("overview"), r => r.Url.Contains("/v1/reports/sources?", StringComparison.Ordinal));
        Assert.Contains($"from={first}&to={today}&", asked.Url, StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { Name = "Период" }).ClickAsync();
        await page.Locator(".ant-picker-range input").First.ClickAsync();
        await Assertions.Expect(page.Locator(".ant-picker-cell-today").First).ToHaveAttributeAsync("title", today);
    }
}
