using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class PbxTests
{
    /// <summary>What a PBX posts to.</summary>
    private sealed class Receiver(WebApplication app, ConcurrentQueue<JsonNode> bodies) : IAsyncDisposable
    {
        public string Url => app.Urls.First() + "/v1/calls/generic/token";

        public IReadOnlyList<JsonNode> Bodies => [.. bodies];

        public static async Task<Receiver> StartAsync(int status = 200)
        {
            var bodies = new ConcurrentQueue<JsonNode>();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            app.MapPost("/v1/calls/generic/token", async (HttpContext http) =>
            {
                bodies.Enqueue((await JsonNode.ParseAsync(http.Request.Body))!);
                http.Response.StatusCode = status;
                await http.Response.WriteAsync("seen");
            });
            await app.StartAsync();
            return new Receiver(app, bodies);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }

    [Fact]
    public async Task An_answered_call_is_told_in_four_messages_in_plain_names()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var emulator = await Running.StartAsync(o => o.Pbx.Webhook = receiver.Url);
        var (status, call) = await emulator.ActAsync("pbx",
            """{"to":"+74951234567","from":"+79161234567","outcome":"answered","talkSeconds":65,"waitSeconds":10,"recording":true,"at":"2026-03-02T09:30:00+03:00"}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["ringing", "answered", "ended", "recording"], receiver.Bodies.Select(b => b["event"]!.GetValue<string>()));
        Assert.All(receiver.Bodies, b => Assert.Equal((call["id"]!.GetValue<string>(), "in", "+79161234567", "+74951234567"),
            (b["id"]!.GetValue<string>(), b["direction"]!.GetValue<string>(), b["from"]!.GetValue<string>(), b["to"]!.GetValue<string>())));
        Assert.Equal(["id", "event", "direction", "from", "to", "startedAt"], ((JsonObject)receiver.Bodies[0]).Select(p => p.Key));
        var last = receiver.Bodies[3];
        Assert.Equal(("2026-03-02T09:30:00+03:00", "2026-03-02T09:30:10+03:00", "2026-03-02T09:31:15+03:00", 10, 65),
            (last["startedAt"]!.GetValue<string>(), last["answeredAt"]!.GetValue<string>(), last["endedAt"]!.GetValue<string>(), last["waitSeconds"]!.GetValue<int>(), last["talkSeconds"]!.GetValue<int>()));
        var sound = await emulator.Http.GetByteArrayAsync(new Uri(last["recordingUrl"]!.GetValue<string>()));
        Assert.Equal("RIFF"u8.ToArray(), sound[..4]);
        Assert.Equal([(200, "seen"), (200, "seen"), (200, "seen"), (200, "seen")], ((JsonArray)call["events"]!).Select(e => (e!["status"]!.GetValue<int>(), e["answer"]!.GetValue<string>())));
        Assert.Equal(call["id"]!.GetValue<string>(), Assert.Single(await emulator.StateAsync("pbx", "calls"))!["id"]!.GetValue<string>());
        await emulator.Http.DeleteAsync(new Uri("_state", UriKind.Relative));
        Assert.Empty(await emulator.StateAsync("pbx", "calls"));
    }

    [Theory]
    [InlineData("pbx-0123456789abcdef.wav", 206)]
    [InlineData("history-371.wav", 206)]
    [InlineData("history-.wav", 404)]
    [InlineData("other.wav", 404)]
    public async Task A_recording_outlives_what_is_remembered_of_its_call_and_is_played_in_parts(string file, int status)
    {
        await using var emulator = await Running.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"_pbx/records/{file}") { Headers = { Range = new(0, 3) } };
        using var answer = await emulator.Http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        if (status == 206) Assert.Equal("RIFF", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_missed_call_has_no_answer_and_no_talk_and_a_caller_is_made_up()
    {
        await using var receiver = await Receiver.StartAsync(503);
        await using var emulator = await Running.StartAsync();
        var (_, call) = await emulator.ActAsync("pbx", $$"""{"to":"+74951234567","outcome":"missed","webhook":"{{receiver.Url}}"}""");
        Assert.Equal(["ringing", "ended"], receiver.Bodies.Select(b => b["event"]!.GetValue<string>()));
        Assert.Equal((0, null), (receiver.Bodies[1]["talkSeconds"]!.GetValue<int>(), receiver.Bodies[1]["answeredAt"]));
        Assert.Matches(@"^\+7\d{10}$", call["from"]!.GetValue<string>());
        Assert.All((JsonArray)call["events"]!, e => Assert.Equal(503, e!["status"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_told_of_and_the_call_kept()
    {
        await using var emulator = await Running.StartAsync();
        var (status, call) = await emulator.ActAsync("pbx", """{"to":"+74951234567","webhook":"http://127.0.0.1:9/"}""");
        Assert.Equal((HttpStatusCode.OK, 0), (status, call["events"]![0]!["status"]!.GetValue<int>()));
        Assert.Single(await emulator.StateAsync("pbx", "calls"));
    }

    [Theory]
    [InlineData("{}", "to:")]
    [InlineData("[]", "a JSON object")]
    [InlineData("""{"to":"+74951234567"}""", "webhook:")]
    [InlineData("""{"to":"+74951234567","webhook":"ftp://x"}""", "webhook:")]
    [InlineData("""{"to":"+74951234567","from":"me"}""", "from:")]
    [InlineData("""{"to":"+74951234567","outcome":"busy"}""", "outcome")]
    [InlineData("""{"to":"+74951234567","talkSeconds":-1}""", "talkSeconds")]
    [InlineData("""{"to":"+74951234567","outcome":"missed","recording":true}""", "recording:")]
    [InlineData("""{"to":"+74951234567","webhook":"http://127.0.0.1:9/","at":"yesterday"}""", "at:")]
    public async Task An_order_that_cannot_be_says_why(string json, string words)
    {
        await using var emulator = await Running.StartAsync();
        var (status, body) = await emulator.ActAsync("pbx", json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(words, body["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:5173", HttpStatusCode.NoContent)]
    [InlineData("http://127.0.0.1:8080", HttpStatusCode.NoContent)]
    [InlineData("http://[::1]:8080", HttpStatusCode.NoContent)]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    public async Task The_doors_are_open_to_pages_of_this_machine_alone(string origin, HttpStatusCode expected)
    {
        await using var emulator = await Running.StartAsync();
        using var ask = new HttpRequestMessage(HttpMethod.Options, "_act/pbx") { Headers = { { "Origin", origin }, { "Access-Control-Request-Method", "POST" } } };
        using var answer = await emulator.Http.SendAsync(ask);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.NoContent ? [origin] : [], answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed : []);

        using var post = new HttpRequestMessage(HttpMethod.Post, "_act/pbx") { Headers = { { "Origin", origin } }, Content = new StringContent("{}") };
        using var refused = await emulator.Http.SendAsync(post);
        Assert.Equal(expected == HttpStatusCode.NoContent ? HttpStatusCode.BadRequest : HttpStatusCode.Forbidden, refused.StatusCode);
    }
}
