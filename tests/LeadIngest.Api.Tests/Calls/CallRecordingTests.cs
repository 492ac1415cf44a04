using System.Net;
using LeadIngest.Api.Calls.Recordings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LeadIngest.Api.Tests.Calls;

/// <summary>A provider's storage beside the service, at an address that the operator listed.</summary>
public class RecordingFixture : ApiFixture
{
    private readonly WebApplication _storage;

    public RecordingFixture()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _storage = builder.Build();
        _storage.Urls.Add("http://127.0.0.1:0");
        _storage.MapGet("/sound.mp3", () => Results.Bytes(Sound, "audio/mpeg; charset=x", enableRangeProcessing: true));
        _storage.MapGet("/page", () => Results.Content("<script>alert(1)</script>", "text/html"));
        _storage.MapGet("/elsewhere", () => Results.Redirect("/sound.mp3"));
        _storage.MapGet("/gone", () => Results.NotFound());
        _storage.MapGet("/long", async (HttpContext http) =>
        {
            http.Response.ContentType = "audio/mpeg";
            http.Response.ContentLength = RecordingHttp.MostBytes + 1;
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        _storage.MapGet("/endless", async (HttpContext http) =>
        {
            http.Response.ContentType = "audio/mpeg";
            var megabyte = new byte[1024 * 1024];
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(megabyte);
        });
        _storage.StartAsync().GetAwaiter().GetResult();
    }

    public byte[] Sound { get; } = [.. Enumerable.Range(0, 10_000).Select(i => (byte)i)];

    public string Storage => _storage.Urls.First();

    // localhost is listed by its name: names must lead outside, and it does not.
    protected override string[] Args => ["--Demo:Enabled=true", $"--Calls:RecordingHosts:0={new Uri(Storage).Authority}", $"--Calls:RecordingHosts:1=localhost:{new Uri(Storage).Port}"];
}

public class CallRecordingTests(RecordingFixture api) : IClassFixture<RecordingFixture>
{
    [Fact]
    public async Task A_recording_at_a_listed_host_is_passed_on()
    {
        var answer = await GetAsync(api.Storage + "/sound.mp3");
        Assert.Equal((HttpStatusCode.OK, "audio/mpeg", 10_000), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), answer.Content.Headers.ContentLength));
        Assert.Equal(api.Sound, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(["bytes"], answer.Headers.AcceptRanges);
    }

    [Fact]
    public async Task A_part_is_passed_on_as_a_part()
    {
        var answer = await GetAsync(api.Storage + "/sound.mp3", "bytes=1000-1999");
        Assert.Equal((HttpStatusCode.PartialContent, "bytes 1000-1999/10000"), (answer.StatusCode, answer.Content.Headers.ContentRange?.ToString()));
        Assert.Equal(api.Sound[1000..2000], await answer.Content.ReadAsByteArrayAsync());
        await (await GetAsync(api.Storage + "/sound.mp3", "bytes=20000-")).ProblemAsync(416);
    }

    [Theory]
    [InlineData("/page", "no sound")]
    [InlineData("/elsewhere", "302")]
    [InlineData("/gone", "404")]
    [InlineData("/long", "50 MB")]
    public async Task What_is_no_recording_is_not_passed_on(string path, string why)
    {
        var problem = await (await GetAsync(api.Storage + path)).ProblemAsync(502);
        Assert.EndsWith("/recording-unavailable", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Contains(why, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_without_end_is_cut_off_and_does_not_look_whole() =>
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => GetAsync(api.Storage + "/endless"));

    [Fact]
    public async Task A_listed_name_that_leads_inside_is_not_connected_to()
    {
        var problem = await (await GetAsync(api.Storage.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/sound.mp3")).ProblemAsync(502);
        Assert.Contains("does not answer", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/sound.mp3")]
    [InlineData("http://2130706433/sound.mp3")]
    [InlineData("https://storage.example.ru/sound.mp3")]
    [InlineData("ftp://storage.example.ru/sound.mp3")]
    [InlineData("not an address")]
    public async Task Elsewhere_nothing_is_fetched_and_the_reason_is_told(string url)
    {
        var problem = await (await GetAsync(url)).ProblemAsync(404);
        Assert.EndsWith("/recording-host", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task A_call_without_a_recording_says_so()
    {
        var problem = await (await GetAsync(null)).ProblemAsync(404);
        Assert.EndsWith("/no-recording", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> GetAsync(string? url, string? range = null)
    {
        var project = await api.CreateProjectAsync();
        var call = await api.CallRowAsync(project);
        await api.ExecuteAsync("update calls set recording_url = @url where id = @call", new { url, call });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/calls/{call}/recording") { Headers = { Authorization = new("Bearer", project.ApiKey) } };
        if (range is not null) request.Headers.TryAddWithoutValidation("Range", range);
        return await api.Client.SendAsync(request);
    }
}

public class RecordingHostsTests
{
    private static readonly string[] Hosts = ["storage.pbx.ru", "*.mango-office.ru", "pbx.ru:8443", "10.1.2.3"];

    [Theory]
    [InlineData("https://storage.pbx.ru/a.mp3", true)]
    [InlineData("https://STORAGE.pbx.ru:443/a.mp3", true)]
    [InlineData("https://a.mango-office.ru/a.mp3", true)]
    [InlineData("https://a.b.mango-office.ru/a.mp3", true)]
    [InlineData("https://pbx.ru:8443/a.mp3", true)]
    [InlineData("https://10.1.2.3/a.mp3", true)]
    [InlineData("https://mango-office.ru/a.mp3", false)]
    [InlineData("https://evilmango-office.ru/a.mp3", false)]
    [InlineData("https://mango-office.ru.evil.ru/a.mp3", false)]
    [InlineData("https://a.mango-office.ru:8443/a.mp3", false)]
    [InlineData("https://pbx.ru/a.mp3", false)]
    [InlineData("https://10.1.2.4/a.mp3", false)]
    [InlineData("https://storage.pbx.ru@evil.ru/a.mp3", false)]
    [InlineData("https://user@storage.pbx.ru/a.mp3", false)]
    [InlineData("http://storage.pbx.ru/a.mp3", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("//storage.pbx.ru/a.mp3", false)]
    public void Only_listed_hosts_over_https_are_fetched_from(string url, bool isFetched)
    {
        Assert.Equal(isFetched, RecordingHosts.Refusal(url, Hosts, takesHttp: false, out var address) is null);
        Assert.Equal(isFetched, address is not null);
    }

    [Theory]
    [InlineData("storage.pbx.ru", true)]
    [InlineData("*.pbx.ru", true)]
    [InlineData("127.0.0.1:8090", true)]
    [InlineData("*", false)]
    [InlineData("*.", false)]
    [InlineData("*.0.1", false)]
    [InlineData("https://pbx.ru", false)]
    [InlineData("pbx.ru/records", false)]
    [InlineData("", false)]
    public void A_wrong_line_of_the_list_is_told(string line, bool isRight) => Assert.Equal(isRight, RecordingHosts.Fault(line) is null);
}
