using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using LeadIngest.Api.Tests;
using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests;

/// <summary>A person at a browser, on the pages of one site. Collects what the tracker tells and what goes wrong on the pages.</summary>
internal sealed class Visitor(TrackerFixture fixture, TestProject project, IBrowserContext context) : IAsyncDisposable
{
    public static readonly object[] NoNumbers = [];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    public IBrowserContext Context => context;

    /// <summary>Messages of the tracker, in the order of their arrival.</summary>
    public ConcurrentQueue<JsonElement> Told { get; } = new();

    /// <summary>Errors that scripts left on the pages; a tracker must not add to them.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    /// <summary>What the visits' address answers with.</summary>
    public object[] Numbers { get; set; } = NoNumbers;

    public int HoldSeconds { get; set; } = 150;

    /// <summary>The visits' address fails like a server that is away.</summary>
    public bool VisitsFail { get; set; }

    /// <summary>The tag that loads the tracker.</summary>
    public string Tag(string attributes = "") => $"<script {attributes} src=\"{fixture.Service}/t/{project.SiteKey}.js\"></script>";

    public async Task AnswerVisitsAsync() => await context.RouteAsync("**/v1/sites/*/visits", async route =>
    {
        var told = JsonDocument.Parse(route.Request.PostData ?? "{}").RootElement.Clone();
        if (VisitsFail)
        {
            await route.AbortAsync();
            return;
        }
        await route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Headers = new Dictionary<string, string> { ["Access-Control-Allow-Origin"] = "*" },
            Body = JsonSerializer.Serialize(new { visitorId = Text(told, "visitorId"), visitId = Text(told, "visitId"), numbers = Numbers, holdSeconds = HoldSeconds }),
        });
        Told.Enqueue(told);
    });

    public static string? Text(JsonElement told, string name) => told.TryGetProperty(name, out var value) ? value.ToString() : null;

    public async Task<IPage> OpenAsync(string url, string? referrer = null)
    {
        var page = await NewPageAsync();
        await page.GotoAsync(url.StartsWith('/') ? fixture.Site.Url + url : url, new() { Referer = referrer });
        return page;
    }

    public async Task<IPage> NewPageAsync()
    {
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => Errors.Enqueue(error);
        return page;
    }

    /// <summary>The message with this number (from 1) of this kind, as soon as it has come.</summary>
    public async Task<JsonElement> ToldAsync(string kind, int which = 1)
    {
        await UntilAsync(() => Task.FromResult(Told.Count(t => Text(t, "event") == kind) >= which), $"{which} × {kind}; told: {string.Join(", ", Told.Select(t => Text(t, "event")))}");
        return Told.Where(t => Text(t, "event") == kind).ElementAt(which - 1);
    }

    public Task<long> LeadsAsync() => fixture.CountAsync("select count(*) from leads where project_id = @ProjectId", new { project.ProjectId });

    public async Task LeadsComeAsync(long count) => await UntilAsync(async () => await LeadsAsync() >= count, $"{count} leads");

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var started = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(25))
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"Waited in vain for {what}");
    }

    public static Task<JsonElement> VisitAsync(IPage page) => page.EvaluateAsync<JsonElement>("leadingest.visit()");

    public async ValueTask DisposeAsync() => await context.CloseAsync();
}
