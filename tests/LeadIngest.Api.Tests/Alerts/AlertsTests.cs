using System.Text.Json;
using LeadIngest.Api.Figures;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Tests.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Alerts;

/// <summary>Figures stay as late as a test makes them.</summary>
public class AlertsFixture : PageFixture
{
    protected override void Configure(WebApplicationBuilder builder)
    {
        base.Configure(builder);
        builder.Services.Remove(builder.Services.Single(s => s.ImplementationType == typeof(FigureWorker)));
    }
}

public class AlertsTests(AlertsFixture api) : IClassFixture<AlertsFixture>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_project_that_is_well_has_no_alerts()
    {
        var project = await QuietAsync();
        var connection = await api.ConnectionAsync(project);
        var lead = await api.LeadAsync(project, await api.ClientAsync(project));
        await api.DeliveryAsync(project, lead, connection, "delivered");
        await api.DeliveryAsync(project, lead, connection, "pending");
        await api.ExecuteAsync("delete from figure_marks where project_id = @P", new { P = project.ProjectId });
        Assert.Empty(await AlertsAsync(project));
    }

    [Fact]
    public async Task A_source_that_fell_silent_is_named_and_one_that_goes_on_is_not()
    {
        var project = await QuietAsync();
        await EveryTwoHoursAsync(project, "Яндекс.Директ", until: Now.AddHours(-30));
        await EveryTwoHoursAsync(project, "VK Реклама", until: Now.AddMinutes(-30));
        await api.LeadAsync(project, source: "Рассылка", receivedAt: Now.AddDays(-3));

        var alert = await OnlyAsync(project, "noLeads");

        Assert.Equal(("error", "Яндекс.Директ", 1), (alert.GetProperty("severity").GetString(), alert.GetProperty("name").GetString(), alert.GetProperty("count").GetInt64()));
        Assert.InRange((Now - alert.GetProperty("since").GetDateTimeOffset()).TotalHours, 29.9, 32.1);
        Assert.InRange(alert.GetProperty("detail").GetProperty("usualPerDay").GetDouble(), 11, 13);
        Assert.InRange(alert.GetProperty("detail").GetProperty("expected").GetDouble(), 13, 16);
    }

    [Fact]
    public async Task Connections_that_do_not_work_are_named_with_why()
    {
        var project = await QuietAsync();
        await api.ConnectionAsync(project);
        var paused = await api.ConnectionAsync(project, state: "paused");
        var locked = await api.ConnectionAsync(project, "bitrix24", "okna.bitrix24.ru", state: "needs_reauth");
        var away = await api.ConnectionAsync(project, "amocrm", $"{project.ProjectId:N}.amocrm.ru");
        await api.ExecuteAsync("insert into crm_accounts (account_key, breaker_open, last_error_at) values (@Key, true, now() - interval '1 hour')", new { Key = $"amocrm/{project.ProjectId:N}.amocrm.ru" });
        var alerts = (await AlertsAsync(project)).ToDictionary(a => a.GetProperty("id").GetGuid(), a => (a.GetProperty("kind").GetString(), a.GetProperty("severity").GetString(), a.GetProperty("detail").GetProperty("state").GetString()));
        Assert.Equal(3, alerts.Count);
        Assert.Equal(("connectionDown", "warning", "paused"), alerts[paused]);
        Assert.Equal(("connectionDown", "error", "needs_reauth"), alerts[locked]);
        Assert.Equal(("connectionDown", "error", "unreachable"), alerts[away]);
    }

    [Fact]
    public async Task Deliveries_given_up_and_late_are_counted_by_connection_and_those_called_off_or_waiting_are_not()
    {
        var project = await QuietAsync();
        var (connection, paused) = (await api.ConnectionAsync(project), await api.ConnectionAsync(project, state: "paused"));
        var lead = await api.LeadAsync(project, await api.ClientAsync(project));
        await api.DeliveryAsync(project, lead, connection);
        await api.DeliveryAsync(project, lead, connection);
        await api.DeliveryAsync(project, lead, connection, lastError: BatchWrite.MarkedAsSpam);
        await PendingAsync(project, lead, connection, minutes: 20, attempts: 1, dueIn: 60);
        await PendingAsync(project, lead, connection, minutes: 20, attempts: 0, dueIn: -15);
        await PendingAsync(project, lead, connection, minutes: 20, attempts: 0, dueIn: 5);
        await PendingAsync(project, lead, connection, minutes: 5, attempts: 1, dueIn: -1);
        await PendingAsync(project, lead, paused, minutes: 500, attempts: 0, dueIn: -400);

        var (dead, late) = (await OnlyAsync(project, "deliveriesDead"), await OnlyAsync(project, "deliveriesLate"));

        Assert.Equal((2, 2), (dead.GetProperty("count").GetInt64(), late.GetProperty("count").GetInt64()));
        Assert.Equal((connection, connection), (dead.GetProperty("id").GetGuid(), late.GetProperty("id").GetGuid()));
        Assert.InRange(Now - late.GetProperty("since").GetDateTimeOffset(), TimeSpan.FromMinutes(18), TimeSpan.FromMinutes(21));
    }

    [Fact]
    public async Task Missed_calls_are_counted_until_somebody_has_spoken_and_show_no_phone()
    {
        var project = await QuietAsync();
        var open = await CallAsync(project, "+79161234567", "in", "missed", hours: 5);
        await CallAsync(project, "+79161234567", "in", "missed", hours: 4.9);
        await CallAsync(project, "+79035556677", "in", "missed", hours: 6);
        await CallAsync(project, "+79035556677", "out", "answered", hours: 5.5);
        await CallAsync(project, "+79031112233", "in", "missed", hours: 100);

        var alert = await OnlyAsync(project, "missedCalls");

        Assert.Equal((1, 1), (alert.GetProperty("count").GetInt64(), alert.GetProperty("detail").GetProperty("inWorkingHours").GetInt64()));
        var call = Assert.Single(alert.GetProperty("detail").GetProperty("calls").EnumerateArray());
        Assert.Equal((open, 2), (call.GetProperty("id").GetGuid(), call.GetProperty("calls").GetInt32()));
        Assert.DoesNotContain("9161234567", alert.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Campaigns_with_faulty_links_are_named_the_worst_first()
    {
        var project = await QuietAsync();
        for (var i = 0; i < 4; i++) await FaultyAsync(project, "Поиск");
        await FaultyAsync(project, "Сети");
        await api.LeadAsync(project);
        var alert = await OnlyAsync(project, "tagFaults");
        Assert.Equal(5, alert.GetProperty("count").GetInt64());
        Assert.Equal(["Поиск", "Сети"], alert.GetProperty("detail").GetProperty("campaigns").EnumerateArray().Select(c => c.GetProperty("campaign").GetString()));
        Assert.Equal(["macro_unsubstituted"], alert.GetProperty("detail").GetProperty("campaigns")[0].GetProperty("faults").Strings());
    }

    [Fact]
    public async Task What_an_operator_looks_after_is_told()
    {
        var project = await QuietAsync();
        await api.RejectAsync(project);
        var (late, broken, paused, fresh) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await api.ExecuteAsync("""
            insert into number_usage (project_id, site_id, hour, asked, given, exhausted, overflowed) values
                (@P, @SiteId, date_trunc('hour', now()), 10, 7, 3, 2), (@P, @SiteId, date_trunc('hour', now() - interval '3 days'), 10, 0, 10, 0);
            insert into spend_accounts (project_id, id, kind, name, created_at) select @P, id, 'yandex_direct', id::text, now() - interval '10 days' from unnest(array[@Late, @Broken, @Paused, @Fresh]::uuid[]) id;
            insert into spend_cabinets (project_id, account_id, base_address, credentials, level, time_zone, load_hour, restate_days, schedule_at, paused, state, last_load_at)
            select @P, id, 'https://api.direct.yandex.com/', '\x00', 'keyword', 'Europe/Moscow', 6, 7, now() + interval '1 day', id = @Paused, case when id = @Broken then 'needs_reauth' else 'active' end,
                now() - case when id in (@Late, @Paused) then interval '37 hours' else interval '3 hours' end from unnest(array[@Late, @Broken, @Paused, @Fresh]::uuid[]) id;
            insert into reconcile_findings (project_id, id, kind, subject_id, day, detail) values (@P, @Late, 'lead_without_card', @Late, current_date, '+79161234567');
            insert into reconcile_findings (project_id, id, kind, subject_id, day, detail, resolved_at) values (@P, @Broken, 'lead_by_hand', @Broken, current_date, '', now());
            update figure_marks set marked_at = now() - interval '6 minutes' where project_id = @P;
            insert into figure_marks (project_id, everything, marked_at) values (@P, true, now() - interval '7 minutes')
            """, new { P = project.ProjectId, project.SiteId, Late = late, Broken = broken, Paused = paused, Fresh = fresh });

        var alerts = await AlertsAsync(project);

        Assert.Equal(["figuresLate", "poolExhausted", "reconcileMissing", "rejects", "spendStale", "spendStale"], alerts.Select(a => a.GetProperty("kind").GetString()).Order(StringComparer.Ordinal));
        var pool = alerts.Single(a => a.GetProperty("kind").GetString() == "poolExhausted");
        Assert.Equal(("error", 3, project.SiteId), (pool.GetProperty("severity").GetString(), pool.GetProperty("count").GetInt64(), pool.GetProperty("id").GetGuid()));
        Assert.Equal(new[] { (broken, "error"), (late, "warning") }.Order(), alerts.Where(a => a.GetProperty("kind").GetString() == "spendStale").Select(a => (a.GetProperty("id").GetGuid(), a.GetProperty("severity").GetString()!)).Order());
        Assert.Equal("""{"lead_without_card":1}""", alerts.Single(a => a.GetProperty("kind").GetString() == "reconcileMissing").GetProperty("detail").GetProperty("kinds").GetRawText());
        Assert.InRange(alerts.Single(a => a.GetProperty("kind").GetString() == "figuresLate").GetProperty("detail").GetProperty("seconds").GetDouble(), 415, 500);
        Assert.All(alerts, a => Assert.DoesNotContain("79161234567", a.GetRawText(), StringComparison.Ordinal));
        // Errors come first.
        Assert.Equal(alerts.Select(a => a.GetProperty("severity").GetString() == "error" ? 0 : 1).Order(), alerts.Select(a => a.GetProperty("severity").GetString() == "error" ? 0 : 1));
    }

    [Fact]
    public async Task Whoever_takes_out_many_more_people_than_ever_is_named_to_the_owner_alone()
    {
        var project = await QuietAsync();
        var (usual, unusual, few, longAgo) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        foreach (var (user, people, days) in new[]
        {
            (usual, 1_500, 5.0), (usual, 2_000, 0.1), (usual, 2_400, 0.2), (unusual, 400, 3.0), (unusual, 600, 0.3), (unusual, 601, 0.2), (few, 1, 4.0), (few, 999, 0.1), (longAgo, 90_000, 40.0), (longAgo, 1_000, 0.1),
        })
            await api.ExecuteAsync("""
                select audit_add(row(@P, @Id, 0, @At, @User, null, @Who, null, 'ListLeads', 'leads', null, jsonb_build_object('outcome', 200, 'format', 'csv', 'count', @People::int, 'people', true), ''::bytea, ''::bytea)::audit)
                """, new { P = project.ProjectId, Id = Guid.CreateVersion7(Now.AddDays(-days)), At = Now.AddDays(-days), User = user, Who = user == unusual ? "Мария" : "Ольга", People = people });

        var owners = (await api.ReadAsAsync(project, "owner", Guid.CreateVersion7(), "/v1/alerts")).GetProperty("items").EnumerateArray().Where(a => a.GetProperty("kind").GetString() == "exportsUnusual").ToArray();

        Assert.Equal([(unusual, 1_201), (longAgo, 1_000)], owners.Select(a => (a.GetProperty("id").GetGuid(), a.GetProperty("count").GetInt32())));
        Assert.Equal(("warning", "Мария", 400, 2, false), (owners[0].GetProperty("severity").GetString(), owners[0].GetProperty("name").GetString(), owners[0].GetProperty("detail").GetProperty("usual").GetInt32(),
            owners[0].GetProperty("detail").GetProperty("files").GetInt32(), owners[0].GetProperty("detail").GetProperty("isKey").GetBoolean()));
        foreach (var role in new[] { "marketer", "manager", "operator" })
            Assert.DoesNotContain((await api.ReadAsAsync(project, role, Guid.CreateVersion7(), "/v1/alerts")).GetProperty("items").EnumerateArray(), a => a.GetProperty("kind").GetString() == "exportsUnusual");
    }

    [Fact]
    public async Task Everybody_is_told_what_concerns_them()
    {
        var project = await QuietAsync();
        await EveryTwoHoursAsync(project, "Яндекс.Директ", until: Now.AddHours(-30));
        await api.RejectAsync(project);
        await api.ExecuteAsync("update projects set is_demo = true where project_id = @P", new { P = project.ProjectId });
        await api.ExecuteAsync("delete from figure_marks where project_id = @P", new { P = project.ProjectId });
        foreach (var (role, kinds) in new[] { ("owner", "noLeads rejects demo"), ("marketer", "noLeads demo"), ("operator", "rejects demo"), ("manager", "demo") })
            Assert.Equal(kinds.Split(' '), (await api.ReadAsAsync(project, role, Guid.CreateVersion7(), "/v1/alerts")).GetProperty("items").EnumerateArray().Select(a => a.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task What_was_found_is_remembered_for_a_moment_and_by_project()
    {
        var (project, other) = (await QuietAsync(), await QuietAsync());
        var first = await api.ReadAsync(project, "/v1/alerts");
        await api.RejectAsync(project);
        await api.RejectAsync(other);
        Assert.Equal(first.GetRawText(), (await api.ReadAsync(project, "/v1/alerts")).GetRawText());
        Assert.Equal("rejects", Assert.Single(await AlertsAsync(other)).GetProperty("kind").GetString());
    }

    private async Task<TestProject> QuietAsync()
    {
        var project = await api.CreateProjectAsync();
        await api.ExecuteAsync("update projects set working_hours = '{}' where project_id = @P; delete from figure_marks where project_id = @P", new { P = project.ProjectId });
        return project;
    }

    private async Task<JsonElement[]> AlertsAsync(TestProject project) => [.. (await api.ReadAsync(project, "/v1/alerts")).GetProperty("items").EnumerateArray()];

    private async Task<JsonElement> OnlyAsync(TestProject project, string kind) =>
        Assert.Single(await AlertsAsync(project), a => a.GetProperty("kind").GetString() == kind);

    private Task<int> EveryTwoHoursAsync(TestProject project, string source, DateTimeOffset until) => api.ExecuteAsync("""
        insert into leads (project_id, id, site_id, kind, status, received_at, channel, source, passport, details)
        select @P, gen_random_uuid(), @SiteId, 'form', 'new', at, 'paid_search', @Source, '{}', '{}' from generate_series(@Until - interval '40 days', @Until, interval '2 hours') at
        """, new { P = project.ProjectId, project.SiteId, Source = source, Until = until });

    private Task<int> PendingAsync(TestProject project, Guid lead, Guid connection, int minutes, int attempts, int dueIn) => api.ExecuteAsync("""
        insert into deliveries (project_id, id, lead_id, connection_id, client_id, kind, state, attempts, next_attempt_at) values (@P, @Id, @Lead, @Connection, @Id, 'deal', 'pending', @Attempts, @Due)
        """, new { P = project.ProjectId, Id = Guid.CreateVersion7(Now.AddMinutes(-minutes)), Lead = lead, Connection = connection, Attempts = attempts, Due = TimeProvider.System.GetUtcNow().AddMinutes(dueIn) });

    private async Task<Guid> CallAsync(TestProject project, string phone, string direction, string outcome, double hours)
    {
        var (id, at) = (Guid.CreateVersion7(Now.AddHours(-hours)), Now.AddHours(-hours));
        await api.ExecuteAsync("""
            insert into calls (project_id, id, sender_id, site_id, provider, external_id, direction, phase, outcome, client_phone, started_at, first_seen_at, last_seen_at)
            values (@P, @Id, @Id, @SiteId, 'generic', 'c', @Direction, 'ended', @Outcome, @Phone, @At, @At, @At)
            """, new { P = project.ProjectId, Id = id, project.SiteId, Direction = direction, Outcome = outcome, Phone = phone, At = at });
        return id;
    }

    private async Task FaultyAsync(TestProject project, string campaign)
    {
        var id = await api.LeadAsync(project);
        await api.ExecuteAsync("update leads set campaign = @Campaign, passport = passport || '{\"warnings\":[\"macro_unsubstituted: utm_term\"]}' where project_id = @P and id = @Id",
            new { P = project.ProjectId, Id = id, Campaign = campaign });
    }
}
