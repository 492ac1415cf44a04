using System.Text.Json;
using LeadIngest.Api.Reconcile;
using LeadIngest.Api.Tests.Ingest;
using LeadIngest.Api.Tests.Visits;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Reconcile;

public class ReconcileTests(VisitFixture api) : IClassFixture<VisitFixture>
{
    private DateTimeOffset Ago(double hours) => api.Clock.GetUtcNow().AddHours(-hours);

    [Fact]
    public async Task What_is_missing_on_either_side_is_listed_and_what_is_there_is_not()
    {
        var (project, connection) = await ConnectedAsync();
        var client = await api.ClientAsync(project);
        // Whole: a lead, its card, its deal.
        var whole = await api.LeadAsync(project, client, receivedAt: Ago(30));
        await DeliveredAsync(project, whole, connection, 101, Ago(30));
        await api.DealAsync(project, connection, 101, client, whole, createdAt: Ago(30));
        // Nothing was ever sent; a delivery was given up; one is too young to be missed; spam goes nowhere.
        var unsent = await api.LeadAsync(project, client, receivedAt: Ago(40));
        var dead = await api.LeadAsync(project, client, receivedAt: Ago(50));
        await api.DeliveryAsync(project, dead, connection, lastError: "Validation: price");
        await api.LeadAsync(project, client, receivedAt: Ago(0.5));
        await api.LeadAsync(project, client, status: "spam", receivedAt: Ago(40));
        // Delivered: one the mirror never saw, one deleted there, one younger than what the mirror has read.
        var (unseen, deleted, young) = (await api.LeadAsync(project, client, receivedAt: Ago(60)), await api.LeadAsync(project, client, receivedAt: Ago(61)), await api.LeadAsync(project, client, receivedAt: Ago(3)));
        await DeliveredAsync(project, unseen, connection, 102, Ago(60));
        await DeliveredAsync(project, deleted, connection, 103, Ago(61));
        await api.DealAsync(project, connection, 103, client, deleted, createdAt: Ago(61), deleted: true);
        await DeliveredAsync(project, young, connection, 104, Ago(2));
        // A deal of a lead that is not here, and one of a neighbour with the same account.
        var stranger = await api.DealAsync(project, connection, 105, createdAt: Ago(20));
        var (neighbour, _) = await ConnectedAsync();
        var theirs = await api.LeadAsync(neighbour);
        var known = await api.DealAsync(project, connection, 106, createdAt: Ago(20));
        await api.ExecuteAsync("update deals set told_lead_id = gen_random_uuid() where id = @Stranger; update deals set told_lead_id = @Theirs where id = @Known", new { Stranger = stranger, Theirs = theirs, Known = known });
        // A call that made no lead.
        var call = await CallAsync(project, Ago(26));
        // A manager types in what had come an hour before, by another client and without one too.
        var typed = await api.ClientAsync(project);
        var hand = await api.LeadAsync(project, typed, receivedAt: Ago(11));
        await DeliveredAsync(project, hand, connection, 107, Ago(11));
        await api.DealAsync(project, connection, 107, typed, hand, createdAt: Ago(11));
        var twice = await api.DealAsync(project, connection, 108, typed, createdAt: Ago(10));
        await api.DealAsync(project, connection, 109, await api.ClientAsync(project), createdAt: Ago(10));

        await (await api.PostAsync(project, "/v1/reconcile", new { })).JsonAsync();

        var answer = await api.ReadAsync(project, "/v1/reconcile");
        Assert.Equal(new[]
        {
            ("call_without_lead", call), ("card_without_deal", deleted), ("card_without_deal", unseen), ("deal_without_lead", stranger), ("lead_by_hand", twice), ("lead_without_card", dead), ("lead_without_card", unsent),
        }.Order(), answer.GetProperty("items").EnumerateArray().Select(i => (i.Text("kind")!, Subject(i))).Order());
        var details = answer.GetProperty("items").EnumerateArray().ToDictionary(Subject, i => i.Text("detail"));
        Assert.Equal(("no delivery", "given up: Validation: price", "delivered, but not in the CRM", "deleted in the CRM", "made by hand 60 min after its lead had come, whose card is 107"),
            (details[unsent], details[dead], details[unseen], details[deleted], details[twice]));
        var counts = answer.GetProperty("lastComparison").GetProperty("counts").EnumerateArray().ToList();
        var cards = counts.Where(c => c.GetProperty("connectionId").ValueKind == JsonValueKind.String).ToList();
        Assert.Equal((8, 5, 2), (cards.Sum(c => c.GetProperty("leads").GetInt32()), cards.Sum(c => c.GetProperty("cards").GetInt32()), cards.Sum(c => c.GetProperty("deals").GetInt32())));
        Assert.Equal((1, 0), (counts.Sum(c => c.GetProperty("calls").GetInt32()), counts.Sum(c => c.GetProperty("callLeads").GetInt32())));
        Assert.Single((await api.ReadAsync(project, "/v1/reconcile?kind=lead_by_hand")).GetProperty("items").EnumerateArray());
        Assert.Empty((await api.ReadAsync(project, "/v1/reconcile?to=2020-01-01")).GetProperty("items").EnumerateArray());
        Assert.Empty((await api.ReadAsync(neighbour, "/v1/reconcile")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_was_mended_is_resolved_and_comes_back_as_the_same_finding()
    {
        var (project, connection) = await ConnectedAsync();
        var lead = await api.LeadAsync(project, await api.ClientAsync(project), receivedAt: Ago(5));
        var first = Assert.Single((await ComparedAsync(project)).Ids());
        await DeliveredAsync(project, lead, connection, 201, Ago(1.5));
        await api.DealAsync(project, connection, 201, leadId: lead, createdAt: Ago(1));

        Assert.Empty((await ComparedAsync(project)).Ids());
        Assert.Equal([first], (await api.ReadAsync(project, "/v1/reconcile?resolved=true")).Ids());
        await api.ExecuteAsync("update deliveries set state = 'dead' where project_id = @P", new { P = project.ProjectId });
        Assert.Equal([first], (await ComparedAsync(project)).Ids());
    }

    [Fact]
    public async Task A_lead_that_was_told_late_counts_on_its_own_day_and_is_missed_from_when_it_came()
    {
        var (project, connection) = await ConnectedAsync();
        var (late, young) = (await api.LeadAsync(project, receivedAt: Ago(5)), await api.LeadAsync(project, receivedAt: Ago(0.5)));
        var happened = Ago(60 * 24);
        await api.ExecuteAsync("update leads set occurred_at = @At where id in (@Late, @Young)", new { At = happened, Late = late, Young = young });
        var day = DateOnly.FromDateTime(happened.ToOffset(TimeSpan.FromHours(3)).DateTime).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        // The night looks back on what came in the last 30 days; reports count both sixty days ago.
        var answer = await ComparedAsync(project);
        var finding = Assert.Single(answer.GetProperty("items").EnumerateArray());
        Assert.Equal(("lead_without_card", late, day), (finding.Text("kind"), finding.GetProperty("leadId").GetGuid(), finding.Text("day")));
        Assert.Empty(answer.GetProperty("lastComparison").GetProperty("counts").EnumerateArray());

        var then = await (await api.PostAsync(project, "/v1/reconcile", new { from = day, to = day })).JsonAsync();
        var count = Assert.Single(then.GetProperty("counts").EnumerateArray());
        Assert.Equal((day, 2, 1), (count.Text("day"), count.GetProperty("leads").GetInt32(), then.GetProperty("findings").GetProperty("lead_without_card").GetInt32()));

        await DeliveredAsync(project, late, connection, 301, Ago(1));
        Assert.Empty((await ComparedAsync(project)).Ids());
    }

    [Fact]
    public async Task Each_project_is_compared_once_in_its_own_night_by_one_node()
    {
        var moscow = await api.CreateProjectAsync();
        var vladivostok = await api.CreateProjectAsync();
        await api.ExecuteAsync("update projects set time_zone = 'Asia/Vladivostok' where project_id = @P", new { P = vladivostok.ProjectId });
        var worker = api.App.Services.GetRequiredService<ReconcileWorker>();
        // Half past three at night in Moscow, half past ten in Vladivostok.
        var now = api.Clock.GetUtcNow();
        api.Clock.Move(now.Date.AddDays(1).AddMinutes(30) - now.UtcDateTime);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => worker.TurnAsync(default)));
        await worker.TurnAsync(default);

        Assert.Equal((1, 0), (await RunsAsync(moscow), await RunsAsync(vladivostok)));
        api.Clock.Move(TimeSpan.FromHours(17));
        await worker.TurnAsync(default);
        Assert.Equal((1, 1), (await RunsAsync(moscow), await RunsAsync(vladivostok)));
        api.Clock.Move(TimeSpan.FromHours(7));
        await worker.TurnAsync(default);
        Assert.Equal(2, await RunsAsync(moscow));
        var last = (await api.ReadAsync(moscow, "/v1/reconcile")).GetProperty("lastComparison");
        Assert.Equal(last.Text("night"), last.Text("to"));
    }

    [Fact]
    public async Task Calls_whose_journal_nobody_reads_are_said_to_be_so()
    {
        var project = await api.CreateProjectAsync();
        await api.ExecuteAsync("insert into senders (project_id, id, site_id, kind, provider, name) values (@P, gen_random_uuid(), @Site, 'call', 'mango', 'АТС'), (@P, gen_random_uuid(), @Site, 'form', 'tilda', 'Тильда')",
            new { P = project.ProjectId, Site = project.SiteId });
        var answer = await api.ReadAsync(project, "/v1/reconcile");
        Assert.Equal("mango", Assert.Single(answer.GetProperty("notCheckable").EnumerateArray()).Text("provider"));
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("lastComparison").ValueKind);
    }

