using System.Globalization;
using System.Text.Json;
using LeadIngest.Api.Tests.Reports.Team;

namespace LeadIngest.Api.Tests.Figures;

public sealed class SourcesTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly DateTimeOffset January = new(2025, 1, 15, 9, 0, 0, TimeSpan.Zero);

    /// <summary>50,000 spent in January; 40,000 sold at first, 500,000 more to the same clients during the year, without advertising.</summary>
    [Fact]
    public async Task The_printing_house_loses_on_first_deals_and_earns_with_the_repeats()
    {
        var project = await api.CreateProjectAsync("Типография");
        var connection = await api.ConnectionAsync(project);
        await api.SpendRowAsync(project, new(2025, 1, 15), 50_000, "1001", "Визитки");
        for (var i = 0; i < 4; i++)
        {
            var client = await api.ClientAsync(project);
            var lead = await api.TouchAsync(project, client, January.AddHours(i), campaign: "1001", passport: """{"utm":{"utm_campaign":"1001"}}""");
            await api.DealAsync(project, connection, 100 + i, client, lead, state: "won", amount: 10_000, stage: "142", createdAt: January.AddHours(i));
            for (var month = 1; month <= 5; month++)
                await api.DealAsync(project, connection, (10 * (i + 100)) + 1000 + month, client, state: "won", amount: 25_000, stage: "142", createdAt: January.AddMonths(4 + month));
        }
        await api.CatchUpAsync(project);

        // By what brought the client: the campaign earned the whole of it.
        var client1 = await SourceAsync("basis=client");
        Assert.Equal((50_000m, 540_000m, 40_000m, 500_000m), (client1.Money("spend"), client1.Money("revenue"), client1.Money("firstRevenue"), client1.Money("repeatRevenue")));
        Assert.Equal((10.8m, 9.8m), (client1.Ratio("romiPayback"), client1.Ratio("romiNet")));
        // The loss on first deals: 80 % came back, 20 % were lost.
        Assert.Equal((0.8m, -0.2m), (client1.Ratio("firstRomiPayback"), client1.Ratio("firstRomiNet")));
        Assert.Equal((12_500m, 12_500m, 135_000m), (client1.Ratio("cpl"), client1.Ratio("cac"), client1.Ratio("ltv")));
        Assert.Equal(4m, client1.GetProperty("newClients").GetDecimal());

        // By what led to each deal: the repeats came of themselves, and have a row of their own.
        var report = await api.ReadAsync(project, "/v1/reports/sources?groupBy=channel,source&from=2025-01-01&to=2025-12-31");
        var own = report.Row("paid_search");
        Assert.Equal((40_000m, 0.8m, -0.2m), (own.Money("revenue"), own.Ratio("romiPayback"), own.Ratio("romiNet")));
        var repeat = report.Row("repeat");
        Assert.Equal((500_000m, 20m, 0m), (repeat.Money("revenue"), repeat.GetProperty("won").GetDecimal(), repeat.GetProperty("newClients").GetDecimal()));
        Assert.Equal(JsonValueKind.Null, repeat.GetProperty("spend").ValueKind);
        Assert.Equal(("payback", 540_000m, 50_000m), (report.GetProperty("romi").GetString(), report.GetProperty("totals").Money("revenue"), report.GetProperty("totals").Money("spend")));

        async Task<JsonElement> SourceAsync(string query) =>
            (await api.ReadAsync(project, $"/v1/reports/sources?groupBy=channel,source,campaign&from=2025-01-01&to=2025-12-31&{query}")).Row("paid_search");
    }

    [Fact]
    public async Task The_tree_opens_level_by_level_and_every_level_adds_up_to_the_one_above()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        await api.SpendRowAsync(project, new(2025, 1, 15), 1_000.01m, "1001", "Поиск Москва");
        await api.SpendRowAsync(project, new(2025, 1, 16), 99.99m, "7777", "Без заявок");
        string[] keywords = ["цена", "купить", "цена"];
        for (var i = 0; i < 3; i++)
        {
            var client = await api.ClientAsync(project);
            var lead = await api.TouchAsync(project, client, January.AddMinutes(i), campaign: i == 2 ? "brand" : "1001", keyword: keywords[i], passport: $$$"""{"utm":{"utm_campaign":"{{{(i == 2 ? "brand" : "1001")}}}"}}""");
            await api.DealAsync(project, connection, 10 + i, client, lead, state: "won", amount: 100.10m * (i + 1), stage: "142", createdAt: January.AddDays(1));
        }
        await api.TouchAsync(project, await api.ClientAsync(project), January, "organic_search", "Яндекс", "organic");
        await api.CatchUpAsync(project);
        const string Query = "/v1/reports/sources?groupBy=channel,source,campaign,keyword&from=2025-01-01&to=2025-01-31";

        var root = await api.ReadAsync(project, Query);
        var search = root.Node("paid_search");
        Assert.True(search.GetProperty("hasChildren").GetBoolean());
        var sources = await api.ReadAsync(project, $"{Query}&parent={Uri.EscapeDataString(search.GetProperty("key").GetString()!)}");
        var direct = sources.Node("Яндекс.Директ");
        var campaigns = await api.ReadAsync(project, $"{Query}&parent={Uri.EscapeDataString(direct.GetProperty("key").GetString()!)}");

        // The campaign goes by its id and shows its name; that without spend and that without leads both stand there.
        Assert.Equal((1_000.01m, 2L), (campaigns.Row("Поиск Москва").Money("spend"), campaigns.Row("Поиск Москва").GetProperty("leads").GetInt64()));
        Assert.Equal("unknown", campaigns.Row("brand").GetProperty("cpl").GetProperty("why").GetString());
        Assert.Equal("zeroBase", campaigns.Row("Без заявок").GetProperty("cpl").GetProperty("why").GetString());
        var words = await api.ReadAsync(project, $"{Query}&parent={Uri.EscapeDataString(campaigns.Node("Поиск Москва").GetProperty("key").GetString()!)}");
        Assert.False(words.Node("цена").GetProperty("hasChildren").GetBoolean());
        Assert.Equal(100.10m, words.Row("цена").Money("revenue"));
        // Spend without keywords stays at the campaign: under it in the row of none.
        Assert.Equal(1_000.01m, words.Rows().Single(r => r.GetProperty("values")[3].ValueKind == JsonValueKind.Null).GetProperty("figures").Money("spend"));
        foreach (var (above, below) in new[] { (search.GetProperty("figures"), sources), (direct.GetProperty("figures"), campaigns), (campaigns.Row("Поиск Москва"), words) })
            foreach (var name in (string[])["spend", "leads", "visits", "clients", "deals", "won", "revenue", "newClients"])
            {
                Assert.Equal(above.GetProperty(name).ToString(), below.GetProperty("totals").GetProperty(name).ToString());
                Assert.Equal(Value(below.GetProperty("totals").GetProperty(name)), below.Rows().Sum(r => Value(r.GetProperty("figures").GetProperty(name))));
            }
    }

    [Fact]
    public async Task Calls_count_by_the_passports_of_their_leads_with_redials_and_without_spam_and_follow_their_outcome()
    {
        var project = await api.CreateProjectAsync();
        var client = await api.ClientAsync(project);
        await api.TouchAsync(project, client, January);
        var first = await CallAsync("new", "missed", January.AddHours(1));
        var redial = await CallAsync("duplicate", "answered", January.AddHours(1).AddMinutes(5));
        await CallAsync("spam", "answered", January.AddHours(2));
        await CallAsync("new", "answered", January.AddHours(3), "organic_search");
        await api.CatchUpAsync(project);
        const string Days = "groupBy=channel&from=2025-01-01&to=2025-01-31";
        Assert.Equal((2m, 2m, 1m), await FiguresAsync());

        // The last message of the PBX comes late: the call itself began, by its clock, in another month.
        await api.ExecuteAsync("update calls set outcome = 'answered', started_at = '2024-11-01T10:00:00Z' where project_id = @P and lead_id = @first", new { P = project.ProjectId, first });
        await api.CatchUpAsync(project);
        Assert.Equal((2m, 2m, 2m), await FiguresAsync());
        var rows = (await api.ReadAsync(project, $"/v1/reports/sources/rows?{Days}&what=answeredCalls&channel=paid_search")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(new[] { (first, "lead"), (redial, "lead") }.ToHashSet(), rows.Select(r => (r.GetProperty("id").GetGuid(), r.GetProperty("kind").GetString()!)).ToHashSet());
        Assert.Equal(3, (await api.ReadAsync(project, $"/v1/reports/sources/rows?{Days}&what=calls")).GetProperty("items").GetArrayLength());

        async Task<Guid> CallAsync(string status, string outcome, DateTimeOffset at, string channel = "paid_search")
        {
            var lead = await api.TouchAsync(project, client, at, channel, status: status, kind: "call");
            await api.HeardAsync(project, at, outcome, client: client, lead: lead);
            return lead;
        }

        async Task<(decimal Leads, decimal Calls, decimal Answered)> FiguresAsync()
        {
            var row = (await api.ReadAsync(project, $"/v1/reports/sources?{Days}&sort=-calls")).Rows().First();
            Assert.Equal("paid_search", row.GetProperty("values")[0].GetString());
            return (Value(row.GetProperty("figures").GetProperty("leads")), Value(row.GetProperty("figures").GetProperty("calls")), Value(row.GetProperty("figures").GetProperty("answeredCalls")));
        }
    }

    [Fact]
    public async Task The_rows_behind_a_figure_add_up_to_it()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        await api.SpendRowAsync(project, new(2025, 1, 15), 33.335m, "1001", "Поиск");
        await api.SpendRowAsync(project, new(2025, 1, 16), 33.335m, "1001", "Поиск");
        var client = await api.ClientAsync(project);
        await api.TouchAsync(project, client, January.AddDays(-3), "organic_search", "Яндекс", "organic");
        await api.TouchAsync(project, client, January.AddDays(-2), "paid_social", "VK Реклама");
        var lead = await api.TouchAsync(project, client, January, campaign: "1001", passport: """{"utm":{"utm_campaign":"1001"}}""");
        await api.DealAsync(project, connection, 1, client, lead, state: "won", amount: 100, stage: "142", createdAt: January.AddDays(1));
        await api.CatchUpAsync(project);

        foreach (var groups in (string[])["channel", "channel,source,campaign", "keyword", "site,month", "manager", "region", "pipeline"])
            foreach (var model in (string[])["linear", "lastNonDirect", "timeDecay"])
            {
                var query = $"groupBy={groups}&model={model}&from=2025-01-01&to=2025-01-31";
                foreach (var node in (await api.ReadAsync(project, $"/v1/reports/sources?{query}")).Rows())
                    foreach (var (what, figure, isMoney) in new[] { ("leads", "leads", false), ("clients", "clients", false), ("deals", "deals", false), ("won", "won", false), ("revenue", "revenue", true), ("spend", "spend", true) })
                    {
                        var rows = await api.ReadAsync(project, $"/v1/reports/sources/rows?{query}&what={what}&parent={Uri.EscapeDataString(node.GetProperty("key").GetString()!)}");
                        var sum = rows.GetProperty("items").EnumerateArray().Sum(r => Value(r.GetProperty(isMoney ? "amount" : "share")));
                        Assert.True(Value(node.GetProperty("figures").GetProperty(figure)) == sum, $"{query} {node.GetProperty("key")} {what}: {node.GetProperty("figures").GetProperty(figure)} is not {sum}");
                    }
            }
    }

    [Theory]
    [InlineData("groupBy=colour", "groupBy")]
    [InlineData("groupBy=channel,channel", "groupBy")]
    [InlineData("model=magic", "model")]
    [InlineData("groupBy=channel&parent=a/b", "parent")]
    [InlineData("groupBy=channel&parent=a", "parent")]
    [InlineData("from=2025-02-01&to=2025-01-01", "to")]
    [InlineData("sort=beauty", "sort")]
    public async Task A_question_that_makes_no_sense_is_refused_by_its_name(string query, string field)
    {
        var problem = await (await api.GetAsync(await api.CreateProjectAsync(), "/v1/reports/sources?" + query)).ProblemAsync(400);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    internal static decimal Value(JsonElement value) => value.ValueKind == JsonValueKind.Null ? 0 : value.GetDecimal();
}

