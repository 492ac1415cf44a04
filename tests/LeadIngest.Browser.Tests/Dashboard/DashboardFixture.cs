using LeadIngest.Api.Demo.History;
using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests.Dashboard;

/// <summary>The service with its demo project and two months of made-up history, and people who are signed in at a browser. Tests that change something use projects of their own.</summary>
public sealed class DashboardFixture : BusinessFixture
{
    public const string Owner = "admin@demo.local", Manager = "manager@demo.local", Password = "demo correct horse battery";
    private const string Zone = "Europe/Moscow";
    private readonly Dictionary<string, string> _signedIn = [];

    protected override string[] Args => [.. base.Args, $"--Demo:AdminPassword={Password}"];

    protected override async Task StartedAsync()
    {
        await base.StartedAsync();
        var request = new HistoryRequest { Months = 2, Emulator = new Uri(EmulatorUrl) };
        Assert.IsType<HistoryOutcome.Written>(await new DemoHistory(Db, "Testing", TimeProvider.System).RunAsync(request, _ => { }, CancellationToken.None));
    }

    /// <summary>A person at a browser of their own, signed in by the page itself at the first time.</summary>
    internal async Task<Person> SignInAsync(string email = Owner, string language = "ru", ColorScheme look = ColorScheme.Light, int width = 1440, int height = 900, string zone = Zone)
    {
        if (!_signedIn.TryGetValue(email, out var state))
        {
            await using var first = await PersonAsync(null, "ru", ColorScheme.Light, 1280, 800, Zone);
            await first.Page.GotoAsync(Service + "/");
            await first.Page.GetByLabel("Почта").FillAsync(email);
            await first.Page.GetByLabel("Пароль", new() { Exact = true }).FillAsync(Password);
            await first.Page.GetByRole(AriaRole.Button, new() { Name = "Войти" }).ClickAsync();
            await first.Page.GetByRole(AriaRole.Navigation).WaitForAsync();
            _signedIn[email] = state = await first.Page.Context.StorageStateAsync();
        }
        return await PersonAsync(state, language, look, width, height, zone);
    }

    /// <summary>Somebody who is not signed in.</summary>
    internal Task<Person> StrangerAsync(string language = "ru", ColorScheme look = ColorScheme.Light) => PersonAsync(null, language, look, 1280, 800, Zone);

    private async Task<Person> PersonAsync(string? state, string language, ColorScheme look, int width, int height, string zone)
    {
        var context = await Browser.NewContextAsync(new()
        {
            StorageState = state,
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = look,
            Locale = language == "en" ? "en-GB" : "ru-RU",
            TimezoneId = zone,
            ReducedMotion = ReducedMotion.Reduce,
        }).WaitAsync(TimeSpan.FromSeconds(90));
        context.SetDefaultTimeout(60_000);
        await context.AddInitScriptAsync($"localStorage.setItem('leadingest.language', '{language}')");
        return new Person(await context.NewPageAsync(), Service);
    }
}

/// <summary>One demo for all of these tests: its history takes longer than most of them.</summary>
[CollectionDefinition(nameof(DashboardFixture))]
public sealed class OneDemo : ICollectionFixture<DashboardFixture>;
