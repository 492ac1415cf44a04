using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using LeadIngest.Api.Access;
using LeadIngest.Api.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests.Dashboard;

/// <summary>An installation that nobody has set up yet, and the emulated CRMs.</summary>
public sealed class EmptyFixture : BusinessFixture
{
    /// <summary>No CRM can call back to a machine of its own: what changed there is asked for, and sooner than the ten minutes of the product.</summary>
    protected override string[] Args => [.. CrmArgs, "--Import:PollEvery=00:00:01"];

    /// <summary>What the service has printed on its console at the start.</summary>
    internal async Task<string> CodeAsync()
    {
        using var console = new StringWriter();
        await App.Services.GetRequiredService<FirstStart>().AnnounceAsync(console, Service, CancellationToken.None);
        return console.ToString().Trim().Split(' ')[^1];
    }
}

/// <summary>A business from the first set-up to what its advertisement brought, all of it by hand on the page. With <c>LEADINGEST_PICTURES</c> set to a folder it leaves pictures there.</summary>
public sealed partial class StoryTests(EmptyFixture fixture) : IClassFixture<EmptyFixture>
{
    private const string Password = "three quiet rivers";

    [GeneratedRegex("""<script[^>]*src="(?<src>[^"]+)"[^>]*>""")]
    private static partial Regex Tag();

