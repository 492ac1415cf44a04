using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Calls;

/// <summary>When a call's lead goes to the CRM, and what follows it there. Nobody sends here: the rows themselves are looked at.</summary>
public class CallDeliveryTests(CallsFixture api) : IClassFixture<CallsFixture>
{
    private const string AtStart = """{"deliverAt":"start"}""";

    [Fact]
    public async Task It_waits_for_the_end_of_the_call_fifteen_minutes_at_most()
    {
        var sender = await RingingAsync();
        Assert.Equal(15 * 60, await DueAfterFirstAsync(sender), 1.0);
    }

    [Fact]
    public async Task With_start_it_goes_while_the_phone_rings()
    {
        var sender = await RingingAsync(AtStart);
        Assert.Equal(0, await DueAfterFirstAsync(sender), 1.0);
    }

    [Fact]
    public async Task A_missed_call_goes_at_its_end()
    {
        var sender = await RingingAsync();
        await api.ToldAsync(sender, new { id = "c-1", phase = "ended", direction = "in", talkSeconds = 0 });
        await DueAsync(sender, "deal", "next_attempt_at <= clock_timestamp()");
    }

    [Fact]
    public async Task An_answered_call_waits_a_minute_for_its_recording_and_goes_with_it()
    {
        var sender = await RingingAsync();
        await api.ToldAsync(sender, new { id = "c-1", phase = "ended", direction = "in", talkSeconds = 64 });
        await DueAsync(sender, "deal", "next_attempt_at = (select max(received_at) from call_events where project_id = @P) + interval '60 seconds'");
        await api.ToldAsync(sender, new { id = "c-1", recordingUrl = "https://rec.example/1.mp3" });
        await DueAsync(sender, "deal", "next_attempt_at <= clock_timestamp()");
        Assert.Equal(1, await api.CountAsync("select count(*) from deliveries where project_id = @P", new { P = sender.Project.ProjectId }));
    }

    [Fact]
    public async Task A_lead_that_went_while_the_phone_rang_is_followed_by_the_calls_own_entry_once()
    {
        var sender = await RingingAsync(AtStart);
        await DeliveredAsync(sender);
        await api.ToldAsync(sender, new { id = "c-1", phase = "talking", direction = "in" });
        await api.FoldedAsync(sender.Project);
        Assert.Equal(0, await EntriesAsync(sender));
        await api.ToldAsync(sender, new { id = "c-1", phase = "ended", direction = "in", talkSeconds = 64 });
        await DueAsync(sender, "call", "next_attempt_at = (select max(received_at) from call_events where project_id = @P) + interval '60 seconds'");
        await api.ToldAsync(sender, new { id = "c-1", recordingUrl = "https://rec.example/1.mp3" });
        await DueAsync(sender, "call", "next_attempt_at <= clock_timestamp()");
        Assert.Equal(1, await EntriesAsync(sender));
        Assert.Equal(1, await api.CountAsync("""
            select count(*) from deliveries d join deliveries e using (project_id, lead_id, connection_id, client_id)
            where d.project_id = @P and d.kind = 'deal' and e.kind = 'call' and d.id < e.id and e.state = 'pending'
            """, new { P = sender.Project.ProjectId }));
    }

    [Fact]
    public async Task A_recording_that_comes_after_the_deal_is_an_entry_of_its_own()
    {
        var sender = await RingingAsync();
        await api.ToldAsync(sender, new { id = "c-1", phase = "ended", direction = "in", talkSeconds = 64 });
        await DueAsync(sender, "deal", "next_attempt_at < clock_timestamp() + interval '61 seconds'");
        await DeliveredAsync(sender);
        await api.ToldAsync(sender, new { id = "c-1", tags = "vip" });
        await api.FoldedAsync(sender.Project);
        Assert.Equal(0, await EntriesAsync(sender));
        await api.ToldAsync(sender, new { id = "c-1", recordingUrl = "https://rec.example/1.mp3" });
        await DueAsync(sender, "call", "next_attempt_at <= clock_timestamp()");
        await api.ToldAsync(sender, new { id = "c-1", recordingUrl = "https://rec.example/2.mp3" });
        await api.FoldedAsync(sender.Project);
        Assert.Equal(1, await EntriesAsync(sender));
    }

