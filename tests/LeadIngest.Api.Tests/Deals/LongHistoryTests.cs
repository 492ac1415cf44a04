using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using LeadIngest.Api.Tests.EndToEnd;
using LeadIngest.Api.Tests.Imports;

namespace LeadIngest.Api.Tests.Deals;

/// <summary>Years of deals outlive the process that reads them.</summary>
public sealed class KilledHistoryTests(ApiBesideWorker api) : IClassFixture<ApiBesideWorker>
{
    private const int Deals = 6_000;

    [Theory]
    [InlineData("amocrm", "history")]
    [InlineData("bitrix24", "history")]
    public async Task A_process_killed_among_the_cards_and_again_in_the_history_is_gone_on_for_from_its_page(string crm, string part)
    {
        var host = $"deals.{(crm == "amocrm" ? "amocrm" : "bitrix24")}.ru";
        using (var seeded = await api.Crm.PostAsJsonAsync($"/_seed/{crm}", new { account = host, contacts = 500, deals = Deals, closed = 1, first_phone = 79410000000 })) seeded.EnsureSuccessStatusCode();
        var project = await api.CreateProjectAsync();
        var authority = api.Crm.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var id = (await (await api.PostAsync(project, "/v1/connections", crm == "amocrm"
            ? new { crm, name = crm, baseAddress = $"{authority}/amocrm@{host}", token = (string?)"demo-amocrm-token" }
            : new { crm, name = crm, baseAddress = $"{authority}/bitrix24@{host}/rest/1/demo-bitrix-secret/", token = (string?)null })).JsonAsync()).GetProperty("id").GetGuid();

        foreach (var isThere in (Func<JsonElement, bool>[])[d => d.GetProperty("read").GetInt32() >= 1000, d => d.GetProperty("cursor").GetString()?.StartsWith(part + ":", StringComparison.Ordinal) == true])
        {
            using var worker = api.StartWorker(readsDeals: true);
            try
            {
                await UntilAsync(project, id, worker, isThere);
            }
            finally
            {
                worker.Kill();
                await worker.WaitForExitAsync();
            }
            var left = (await api.ReadAsync(project, $"/v1/connections/{id}/import")).GetProperty("deals");
            Assert.Equal("running", left.GetProperty("state").GetString());
            Assert.Equal(left.GetProperty("read").GetInt32(), await api.CountAsync("select count(*) from deals where connection_id = @Id", new { Id = id }));
        }
        using var last = api.StartWorker(readsDeals: true);
        try
        {
            var done = await UntilAsync(project, id, last, d => d.GetProperty("state").GetString() == "done");
            // No card was counted twice: the pages before the kills were not read again.
            Assert.Equal(Deals, done.GetProperty("read").GetInt32());
        }
        finally
        {
            last.Kill();
            await last.WaitForExitAsync();
        }

        Assert.Equal(Deals, await api.CountAsync("select count(*) from deals where connection_id = @Id", new { Id = id }));
        Assert.Equal(500, await api.CountAsync("select count(*) from deals where connection_id = @Id and client_id is not null", new { Id = id }));
        // Made, moved on, and two of three closed.
        Assert.Equal((Deals * 2) + (Deals * 2 / 3), await api.CountAsync("select count(*) from stage_changes where project_id = @P", new { P = project.ProjectId }));
        Assert.Equal(crm == "amocrm" ? Deals * 2 : Deals, await api.CountAsync("select count(*) from deal_changes where project_id = @P", new { P = project.ProjectId }));
        Assert.Equal(0, await api.CountAsync("select count(*) from stage_changes where project_id = @P and origin = 'inferred'", new { P = project.ProjectId }));
    }

    private async Task<JsonElement> UntilAsync(TestProject project, Guid id, Process worker, Func<JsonElement, bool> isRight)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            Assert.False(worker.HasExited, "The service ended by itself.");
            var progress = (await api.ReadAsync(project, $"/v1/connections/{id}/import")).GetProperty("deals");
            if (isRight(progress)) return progress;
            Assert.False(limit.IsCancellationRequested, $"The reading stayed at {progress}.");
            await Task.Delay(20);
        }
    }
}

/// <summary>Memory is the process's: nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(LongHistoryTests), DisableParallelization = true)]
public sealed class NothingBeside;

/// <summary>Accounts with many deals, away from the other tests.</summary>
[Collection(nameof(LongHistoryTests))]
public sealed class LongHistoryTests(EmulatedCrms api) : IClassFixture<EmulatedCrms>
{
    [Fact]
    public async Task Ten_thousand_deals_are_read_within_a_bounded_memory_and_a_lead_goes_out_meanwhile()
    {
        const string host = "big.bitrix24.ru";
        await api.CrmAsync("/_seed/bitrix24", new { account = host, deals = 10_000, closed = 1 });
        var project = await api.CreateProjectAsync();
        await api.ExecuteAsync("update sites set rate_per_second = 10000, rate_per_ip_per_minute = 100000 where project_id = @ProjectId", new { project.ProjectId });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var connection = await api.ConnectAtAsync(project, "bitrix24", host);
        await api.UntilAsync(project, $"/v1/connections/{connection}/import", p => p.GetProperty("deals").GetProperty("read").GetInt32() > 0);

        await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { phone = Cards.NewPhone() }), connections: 1);
        Assert.Equal("running", (await api.ReadAsync(project, $"/v1/connections/{connection}/import")).GetProperty("deals").GetProperty("state").GetString());

        await new Sales(api, "bitrix24").ReadAsync(project, connection);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 50 * 1024 * 1024);
        Assert.InRange(await api.CountAsync("select count(*) from deals where connection_id = @Id and kind = 'deal'", new { Id = connection }), 10_000, 10_001);
    }
}
