using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Calls;

/// <summary>A call is one call and one lead whatever happens to its messages on their way.</summary>
public class CallOrderTests(CallsFixture api) : IClassFixture<CallsFixture>
{
    private static readonly object[] Messages =
    [
        new { id = "c-1", phase = "ringing", direction = "in", from = "79161234567", to = "74951234567", startedAt = "2026-11-22T12:00:00+03:00" },
        new { id = "c-1", phase = "ringing", direction = "in", to = "74951234567", employee = "101" },
        new { id = "c-1", phase = "talking", direction = "in", from = "+7 916 123-45-67", employee = "Анна", answeredAt = "2026-11-22T12:00:09+03:00" },
        new { id = "c-1", phase = "ended", direction = "in", talkSeconds = 64, waitSeconds = 9, endedAt = "2026-11-22T12:01:13+03:00" },
        new { id = "c-1", utm_source = "yandex", utm_medium = "cpc", utm_campaign = "Поиск_CRM_Москва", visitorId = "v-1", page = "https://okna-plus.ru/zamer" },
        new { id = "c-1", recordingUrl = "https://rec.example/1.mp3", clientName = "Анна Петрова" },
    ];

    [Fact]
    public async Task Sixty_orders_with_repetitions_leave_the_same_rows()
    {
        var random = new Random(20261122);
        string? first = null;
        for (var round = 0; round < 60; round++)
        {
            var sender = await api.PbxAsync();
            await api.ConnectionAsync(sender.Project);
            var order = Messages.Concat(Messages.Where(_ => random.Next(3) == 0)).ToArray();
            if (round > 0) random.Shuffle(order);
            // Every third round all at once, every third one after the other, every third with a fold in between.
            if (round % 3 == 0) await Task.WhenAll(order.Select(m => api.ToldAsync(sender, m)));
            else
                foreach (var message in order)
                {
                    await api.ToldAsync(sender, message);
                    if (round % 3 == 2 && random.Next(4) == 0)
                        await Posts.UntilAsync(async () => await api.CountAsync("select count(*) from calls where project_id = @P and fold_at <= clock_timestamp()", new { P = sender.Project.ProjectId }) == 0, "a fold");
                }
            await api.LeadsAsync(sender.Project, 1);
            var picture = await api.PictureAsync(sender.Project);
            Assert.Equal(first ??= picture, picture);
        }
        Assert.Contains("Звонок, 1:04", first, StringComparison.Ordinal);
        Assert.Contains("\"matched_by\": \"provider\"", first, StringComparison.Ordinal);
        Assert.Contains("phone+79161234567", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twenty_callers_at_once_with_the_same_message_leave_one_event_one_call_one_lead()
    {
        var sender = await api.PbxAsync();
        var message = new { id = "c-2", phase = "ended", direction = "in", from = "79161234567", talkSeconds = 0 };
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.ToldAsync(sender, message)));
        await api.LeadsAsync(sender.Project, 1);
        await api.ToldAsync(sender, message);
        Assert.Equal(1, await api.CountAsync("select count(*) from call_events where project_id = @P", new { P = sender.Project.ProjectId }));
        var call = await api.OnlyCallAsync(sender.Project);
        Assert.Equal(("missed", "c-2"), (call.Text("outcome"), call.Text("externalId")));
        Assert.Equal("Пропущенный звонок", (await api.OnlyLeadAsync(sender.Project)).Text("comment"));
    }

    [Fact]
    public async Task Two_folders_on_one_database_make_one_lead_of_each_call()
    {
        await using var second = new OtherNode(api);
        await second.StartAsync();
        var sender = await api.PbxAsync();
        var messages = Enumerable.Range(0, 40).SelectMany(i => Messages.Take(4).Select(m => System.Text.Json.JsonSerializer.Serialize(m).Replace("c-1", "n-" + i, StringComparison.Ordinal)
            .Replace("1234567", $"12345{i:00}", StringComparison.Ordinal).Replace("123-45-67", $"123-45-{i:00}", StringComparison.Ordinal)));
        await Parallel.ForEachAsync(messages, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (message, _) => await api.ToldAsync(sender, message));
        await api.LeadsAsync(sender.Project, 40);
        Assert.Equal(40, await api.CountAsync("select count(distinct call_id) from leads where project_id = @P", new { P = sender.Project.ProjectId }));
        Assert.Equal(40, await api.CountAsync("select count(*) from calls where project_id = @P and outcome = 'answered'", new { P = sender.Project.ProjectId }));
    }

    [Fact]
    public async Task Events_committed_before_a_crash_become_a_lead_when_a_node_starts()
    {
        await using var asleep = new AsleepFixture();
        await ((IAsyncLifetime)asleep).InitializeAsync();
        var sender = await asleep.PbxAsync();
        foreach (var message in Messages) await asleep.ToldAsync(sender, message);
        Assert.Equal(0, await asleep.LeadCountAsync(sender.Project));
        Assert.Equal(1, await asleep.CountAsync("select count(*) from calls where project_id = @P and fold_at is not null and lead_id is not null", new { P = sender.Project.ProjectId }));

        await using var node = new OtherNode(asleep);
        await node.StartAsync();
        await asleep.LeadsAsync(sender.Project, 1);
        Assert.Equal("Звонок, 1:04", (await asleep.OnlyLeadAsync(sender.Project)).Text("comment"));
    }

    [Fact]
    public async Task A_crash_between_the_lead_and_the_calls_row_makes_no_second_lead()
    {
        var sender = await api.PbxAsync();
        foreach (var message in Messages) await api.ToldAsync(sender, message);
        await api.LeadsAsync(sender.Project, 1);
        var before = await api.PictureAsync(sender.Project);
        // As the crash would have left it: the lead is there, the call's row knows nothing and is due.
        await api.ExecuteAsync("update calls set direction = 'unknown', phase = 'unknown', outcome = 'unknown', client_id = null, fold_at = clock_timestamp() where project_id = @P", new { P = sender.Project.ProjectId });
        await api.LeadsAsync(sender.Project, 1);
        Assert.Equal(before, await api.PictureAsync(sender.Project));
    }
}

/// <summary>Stores events and folds none.</summary>
public sealed class AsleepFixture : IngestFixture, IAsyncDisposable
{
    protected override string[] Args => [.. base.Args, "--Calls:Enabled=false"];

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
}
