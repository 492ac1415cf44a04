using System.Net.ServerSentEvents;
using System.Text.Json;
using LeadIngest.Api.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Leads;

/// <summary>Short waits, and three listeners a project.</summary>
public class FeedFixture : ApiFixture
{
    protected override string[] Args => ["--Feed:PollEvery=00:00:00.050", "--Feed:PingEvery=00:00:00.300", "--Feed:RecheckEvery=00:00:00.100", "--Feed:MaxOfProject=3"];
}

public class WatchLeadsTests(FeedFixture api) : IClassFixture<FeedFixture>
{
    [Fact]
    public async Task A_new_lead_is_told_as_it_is_shown_alone()
    {
        var project = await api.CreateProjectAsync();
        await api.LeadAsync(project, name: "earlier");
        await using var feed = await Listening.BeginAsync(api, project);

        var id = await api.LeadAsync(project, await api.ClientAsync(project));

        var told = await feed.NextAsync("lead");
        Assert.Equal(id.ToString(), told.EventId);
        Assert.Equal(JsonSerializer.Serialize(await api.ReadAsync(project, $"/v1/leads/{id}")), JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(told.Data)));
        Assert.DoesNotContain(feed.Heard, e => e.Data.Contains("earlier", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lead_that_was_posted_is_told_within_seconds()
    {
        var project = await api.CreateProjectAsync();
        await using var feed = await Listening.BeginAsync(api, project);
        var posted = await (await api.SendAsync(null, HttpMethod.Post, $"/v1/sites/{project.SiteKey}/leads", new { name = "Анна", phone = "+7 916 123-45-67" })).JsonAsync();
        Assert.Equal(posted.GetProperty("leadId").GetString(), (await feed.NextAsync("lead")).EventId);
    }

    [Fact]
    public async Task Another_projects_leads_are_not_told()
    {
        var (project, other) = (await api.CreateProjectAsync(), await api.CreateProjectAsync());
        await using var feed = await Listening.BeginAsync(api, project);
        var foreign = await api.LeadAsync(other);
        var own = await api.LeadAsync(project);
        Assert.Equal(own.ToString(), (await feed.NextAsync("lead")).EventId);
        Assert.DoesNotContain(feed.Heard, e => e.Data.Contains(foreign.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Spam_and_a_delivery_are_told_as_changes()
    {
        var project = await api.CreateProjectAsync();
        var lead = await api.LeadAsync(project, await api.ClientAsync(project));
        await using var feed = await Listening.BeginAsync(api, project);

        await api.DeliveryAsync(project, lead, await api.ConnectionAsync(project), "delivered");
        var delivered = await feed.NextAsync("changed");
        Assert.Contains("\"delivered\"", delivered.Data, StringComparison.Ordinal);

        await (await api.PostAsync(project, $"/v1/leads/{lead}/spam")).JsonAsync();
        var spam = await feed.NextAsync("changed");
        Assert.Equal("spam", JsonSerializer.Deserialize<JsonElement>(spam.Data).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Who_comes_again_hears_what_came_meanwhile_in_its_order()
    {
        var project = await api.CreateProjectAsync();
        var last = await api.LeadAsync(project);
        var (first, second) = (await api.LeadAsync(project), await api.LeadAsync(project));
        await using var feed = await Listening.BeginAsync(api, project, last.ToString());
        Assert.Equal([first.ToString(), second.ToString()], feed.Heard.Where(e => e.EventType == "lead").Select(e => e.EventId));
        Assert.DoesNotContain(feed.Heard, e => e.EventType == "gap");
    }

    [Fact]
    public async Task Who_missed_too_much_is_told_that_there_is_a_gap()
    {
        var project = await api.CreateProjectAsync();
        var last = await api.LeadAsync(project);
        for (var i = 0; i < 201; i++) await api.LeadAsync(project);
        await using var feed = await Listening.BeginAsync(api, project, last.ToString());
        Assert.Equal("gap", feed.Heard[0].EventType);
        Assert.Equal(200, feed.Heard.Count(e => e.EventType == "lead"));
    }

    [Fact]
    public async Task A_silent_stream_says_that_it_lives()
    {
        var project = await api.CreateProjectAsync();
        await using var feed = await Listening.BeginAsync(api, project);
        await feed.NextAsync("ping");
        await feed.NextAsync("ping");
    }

    [Fact]
    public async Task Beyond_the_bound_a_listener_is_refused_until_one_has_left()
    {
        var project = await api.CreateProjectAsync();
        var first = await Listening.BeginAsync(api, project);
        await using var second = await Listening.BeginAsync(api, project);
        await using var third = await Listening.BeginAsync(api, project);
        var refused = await api.GetAsync(project, "/v1/leads/feed");
        await refused.ProblemAsync(429);
        Assert.NotNull(refused.Headers.RetryAfter);

        await first.DisposeAsync();
        for (var deadline = TimeProvider.System.GetUtcNow().AddSeconds(20); ; await Task.Delay(50))
        {
            using var again = await api.GetAsync(project, "/v1/leads/feed");
            if (again.IsSuccessStatusCode) break;
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "The place of the one that left was not given away.");
        }
    }

    [Fact]
    public async Task A_revoked_key_hears_no_more()
    {
        var project = await api.CreateProjectAsync();
        await using var feed = await Listening.BeginAsync(api, project);
        await api.ExecuteAsync("update api_keys set revoked_at = clock_timestamp() where project_id = @P", new { P = project.ProjectId });
        api.App.Services.GetRequiredService<ApiKeyCache>().Clear();
        await feed.EndAsync();
        await api.LeadAsync(project);
        Assert.DoesNotContain(feed.Heard, e => e.EventType == "lead");
    }
}

/// <summary>Apart, because it stops its service.</summary>
public class FeedStopTests
{
    [Fact]
    public async Task A_listener_does_not_hold_up_the_stop()
    {
        var api = new ApiFixture();
        await api.InitializeAsync();
        var project = await api.CreateProjectAsync();
        var feed = await Listening.BeginAsync(api, project);
        var stop = api.App.StopAsync();
        await feed.EndAsync();
        await stop.WaitAsync(TimeSpan.FromSeconds(15));
        await feed.DisposeAsync();
        await api.DisposeAsync();
    }
}

/// <summary>An open stream, read as far as it is asked for.</summary>
internal sealed class Listening : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _answer;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    public List<SseItem<string>> Heard { get; } = [];

    private Listening(HttpResponseMessage answer, Stream body) => (_answer, _events) = (answer, SseParser.Create(body).EnumerateAsync().GetAsyncEnumerator());

    /// <summary>Up to the first sign of life: from there on everything is told.</summary>
    public static async Task<Listening> BeginAsync(ApiFixture api, TestProject project, string? last = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/leads/feed") { Headers = { Authorization = new("Bearer", project.ApiKey) } };
        if (last is not null) request.Headers.Add("Last-Event-ID", last);
        var answer = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsStream(), $"{(int)answer.StatusCode}");
        var feed = new Listening(answer, await answer.Content.ReadAsStreamAsync());
        await feed.NextAsync("ping");
        return feed;
    }

    /// <summary>The next event of this kind; pings and others before it are passed over, and kept in <see cref="Heard"/>.</summary>
    public async Task<SseItem<string>> NextAsync(string kind)
    {
        while (await _events.MoveNextAsync().AsTask().WaitAsync(Patience))
        {
            Heard.Add(_events.Current);
            if (_events.Current.EventType == kind) return _events.Current;
        }
        throw new InvalidOperationException($"The stream ended before '{kind}'.");
    }

    public async Task EndAsync()
    {
        while (await _events.MoveNextAsync().AsTask().WaitAsync(Patience)) Heard.Add(_events.Current);
    }

    public ValueTask DisposeAsync()
    {
        _answer.Dispose();
        return ValueTask.CompletedTask;
    }
}
