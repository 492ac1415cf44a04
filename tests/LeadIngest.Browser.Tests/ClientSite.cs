using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadIngest.Browser.Tests;

/// <summary>A client's website: pages that the tests put there, and a form handler of its own. Known as 127.0.0.1 and as localhost: two sites to a browser.</summary>
internal sealed class ClientSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (string Html, string? Policy)> _pages = new();
    private int _made;

    private ClientSite(WebApplication app) => _app = app;

    /// <summary>As 127.0.0.1.</summary>
    public string Url { get; private set; } = "";

    public string Localhost => Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    /// <summary>Bodies that were posted to <c>/handler</c>.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Posted { get; } = new();

    /// <summary>Messages that came by way of this site, because the tracker was loaded by way of it.</summary>
    public ConcurrentQueue<(string? ContentType, JsonElement Body)> Beacons { get; } = new();

    /// <summary>The same pages under a name of the shop: <c>www</c>, <c>spb</c>.</summary>
    public string Of(string subdomain) => Url.Replace("127.0.0.1", $"{subdomain}.{TrackerFixture.ShopDomain}", StringComparison.Ordinal);

    /// <param name="service">Speaks to the service, for what this site passes on to it.</param>
    public static async Task<ClientSite> StartAsync(HttpClient service)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var site = new ClientSite(app);
        app.MapPost("/handler", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            site.Posted.Enqueue(form.ToDictionary(f => f.Key, f => f.Value.ToString()));
            return Results.Text("<p>Спасибо!</p>", "text/html; charset=utf-8");
        }).DisableAntiforgery();
        // The tracker by way of the client's own server, for what a browser sends while a page goes: no other eye sees that.
        app.MapGet("/t/{file}", async (string file) => Results.Text(await service.GetStringAsync($"/t/{file}"), "text/javascript; charset=utf-8"));
        app.MapPost("/v1/sites/{key}/visits", async (string key, HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            var body = await reader.ReadToEndAsync();
            using var answer = await service.PostAsync($"/v1/sites/{key}/visits", new StringContent(body));
            var text = await answer.Content.ReadAsStringAsync();
            site.Beacons.Enqueue((request.ContentType, JsonDocument.Parse(body).RootElement.Clone()));
            return Results.Text(text, "application/json", statusCode: (int)answer.StatusCode);
        });
        app.MapGet("/{**path}", (HttpContext context) =>
        {
            if (!site._pages.TryGetValue(context.Request.Path, out var page)) return Results.NotFound();
            if (page.Policy is not null) context.Response.Headers.ContentSecurityPolicy = page.Policy;
            return Results.Text(page.Html, "text/html; charset=utf-8");
        });
        await app.StartAsync();
        site.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return site;
    }

    /// <summary>Puts a page under a path of its own and returns the path.</summary>
    public string Page(string body, string head = "", string? policy = null)
    {
        var path = $"/page{Interlocked.Increment(ref _made)}";
        _pages[path] = ($"<!doctype html><html lang=ru><head><meta charset=utf-8><title>Окна Плюс</title>{head}</head><body>{body}</body></html>", policy);
        return path;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
