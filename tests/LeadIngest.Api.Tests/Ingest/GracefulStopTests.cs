using System.Net;
using Npgsql;

namespace LeadIngest.Api.Tests.Ingest;

[Collection(Alone.Name)]
public class GracefulStopTests
{
    [Fact]
    public async Task Everything_answered_202_before_and_during_a_stop_is_there_and_nobody_is_left_waiting()
    {
        var api = new IngestFixture();
        await api.InitializeAsync();
        try
        {
            var project = await api.OpenAsync();
            await api.AcceptedAsync(project, new { phone = "+79161234567" });
            using var enough = new SemaphoreSlim(0);
            using var stopped = new CancellationTokenSource();
            var senders = Enumerable.Range(0, 16).Select(async sender =>
            {
                var taken = new List<Guid>();
                for (var i = 0; !stopped.IsCancellationRequested; i++)
                {
                    try
                    {
                        var answer = await api.LeadPostAsync(project, new { phone = $"+7916{sender:00}{i % 100_000:00000}" }).WaitAsync(TimeSpan.FromSeconds(30));
                        if (answer.StatusCode == HttpStatusCode.Accepted) taken.Add(await answer.LeadIdAsync());
                        else Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                        enough.Release();
                    }
                    catch (HttpRequestException)
                    {
                        break; // the door is shut
                    }
                }
                return taken;
            }).ToArray();
            for (var i = 0; i < 200; i++) Assert.True(await enough.WaitAsync(TimeSpan.FromSeconds(60)));

            await api.App.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));
            await stopped.CancelAsync();
            var answered = (await Task.WhenAll(senders).WaitAsync(TimeSpan.FromSeconds(60))).SelectMany(t => t).ToHashSet();

            Assert.InRange(answered.Count, 100, int.MaxValue);
            var there = await StoredAsync(api.Db);
            Assert.Subset(there, answered);
        }
        finally
        {
            await api.DisposeAsync();
        }
    }

    private static async Task<HashSet<Guid>> StoredAsync(string db)
    {
        await using var connection = new NpgsqlConnection(db);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select id from leads", connection);
        await using var rows = await command.ExecuteReaderAsync();
        var stored = new HashSet<Guid>();
        while (await rows.ReadAsync()) stored.Add(rows.GetGuid(0));
        return stored;
    }
}
