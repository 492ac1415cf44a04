using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadIngest.Api.Data;
using LeadIngest.Api.Demo;
using LeadIngest.Api.Demo.History;
using Microsoft.Playwright;

namespace LeadIngest.Benchmarks;

/// <summary>
/// The page in Chromium over the demo's eighteen months, by the browser's own counts: the largest paint of the overview from the first request on with an empty cache, tasks that block it, bytes that come
/// over the line; and the tasks that block a table of fifty thousand rows while it is scrolled through. The service, PostgreSQL and the browser share the processors.
/// </summary>
internal static class PageRounds
{
    private const int Loads = 7, Rows = 50_000, Screens = 60;
    private const string Owner = "admin@demo.local", Password = "benchmark correct horse battery";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private const string Watch = """
        window.seen = { paint: 0, tasks: [] };
        new PerformanceObserver(l => l.getEntries().forEach(e => window.seen.paint = e.startTime)).observe({ type: 'largest-contentful-paint', buffered: true });
        new PerformanceObserver(l => l.getEntries().forEach(e => window.seen.tasks.push(e.duration))).observe({ type: 'longtask', buffered: true });
        """;

    public static async Task RunAsync(PostgresUnderTest postgres, Report report, CancellationToken ct)
    {
        await using var emulator = await EmulatorProcess.StartAsync(ct);
        await using var database = await postgres.CreateAsync("page", ct);
        await using var service = await ServiceProcess.StartAsync(database.ConnectionString, emulator.Url, delivers: false, ct,
            new Dictionary<string, string> { ["Demo__AdminPassword"] = Password, ["Demo__HistoryMonths"] = "18", ["Visits__KeepDays"] = "1200" });
        report.Progress($"writing eighteen months");
        await using (var pools = new Database(database.ConnectionString))
            await UntilAsync(async () => await new HistoryRows(pools, DemoProject.ProjectId).PlaceAsync(ct) is { IsWritten: true }, ct);
        await UntilAsync(async () => await database.OneAsync<long>($"select (select count(*) from figure_marks) + (select count(*) from figure_rebuilds where part <> 'done')", ct) == 0, ct);

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Environment.GetEnvironmentVariable("LEADINGEST_CHROMIUM") ?? "/usr/bin/chromium", Args = ["--no-sandbox", "--no-proxy-server"] });
        var state = await SignInAsync(browser, service.Url);
        var overview = new Uri(service.Url, $"/p/{DemoProject.ProjectId}/overview").AbsoluteUri;
        List<double> paints = [], longest = [], blocked = [], bytes = [];
        for (var i = 0; i < Loads; i++)
        {
            await using var context = await browser.NewContextAsync(new() { StorageState = state, ViewportSize = new() { Width = 1440, Height = 900 } });
            await context.AddInitScriptAsync(Watch);
            var page = await context.NewPageAsync();
            await page.GotoAsync(overview);
            await page.Locator("canvas").First.WaitForAsync(new() { Timeout = 60_000 });
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            var seen = await page.EvaluateAsync<JsonElement>("window.seen");
            var tasks = seen.GetProperty("tasks").EnumerateArray().Select(t => t.GetDouble()).ToList();
            paints.Add(seen.GetProperty("paint").GetDouble());
            longest.Add(tasks.DefaultIfEmpty().Max());
            blocked.Add(tasks.Sum(t => Math.Max(0, t - 50)));
            bytes.Add(await page.EvaluateAsync<double>("performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).reduce((s, e) => s + e.transferSize, 0)"));
        }
        report.Add("page.overview_paint_ms", Median(paints));
        report.Add("page.overview_longest_task_ms", Median(longest));
        report.Add("page.overview_blocked_ms", Median(blocked));
        report.Add("page.overview_kb", Median(bytes) / 1024);
        var (draw, scroll) = await ScrollAsync(browser, state, service.Url);
        report.Add("page.rows_50k_draw_longest_task_ms", draw);
        report.Add("page.rows_50k_scroll_longest_task_ms", scroll);
    }

    private static async Task<string> SignInAsync(IBrowser browser, Uri service)
    {
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(service.AbsoluteUri);
        await page.GetByLabel("Почта").FillAsync(Owner);
        await page.GetByLabel("Пароль", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Войти" }).ClickAsync();
        await page.GetByRole(AriaRole.Navigation).WaitForAsync();
        return await context.StorageStateAsync();
    }

    /// <returns>The longest task while the table is first drawn, and the longest while it is scrolled through; ms.</returns>
    private static async Task<(double Draw, double Scroll)> ScrollAsync(IBrowser browser, string state, Uri service)
    {
        await using var context = await browser.NewContextAsync(new() { StorageState = state, ViewportSize = new() { Width = 1440, Height = 900 } });
        await context.AddInitScriptAsync(Watch);
        var page = await context.NewPageAsync();
        await page.RouteAsync(new Regex("/v1/reports/sources\\?(.*&)?groupBy=keyword(&|$)"), async route =>
        {
            var answer = await route.FetchAsync();
            var report = JsonNode.Parse(await answer.TextAsync())!;
            if (report["rows"] is JsonArray { Count: > 0 } rows)
            {
                var first = rows[0]!.ToJsonString();
                report["rows"] = new JsonArray([.. Enumerable.Range(0, Rows).Select(i =>
                {
                    var row = JsonNode.Parse(first)!;
                    row["key"] = $"key {i}";
                    row["values"] = new JsonArray($"key {i}");
                    row["hasChildren"] = false;
                    return row;
                })]);
            }
            await route.FulfillAsync(new() { Response = answer, Body = report.ToJsonString() });
        });
        await page.GotoAsync(new Uri(service, $"/p/{DemoProject.ProjectId}/sources?by=keyword").AbsoluteUri);
        await page.GetByText("key 0", new() { Exact = true }).WaitForAsync(new() { Timeout = 60_000 });
        var draw = await TasksAsync();
        await page.EvaluateAsync($$"""
            async () => {
                const body = document.querySelector('.ant-table-tbody-virtual-holder');
                const step = body.scrollHeight / {{Screens}};
                for (let i = 1; i <= {{Screens}}; i++) { body.scrollTop = i * step; await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r))); }
            }
            """);
        await page.GetByText($"key {Rows - 1}", new() { Exact = true }).WaitForAsync();
        return (draw, await TasksAsync());

        Task<double> TasksAsync() => page.EvaluateAsync<double>("() => { const most = Math.max(0, ...window.seen.tasks); window.seen.tasks = []; return most }");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task UntilAsync(Func<Task<bool>> holds, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (!await holds()) await timer.WaitForNextTickAsync(patience.Token);
    }
}
