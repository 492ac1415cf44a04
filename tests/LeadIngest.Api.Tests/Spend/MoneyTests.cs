using System.Text.Json;
using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Spend;

public class MoneyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Spend_in_another_currency_is_converted_by_the_rate_of_its_day_or_shown_unconverted()
    {
        var project = await api.CreateProjectAsync();
        await api.ImportAsync(project, "31.07.2026;1111;А;;;7\n01.08.2026;1111;А;;;10\n03.08.2026;1111;А;;;10\n05.08.2026;1111;А;;;10\n", new { currency = "KZT" });
        await LoadAsync("2026-08-01;KZT;100;15,5\n2026-08-04;KZT;100;20\n");
        Assert.Equal([null, 1.55m, 1.55m, 2m], (await ItemsAsync("day")).Select(g => g.GetProperty("money").ValueKind == JsonValueKind.Null ? (decimal?)null : g.GetProperty("money").GetDecimal()));
        var total = (await api.ReadAsync(project, "/v1/spend/summary?groupBy=month")).GetProperty("total");
        Assert.Equal((5.10m, 7m), (total.GetProperty("money").GetDecimal(), total.GetProperty("unconverted").GetProperty("KZT").GetDecimal()));
        // Both are kept.
        var newest = (await api.ReadAsync(project, "/v1/spend?from=2026-08-05")).GetProperty("items")[0];
        Assert.Equal((10m, "KZT", 2m, "RUB"), (newest.GetProperty("amount").GetDecimal(), newest.Text("currency"), newest.GetProperty("money").GetDecimal(), newest.Text("moneyCurrency")));
        // A corrected rate corrects the figures; a project that counts in another currency goes through roubles.
        await LoadAsync("2026-08-04;KZT;100;30\n2026-08-01;USD;1;75\n");
        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/projects/{project.ProjectId}", new { currency = "USD" })).JsonAsync();
        Assert.Equal(0.04m, (await ItemsAsync("day"))[^1].GetProperty("money").GetDecimal());
        Assert.Equal(3, (await api.ReadAsync(project, "/v1/spend/rates")).GetProperty("items").GetArrayLength());

        async Task LoadAsync(string text) => await (await api.PostAsync(project, "/v1/spend/rates", new { text })).JsonAsync();
        async Task<JsonElement[]> ItemsAsync(string by) => [.. (await api.ReadAsync(project, $"/v1/spend/summary?groupBy={by}")).GetProperty("items").EnumerateArray()];
    }

    [Fact]
    public async Task Vat_is_that_of_the_day_and_the_project_says_the_basis()
    {
        var project = await api.CreateProjectAsync();
        await api.ImportAsync(project, "31.12.2025;1111;А;;;100\n01.01.2026;1111;А;;;100\n", new { vatIncluded = false });
        await api.ImportAsync(project, "01.01.2026;2222;Б;;;122\n", new { vatIncluded = true }, "VK");
        Assert.Equal([120m, 244m], await DaysAsync());
        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/projects/{project.ProjectId}", new { spendVat = "net" })).JsonAsync();
        Assert.Equal([100m, 200m], await DaysAsync());
        Assert.Equal("net", (await api.ReadAsync(project, "/v1/spend/summary")).Text("vat"));

        async Task<decimal[]> DaysAsync() => [.. (await api.ReadAsync(project, "/v1/spend/summary")).GetProperty("items").EnumerateArray().Select(g => g.GetProperty("money").GetDecimal())];
    }

    [Fact]
    public async Task An_amount_by_hand_is_spread_over_its_days_and_can_be_changed_and_removed()
    {
        var project = await api.CreateProjectAsync();
        var made = await (await api.PostAsync(project, "/v1/spend/manual", new { name = "Блогер", from = "2026-08-01", to = "2026-08-03", amount = 100m, source = "blogger" })).JsonAsync();
        Assert.Equal([33.34m, 33.33m, 33.33m], await DaysAsync());
        var path = $"/v1/spend/manual/{made.Text("id")}";
        await (await api.SendAsync(project, HttpMethod.Put, path, new { name = "Возврат", from = "2026-08-01", to = "2026-08-03", amount = -100m })).JsonAsync();
        Assert.Equal([-33.34m, -33.33m, -33.33m], await DaysAsync());
        Assert.Equal("Возврат", (await api.ReadAsync(project, path)).Text("name"));
        var problem = await (await api.PostAsync(project, "/v1/spend/manual", new { name = "", from = "2026-08-02", to = "2026-08-01", amount = 1.001m })).ProblemAsync(400);
        Assert.Equal(["name", "to", "amount"], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        Assert.Equal(204, (int)(await api.SendAsync(project, HttpMethod.Delete, path)).StatusCode);
        Assert.Empty(await DaysAsync());

        async Task<decimal[]> DaysAsync() => [.. (await api.ReadAsync(project, "/v1/spend/summary?groupBy=day")).GetProperty("items").EnumerateArray().Select(g => g.GetProperty("money").GetDecimal())];
    }

    [Fact]
    public async Task An_account_keeps_its_settings_for_its_tables_and_is_not_removed_with_spend()
    {
        var project = await api.CreateProjectAsync();
        var account = (await (await api.PostAsync(project, "/v1/spend/accounts", new { name = "VK", source = "vk", medium = "cpc", currency = "USD", vatIncluded = false })).JsonAsync()).Text("id");
        var other = (await (await api.PostAsync(project, "/v1/spend/accounts", new { name = "2ГИС" })).JsonAsync()).Text("id");
        Assert.EndsWith("spend-account-exists", (await (await api.SendAsync(project, HttpMethod.Put, $"/v1/spend/accounts/{other}", new { name = "vk" })).ProblemAsync(409)).Text("type"), StringComparison.Ordinal);
        var import = await (await api.PostAsync(project, "/v1/spend/imports", new { accountId = account, text = "Дата;Расход\n01.08.2026;10\n" })).JsonAsync();
        var row = (await api.ReadAsync(project, "/v1/spend")).GetProperty("items")[0];
        Assert.Equal(("vk", "cpc", "USD", false), (row.Text("source"), row.Text("medium"), row.Text("currency"), row.GetProperty("vatIncluded").GetBoolean()));
        Assert.Equal("2026-08-01", (await api.ReadAsync(project, $"/v1/spend/accounts/{account}")).Text("lastDay"));
        Assert.EndsWith("spend-counts", (await (await api.SendAsync(project, HttpMethod.Delete, $"/v1/spend/accounts/{account}")).ProblemAsync(409)).Text("type"), StringComparison.Ordinal);
        await api.SendAsync(project, HttpMethod.Delete, $"/v1/spend/imports/{import.Text("id")}");
        Assert.Equal(204, (int)(await api.SendAsync(project, HttpMethod.Delete, $"/v1/spend/accounts/{account}")).StatusCode);
    }
}
