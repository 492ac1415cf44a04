using System.Collections.Concurrent;
using System.Text.Json;
using LeadIngest.Api.Demo;
using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests.Dashboard;

/// <summary>Somebody at the page. Collects whatever goes wrong there: errors of scripts, refusals of the page's own policy, requests to other hosts.</summary>
internal sealed class Person : IAsyncDisposable
{
    private static readonly Lazy<string> Axe = new(() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "axe.min.js")));
    private readonly string _service;

    public Person(IPage page, string service)
    {
        (Page, _service) = (page, service);
        page.PageError += (_, error) => Wrongs.Enqueue("script: " + error);
        page.Console += (_, message) =>
        {
            // A refusal that a test provokes is a line of the console too; what it says of the status is not an error of the page.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) Wrongs.Enqueue($"console: {message.Text}");
        };
        page.Request += (_, request) =>
        {
            var uri = new Uri(request.Url);
            if (uri.Scheme is "http" or "https" && !request.Url.StartsWith(service, StringComparison.Ordinal)) Wrongs.Enqueue("another host: " + uri.Host);
        };
        page.Dialog += (_, dialog) =>
        {
            Wrongs.Enqueue("dialog: " + dialog.Message);
            _ = dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    public ConcurrentQueue<string> Wrongs { get; } = new();

    /// <summary>A room of a project's, as soon as its heading stands and nothing is loading any more.</summary>
    public async Task OpenAsync(string room, Guid? project = null)
    {
        await Page.GotoAsync($"{_service}/p/{project ?? DemoProject.ProjectId}/{room}");
        await SettledAsync();
    }

    /// <summary>A page that belongs to no project.</summary>
    public async Task OpenOutsideAsync(string path)
    {
        await Page.GotoAsync($"{_service}/{path}");
        await SettledAsync();
    }

    public async Task SettledAsync()
    {
        await Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First.WaitForAsync();
        // Asked over and over from here: what waits inside of a page is text that becomes a script there, which the page's policy refuses.
        await Visitor.UntilAsync(async () => !await Page.EvaluateAsync<bool>("!!document.querySelector('.ant-skeleton-active, .ant-spin-spinning')"), "everything to have come");
    }

    /// <summary>Rules of accessibility that the page breaks seriously or worse, with the first place of each.</summary>
    public async Task<string[]> FaultsAsync()
    {
        // By the debugger's way in: the page's policy takes no script from elsewhere.
        await Page.EvaluateAsync(Axe.Value);
        var found = await Page.EvaluateAsync<JsonElement>("axe.run(document, { resultTypes: ['violations'] }).then(r => r.violations)");
        return [.. found.EnumerateArray().Where(v => v.GetProperty("impact").GetString() is "serious" or "critical")
            .Select(v => $"{v.GetProperty("id").GetString()} × {v.GetProperty("nodes").GetArrayLength()}: {v.GetProperty("nodes")[0].GetProperty("html").GetString()} {v.GetProperty("nodes")[0].GetProperty("failureSummary").GetString()}")];
    }

    /// <summary>Pixels by which the page is wider than the window.</summary>
    public Task<int> OverflowAsync() => Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>Leaves a picture where <c>LEADINGEST_PICTURES</c> names a folder.</summary>
    public async Task PictureAsync(string name, bool whole = false)
    {
        if (Environment.GetEnvironmentVariable("LEADINGEST_PICTURES") is { Length: > 0 } folder)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = whole });
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
