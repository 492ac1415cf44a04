using System.Text.Json;
using LeadIngest.Api.Tests.Figures;

namespace LeadIngest.Api.Tests.Reports.Team;

public sealed class CallReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    /// <summary>Tuesday, noon in Moscow.</summary>
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

    private const string March = "from=2026-03-01&to=2026-03-31";

    [Fact]
    public async Task Redials_within_half_an_hour_are_one_missed_contact_and_its_callback_is_counted_from_the_first_miss()
    {
        var project = await api.CreateProjectAsync();
        // 30 minutes after the one before still belongs to it; one second more does not.
        foreach (var seconds in (int[])[0, 600, 2_400, 4_201]) await api.HeardAsync(project, Noon.AddSeconds(seconds), "missed");
        await api.HeardAsync(project, Noon.AddSeconds(4_800), "unanswered", direction: "out", employee: "Сергей");
        await api.HeardAsync(project, Noon.AddSeconds(5_000), "answered", direction: "out", employee: "Ольга", talk: 40);
        var report = await api.ReadAsync(project, $"/v1/reports/calls?{March}");

        var total = report.GetProperty("total");
        Assert.Equal((4L, 4L, 2L, 2L, 1L), (total.Long("incoming"), total.Long("missedCalls"), total.Long("missed", "contacts"), total.Long("outgoing"), total.Long("outgoingAnswered")));
        // 5,000 s and 799 s: one within a quarter of an hour.
        Assert.Equal((0.5m, 1m, 1m), (total.Value("missed", "within15Minutes"), total.Value("missed", "sameDay"), total.Value("missed", "byUs")));
        Assert.Equal(2_900, total.Long("missed", "medianCallbackSeconds"));
        var callback = report.GetProperty("callbacks").EnumerateArray().Single();
        Assert.Equal(("Ольга", 2L, 0L), (callback.GetProperty("employee").GetString(), callback.Long("callbacks"), callback.Long("clientsCalledAgain")));
        Assert.Empty((await api.ReadAsync(project, $"/v1/reports/calls/missed?{March}")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_missed_call_belongs_to_the_hour_of_the_projects_clock_and_a_chain_to_the_day_on_which_it_began()
    {
        var project = await api.CreateProjectAsync();
        // 23:50 on the last of February in Moscow, redialled at 00:10 of March.
        await api.HeardAsync(project, new(2026, 2, 28, 20, 50, 0, TimeSpan.Zero), "missed");
        await api.HeardAsync(project, new(2026, 2, 28, 21, 10, 0, TimeSpan.Zero), "missed");
        await api.HeardAsync(project, Noon, "answered", phone: "+79030000001", employee: "Ольга", wait: 10, talk: 100);

        var report = await api.ReadAsync(project, $"/v1/reports/calls?{March}");

        var total = report.GetProperty("total");
        Assert.Equal((2L, 1L, 0L), (total.Long("incoming"), total.Long("missedCalls"), total.Long("missed", "contacts")));
        Assert.Equal((0.5m, 1m), (total.Value("offHours"), total.Value("offHoursMissed")));
        var heat = report.GetProperty("heat").EnumerateArray().ToList();
        Assert.Equal(168, heat.Count);
        // Sunday, the hour after midnight; Tuesday noon.
        Assert.Equal((1L, 1L), (heat[6 * 24].Long("incoming"), heat[6 * 24].Long("missed")));
        Assert.Equal((1L, 0L), (heat[24 + 12].Long("incoming"), heat[24 + 12].Long("missed")));
        var rows = await api.ReadAsync(project, $"/v1/reports/calls/rows?{March}&what=missed&weekday=7&hour=0");
        Assert.Equal("+79161234567", rows.GetProperty("items").EnumerateArray().Single().GetProperty("clientPhone").GetString());
    }

    [Fact]
    public async Task Each_employee_has_answer_rate_waiting_and_lengths_of_talk_and_all_add_up_to_the_total()
    {
        var project = await api.CreateProjectAsync();
        await api.CrmAsync(project);
        for (var call = 0; call < 20; call++)
            await api.HeardAsync(project, Noon.AddHours(call), call < 3 ? "missed" : "answered", phone: "+7903000000" + (call % 2), employee: call % 4 == 0 ? "Сергей" : "Ольга", wait: call, talk: call < 3 ? null : 20 * call);
        await api.HeardAsync(project, Noon, "answered", phone: null, employee: "Ольга", wait: 1, talk: 1);
        await api.HeardAsync(project, Noon, "answered", phone: "+79161234567", direction: "internal", employee: "Ольга");
        await api.StopAsync(project, "phone", "+79991112233", "test");
        await api.HeardAsync(project, Noon, "missed", phone: "+79991112233");

        var report = await api.ReadAsync(project, $"/v1/reports/calls?{March}");

        var (total, items) = (report.GetProperty("total"), report.GetProperty("items"));
        Assert.Equal((21L, 18L, 3L), (total.Long("incoming"), total.Long("answered"), total.Long("missedCalls")));
        Assert.Equal((2L, 18L), (total.Long("firstCallers"), total.Long("repeatCallers")));
        foreach (var figure in (string[])["incoming", "answered", "missedCalls", "firstCallers", "repeatCallers", "outgoing"])
            Assert.Equal(total.Long(figure), items.EnumerateArray().Sum(i => i.GetProperty("figures").Long(figure)));
        Assert.Equal("31", items.Item("Ольга").GetProperty("userId").GetString());
        var sergey = items.Item("Сергей").GetProperty("figures");
        Assert.Equal((5L, 0.8m, 10L), (sergey.Long("incoming"), sergey.Value("answerRate"), sergey.Long("medianWaitSeconds")));
        Assert.Equal([0, 0, 2, 2, 0], sergey.GetProperty("durations").EnumerateArray().Select(d => d.GetInt32()));
        foreach (var what in (string[])["incoming", "answered", "missed"])
            Assert.Equal(total.Long(what == "missed" ? "missedCalls" : what), (await api.ReadAsync(project, $"/v1/reports/calls/rows?{March}&what={what}&limit=500")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Three_of_twenty_missed_are_shown_with_how_unsure_that_is()
    {
        var project = await api.CreateProjectAsync();
        for (var call = 0; call < 20; call++) await api.HeardAsync(project, Noon.AddHours(call), call < 3 ? "missed" : "answered", wait: 30);

        var missed = (await api.ReadAsync(project, $"/v1/reports/calls?{March}")).GetProperty("total").GetProperty("missedRate");

        Assert.Equal((3L, 20L, 0.15m, true), (missed.Long("part"), missed.Long("whole"), missed.GetProperty("value").GetDecimal(), missed.GetProperty("isSmall").GetBoolean()));
        Assert.Equal((0.052m, 0.36m), (Math.Round(missed.GetProperty("low").GetDecimal(), 3), Math.Round(missed.GetProperty("high").GetDecimal(), 3)));
    }

    [Fact]
    public async Task Nobody_called_back_stands_in_a_list_with_what_the_client_brought()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.CrmAsync(project);
        var client = await api.ClientAsync(project, "=Анна", "+79161234567");
        await api.CourseAsync(project, connection, 1, Noon.AddDays(-9), "1 142", client, amount: 40_000);
        await api.CatchUpAsync(project);
        var old = await api.HeardAsync(project, Noon, "missed", client: client);
        await api.HeardAsync(project, Noon.AddMinutes(5), "missed", client: client);
        // A hidden number never belongs to another one.
        var hidden = await api.HeardAsync(project, Noon.AddMinutes(6), "missed", phone: null);
        await api.HeardAsync(project, Noon.AddMinutes(7), "answered", phone: null);
        var now = TimeProvider.System.GetUtcNow();
        var fresh = await api.HeardAsync(project, now.AddMinutes(-10), "missed", phone: "+79030000001");

        var path = $"/v1/reports/calls/missed?from=2026-03-01&to={now.AddDays(2):yyyy-MM-dd}";
        var all = await api.ReadAsync(project, path);

        Assert.Equal([fresh, hidden, old], all.Ids());
        var missed = all.GetProperty("items").EnumerateArray().Last();
        Assert.Equal(("lost", 2, "+79161234567", 40_000m, "Ольга"), (missed.GetProperty("state").GetString(), missed.GetProperty("calls").GetInt32(), missed.GetProperty("phone").GetString(),
            missed.GetProperty("revenue").GetDecimal(), missed.GetProperty("manager").GetString()));
        Assert.Equal([fresh], (await api.ReadAsync(project, path + "&state=waiting")).Ids());
        var page = await api.ReadAsync(project, path + "&limit=2");
        Assert.Equal([old], (await api.ReadAsync(project, path + $"&limit=2&cursor={page.GetProperty("nextCursor").GetString()}")).Ids());
        var csv = await api.CsvAsync(project, path + "&format=csv");
        Assert.Contains(";'+79161234567;'+74950000001;;'=Анна;40000,00;1;Ольга", csv);
    }

    [Fact]
    public async Task Calls_dropped_in_the_menu_are_counted_apart_and_filters_without_sense_are_refused()
    {
        var project = await api.CreateProjectAsync();
        await api.HeardAsync(project, Noon, "missed", wait: 3);
        await api.HeardAsync(project, Noon, "missed", wait: 5, phone: "+79030000001");

        var total = (await api.ReadAsync(project, $"/v1/reports/calls?{March}&shorterThan=5&compare=previous")).GetProperty("total");

        Assert.Equal((1L, 1L, 1L, 0L), (total.Long("dropped"), total.Long("missedCalls"), total.Long("missed", "contacts"), total.Long("previous", "incoming")));
        Assert.Equal(JsonValueKind.Null, total.GetProperty("previous").GetProperty("missedRate").GetProperty("value").ValueKind);
        Assert.Equal(["connectionId", "manager", "pipeline"], (await api.RefusedAsync(project, $"/v1/reports/calls?manager=31&pipeline=1&connectionId={Guid.CreateVersion7()}")).Order());
        Assert.Equal(["shorterThan"], await api.RefusedAsync(project, "/v1/reports/calls?shorterThan=61"));
    }
}
