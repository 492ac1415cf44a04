using System.Text.Json;
using LeadIngest.Api.Tests.Figures;

namespace LeadIngest.Api.Tests.Reports.Team;

public sealed class FunnelReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);
    private const string March = "from=2026-03-01&to=2026-03-31";

    [Fact]
    public async Task A_cohort_shows_how_far_its_deals_came_what_they_jumped_over_and_how_long_they_stayed()
    {
        var (project, connection) = await StartAsync();
        await api.CourseAsync(project, connection, 1, Noon, "1 2 3 142");
        await api.CourseAsync(project, connection, 2, Noon, "1 3");
        await api.CourseAsync(project, connection, 3, Noon, "1 2 143", reason: "61");
        await api.CourseAsync(project, connection, 4, Noon, "1");
        // Made by the calendar of Moscow on the last of February.
        await api.CourseAsync(project, connection, 5, new(2026, 2, 28, 20, 59, 0, TimeSpan.Zero), "1 2");
        await api.CatchUpAsync(project);

        var report = await api.ReadAsync(project, $"/v1/reports/funnel?{March}");

        var funnel = report.GetProperty("pipelines").EnumerateArray().Single();
        Assert.Equal("Продажи", funnel.GetProperty("name").GetString());
        var total = funnel.GetProperty("total");
        Assert.Equal((4, 2, 1, 1), (total.Long("deals"), total.Long("open"), total.Long("won"), total.Long("lost")));
        Assert.Equal(["Новая 4 4 0 1 0", "Разговор 2 3 1 0 1", "Предложение 2 2 0 1 0", "Успешно 1 1 0 1 0"], Steps(total));
        Assert.Equal([1, 0.75m, 0.666667m, 0.5m], total.GetProperty("steps").EnumerateArray().Select(s => s.Value("fromPrevious")!.Value));
        Assert.Equal([1, 0.75m, 0.5m, 0.25m], total.GetProperty("steps").EnumerateArray().Select(s => s.Value("fromStart")!.Value));
        Assert.Equal(86_400, total.GetProperty("steps")[0].Long("medianSeconds"));
        Assert.Equal(JsonValueKind.Null, total.GetProperty("steps")[3].GetProperty("medianSeconds").ValueKind);
        Assert.True(total.GetProperty("wonShare").GetProperty("isSmall").GetBoolean());
    }

    [Fact]
    public async Task Reopened_deals_are_no_longer_lost_and_deleted_ones_and_foreign_ones_are_not_there()
    {
        var (project, connection) = await StartAsync();
        var (neighbour, theirs) = await StartAsync();
        await api.CourseAsync(project, connection, 1, Noon, "1 143 2 142");
        await api.CourseAsync(project, connection, 2, Noon, "1 143 2 143");
        var deleted = await api.CourseAsync(project, connection, 3, Noon, "1 143");
        await api.CourseAsync(neighbour, theirs, 4, Noon, "1 2");
        await api.CatchUpAsync(project);
        Assert.Equal("3 2 1 2", await TotalAsync(project));

        await api.ExecuteAsync("update deals set deleted_at = now() where project_id = @P and id = @Id", new { P = project.ProjectId, Id = deleted });
        await api.CatchUpAsync(project);

        Assert.Equal("2 1 1 2", await TotalAsync(project));
    }

    /// <summary>Every figure of random funnels is opened: the rows are found by SQL of their own, so both must be right.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_rows_behind_every_figure_are_as_many_as_it_says(int seed)
    {
        var (project, connection) = await StartAsync();
        var random = new Random(seed);
        string[] stages = ["1", "2", "3", "142", "143", "7"];
        for (var deal = 0; deal < 60; deal++)
            await api.CourseAsync(project, connection, deal + 1, Noon.AddDays(random.Next(20)), string.Join(' ', Enumerable.Range(0, random.Next(1, 7)).Select(_ => stages[random.Next(stages.Length)])),
                responsible: random.Next(3) switch { 0 => "31", 1 => "32", _ => null });
        await api.CatchUpAsync(project);

        var funnel = (await api.ReadAsync(project, $"/v1/reports/funnel?{March}&groupBy=manager")).GetProperty("pipelines").EnumerateArray().Single();

        var total = funnel.GetProperty("total");
        Assert.Equal(60, total.Long("deals"));
        Assert.Equal(60, total.Long("open") + total.Long("won") + total.Long("lost") + total.Long("elsewhere"));
        foreach (var what in (string[])["deals", "won", "lost", "reopened"]) Assert.Equal((what, total.Long(what)), (what, await RowsAsync(project, $"what={what}")));
        foreach (var step in total.GetProperty("steps").EnumerateArray())
        {
            var id = step.GetProperty("isWinning").GetBoolean() ? "won" : step.GetProperty("stageId").GetString();
            foreach (var (figure, what) in ((string, string)[])[("entered", "entered"), ("reached", "reached"), ("jumpedOver", "jumpedOver"), ("standingNow", "standing"), ("lostHere", "lostHere")])
                Assert.Equal((id, what, step.Long(figure)), (id, what, await RowsAsync(project, $"what={what}&stage={id}")));
        }
        // The groups add up to the total, and each is what its filter finds.
        var items = funnel.GetProperty("items");
        Assert.Equal(3, items.GetArrayLength());
        foreach (var figure in (string[])["deals", "open", "won", "lost", "elsewhere", "reopened"]) Assert.Equal(total.Long(figure), items.EnumerateArray().Sum(i => i.GetProperty("figures").Long(figure)));
        foreach (var item in items.EnumerateArray())
        {
            var key = item.GetProperty("group").GetProperty("key").GetString()!;
            var alone = (await api.ReadAsync(project, $"/v1/reports/funnel?{March}&manager={Uri.EscapeDataString(key)}")).GetProperty("pipelines").EnumerateArray().Single().GetProperty("total");
            Assert.Equal(item.GetProperty("figures").ToString(), alone.ToString());
        }
    }

    [Fact]
    public async Task The_previous_period_stands_beside_this_one_though_it_alone_had_a_manager()
    {
        var (project, connection) = await StartAsync();
        await api.CourseAsync(project, connection, 1, Noon, "1 2");
        await api.CourseAsync(project, connection, 2, Noon.AddMonths(-1), "1 142", responsible: "32");
        await api.CatchUpAsync(project);

        var report = await api.ReadAsync(project, $"/v1/reports/funnel?{March}&compare=previous&groupBy=manager");

        Assert.Equal(("2026-02-01", "2026-02-28"), (report.GetProperty("days").GetProperty("comparedFrom").GetString(), report.GetProperty("days").GetProperty("comparedTo").GetString()));
        var items = report.GetProperty("pipelines")[0].GetProperty("items");
        Assert.Equal(("Ольга", 1L, 0L), (items.Item("31").GetProperty("group").GetProperty("name").GetString(), items.Item("31").Long("figures", "deals"), items.Item("31").Long("figures", "previous", "deals")));
        Assert.Equal((0L, 1L), (items.Item("32").Long("figures", "deals"), items.Item("32").Long("figures", "previous", "won")));
    }

    [Fact]
    public async Task Sources_and_months_are_groups_and_filters_and_merged_deals_count_once()
    {
        var (project, connection) = await StartAsync();
        var client = await api.ClientAsync(project);
        await api.CourseAsync(project, connection, 1, Noon, "1 2", client, await api.TouchAsync(project, client, Noon.AddHours(-1), source: "VK Реклама"));
        var goes = await api.CourseAsync(project, connection, 2, Noon, "1 142", client);
        var stays = await api.CourseAsync(project, connection, 3, Noon.AddMonths(1), "1 142");
        await api.ExecuteAsync("update deals set deleted_at = now(), merged_into = @Stays where project_id = @P and id = @Goes", new { P = project.ProjectId, Goes = goes, Stays = stays });
        await api.CatchUpAsync(project);
        const string Spring = "from=2026-03-01&to=2026-05-31";

        var bySource = (await api.ReadAsync(project, $"/v1/reports/funnel?{Spring}&groupBy=source")).GetProperty("pipelines")[0].GetProperty("items");
        var byMonth = (await api.ReadAsync(project, $"/v1/reports/funnel?{Spring}&groupBy=month")).GetProperty("pipelines")[0].GetProperty("items");

        Assert.Equal((1L, 1L), (bySource.Item("VK Реклама").Long("figures", "open"), bySource.Item("(none)").Long("figures", "won")));
        Assert.Equal(["2026-03-01", "2026-04-01"], byMonth.EnumerateArray().Select(i => i.GetProperty("group").GetProperty("key").GetString()));
        Assert.Equal("3", (await api.ReadAsync(project, $"/v1/reports/funnel/rows?{Spring}&source=(none)&what=won")).GetProperty("items").EnumerateArray().Single().GetProperty("remoteId").GetString());
    }

    [Fact]
    public async Task Nothing_to_count_gives_empty_values_and_a_wrong_question_names_its_field()
    {
        var project = await api.CreateProjectAsync();
        Assert.Equal(0, (await api.ReadAsync(project, "/v1/reports/funnel?compare=year&groupBy=source")).GetProperty("pipelines").GetArrayLength());
        Assert.Equal(["groupBy"], await api.RefusedAsync(project, "/v1/reports/funnel?groupBy=weather"));
        Assert.Equal(["compare"], await api.RefusedAsync(project, "/v1/reports/funnel?compare=tomorrow"));
        Assert.Equal(["stage"], await api.RefusedAsync(project, "/v1/reports/funnel/rows?what=reached"));
        Assert.Equal(["limit"], await api.RefusedAsync(project, "/v1/reports/funnel/rows?limit=0"));
    }

    [Fact]
    public async Task Files_hold_a_row_a_stage_and_no_formula_of_a_client()
    {
        var (project, connection) = await StartAsync();
        await api.ExecuteAsync("update crm_pipelines set name = '=1+1' where project_id = @P", new { P = project.ProjectId });
        await api.CourseAsync(project, connection, 1, Noon, "1 2");
        await api.CatchUpAsync(project);

        var lines = (await api.CsvAsync(project, $"/v1/reports/funnel?{March}&format=csv")).TrimEnd('\n').Split('\n');

        Assert.Equal("Воронка;Этап;Сделок;Были на этапе;Дошли;Перескочили;Стоят сейчас;Потеряны здесь;Из предыдущего;Из всех;Медиана на этапе;90 % не дольше", lines[0]);
        Assert.Equal(5, lines.Length);
        Assert.Equal("'=1+1;Новая;1;1;1;0;0;0;1;1;24:00:00;24:00:00", lines[1]);
        Assert.Equal("'=1+1;Предложение;1;0;0;0;0;0;0;0;;", lines[3]);
        var xlsx = await api.GetAsync(project, $"/v1/reports/funnel?{March}&format=xlsx");
        Assert.Equal("PK", System.Text.Encoding.ASCII.GetString((await xlsx.Content.ReadAsByteArrayAsync())[..2]));
    }

    private async Task<(TestProject, Guid)> StartAsync()
    {
        var project = await api.CreateProjectAsync();
        return (project, await api.CrmAsync(project));
    }

    private async Task<long> RowsAsync(TestProject project, string what) =>
        (await api.ReadAsync(project, $"/v1/reports/funnel/rows?{March}&limit=500&{what}")).GetProperty("items").GetArrayLength();

    private async Task<string> TotalAsync(TestProject project)
    {
        var total = (await api.ReadAsync(project, $"/v1/reports/funnel?{March}")).GetProperty("pipelines").EnumerateArray().Single().GetProperty("total");
        return $"{total.Long("deals")} {total.Long("lost")} {total.Long("won")} {total.Long("reopened")}";
    }

    private static string[] Steps(JsonElement figures) => [.. figures.GetProperty("steps").EnumerateArray()
        .Select(s => $"{s.GetProperty("name").GetString()} {s.Long("entered")} {s.Long("reached")} {s.Long("jumpedOver")} {s.Long("standingNow")} {s.Long("lostHere")}")];
}
