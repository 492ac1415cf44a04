using System.Net;
using LeadIngest.Api.Tests.Figures;

namespace LeadIngest.Api.Tests.Reports.Clients;

public sealed class PromotionsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static object Spring(string tag = "Spring  Sale", string kind = "campaign", decimal? spend = null, string goal = "leads", decimal? target = null) => new
    {
        name = "Весна",
        tagKind = kind,
        tag,
        goal,
        goalTarget = target,
        from = "2025-03-01",
        to = "2025-03-31",
        responsible = "Отдел маркетинга",
        planLeads = 4,
        planClients = 4,
        planRevenue = 10_000,
        planBudget = 2_000,
        actualSpend = spend,
    };

    [Fact]
    public async Task A_promotion_can_be_written_read_changed_and_removed()
    {
        var project = await api.CreateProjectAsync();
        var made = await api.PostAsync(project, "/v1/promotions", Spring());
        var row = await made.JsonAsync();
        Assert.Equal((HttpStatusCode.Created, "Spring Sale", "campaign"), (made.StatusCode, row.GetProperty("tag").GetString(), row.GetProperty("tagKind").GetString()));
        var address = made.Headers.Location!.ToString();
        Assert.Equal(2_000m, (await api.ReadAsync(project, address)).Number("planBudget"));
        row = await (await api.SendAsync(project, HttpMethod.Put, address, Spring("other", spend: 5))).JsonAsync();
        Assert.Equal(("other", 5m), (row.GetProperty("tag").GetString(), row.Number("actualSpend")));
        Assert.Single((await api.ReadAsync(project, "/v1/promotions")).GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(project, HttpMethod.Delete, address)).StatusCode);
        await (await api.GetAsync(project, address)).ProblemAsync(404);
        await (await api.SendAsync(project, HttpMethod.Put, address, Spring())).ProblemAsync(404);
    }

    [Theory]
    [InlineData("""{"name":"","tag":"a","from":"2025-03-01","to":"2025-03-02"}""", "name")]
    [InlineData("""{"name":"a","tag":" ","from":"2025-03-01","to":"2025-03-02"}""", "tag")]
    [InlineData("""{"name":"a","tag":"a","from":"2025-03-02","to":"2025-03-01"}""", "to")]
    [InlineData("""{"name":"a","tag":"a","from":"2025-03-01","to":"2029-03-02"}""", "to")]
    [InlineData("""{"name":"a","tag":"a","goal":"fame","from":"2025-03-01","to":"2025-03-02"}""", "goal")]
    [InlineData("""{"name":"a","tag":"a","from":"2025-03-01","to":"2025-03-02","planBudget":1.001}""", "planBudget")]
    public async Task What_is_no_promotion_is_refused_by_name(string body, string field)
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.PostAsync(project, "/v1/promotions", new StringContent(body, null, "application/json"))).ProblemAsync(400);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task The_report_lays_what_came_beside_what_was_planned()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var (fresh, old) = (await api.ClientAsync(project), await api.CameAsync(project, "2025-01-10"));
        var lead = await api.TouchAsync(project, fresh, Selling.Noon("2025-03-05"), campaign: "spring sale");
        // By the utm value; named otherwise since. The last minute in Moscow.
        await api.TouchAsync(project, old, new DateTimeOffset(2025, 3, 31, 20, 59, 0, TimeSpan.Zero), campaign: "Весенняя", status: "repeat", passport: """{"utm":{"utm_campaign":"Spring Sale"}}""");
        // Too late, and another campaign.
        await api.TouchAsync(project, fresh, new DateTimeOffset(2025, 3, 31, 21, 0, 0, TimeSpan.Zero), campaign: "spring sale", status: "repeat");
        await api.TouchAsync(project, old, Selling.Noon("2025-03-06"), campaign: "summer", status: "repeat");
        await api.SaleAsync(project, connection, fresh, "2025-03-06", 6_000, lead: lead);
        await api.DealAsync(project, connection, 1, fresh, state: "open", amount: 500, createdAt: Selling.Noon("2025-03-07"));
        await api.SaleAsync(project, connection, await api.CameAsync(project, "2025-03-01", campaign: "summer"), "2025-03-06", 9_999);
        await api.ExecuteAsync("insert into spend_manual (project_id, id, name, first_day, last_day, amount, currency, vat_included, campaign_name) values (@P, gen_random_uuid(), 'a', '2025-03-01', '2025-04-30', 6100, 'RUB', true, 'SPRING sale')",
            new { P = project.ProjectId });
        await api.VisitAsync(project, Guid.CreateVersion7(), Selling.Noon("2025-03-03"), campaign: "spring sale");
        await api.VisitAsync(project, Guid.CreateVersion7(), Selling.Noon("2025-03-03"), campaign: "spring sale", bot: true);
        var id = (await (await api.PostAsync(project, "/v1/promotions", Spring())).JsonAsync()).GetProperty("id").GetGuid();

        var report = await api.ReportAsync(project, "promotions?from=2025-03-15&to=2025-05-01");

        var row = report.GetProperty("rows").EnumerateArray().Single();
        var actual = row.GetProperty("actual");
        Assert.Equal((1L, 2L, 1L, 2L, 1L), (actual.GetProperty("visits").GetInt64(), actual.GetProperty("leads").GetInt64(), actual.GetProperty("clients").GetInt64(), actual.GetProperty("deals").GetInt64(), actual.GetProperty("sales").GetInt64()));
        // 31 of 61 days.
        Assert.Equal((6_000m, 3_100m, 1_550m, 1.935484m, 0.935484m), (actual.Number("revenue"), actual.Number("spend"), actual.Number("cpl"), actual.Number("romiPayback"), actual.Number("romiNet")));
        Assert.True(actual.GetProperty("isPaidBack").GetBoolean());
        var done = row.GetProperty("done");
        Assert.Equal((0.5m, 0.25m, 0.6m, 1.55m, 0.5m), (done.Number("leads"), done.Number("clients"), done.Number("revenue"), done.Number("budget"), done.Number("goal")));

        Assert.Equal(2, (await api.ReadAsync(project, $"/v1/reports/promotions/leads?promotionId={id}")).GetProperty("items").GetArrayLength());
        Assert.Equal(6_500m, (await api.ReadAsync(project, $"/v1/reports/promotions/rows?promotionId={id}")).GetProperty("items").EnumerateArray().Sum(d => d.Number("amount")));
        Assert.Empty((await api.ReadAsync(project, "/v1/reports/promotions?from=2025-04-01&to=2025-05-01")).GetProperty("rows").EnumerateArray());

        // Spend by hand stands in the place of the tag's; a second promotion of the same leads counts them once in the total.
        await api.SendAsync(project, HttpMethod.Put, $"/v1/promotions/{id}", Spring(spend: 12_000, goal: "checks", target: 12_000));
        await api.PostAsync(project, "/v1/promotions", Spring());
        report = await api.ReportAsync(project, "promotions?from=2025-03-15&to=2025-05-01");
        row = report.GetProperty("rows").EnumerateArray().Single(r => r.GetProperty("promotionId").GetGuid() == id);
        Assert.Equal((12_000m, 0.5m, -0.5m, false, 0.5m), (row.GetProperty("actual").Number("spend"), row.GetProperty("actual").Number("romiPayback"), row.GetProperty("actual").Number("romiNet"),
            row.GetProperty("actual").GetProperty("isPaidBack").GetBoolean(), row.GetProperty("done").Number("goal")));
        var total = report.GetProperty("total");
        Assert.Equal((2L, 6_000m, 15_100m), (total.GetProperty("leads").GetInt64(), total.Number("revenue"), total.Number("spend")));
    }
}
