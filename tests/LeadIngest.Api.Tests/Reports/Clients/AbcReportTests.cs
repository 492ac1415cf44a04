using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Tests.Reports.Clients;

public sealed class AbcReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("population", 0.06455, "X")]
    [InlineData("sample", 0.070711, "X")]
    public async Task The_worked_example_of_variation(string sigma, double variation, string @class)
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var client = await api.ClientAsync(project);
        foreach (var (amount, i) in new[] { 100, 110, 90, 105, 95, 100 }.Select((a, i) => (a, i))) await api.SaleAsync(project, connection, client, $"2025-0{i + 1}-15", amount);
        var item = (await api.ReportAsync(project, $"abc?from=2025-01-01&to=2025-06-30&sigma={sigma}")).GetProperty("items").EnumerateArray().Single();
        Assert.Equal(((decimal)variation, @class, "A"), (item.Number("variation"), item.GetProperty("xyz").GetString(), item.GetProperty("abc").GetString()));
    }

    [Fact]
    public async Task Classes_counted_in_the_database_are_those_of_the_rules()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var random = new Random(11);
        var sales = new List<(Guid Client, int Month, decimal Amount)>();
        for (var i = 0; i < 30; i++)
        {
            var client = await api.ClientAsync(project);
            // Few different values, so that ties cross the borders; some buy evenly.
            foreach (var month in Enumerable.Range(1, 4).Where(_ => i % 5 == 0 || random.Next(2) == 0))
            {
                var amount = i % 5 == 0 ? 1_000 + (random.Next(3) * 50) : (decimal)Math.Pow(4, random.Next(1, 8)) / 4;
                sales.Add((client, month, amount));
                await api.SaleAsync(project, connection, client, $"2025-0{month}-10", amount);
            }
        }
        var byClient = sales.GroupBy(s => s.Client).Select(g => (Item: g.Key, Value: g.Sum(s => s.Amount))).ToList();
        var expected = Abc.Of(byClient).ToDictionary(i => i.Item, i => i);

        foreach (var sigma in new[] { Sigma.Population, Sigma.Sample })
        {
            var report = await api.ReportAsync(project, $"abc?from=2025-01-01&to=2025-04-30&limit=500&sigma={(sigma == Sigma.Sample ? "sample" : "population")}");
            var items = report.GetProperty("items").EnumerateArray().ToList();
            Assert.Equal(byClient.Count, items.Count);
            foreach (var item in items)
            {
                var client = Guid.Parse(item.GetProperty("key").GetString()!);
                var xyz = Xyz.Of([.. sales.Where(s => s.Client == client).GroupBy(s => s.Month).Select(g => g.Sum(s => s.Amount))], 4, sigma);
                Assert.Equal((expected[client].Class.ToString(), decimal.Round(expected[client].ShareBefore, 6), expected[client].Value, xyz.Class?.ToString(), decimal.Round(xyz.Variation!.Value, 5)),
                    (item.GetProperty("abc").GetString(), item.Number("shareBefore"), item.Number("revenue"), item.GetProperty("xyz").GetString(), decimal.Round(item.Number("variation")!.Value, 5)));
            }
            Assert.Equal(sales.Sum(s => s.Amount), report.GetProperty("total").Number("revenue"));
            Assert.Equal(sales.Sum(s => s.Amount), report.GetProperty("matrix").EnumerateArray().Sum(c => c.Number("revenue")));
            Assert.Equal(byClient.Count, report.GetProperty("classes").EnumerateArray().Sum(c => c.GetProperty("items").GetInt64()));
        }

        // Pages follow one another, and a class opens to its deals.
        var seen = new List<string>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = await api.ReadAsync(project, $"/v1/reports/abc?from=2025-01-01&to=2025-04-30&limit=7&cursor={cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("key").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        Assert.Equal(byClient.Count, seen.Distinct().Count());
        var deals = await api.ReadAsync(project, "/v1/reports/abc/rows?from=2025-01-01&to=2025-04-30&abc=A&limit=500");
        Assert.Equal(expected.Values.Where(i => i.Class == AbcClass.A).Sum(i => i.Value), deals.GetProperty("items").EnumerateArray().Sum(d => d.Number("amount")));
    }

    [Fact]
    public async Task Products_are_told_apart_by_the_catalogue_and_counted_by_money_or_pieces_in_the_projects_currency()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var client = await api.ClientAsync(project);
        await api.ExecuteAsync("insert into rates values (@P, 'USD', '2025-01-01', 80, 1)", new { P = project.ProjectId });
        var one = await api.SaleAsync(project, connection, client, "2025-01-10", 900);
        var two = await api.SaleAsync(project, connection, null, "2025-02-10", 2, "USD");
        await api.SaleAsync(project, connection, client, "2025-03-10", 55);
        await api.ExecuteAsync("""
            insert into deal_products (project_id, deal_id, n, product_id, name, price, quantity) values
                (@P, @One, 1, '7', 'Окно', 400, 2), (@P, @One, 2, null, ' Монтаж ', 50, 2), (@P, @Two, 1, '7', 'Окно, новое имя', 1, 1), (@P, @Two, 2, null, 'монтаж', 0.5, 2)
            """, new { P = project.ProjectId, One = one, Two = two });

        var report = await api.ReportAsync(project, "abc?of=product&from=2025-01-01&to=2025-03-31");

        Assert.Equal([("Окно, новое имя", 880m, 3m, "A"), ("монтаж", 180m, 4m, "B")],
            report.GetProperty("items").EnumerateArray().Select(i => (i.GetProperty("name").GetString()!.Trim(), i.Number("revenue")!.Value, i.Number("quantity")!.Value, i.GetProperty("abc").GetString()!)));
        Assert.Equal((1L, 55m), (report.GetProperty("leftOut").GetProperty("deals").GetInt64(), report.GetProperty("leftOut").Number("revenue")));
        var pieces = await api.ReadAsync(project, "/v1/reports/abc?of=product&by=quantity&from=2025-01-01&to=2025-03-31");
        Assert.Equal([4m, 3m], pieces.GetProperty("items").EnumerateArray().Select(i => i.Number("quantity")!.Value));
        var key = report.GetProperty("items")[0].GetProperty("key").GetString()!;
        var deals = await api.ReadAsync(project, $"/v1/reports/abc/rows?of=product&from=2025-01-01&to=2025-03-31&item={Uri.EscapeDataString(key)}");
        Assert.Equal([two, one], deals.GetProperty("items").EnumerateArray().Select(d => d.GetProperty("dealId").GetGuid()));
    }
}
