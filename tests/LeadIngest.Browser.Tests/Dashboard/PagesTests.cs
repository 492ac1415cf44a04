using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests.Dashboard;

/// <summary>Every page once in each language and each look, from a telephone's width to a wide screen's. With <c>LEADINGEST_PICTURES</c> set to a folder it leaves a picture of each there.</summary>
[Collection(nameof(DashboardFixture))]
public sealed class PagesTests(DashboardFixture fixture)
{
    [Theory]
    [InlineData("overview", "Обзор", "Overview")]
    [InlineData("sources", "Источники", "Sources")]
    [InlineData("leads", "Заявки", "Leads")]
    [InlineData("clients", "Клиенты", "Clients")]
    [InlineData("calls", "Звонки", "Calls")]
    [InlineData("funnel", "Воронка", "Funnel")]
    [InlineData("retention", "Возвращаемость", "Retention")]
    [InlineData("team", "Команда", "Team")]
    [InlineData("forgotten", "Забытые клиенты", "Forgotten clients")]
    [InlineData("money", "Деньги", "Money")]
    [InlineData("delivery", "Доставка", "Delivery")]
    [InlineData("rules", "Разметка", "Tags")]
    [InlineData("audit", "Журнал", "Audit log")]
    [InlineData("settings", "Настройки", "Settings")]
    public async Task Every_page_stands_in_both_languages_and_both_looks(string room, string russian, string english)
    {
        foreach (var (language, look, heading) in new[] { ("ru", ColorScheme.Light, russian), ("en", ColorScheme.Dark, english) })
        {
            await using var person = await fixture.SignInAsync(DashboardFixture.Owner, language, look);
            await person.OpenAsync(room);
            await Assertions.Expect(person.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(heading);
            await Assertions.Expect(person.Page.GetByText(language == "ru" ? "Не получилось" : "That did not work")).ToHaveCountAsync(0);
            await person.PictureAsync($"{room}-{language}-{look.ToString().ToLowerInvariant()}");
            Assert.Empty(await person.FaultsAsync());
            foreach (var width in new[] { 360, 2560 })
            {
                await person.Page.SetViewportSizeAsync(width, 900);
                await person.SettledAsync();
                await Visitor.UntilAsync(async () => await person.OverflowAsync() <= 0, $"{room} within {width} pixels");
            }
            Assert.Empty(person.Wrongs);
        }
    }
}
