using System.Diagnostics;
using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Cabinets;

/// <summary>A load outlives the process that does it, and no two do it together.</summary>
public sealed class ManyNodesTests(CabinetsBesideWorkers api) : IClassFixture<CabinetsBesideWorkers>
{
    private static readonly DateOnly Yesterday = CabinetsFixture.Today.AddDays(-1);

    [Fact]
    public async Task A_process_killed_in_the_middle_is_gone_on_for_from_its_last_month()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        var first = new DateOnly(Yesterday.Year, Yesterday.Month, 1).AddMonths(-11);
        var days = Yesterday.DayNumber - first.DayNumber + 1;
        await api.SpendAsync("yandex-direct", login, "all", [.. Enumerable.Range(0, days).Select(i => CabinetsFixture.Row(first.AddDays(i), 81234567, 1.01m))]);
        // Slow enough to be caught in the middle.
        await api.FaultAsync("yandex-direct", new { kind = "latency", account = login, ms = 300 });
        var id = await api.ConnectAsync(project, "yandex_direct", login, first);

        foreach (var mark in (int[])[3, 7])
        {
            using var worker = api.StartWorker();
            try
            {
                await api.UntilAsync(project, id, a => Reached(worker, days - a.GetProperty("cabinet").GetProperty("loads")[0].GetProperty("daysLeft").GetInt32() >= mark * 28));
            }
            finally
            {
                worker.Kill();
                await worker.WaitForExitAsync();
            }
            var load = (await api.AccountAsync(project, id)).GetProperty("cabinet").GetProperty("loads")[0];
            Assert.Equal("waiting", load.Text("state"));
            // What is written and how far the load has come are one thing.
            Assert.Equal(days - load.GetProperty("daysLeft").GetInt32(), await api.CountAsync("select count(*) from spend where project_id = @P", new { P = project.ProjectId }));
        }
        using var last = api.StartWorker();
        try
        {
            await api.UntilAsync(project, id, a => Reached(last, a.GetProperty("cabinet").GetProperty("loads")[0].Text("state") == "done"));
        }
        finally
        {
            last.Kill();
            await last.WaitForExitAsync();
        }

        Assert.Equal(days, await api.CountAsync("select count(*) from spend where project_id = @P and current", new { P = project.ProjectId }));
        Assert.Equal(days * 1.01m, (await api.ReadAsync(project, $"/v1/spend/summary?from={first:yyyy-MM-dd}")).GetProperty("total").GetProperty("money").GetDecimal());
        // A month whose answer was on its way is asked for once more, by the same name; no other.
        var asked = await api.AskedAsync("yandex-direct", login);
        Assert.Equal(12, asked.Distinct().Count());
        Assert.InRange(asked.Length, 12, 14);
    }

    [Fact]
    public async Task Three_nodes_load_each_cabinet_once()
    {
        await api.StartNodeAsync();
        await api.StartNodeAsync();
        await api.StartNodeAsync();
        var project = await api.CreateProjectAsync();
        var logins = Enumerable.Range(0, 6).Select(_ => CabinetsFixture.NewLogin()).ToArray();
        foreach (var login in logins)
        {
            await api.SpendAsync("yandex-direct", login, "all", CabinetsFixture.Row(Yesterday, 81234567, 1m));
            await api.FaultAsync("yandex-direct", new { kind = "latency", account = login, ms = 150 });
        }
        var ids = await Task.WhenAll(logins.Select((login, i) => api.ConnectAsync(project, "yandex_direct", login, Yesterday, name: $"Кабинет {i}")));
        foreach (var id in ids) await api.LoadedAsync(project, id);
        await api.ExecuteAsync("update spend_cabinets set schedule_at = now() where project_id = @P", new { P = project.ProjectId });
        foreach (var id in ids)
            await api.UntilAsync(project, id, a => a.GetProperty("cabinet").GetProperty("loads").EnumerateArray().Count(l => l.Text("reason") == "daily" && l.Text("state") == "done") == 1);

        foreach (var login in logins) Assert.Equal(1 + ExpectedParts(), (await api.AskedAsync("yandex-direct", login)).Length);
        Assert.Equal(6m, (await api.ReadAsync(project, "/v1/spend/summary")).GetProperty("total").GetProperty("money").GetDecimal());
    }

    /// <summary>A week may lie in two months, which are two reports.</summary>
    private static int ExpectedParts() => Yesterday.AddDays(-6).Month == Yesterday.Month ? 1 : 2;

    private static bool Reached(Process worker, bool isThere)
    {
        Assert.False(worker.HasExited, "The service ended by itself.");
        return isThere;
    }
}
