using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests;

/// <summary>
/// The playground as a newcomer uses it. With <c>LEADINGEST_PICTURES</c> set to a folder it leaves pictures of the page there: <c>playground-before.png</c>
/// with the site's own number, <c>playground.png</c> with the visit's, after a form and a call.
/// </summary>
public sealed partial class PlaygroundTests(BusinessFixture fixture) : IClassFixture<BusinessFixture>
{
    private const string OwnNumber = "+7 (495) 123-45-67";

    [GeneratedRegex(@"^\+7 \(495\) 123-00-\d\d$")]
    private static partial Regex PoolNumber();

    private async Task<(IBrowserContext Context, IPage Page, List<string> Errors)> OpenAsync()
    {
        var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 }, Locale = "ru-RU" });
        context.SetDefaultTimeout(90_000);
        var errors = new List<string>();
        context.WebError += (_, error) => errors.Add(error.Error);
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type == "error") errors.Add($"{message.Text} {message.Location}");
        };
        return (context, page, errors);
    }

    private static ILocatorAssertions Expect(ILocator what) => Assertions.Expect(what);

    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = 90_000 };
    private static readonly LocatorAssertionsToContainTextOptions PatientToContain = new() { Timeout = 90_000 };

    [Theory]
    [InlineData("VK Реклама", "реклама в соцсетях", "VK Реклама", "Осенние_скидки")]
    [InlineData("Google", "контекстная реклама", "Google Ads", "windows_msk")]
    [InlineData("Поиск Яндекса без рекламы", "поиск без рекламы", "Яндекс", "")]
    [InlineData("Прямой заход", "прямой заход", "", "")]
    public async Task Each_arrival_shows_its_source(string link, string channel, string source, string campaign)
    {
        var (context, page, errors) = await OpenAsync();
        await using var _ = context;
        await page.GotoAsync(fixture.Service + "/playground/");
        await page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync();
        foreach (var text in (string[])[channel, source, campaign]) await Expect(page.Locator("#visit")).ToContainTextAsync(text, PatientToContain);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task From_an_advertisement_to_number_form_call_and_both_cards()
    {
        var (context, page, errors) = await OpenAsync();
        await using var _ = context;
        // Held back until the page as it was has been seen.
        var seen = new TaskCompletionSource();
        await context.RouteAsync("**/t/demo-site.js", async route =>
        {
            await seen.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync(fixture.Service + "/playground/", new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await Expect(page.Locator("#later")).ToHaveTextAsync("Добавлен позже: +7 495 123-45-67", Patient);
        await Expect(page.Locator(".phone")).ToHaveTextAsync(OwnNumber, Patient);
        await PictureAsync(page, "playground-before.png");
        seen.SetResult();

        await page.GetByRole(AriaRole.Link, new() { Name = "Яндекс.Директ", Exact = true }).ClickAsync();
        await Expect(page.Locator(".phone")).ToHaveTextAsync(PoolNumber(), Patient);
        var digits = (await page.Locator(".phone").InnerTextAsync())[^9..].Trim();
        await Expect(page.Locator("#later")).ToHaveTextAsync($"Добавлен позже: +7 495 {digits}", Patient);
        await Expect(page.Locator("#visit")).ToContainTextAsync("Поиск_Окна_Москва", PatientToContain);

        await page.GetByRole(AriaRole.Button, new() { Name = "Отправить" }).ClickAsync();
        await Expect(page.Locator("#measure .done")).ToBeVisibleAsync(new() { Timeout = 90_000 });
        var form = page.Locator(".leadcard", new() { HasText = "+7 916 123-45-67" });
        await CompleteAsync(form);
        await Expect(form).ToContainTextAsync("+7 916 123-45-67", PatientToContain);

        await page.Locator("#call").ClickAsync();
        var call = page.Locator(".leadcard", new() { HasText = "Звонок" });
        await CompleteAsync(call);
        await Expect(page.Locator(".leadcard")).ToHaveCountAsync(2);

        await page.EvaluateAsync("scrollTo(0, 0)");
        await PictureAsync(page, "playground.png");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "Something stands out of the page.");

        // The plain form of the second page, sent by the browser itself.
        await page.GetByRole(AriaRole.Link, new() { Name = "Контакты" }).ClickAsync();
        await page.FillAsync("[name=tel]", "8 (903) 000-00-07");
        await page.GetByRole(AriaRole.Button, new() { Name = "Жду звонка" }).ClickAsync();
        await Expect(page.Locator("#thanks")).ToBeVisibleAsync(new() { Timeout = 90_000 });
        await CompleteAsync(page.Locator(".leadcard", new() { HasText = "+7 903 000-00-07" }));
        Assert.Empty(errors);
    }

    /// <summary>The card has the passport of the advertisement and names the deals of both CRMs.</summary>
    private static async Task CompleteAsync(ILocator card)
    {
        foreach (var text in (string[])["Яндекс.Директ", "пластиковые окна цена", "utm_source=yandex"]) await Expect(card).ToContainTextAsync(text, PatientToContain);
        await Expect(card).ToContainTextAsync(new Regex("amoCRM\\s*сделка \\d+: .+Битрикс24\\s*сделка \\d+: .+", RegexOptions.Singleline), PatientToContain);
    }

    private static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("LEADINGEST_PICTURES") is not { Length: > 0 } folder) return;
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name), FullPage = true, Animations = ScreenshotAnimations.Disabled });
    }
}