    [Theory]
    [InlineData("2026-01-01", "2025-12-31")]
    [InlineData("2026-01-01", "2026-06-01")]
    public async Task A_period_that_cannot_be_names_its_field(string from, string to)
    {
        var problem = await (await api.PostAsync(await api.CreateProjectAsync(), "/v1/reconcile", new { from, to })).ProblemAsync(400);
        Assert.Equal(["to"], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    private static Guid Subject(JsonElement item) => item.Text("kind") switch
    {
        "call_without_lead" => item.GetProperty("callId").GetGuid(),
        "deal_without_lead" or "lead_by_hand" => item.GetProperty("dealId").GetGuid(),
        _ => item.GetProperty("leadId").GetGuid(),
    };

    private Task<long> RunsAsync(TestProject project) => api.CountAsync("select count(*) from reconcile_runs where project_id = @P and night is not null", new { P = project.ProjectId });

    private async Task<JsonElement> ComparedAsync(TestProject project)
    {
        await (await api.PostAsync(project, "/v1/reconcile", new { })).JsonAsync();
        return await api.ReadAsync(project, "/v1/reconcile");
    }

    /// <summary>A connection whose mirror has been read until two hours ago.</summary>
    private async Task<(TestProject, Guid)> ConnectedAsync()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        await api.ExecuteAsync("""
            update connections set created_at = now() - interval '1 year' where id = @Id;
            insert into crm_imports (project_id, connection_id, state, hook_secret) values (@P, @Id, 'done', '\x00');
            insert into deal_readings (project_id, connection_id, state, read_until) values (@P, @Id, 'done', @Until)
            """, new { P = project.ProjectId, Id = connection, Until = Ago(2) });
        return (project, connection);
    }

    private async Task DeliveredAsync(TestProject project, Guid lead, Guid connection, long remote, DateTimeOffset at)
    {
        var id = await api.DeliveryAsync(project, lead, connection, state: "delivered");
        await api.ExecuteAsync("update deliveries set remote_lead_id = @Remote, delivered_at = @At where id = @Id", new { Id = id, Remote = remote.ToString(System.Globalization.CultureInfo.InvariantCulture), At = at });
    }

    private async Task<Guid> CallAsync(TestProject project, DateTimeOffset at)
    {
        var id = await api.CallRowAsync(project);
        await api.ExecuteAsync("update calls set started_at = @At, last_seen_at = @At where id = @Id", new { Id = id, At = at });
        return id;
    }
}
