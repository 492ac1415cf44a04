using System.Text.Json;
using LeadIngest.Api.Tests.Figures;

namespace LeadIngest.Api.Tests.Reports.Team;

public sealed class ResponseReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    /// <summary>17:50 on a Friday in Moscow.</summary>
    private static readonly DateTimeOffset FridayEvening = new(2026, 3, 13, 14, 50, 0, TimeSpan.Zero);

    /// <summary>Tuesday, noon in Moscow.</summary>
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

    private const string March = "from=2026-03-01&to=2026-03-31";

    [Fact]
    public async Task Friday_evening_to_Monday_morning_is_63_hours_and_a_quarter_or_15_working_minutes()
    {
        var project = await api.CreateProjectAsync();
        var client = await api.ClientAsync(project, phone: "+79161234567");
        await api.TouchAsync(project, client, FridayEvening);
        await api.HeardAsync(project, new(2026, 3, 16, 6, 5, 0, TimeSpan.Zero), "unanswered", direction: "out", client: client, employee: "Ольга");

        var total = (await api.ReadAsync(project, $"/v1/reports/response?{March}")).GetProperty("total");

        Assert.Equal(((63 * 60) + 15) * 60, total.Long("calendar", "medianSeconds"));
        Assert.Equal(15 * 60, total.Long("working", "medianSeconds"));
        Assert.Equal([0, 1, 1], total.GetProperty("working").GetProperty("within").EnumerateArray().Select(w => w.Long("share", "part")));
        Assert.Equal([0, 0, 0], total.GetProperty("calendar").GetProperty("within").EnumerateArray().Select(w => w.Long("share", "part")));
        var row = (await api.ReadAsync(project, $"/v1/reports/response/rows?{March}")).GetProperty("items").EnumerateArray().Single();
        Assert.Equal(("call", "Ольга", 900L), (row.GetProperty("how").GetString(), row.GetProperty("who").GetString(), row.Long("workingSeconds")));
    }

    [Fact]
    public async Task Rows_behind_figures_name_their_clients_and_the_accounts_they_stand_in()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.CrmAsync(project);
        var client = await api.ClientAsync(project, "Ольга Окуджава", "+79161234567");
        // What a person left before they were recognised is theirs by the name under which they are known now.
        var merged = await api.ClientAsync(project, "Оля", mergedInto: client);
        var lead = await api.TouchAsync(project, merged, Noon);
        await api.HeardAsync(project, Noon.AddHours(1), "missed", client: merged);
        await api.CourseAsync(project, connection, 1, Noon.AddHours(2), "1 2 142", client, lead);
        await api.CatchUpAsync(project);

        foreach (var path in new[] { "response/rows", "calls/rows", "funnel/rows", "abc/rows", "sources/rows", "sources/rows?what=clients", "sources/rows?what=won" })
        {
            var row = (await api.ReadAsync(project, $"/v1/reports/{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{March}")).GetProperty("items").EnumerateArray().Single();
            Assert.True(row.GetProperty("clientName").GetString() == "Ольга Окуджава", $"{path}: {row}");
        }
        foreach (var path in new[] { "funnel/rows", "abc/rows", "ltv/rows" })
            Assert.Equal("Отдел продаж", (await api.ReadAsync(project, $"/v1/reports/{path}?{March}")).GetProperty("items").EnumerateArray().Single().GetProperty("connectionName").GetString());
        var pipeline = (await api.ReadAsync(project, $"/v1/reports/funnel?{March}&groupBy=manager")).GetProperty("pipelines").EnumerateArray().Single();
        Assert.Equal(("Отдел продаж", "Отдел продаж"), (pipeline.GetProperty("connectionName").GetString(), pipeline.GetProperty("items")[0].GetProperty("group").GetProperty("connectionName").GetString()));
    }

    [Fact]
    public async Task People_answer_by_calls_messages_and_moves_and_programs_do_not()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.CrmAsync(project);
        // The robot writes at once and moves the deal, the client writes back, a person moves the deal after an hour.
        var moved = await LeadAsync(project, connection, 1, "1 2 3/31", TimeSpan.FromMinutes(30));
        await api.TouchedAsync(project, connection, "deal", 1, Noon.AddMinutes(1), by: null);
        await api.TouchedAsync(project, connection, "deal", 1, Noon.AddMinutes(1), by: "0");
        await api.TouchedAsync(project, connection, "deal", 1, Noon.AddMinutes(2), by: "31", direction: "in");
        // A person writes into the card of the contact.
        var written = await LeadAsync(project, connection, 2, "1");
        await api.ExecuteAsync("update deals set contact_id = '77' where project_id = @P and remote_id = 2", new { P = project.ProjectId });
        await api.TouchedAsync(project, connection, "contact", 77, Noon.AddMinutes(4), by: "32");
        // They were talking already: 0. What was said a day before belongs to another matter.
        var talking = await LeadAsync(project, connection, 3, "1");
        await api.TouchedAsync(project, connection, "deal", 3, Noon.AddMinutes(-5), by: "31", kind: "call");
        var forgotten = await LeadAsync(project, connection, 4, "1", responsible: "32");
        await api.TouchedAsync(project, connection, "deal", 4, Noon.AddDays(-1), by: "31", kind: "call");

        var rows = (await api.ReadAsync(project, $"/v1/reports/response/rows?{March}")).GetProperty("items").EnumerateArray().ToDictionary(r => r.GetProperty("id").GetGuid());

        Assert.Equal(("stage", "Ольга", 3_600L), Answer(moved));
        Assert.Equal(("message", "Сергей", 240L), Answer(written));
        Assert.Equal(("call", "Ольга", 0L), Answer(talking));
        Assert.Equal(JsonValueKind.Null, rows[forgotten].GetProperty("how").ValueKind);
        Assert.Equal([forgotten], (await api.ReadAsync(project, $"/v1/reports/response/rows?{March}&what=unanswered")).Ids());

        var report = await api.ReadAsync(project, $"/v1/reports/response?{March}&compare=previous");
        var (total, sergey) = (report.GetProperty("total"), report.GetProperty("items").Item("32").GetProperty("figures"));
        Assert.Equal((4L, 3L, 1L, 240L), (total.Long("leads"), total.Long("answered"), total.Long("unanswered"), total.Long("calendar", "medianSeconds")));
        Assert.Equal((2L, 1L), (sergey.Long("leads") + 1, sergey.Long("unanswered")));
        Assert.True(sergey.Long("calendar", "longestWaitingSeconds") > 86_400);
        // Late by now: it counts against the share.
        Assert.Equal((2L, 4L), (Within(total, 0).Long("part"), Within(total, 0).Long("whole")));
        Assert.Equal((JsonValueKind.Null, 0L), (total.GetProperty("previous").GetProperty("calendar").GetProperty("medianSeconds").ValueKind, total.Long("previous", "leads")));
        Assert.Equal(4, report.GetProperty("items").EnumerateArray().Sum(i => i.GetProperty("figures").Long("leads")));

        (string?, string?, long) Answer(Guid lead) => (rows[lead].GetProperty("how").GetString(), rows[lead].GetProperty("who").GetString(), rows[lead].Long("calendarSeconds"));
    }

    [Fact]
    public async Task An_answered_call_did_not_wait_a_missed_one_did_and_duplicates_and_spam_are_no_leads()
    {
        var project = await api.CreateProjectAsync();
        var client = await api.ClientAsync(project, phone: "+79161234567");
        var merged = await api.ClientAsync(project, mergedInto: client);
        var talk = await api.TouchAsync(project, await api.ClientAsync(project), Noon);
        await api.HeardAsync(project, Noon, "answered", phone: "+79030000001", lead: talk);
        var missed = await api.TouchAsync(project, client, Noon);
        await api.HeardAsync(project, Noon, "missed", lead: missed, client: client);
        // The client calls again, known by another number of the family.
        await api.HeardAsync(project, Noon.AddMinutes(20), "answered", phone: "+79030000002", client: merged, employee: "Ольга");
        foreach (var status in (string[])["duplicate", "spam", "test"]) await api.TouchAsync(project, client, Noon, status: status);

        var report = await api.ReadAsync(project, $"/v1/reports/response?{March}&groupBy=hour");

        var total = report.GetProperty("total");
        Assert.Equal((1L, 1L, 1L, 1_200L), (total.Long("leads"), total.Long("talks"), total.Long("byClient", "part"), total.Long("calendar", "medianSeconds")));
        Assert.Equal("12", report.GetProperty("items").EnumerateArray().Single().GetProperty("group").GetProperty("key").GetString());
        Assert.Equal([talk], (await api.ReadAsync(project, $"/v1/reports/response/rows?{March}&what=talks")).Ids());
    }

    [Fact]
    public async Task Days_are_the_projects_and_the_report_is_empty_without_leads()
    {
        var project = await api.CreateProjectAsync();
        var none = (await api.ReadAsync(project, $"/v1/reports/response?{March}&groupBy=week")).GetProperty("total");
        Assert.Equal((0L, JsonValueKind.Null), (none.Long("leads"), none.GetProperty("answeredShare").GetProperty("value").ValueKind));
        // 23:59 of the 31st and midnight of the 1st in Moscow.
        await api.TouchAsync(project, null, new(2026, 3, 31, 20, 59, 0, TimeSpan.Zero), source: "=2+3");
        await api.TouchAsync(project, null, new(2026, 3, 31, 21, 0, 0, TimeSpan.Zero));

        var days = await api.ReadAsync(project, "/v1/reports/response?from=2026-03-31&to=2026-04-01&groupBy=day");

        Assert.Equal(["2026-03-31", "2026-04-01"], days.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("group").GetProperty("key").GetString()));
        Assert.Equal(1, (await api.ReadAsync(project, $"/v1/reports/response?{March}")).GetProperty("total").Long("leads"));
        Assert.Contains("\n'=2+3;1;0;1;;;;;0;0;0;", await api.CsvAsync(project, $"/v1/reports/response?{March}&groupBy=source&format=csv"));
        Assert.Equal(["groupBy"], await api.RefusedAsync(project, "/v1/reports/response?groupBy=reason"));
    }

    private async Task<Guid> LeadAsync(TestProject project, Guid connection, long deal, string course, TimeSpan? step = null, string responsible = "31")
    {
        var lead = await api.TouchAsync(project, await api.ClientAsync(project), Noon);
        await api.CourseAsync(project, connection, deal, Noon, course, lead: lead, responsible: responsible, step: step);
        await api.ExecuteAsync("update deals set contact_id = null where project_id = @P and remote_id = @Deal", new { P = project.ProjectId, Deal = deal });
        return lead;
    }

    private static JsonElement Within(JsonElement figures, int mark) => figures.GetProperty("calendar").GetProperty("within")[mark].GetProperty("share");
}