/// <summary>Reads the report's answers.</summary>
internal static class Reading
{
    public static IEnumerable<JsonElement> Rows(this JsonElement report) => report.GetProperty("rows").EnumerateArray();

    public static JsonElement Node(this JsonElement report, string label) => report.Rows().Single(r => r.GetProperty("label").GetString() == label);

    public static JsonElement Row(this JsonElement report, string label) => report.Node(label).GetProperty("figures");

    public static decimal Money(this JsonElement figures, string name) => figures.GetProperty(name).GetDecimal();

    public static decimal? Ratio(this JsonElement figures, string name) => figures.GetProperty(name).GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetDecimal() : null;

    /// <summary>A row of spend as an import leaves it, with the names by which leads find it.</summary>
    public static async Task<Guid> SpendRowAsync(this ApiFixture api, TestProject project, DateOnly day, decimal amount, string campaign, string name, string source = "yandex", string medium = "cpc",
        string currency = "RUB", string? keyword = null)
    {
        var id = Guid.CreateVersion7();
        await api.ExecuteAsync("""
            insert into spend_accounts (project_id, id, name) select @P, @P, 'Директ' where not exists (select 1 from spend_accounts where project_id = @P);
            insert into spend_imports (project_id, id, account_id, file_sha256, taken, refused, skipped, report) select @P, @P, @P, '', 1, 0, 0, '{}' where not exists (select 1 from spend_imports where project_id = @P);
            insert into spend (project_id, id, account_id, import_id, day, campaign_id, campaign_name, keyword, source, medium, currency, vat_included, vat_rate, amount, original)
            values (@P, @Id, @P, @P, @Day::date, @Campaign, @Name, @Keyword, @Source, @Medium, @Currency, true, 20, @Amount, '[]');
            insert into spend_names (project_id, kind, value, campaign_key) values (@P, 'campaign', @Campaign, 'id:' || @Campaign), (@P, 'name', lower(@Name), 'id:' || @Campaign) on conflict do nothing
            """, new
        {
            P = project.ProjectId,
            Id = id,
            Day = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Campaign = campaign,
            Name = name,
            Keyword = keyword,
            Source = source,
            Medium = medium,
            Currency = currency,
            Amount = amount
        });
        return id;
    }
}
