using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests.Dashboard;

/// <summary>What a newcomer tries first: a form on the playground, and the lead's card on the page.</summary>
[Collection(nameof(DashboardFixture))]
public sealed class PlaygroundLeadTests(DashboardFixture fixture)
{
    [Fact]
    public async Task A_lead_of_the_playground_appears_in_the_open_list_and_its_card_has_the_passport()
    {
        await using var person = await fixture.SignInAsync();
        await person.OpenAsync("leads");
        await using var visitor = await fixture.StrangerAsync();
        await visitor.Page.GotoAsync(fixture.Service + "/playground/");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Яндекс.Директ", Exact = true }).ClickAsync();
        await Visitor.HeardAsync(visitor.Page);
        await visitor.Page.GetByLabel("Имя").FillAsync("Зинаида с площадки");
        await visitor.Page.GetByLabel("Телефон").FillAsync("+7 916 700-00-01");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Отправить" }).ClickAsync();

        // Nobody has to reload the list.
        await person.Page.GetByText("Зинаида с площадки").First.ClickAsync();
        var card = person.Page.Locator("[data-test=lead-card]");
        foreach (var text in new[] { "Яндекс.Директ", "Поиск_Окна_Москва", "пластиковые окна цена" }) await Assertions.Expect(card).ToContainTextAsync(text);
        await Assertions.Expect(card.GetByText("Доставлена").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await person.PictureAsync("lead-of-the-playground");
        Assert.Empty(person.Wrongs);
    }
}
