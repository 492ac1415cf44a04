using System.Text.Json;

namespace LeadIngest.Api.Tests.Reports.Clients;

public sealed class ForgottenClientsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static DateTimeOffset Ago(double days) => TimeProvider.System.GetUtcNow().AddDays(-days);

    [Fact]
    public async Task Clients_without_contact_are_listed_with_what_they_have_brought()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var (silent, called, asked, visitor) = (await api.ClientAsync(project, "Тихий"), await api.ClientAsync(project, "Позвонили"), await api.ClientAsync(project, "Спросил"), await api.ClientAsync(project, "Не покупал"));
        foreach (var client in new[] { silent, called, asked }) await api.SaleAsync(project, connection, client, Ago(100), 1_000 * (1 + (client == called ? 1 : 0)));
        foreach (var client in new[] { silent, called, asked, visitor }) await api.LeadAsync(project, client, receivedAt: Ago(100));
        var call = await api.CallRowAsync(project, clientId: called);
        await api.ExecuteAsync("update calls set started_at = @At, outcome = 'answered' where project_id = @P and id = @Id", new { P = project.ProjectId, Id = call, At = Ago(10) });
        await api.LeadAsync(project, asked, status: "repeat", receivedAt: Ago(5));

        var report = await api.ReportAsync(project, "forgotten");
        var item = report.GetProperty("items").EnumerateArray().Single();
        Assert.Equal(("Тихий", 1_000m, 1L, 100), (item.GetProperty("name").GetString(), item.Number("ltv"), item.GetProperty("purchases").GetInt64(), item.GetProperty("silentDays").GetInt32()));
        Assert.Equal((1L, 1_000m), (report.GetProperty("clients").GetInt64(), report.Number("ltv")));

        // Everybody has been silent for four days, the longest silence first.
        var names = (await api.ReadAsync(project, "/v1/reports/forgotten?days=4&sort=silence")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString());
        Assert.Equal(["Тихий", "Позвонили", "Спросил"], names);
        var byLtv = await api.ReadAsync(project, "/v1/reports/forgotten?days=4&limit=1&minLtv=1500");
        Assert.Equal((1L, "Позвонили"), (byLtv.GetProperty("clients").GetInt64(), byLtv.GetProperty("items")[0].GetProperty("name").GetString()));
        var page = await api.ReadAsync(project, "/v1/reports/forgotten?days=4&limit=2");
        var next = await api.ReadAsync(project, $"/v1/reports/forgotten?days=4&limit=2&cursor={page.GetProperty("nextCursor").GetString()}");
        Assert.Equal((2, 1, JsonValueKind.Null), (page.GetProperty("items").GetArrayLength(), next.GetProperty("items").GetArrayLength(), next.GetProperty("nextCursor").ValueKind));
    }

    [Fact]
    public async Task Great_clients_who_stopped_buying_are_those_from_the_80th_percentile_up()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        foreach (var (ltv, days) in new[] { (100, 200), (200, 200), (300, 200), (400, 200), (500, 200), (600, 20) }) await api.SaleAsync(project, connection, await api.ClientAsync(project, ltv.ToString()), Ago(days), ltv);
        var report = await api.ReportAsync(project, "forgotten?kind=stoppedBuying");
        // Type 7 over 100 … 600: 500. The greatest of all still buys.
        Assert.Equal(500m, report.Number("minLtv"));
        Assert.Equal(["500"], report.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()!));
        report = await api.ReadAsync(project, "/v1/reports/forgotten?kind=stoppedBuying&minLtv=250");
        Assert.Equal(250m, report.Number("minLtv"));
        Assert.Equal(["500", "400", "300"], report.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()!));
    }

    [Fact]
    public async Task An_open_deal_without_a_task_or_with_an_overdue_one_is_forgotten_and_a_closed_one_is_not()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        // Days of the calendar.
        await api.ExecuteAsync("update projects set working_hours = '{}' where project_id = @P", new { P = project.ProjectId });
        var deals = new Dictionary<string, long> { ["без задачи"] = 1, ["с задачей"] = 2, ["просрочена"] = 3, ["закрыта"] = 4, ["задача сделана"] = 5 };
        foreach (var (name, remote) in deals)
            await api.DealAsync(project, connection, remote, await api.ClientAsync(project, name), state: name == "закрыта" ? "lost" : "open", amount: 100, createdAt: Ago(10));
        foreach (var (remote, due, done) in new[] { (2, -5, false), (3, 2, false), (5, 2, true) })
            await api.ExecuteAsync("insert into crm_tasks (project_id, connection_id, id, owner_kind, owner_id, kind, due_at, is_done) values (@P, @C, @R, 'deal', @R, 'call', @Due, @Done)",
                new { P = project.ProjectId, C = connection, R = remote, Due = Ago(due), Done = done });
        var items = (await api.ReportAsync(project, "forgotten?kind=openDealNoTask")).GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("name").GetString()!);
        Assert.Equal(["без задачи", "задача сделана", "просрочена"], items.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((1L, 1L, 0L, 100m), (items["без задачи"].GetProperty("openDeals").GetInt64(), items["без задачи"].GetProperty("dealsWithoutTask").GetInt64(), items["без задачи"].GetProperty("overdueTasks").GetInt64(), items["без задачи"].Number("openAmount")));
        Assert.Equal((0L, 1L), (items["просрочена"].GetProperty("dealsWithoutTask").GetInt64(), items["просрочена"].GetProperty("overdueTasks").GetInt64()));
        Assert.Equal(["просрочена"], (await api.ReadAsync(project, "/v1/reports/forgotten?kind=openDealNoTask&days=20")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()));
    }
}
