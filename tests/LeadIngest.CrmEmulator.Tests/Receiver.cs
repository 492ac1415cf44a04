using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LeadIngest.CrmEmulator.Tests;

/// <summary>Somebody who is told by webhooks, on a port of its own.</summary>
internal sealed class Receiver(WebApplication app, Channel<string> bodies) : IAsyncDisposable
{
    public string Url => app.Urls.First() + "/hook";

    public static async Task<Receiver> StartAsync(params int[] statuses)
    {
        var bodies = Channel.CreateUnbounded<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var calls = 0;
        app.MapMethods("/hook", ["GET", "POST"], async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync();
            http.Response.StatusCode = statuses.ElementAtOrDefault(calls++) is > 0 and var status ? status : 200;
            await bodies.Writer.WriteAsync(WebUtility.UrlDecode(http.Request.Method == "GET" ? http.Request.QueryString.Value! : body));
        });
        await app.StartAsync();
        return new Receiver(app, bodies);
    }

    public async Task<string> NextAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await bodies.Reader.ReadAsync(timeout.Token);
    }

    /// <summary>What has come and was not taken yet.</summary>
    public int Waiting => bodies.Reader.Count;

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