    [Fact]
    public async Task From_the_first_set_up_to_the_romi_of_an_advertisement()
    {
        var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, Locale = "ru-RU", TimezoneId = "Europe/Moscow", ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(60_000);
        await using var person = new Person(await context.NewPageAsync(), fixture.Service);
        var page = person.Page;
        ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name });

        // The first set-up.
        await page.GotoAsync(fixture.Service + "/");
        await page.GetByLabel("Код из консоли").FillAsync(await fixture.CodeAsync());
        await page.GetByLabel("Ваше имя").FillAsync("Ольга");
        await page.GetByLabel("Почта").FillAsync("olga@okna-plus.ru");
        await page.GetByLabel("Пароль", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("Название бизнеса").FillAsync("Окна Плюс");
        await person.PictureAsync("set-up");
        await Button("Начать").ClickAsync();

        // A site, and its line of code.
        await Button("Добавить сайт").First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Название").FillAsync("okna-plus.ru");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Добавить" }).ClickAsync();
        var project = await fixture.ScalarAsync<Guid>("select project_id from projects where name = 'Окна Плюс'");
        string? key = null;
        await Visitor.UntilAsync(async () => (key = await fixture.ScalarAsync<string>("select site_key from sites where project_id = @project", new { project })) is not null, "the site");
        var shown = page.GetByText($"/t/{key}.js").First;
        await shown.WaitForAsync();
        var code = await shown.InnerTextAsync();
        Assert.Equal($"{fixture.Service}/t/{key}.js", Tag().Match(code).Groups["src"].Value);

        // The CRM.
        await person.OpenAsync("settings/connections", project);
        await Button("Подключить CRM").First.ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { NameRegex = new Regex("Долгосрочный токен") }).CheckAsync();
        await page.GetByLabel("Название подключения").FillAsync("Отдел продаж");
        await page.GetByLabel("Адрес аккаунта").FillAsync(fixture.EmulatorUrl + "/amocrm");
        await page.GetByLabel("Токен", new() { Exact = true }).FillAsync("demo-amocrm-token");
        await page.Locator("form").GetByRole(AriaRole.Button, new() { Name = "Подключить" }).ClickAsync();
        await page.GetByText("CRM подключена").WaitForAsync();

        // Where leads go is chosen by the CRM's own names, and seen before it is saved.
        await page.GetByRole(AriaRole.Tab, new() { Name = "Поля и правила" }).ClickAsync();
        foreach (var (field, name) in new[] { ("pipelineId", "Повторные продажи"), ("stageId", "В работе") })
        {
            await page.Locator($"#settings_{field}").ClickAsync();
            await page.Locator(".ant-select-dropdown:visible").GetByText(name).ClickAsync();
        }
        await Assertions.Expect(page.Locator(".ant-descriptions-row").Filter(new() { HasText = "Этап" })).ToContainTextAsync("В работе");
        await Button("Сохранить").First.ClickAsync();
        await page.GetByText("Новые заявки пойдут так").WaitForAsync();

        // A visitor comes from an advertisement and asks.
        var site = new TestProject(project, "", key!, await fixture.ScalarAsync<Guid>("select id from sites where project_id = @project", new { project }));
        await using var visitor = await fixture.VisitorAsync(site);
        var shop = await visitor.OpenAsync(fixture.Site.Page("<form data-leadingest=send><input name=name value='Анна'><input type=tel name=phone value='8 (916) 123-45-67'><button>Отправить</button></form>", code)
            + "?utm_source=yandex&utm_medium=cpc&utm_campaign=%D0%9E%D0%BA%D0%BD%D0%B0&utm_term=%D0%BE%D0%BA%D0%BD%D0%B0%20%D1%86%D0%B5%D0%BD%D0%B0", "https://ya.ru/");
        await Visitor.HeardAsync(shop);
        await shop.ClickAsync("button");

        // Its card on the page, with the passport.
        await person.OpenAsync("leads", project);
        await page.GetByText("Анна").First.ClickAsync();
        var card = page.Locator("[data-test=lead-card]");
        await Assertions.Expect(card).ToContainTextAsync("Яндекс.Директ");
        await Assertions.Expect(card).ToContainTextAsync("окна цена");
        await Assertions.Expect(card.GetByText("Доставлена").First).ToBeVisibleAsync();
        await person.PictureAsync("story-lead");

        // The deal is won in the CRM.
        var remote = await fixture.ScalarAsync<string>("select remote_lead_id from deliveries where project_id = @project", new { project });
        using var doors = new HttpClient();
        var deal = (await doors.GetFromJsonAsync<JsonElement[]>(fixture.EmulatorUrl + "/_state/amocrm/leads"))!.Single(d => d.GetProperty("id").ToString() == remote);
        Assert.Equal((9200, 9203), (deal.GetProperty("pipeline_id").GetInt32(), deal.GetProperty("status_id").GetInt32()));
        (await doors.PostAsJsonAsync(fixture.EmulatorUrl + "/_act/amocrm", new { entity = "deal", id = long.Parse(remote!, CultureInfo.InvariantCulture), set = new { status_id = 142, price = 90_000 } })).EnsureSuccessStatusCode();

        // What the advertisement cost.
        await person.OpenAsync("money/manual", project);
        await Button("Добавить расход").First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Название").FillAsync("Директ");
        foreach (var day in new[] { "Первый день", "Последний день" })
        {
            await dialog.GetByLabel(day).ClickAsync();
            await page.Locator(".ant-picker-dropdown:visible").GetByText("Сегодня").ClickAsync();
        }
        await dialog.GetByLabel("Сумма", new() { Exact = true }).FillAsync("30000");
        await dialog.GetByLabel("Источник").FillAsync("yandex");
        await dialog.GetByLabel("Тип (utm_medium)").FillAsync("cpc");
        await dialog.GetByLabel("Кампания").FillAsync("Окна");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Сохранить" }).ClickAsync();
        await dialog.WaitForAsync(new() { State = WaitForSelectorState.Hidden });

        // 90,000 on 30,000 is 300 %, and the page says in which meaning.
        await Visitor.UntilAsync(async () =>
        {
            await person.OpenAsync("overview", project);
            return await page.GetByText(new Regex(@"^300\s%$")).CountAsync() > 0;
        }, "the ROMI of the advertisement");
        await Assertions.Expect(page.GetByText("выручка / расход, 100 % — окупились").First).ToBeVisibleAsync();
        await person.PictureAsync("story-overview");
        Assert.Empty(person.Wrongs);
    }
}