    [Fact]
    public async Task A_recording_that_comes_after_the_calls_entry_follows_it_once()
    {
        var sender = await RingingAsync(AtStart);
        await DeliveredAsync(sender);
        await api.ToldAsync(sender, new { id = "c-1", phase = "ended", direction = "in", talkSeconds = 64 });
        await DueAsync(sender, "call", "state = 'pending'");
        await DeliveredAsync(sender);
        await api.ToldAsync(sender, new { id = "c-1", recordingUrl = "https://rec.example/1.mp3" });
        await DueAsync(sender, "call", "state = 'pending' and next_attempt_at <= clock_timestamp()");
        await DeliveredAsync(sender);
        await api.ToldAsync(sender, new { id = "c-1", recordingUrl = "https://rec.example/2.mp3" });
        await api.FoldedAsync(sender.Project);
        Assert.Equal(2, await EntriesAsync(sender));
    }

    [Fact]
    public async Task A_retry_keeps_its_own_schedule()
    {
        var sender = await RingingAsync();
        await api.ExecuteAsync("update deliveries set attempts = 2, next_attempt_at = '2031-01-01Z' where project_id = @P", new { P = sender.Project.ProjectId });
        await api.ToldAsync(sender, new { id = "c-1", phase = "ended", direction = "in", talkSeconds = 0 });
        await Posts.UntilAsync(async () => (await api.OnlyCallAsync(sender.Project)).Text("outcome") == "missed", "the end is folded");
        await api.FoldedAsync(sender.Project);
        Assert.Equal(1, await api.CountAsync("select count(*) from deliveries where project_id = @P and next_attempt_at = '2031-01-01Z'", new { P = sender.Project.ProjectId }));
    }

    [Fact]
    public async Task Every_connection_gets_its_own_entry()
    {
        var sender = await api.PbxAsync(AtStart);
        await api.ConnectionAsync(sender.Project);
        await api.ConnectionAsync(sender.Project, "bitrix24", "okna.bitrix24.ru");
        await api.ToldAsync(sender, new { id = "c-1", phase = "ringing", direction = "in", from = "79161234567" });
        await api.LeadsAsync(sender.Project, 1);
        await DeliveredAsync(sender);
        await api.ToldAsync(sender, new { id = "c-1", phase = "ended", direction = "in", talkSeconds = 0 });
        await Posts.UntilAsync(async () => await EntriesAsync(sender) == 2, "two entries");
        Assert.Equal(2, await api.CountAsync("select count(distinct connection_id) from deliveries where project_id = @P and kind = 'call'", new { P = sender.Project.ProjectId }));
    }

    private async Task<TestSender> RingingAsync(string settings = "{}")
    {
        var sender = await api.PbxAsync(settings);
        await api.ConnectionAsync(sender.Project);
        await api.ToldAsync(sender, new { id = "c-1", phase = "ringing", direction = "in", from = "79161234567", to = "74951234567" });
        await api.LeadsAsync(sender.Project, 1);
        return sender;
    }

    private async Task<double> DueAfterFirstAsync(TestSender sender) => await api.ScalarAsync<double>("""
        select extract(epoch from d.next_attempt_at - c.first_seen_at)::float8 from deliveries d join leads l on l.id = d.lead_id join calls c on c.id = l.call_id where d.project_id = @P
        """, new { P = sender.Project.ProjectId });

    private Task DueAsync(TestSender sender, string kind, string condition) => Posts.UntilAsync(async () => await api.CountAsync(
        $"select count(*) from deliveries where project_id = @P and kind = '{kind}' and {condition}", new { P = sender.Project.ProjectId }) == 1, $"{kind}: {condition}");

    private Task<long> EntriesAsync(TestSender sender) => api.CountAsync("select count(*) from deliveries where project_id = @P and kind = 'call'", new { P = sender.Project.ProjectId });

    private Task<int> DeliveredAsync(TestSender sender) => api.ExecuteAsync("""
        update deliveries set state = 'delivered', sent_at = clock_timestamp(), delivered_at = clock_timestamp(), next_attempt_at = null, remote_lead_id = '77' where project_id = @P
        """, new { P = sender.Project.ProjectId });
}
