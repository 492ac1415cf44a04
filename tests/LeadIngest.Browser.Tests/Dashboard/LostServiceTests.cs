using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests.Dashboard;

/// <summary>The page while its service is away.</summary>
[Collection(nameof(DashboardFixture))]
public sealed class LostServiceTests(DashboardFixture fixture)
{
    [Fact]
    public async Task A_page_whose_service_stops_says_so_keeps_what_it_showed_and_goes_on_by_itself()
    {
        await using var person = await fixture.SignInAsync();
        await person.OpenAsync("overview");
        var page = person.Page;
        // What the browser sees of a stopped service: connections refused, whatever is asked.
        await page.Context.RouteAsync("**/*", route => route.AbortAsync("connectionrefused"));
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Заявки" }).Or(page.GetByRole(AriaRole.Link, new() { Name = "Заявки" })).First.ClickAsync();
        await page.GetByText("Сервис не отвечает. Страница спрашивает его снова").WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation)).ToBeVisibleAsync();
        await page.Context.UnrouteAsync("**/*");
        await Assertions.Expect(page.GetByText("Сервис не отвечает. Страница спрашивает его снова")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await person.SettledAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Заявки");
        await Assertions.Expect(page.GetByRole(AriaRole.Row)).Not.ToHaveCountAsync(0);
    }
}
