using System.Text.Json;

namespace LeadIngest.Api.Tests.Reports.Clients;

public sealed class ClientBaseReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] Kinds = ["baseStart", "new", "reactivated", "churned", "baseEnd", "active"];

    [Fact]
    public async Task The_flow_is_that_of_a_look_at_every_client_and_adds_up_in_every_row()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var random = new Random(5);
        var bought = new Dictionary<Guid, List<DateOnly>>();
        for (var i = 0; i < 40; i++)
        {
            var client = await api.CameAsync(project, "2024-01-01", i % 3 == 0 ? "Яндекс" : "VK Реклама");
            bought[client] = [.. Enumerable.Range(0, random.Next(0, 6)).Select(_ => new DateOnly(2024, 1, 1).AddDays(random.Next(0, 500)))];
            foreach (var day in bought[client]) await api.SaleAsync(project, connection, client, day.ToString("yyyy-MM-dd"), 100);
        }
        foreach (var (from, to, churn) in new[] { ("2024-06-01", "2024-08-31", 60), ("2024-03-01", "2025-02-28", 30), ("2024-10-10", "2024-10-10", 180) })
        {
            var query = $"clients?from={from}&to={to}&churnDays={churn}";
            var (first, last) = (DateOnly.ParseExact(from, "yyyy-MM-dd"), DateOnly.ParseExact(to, "yyyy-MM-dd"));
            var total = (await api.ReportAsync(project, query)).GetProperty("total").GetProperty("flow");
            var expected = Look(bought, first, last, churn);
            Assert.Equal(Kinds.Select(k => expected[k].Count), Kinds.Select(k => total.GetProperty(k).GetInt32()));
            foreach (var kind in Kinds)
                Assert.Equal(expected[kind].Order(), (await api.ReadAsync(project, $"/v1/reports/clients/rows?from={from}&to={to}&churnDays={churn}&kind={kind}&limit=500"))
                    .GetProperty("items").EnumerateArray().Select(c => c.GetProperty("clientId").GetGuid()).Order());

            foreach (var groupBy in new[] { "source", "manager", "month" })
            {
                var rows = (await api.ReadAsync(project, $"/v1/reports/{query}&groupBy={groupBy}&compare=previous")).GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("flow")).ToList();
                Assert.All(rows, r => Assert.Equal(N(r, "baseEnd"), N(r, "baseStart") + N(r, "new") + N(r, "reactivated") - N(r, "churned")));
                if (groupBy != "month") Assert.All(Kinds, k => Assert.Equal(N(total, k), rows.Sum(r => N(r, k))));
                else
                {
                    Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.Equal(N(pair.First, "baseEnd"), N(pair.Second, "baseStart")));
                    Assert.Equal((N(total, "baseStart"), N(total, "baseEnd"), N(total, "new")), (N(rows[0], "baseStart"), N(rows[^1], "baseEnd"), rows.Sum(r => N(r, "new"))));
                }
            }
        }

        static int N(JsonElement flow, string kind) => flow.GetProperty(kind).GetInt32();
    }

    [Fact]
    public async Task The_period_compared_with_is_counted_like_the_period()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        await api.SaleAsync(project, connection, await api.ClientAsync(project), "2025-01-15", 100);
        await api.SaleAsync(project, connection, await api.ClientAsync(project), "2024-02-15", 100);
        var total = (await api.ReportAsync(project, "clients?from=2025-02-01&to=2025-02-28&compare=previous")).GetProperty("total");
        Assert.Equal((0, 1), (total.GetProperty("flow").GetProperty("new").GetInt32(), total.GetProperty("previous").GetProperty("new").GetInt32()));
        total = (await api.ReadAsync(project, "/v1/reports/clients?from=2025-02-01&to=2025-02-28&compare=year")).GetProperty("total");
        Assert.Equal((1, 1), (total.GetProperty("flow").GetProperty("baseEnd").GetInt32(), total.GetProperty("previous").GetProperty("new").GetInt32()));
    }

    /// <summary>Day by day and client by client.</summary>
    private static Dictionary<string, List<Guid>> Look(Dictionary<Guid, List<DateOnly>> bought, DateOnly from, DateOnly to, int churn)
    {
        var result = Kinds.ToDictionary(k => k, _ => new List<Guid>());
        foreach (var (client, days) in bought)
        {
            bool Alive(DateOnly day) => days.Any(d => d <= day && day.DayNumber - d.DayNumber < churn);
            var (start, end) = (Alive(from.AddDays(-1)), Alive(to));
            var (before, within) = (days.Any(d => d < from), days.Any(d => d >= from && d <= to));
            if (start) result["baseStart"].Add(client);
            if (end) result["baseEnd"].Add(client);
            if (within) result["active"].Add(client);
            if (within && !before) result["new"].Add(client);
            if (within && before && !start) result["reactivated"].Add(client);
            if ((start || within) && !end) result["churned"].Add(client);
        }
        return result;
    }
}
