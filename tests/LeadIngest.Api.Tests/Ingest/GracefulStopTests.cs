using System.Net;

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
            var answered = await StopUnderLoad.PromisedAsync(api, async (sender, i) =>
            {
                var answer = await api.LeadPostAsync(project, new { phone = $"+7916{sender:00}{i % 100_000:00000}" });
                if (answer.StatusCode == HttpStatusCode.Accepted) return await answer.LeadIdAsync();
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                return null;
            });

            Assert.InRange(answered.Count, 100, int.MaxValue);
            var there = await StopUnderLoad.StoredAsync(api.Db, "leads");
            Assert.Subset(there, answered);
        }
        finally
        {
            await api.DisposeAsync();
        }
    }
}
