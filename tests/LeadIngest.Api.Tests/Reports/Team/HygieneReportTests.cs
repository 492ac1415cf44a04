using System.Text.Json;
using LeadIngest.Api.Tests.Figures;

namespace LeadIngest.Api.Tests.Reports.Team;

public sealed class HygieneReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    /// <summary>Tuesday.</summary>
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

    private const string March = "from=2026-03-01&to=2026-03-31";

    [Theory]
    [InlineData("noSource")]
    [InlineData("noContact")]
    [InlineData("noTask")]
    [InlineData("overdueTask")]
    [InlineData("lostWithoutReason")]
    [InlineData("jumpedStages")]
    [InlineData("unassigned")]
    [InlineData("notTaken")]
    [InlineData("madeByHand")]
    [InlineData("duplicateContact")]
    public async Task What_is_wrong_with_a_deal_is_counted_and_listed_and_what_is_right_is_not(string check)
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.CrmAsync(project);
        await TidyAsync(project, connection, 1);
        var bad = await TidyAsync(project, connection, 2);
        await SpoilAsync(project, connection, bad, check);
        await api.CatchUpAsync(project);

        var report = await api.ReadAsync(project, $"/v1/reports/hygiene?{March}");

        var share = report.GetProperty("total").GetProperty("shares").GetProperty(check);
        Assert.Equal(1, share.Long("part"));
        Assert.InRange(share.Long("whole"), 1, 2);
        Assert.Equal(["2"], await RemoteAsync(project, $"check={check}"));
        // The tidy one has nothing wrong at all.
        Assert.DoesNotContain("1", await RemoteAsync(project, ""));
        Assert.All(report.GetProperty("checks").EnumerateArray(), c => Assert.NotEmpty(c.GetProperty("words").GetString()!));
    }

    [Fact]
    public async Task Managers_and_weeks_add_up_to_the_total_and_the_previous_period_stands_beside()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.CrmAsync(project);
        var random = new Random(5);
        for (var deal = 1; deal <= 30; deal++)
            await api.CourseAsync(project, connection, deal, Noon.AddDays(random.Next(-9, 20)), (string[])["1", "1 3", "1 143", "1 2 3"] is var courses ? courses[random.Next(4)] : "", responsible: random.Next(3) switch { 0 => "31", 1 => "32", _ => null });
        await api.CourseAsync(project, connection, 31, Noon.AddMonths(-1), "1 143");
        await api.CatchUpAsync(project);

        var report = await api.ReadAsync(project, $"/v1/reports/hygiene?{March}&compare=previous");

        var total = report.GetProperty("total");
        Assert.Equal(30, total.Long("deals"));
        Assert.Equal((1L, 1L), (total.Long("previous", "deals"), total.Long("previous", "shares", "lostWithoutReason", "part")));
        foreach (var rows in (string[])["items", "trend"])
        {
            var items = report.GetProperty(rows).EnumerateArray().Select(i => i.GetProperty("figures")).ToList();
            Assert.True(items.Count >= 3);
            Assert.Equal(30, items.Sum(i => i.Long("deals")));
            foreach (var check in total.GetProperty("shares").EnumerateObject())
                Assert.Equal((check.Name, check.Value.Long("part"), check.Value.Long("whole")), (check.Name, items.Sum(i => i.Long("shares", check.Name, "part")), items.Sum(i => i.Long("shares", check.Name, "whole"))));
        }
        Assert.All(report.GetProperty("trend").EnumerateArray(), w => Assert.Equal(DayOfWeek.Monday, DateOnly.Parse(w.GetProperty("group").GetProperty("key").GetString()!, System.Globalization.CultureInfo.InvariantCulture).DayOfWeek));
        Assert.Equal("Ольга", report.GetProperty("items").Item("31").GetProperty("group").GetProperty("name").GetString());
        foreach (var check in total.GetProperty("shares").EnumerateObject()) Assert.Equal((check.Name, check.Value.Long("part")), (check.Name, (long)(await RemoteAsync(project, $"check={check.Name}")).Length));
    }

    [Fact]
    public async Task An_empty_project_has_no_shares_and_a_wrong_check_is_refused()
    {
        var project = await api.CreateProjectAsync();
        var total = (await api.ReadAsync(project, "/v1/reports/hygiene?lang=en")).GetProperty("total");
        Assert.Equal(0, total.Long("deals"));
        Assert.All(total.GetProperty("shares").EnumerateObject(), s => Assert.Equal(JsonValueKind.Null, s.Value.GetProperty("value").ValueKind));
        Assert.Equal(["check"], await api.RefusedAsync(project, "/v1/reports/hygiene/rows?check=mess"));
        Assert.StartsWith("Строка;Сделок;", await api.CsvAsync(project, "/v1/reports/hygiene?format=csv"));
    }

    /// <summary>An open deal of a lead, taken up by a person, with a task and one contact.</summary>
    private async Task<Guid> TidyAsync(TestProject project, Guid connection, long deal)
    {
        var client = await api.ClientAsync(project);
        var lead = await api.TouchAsync(project, client, Noon.AddHours(-1));
        await api.IdentityAsync(project, client, "crm_contact", $"{connection}/{deal}");
        var id = await api.CourseAsync(project, connection, deal, Noon, "1 2/31 3/31", client, lead);
        await api.ExecuteAsync("""
            insert into crm_tasks (project_id, connection_id, id, owner_kind, owner_id, kind, due_at, is_done) values (@P, @C, @Deal, 'deal', @Deal, 'task', now() + interval '1 day', false)
            """, new { P = project.ProjectId, C = connection, Deal = deal });
        return id;
    }

    private async Task SpoilAsync(TestProject project, Guid connection, Guid deal, string check) => await api.ExecuteAsync(check switch
    {
        "noSource" => "update deals set lead_id = null, client_id = null where project_id = @P and id = @D",
        "noContact" => "update deals set contact_id = null, contact_ids = '{}', company_id = null where project_id = @P and id = @D",
        "noTask" => "update crm_tasks set is_done = true where project_id = @P and owner_id = 2",
        "overdueTask" => "update crm_tasks set due_at = now() - interval '1 minute' where project_id = @P and owner_id = 2",
        "lostWithoutReason" => "update deals set state = 'lost', stage_id = '143' where project_id = @P and id = @D",
        "jumpedStages" => "delete from stage_changes where project_id = @P and deal_id = @D and stage_id = '2'",
        "unassigned" => "update deals set responsible_id = null where project_id = @P and id = @D",
        "notTaken" => "update stage_changes set by_id = null where project_id = @P and deal_id = @D",
        // The lead stays without a deal: a person made another one beside it.
        "madeByHand" => "update deals set lead_id = null where project_id = @P and id = @D",
        "duplicateContact" => "insert into identities (project_id, kind, value, client_id) select @P, 'crm_contact', @C || '/200', client_id from deals where project_id = @P and id = @D",
        _ => throw new ArgumentOutOfRangeException(nameof(check)),
    }, new { P = project.ProjectId, D = deal, C = connection.ToString() });

    private async Task<string[]> RemoteAsync(TestProject project, string query) =>
        [.. (await api.ReadAsync(project, $"/v1/reports/hygiene/rows?{March}&limit=500&{query}")).GetProperty("items").EnumerateArray().Select(d => d.GetProperty("remoteId").GetString()!)];
}
