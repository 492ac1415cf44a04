using System.Diagnostics;
using System.Net;
using Npgsql;

namespace LeadIngest.Api.Tests.Ingest;

[Collection(Alone.Name)]
public class StalledDatabaseTests(StalledDatabaseTests.NarrowFixture api) : IClassFixture<StalledDatabaseTests.NarrowFixture>
{
    public sealed class NarrowFixture : IngestFixture
    {
        protected override string[] Args => [.. base.Args, "--Ingest:ChannelCapacity=1", "--Ingest:SlotWaitMs=50"];
    }

    [Fact]
    public async Task While_the_tables_are_locked_everybody_is_told_to_come_again_and_afterwards_it_goes_on()
    {
        var project = await api.OpenAsync();
        await api.AcceptedAsync(project, new { phone = "+79161234567" });
        HttpResponseMessage[] answers;
        TimeSpan longest;
        await using (var holder = new NpgsqlConnection(api.Db))
        {
            await holder.OpenAsync();
            await using var hold = await holder.BeginTransactionAsync();
            await using (var command = new NpgsqlCommand("lock table leads in access exclusive mode", holder)) await command.ExecuteNonQueryAsync();
            var since = Stopwatch.GetTimestamp();
            answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => api.LeadPostAsync(project, new { phone = $"+791600000{i:00}" })));
            longest = Stopwatch.GetElapsedTime(since);
            await hold.RollbackAsync();
        }
        foreach (var answer in answers)
        {
            await answer.ProblemAsync(503);
            Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
        }
        // One of them waited for the lock's time-out of a second; the others found no place and left after 50 ms.
        Assert.InRange(longest.TotalSeconds, 0, 6);
        await Posts.UntilAsync(async () => (await api.LeadPostAsync(project, new { phone = "+79167654321" })).StatusCode == HttpStatusCode.Accepted, "taken again");
        Assert.Equal(2, await api.LeadCountAsync(project));
    }
}
