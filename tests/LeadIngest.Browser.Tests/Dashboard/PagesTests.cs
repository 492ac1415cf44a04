using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests.Dashboard;

/// <summary>Every page with each of its tabs once in each language and each look, from a telephone's width to a wide screen's. With <c>LEADINGEST_PICTURES</c> set to a folder it leaves a picture of each there.</summary>
[Collection(nameof(DashboardFixture))]
public sealed class PagesTests(DashboardFixture fixture)
{
    private static readonly (string Language, ColorScheme Look)[] Sights = [("ru", ColorScheme.Light), ("en", ColorScheme.Dark)];

    [Theory]
    [InlineData("overview", "Обзор", "Overview", 0)]
    [InlineData("sources", "Источники", "Sources", 0)]
    [InlineData("leads", "Заявки", "Leads", 0)]
    [InlineData("clients", "Клиенты", "Clients", 2)]
    [InlineData("calls", "Звонки", "Calls", 4)]
    [InlineData("funnel", "Воронка", "Funnel", 2)]
    [InlineData("retention", "Возвращаемость", "Retention", 5)]
    [InlineData("team", "Команда", "Team", 3)]
    [InlineData("forgotten", "Забытые клиенты", "Forgotten clients", 0)]
    [InlineData("money", "Деньги", "Money", 8)]
    [InlineData("delivery", "Доставка", "Delivery", 5)]
    [InlineData("rules", "Разметка", "Tags", 3)]
    [InlineData("audit", "Журнал", "Audit log", 0)]
    [InlineData("settings", "Настройки", "Settings", 9)]
    [InlineData("no-such-page", "Такой страницы нет", "There is no such page", 0)]
    public async Task Every_room_and_its_tabs_stand_in_both_languages_and_both_looks(string room, string russian, string english, int atLeastTabs)
    {
        foreach (var (language, look) in Sights)
        {
            await using var person = await fixture.SignInAsync(DashboardFixture.Owner, language, look);
            await person.OpenAsync(room);
            var heading = language == "ru" ? russian : english;
            await StandsAsync(person, heading, $"{room}-{language}-{Named(look)}", language);
            var tabs = await person.Page.GetByRole(AriaRole.Tablist).First.GetByRole(AriaRole.Tab).AllAsync();
            Assert.True(tabs.Count >= atLeastTabs, $"{room} has {tabs.Count} tabs");
            for (var i = 1; i < tabs.Count; i++)
            {
                await person.Page.SetViewportSizeAsync(1440, 900);
                await tabs[i].ClickAsync();
                await Assertions.Expect(tabs[i]).ToHaveAttributeAsync("aria-selected", "true");
                await person.SettledAsync();
                await StandsAsync(person, heading, $"{room}-{i}-{language}-{Named(look)}", language);
            }
            Assert.Empty(person.Wrongs);
        }
    }

    [Theory]
    [InlineData("leads", "select id from leads where project_id = @Project order by received_at desc limit 1")]
    [InlineData("clients", "select client_id from leads where project_id = @Project and client_id is not null order by received_at limit 1")]
    [InlineData("settings/sites", "select id from sites where project_id = @Project order by id limit 1")]
    [InlineData("settings/connections", "select id from connections where project_id = @Project order by id limit 1")]
    [InlineData("settings/senders", "select id from senders where project_id = @Project order by id limit 1")]
    [InlineData("delivery/queue", "select id from deliveries where project_id = @Project order by id desc limit 1")]
    public async Task Every_card_stands_in_both_languages_and_both_looks(string cards, string whose)
    {
        var id = await fixture.ScalarAsync<Guid?>(whose, new { Project = Api.Demo.DemoProject.ProjectId });
        Assert.NotNull(id);
        foreach (var (language, look) in Sights)
        {
            await using var person = await fixture.SignInAsync(DashboardFixture.Owner, language, look);
            await person.OpenAsync($"{cards}/{id}");
            await StandsAsync(person, null, $"{cards.Replace('/', '-')}-card-{language}-{Named(look)}", language);
            Assert.Empty(person.Wrongs);
        }
    }

    [Theory]
    [InlineData("projects", true)]
    [InlineData("account", true)]
    [InlineData("", false)]
    [InlineData("invitation#of-nobody", false)]
    [InlineData("password#of-nobody", false)]
    public async Task Every_page_outside_of_a_project_stands_in_both_languages_and_both_looks(string path, bool signedIn)
    {
        foreach (var (language, look) in Sights)
        {
            await using var person = signedIn ? await fixture.SignInAsync(DashboardFixture.Owner, language, look) : await fixture.StrangerAsync(language, look);
            await person.OpenOutsideAsync(path);
            await StandsAsync(person, null, $"outside-{(path.Length > 0 ? path.Replace('#', '-') : "sign-in")}-{language}-{Named(look)}", language);
            Assert.Empty(person.Wrongs);
        }
    }

    private static string Named(ColorScheme look) => look == ColorScheme.Dark ? "dark" : "light";

    private static async Task StandsAsync(Person person, string? heading, string picture, string language)
    {
        if (heading is not null) await Assertions.Expect(person.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(heading);
        await Assertions.Expect(person.Page.GetByText(language == "ru" ? "Не получилось" : "That did not work")).ToHaveCountAsync(0);
        await person.PictureAsync(picture);
        var faults = await person.FaultsAsync();
        Assert.True(faults.Length == 0, string.Join('\n', faults));
        foreach (var width in new[] { 360, 2560 })
        {
            await person.Page.SetViewportSizeAsync(width, 900);
            await Visitor.UntilAsync(async () => await person.OverflowAsync() <= 0, $"{picture} within {width} pixels");
        }
    }
}
