using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using LeadIngest.Api.Tests;
using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests;

/// <summary>A person at a browser, on the pages of one site. Collects what the tracker tells and what goes wrong on the pages.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private const string Visits = "**/v1/sites/*/visits";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly TrackerFixture _fixture;
    private readonly TestProject _project;

    public Visitor(TrackerFixture fixture, TestProject project, IBrowserContext context)
    {
        (_fixture, _project, Context) = (fixture, project, context);
        context.Request += (_, request) => Asked.Enqueue(new Uri(request.Url).AbsolutePath);
        context.RequestFinished += (_, request) =>
        {
            if (request.Method == "POST" && request.Url.EndsWith("/visits", StringComparison.Ordinal) && request.PostData is { } told)
                Told.Enqueue(JsonDocument.Parse(told).RootElement.Clone());
        };
    }

    public IBrowserContext Context { get; }

    /// <summary>Paths of everything that the pages asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Messages of the tracker that were answered, in the order of the answers.</summary>
    public ConcurrentQueue<JsonElement> Told { get; } = new();

    /// <summary>Errors that scripts left on the pages; a tracker must not add to them.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    /// <summary>The tag that loads the tracker.</summary>
    /// <param name="attributes">Further ones of the element.</param>
    /// <param name="service">Where from; null: from the fixture's service.</param>
    public string Tag(string attributes = "", string? service = null) => $"<script {attributes} src=\"{service ?? _fixture.Service}/t/{_project.SiteKey}.js\"></script>";

    /// <summary>From now on no message reaches the service.</summary>
    public Task LoseVisitsAsync() => Context.RouteAsync(Visits, route => route.AbortAsync());

    public Task FindVisitsAsync() => Context.UnrouteAsync(Visits);

    public static string? Text(JsonElement told, string name) => told.TryGetProperty(name, out var value) ? value.ToString() : null;

    public async Task<IPage> OpenAsync(string url, string? referrer = null)
    {
        var page = await NewPageAsync();
        await page.GotoAsync(url.StartsWith('/') ? _fixture.Site.Url + url : url, new() { Referer = referrer });
        return page;
    }

    public async Task<IPage> NewPageAsync()
    {
        var page = await Context.NewPageAsync().WaitAsync(Patience);
        page.PageError += (_, error) => Errors.Enqueue(error);
        return page;
    }

    /// <summary>The message with this number (from 1) of this kind, as soon as it has come.</summary>
    public async Task<JsonElement> ToldAsync(string kind, int which = 1)
    {
        await UntilAsync(() => Task.FromResult(Told.Count(t => Text(t, "event") == kind) >= which), $"{which} × {kind}; told: {string.Join(", ", Told.Select(t => Text(t, "event")))}");
        return Told.Where(t => Text(t, "event") == kind).ElementAt(which - 1);
    }

    /// <summary>Lets the page do something after it has answered: the answer of a script that leaves its page may never come.</summary>
    public static Task SoonAsync(IPage page, string script) =>
        page.EvaluateAsync($"() => {{ const c = new MessageChannel(); c.port1.onmessage = () => {{ {script} }}; c.port2.postMessage(0) }}");

    /// <summary>Waits until the page has taken in an answer: what it tells next is no start any more.</summary>
    public static Task HeardAsync(IPage page) => UntilAsync(() => page.EvaluateAsync<bool>("[localStorage, sessionStorage].some(s => JSON.parse(s.leadingest || '{}').told)"), "an answer to the visit");

    /// <summary>The visit's row, as soon as the service says so much of it.</summary>
    public async Task<JsonElement> RowAsync(Func<JsonElement, bool> says)
    {
        JsonElement row = default;
        await UntilAsync(async () =>
        {
            var rows = JsonSerializer.Deserialize<JsonElement[]>(await _fixture.ScalarAsync<string>(
                "select coalesce(json_agg(v order by id), '[]')::text from visits v where project_id = @ProjectId", new { _project.ProjectId }) ?? "[]")!;
            return rows.Length > 0 && says(row = Assert.Single(rows));
        }, "the visit's row");
        return row;
    }

    public Task<long> LeadsAsync() => _fixture.CountAsync("select count(*) from leads where project_id = @ProjectId", new { _project.ProjectId });

    public async Task LeadsComeAsync(long count) => await UntilAsync(async () => await LeadsAsync() >= count, $"{count} leads");

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var started = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(25))
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"Waited in vain for {what}");
    }

    public static Task<JsonElement> VisitAsync(IPage page) => page.EvaluateAsync<JsonElement>("leadingest.visit()");

    /// <summary>Chromium may never confirm the end of a page that was on its way elsewhere; it ends with the browser then.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Context.CloseAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
        }
    }
}
