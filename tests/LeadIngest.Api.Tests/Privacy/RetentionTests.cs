using System.Text;
using LeadIngest.Api.Data;
using LeadIngest.Api.Privacy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Tests.Privacy;

public sealed class RetentionTests(PrivacyFixture api) : IClassFixture<PrivacyFixture>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }

    [Fact]
    public async Task Settings_have_defaults_are_replaced_as_a_whole_and_refuse_what_makes_no_sense()
    {
        var project = await api.CreateProjectAsync();
        var settings = await api.ReadAsync(project, "/v1/privacy");
        Assert.Equal((90, 90, 30, 1095), (settings.GetProperty("rawBodiesDays").GetInt32(), settings.GetProperty("rejectsDays").GetInt32(), settings.GetProperty("attemptsDays").GetInt32(), settings.GetProperty("auditDays").GetInt32()));

        var put = await (await api.SendAsync(project, HttpMethod.Put, "/v1/privacy", Terms(leads: 400))).JsonAsync();
        Assert.Equal(put.GetRawText(), (await api.ReadAsync(project, "/v1/privacy")).GetRawText());
        Assert.Equal(("ООО «Окна»", 400), (put.GetProperty("operatorName").GetString(), put.GetProperty("leadsDays").GetInt32()));

        var refused = await (await api.SendAsync(project, HttpMethod.Put, "/v1/privacy", Terms(raw: 0, audit: 10))).ProblemAsync(400);
        Assert.Equal(["auditDays", "rawBodiesDays"], refused.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order());
    }

    [Fact]
    public async Task Exactly_what_is_over_its_term_goes_and_the_report_of_before_says_how_much()
    {
        var project = await api.CreateProjectAsync();
        await (await api.SendAsync(project, HttpMethod.Put, "/v1/privacy", Terms(raw: 40, rejects: 60, attempts: 20, visits: 100, leads: 200))).JsonAsync();
        var (old, young) = (await PlantAsync(project, beyond: true), await PlantAsync(project, beyond: false));
        // An open reject may still become a lead: it keeps its body until it goes as a whole.
        var open = await api.RejectAsync(project);
        await api.ExecuteAsync("update rejects set received_at = @At where project_id = @P and id = @Id", new { P = project.ProjectId, Id = open, At = Now.AddDays(-50) });

        var due = (await api.ReadAsync(project, "/v1/privacy/retention")).GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("kind").GetString()!, i => i.GetProperty("rows").GetInt64());
        Assert.Equal(new Dictionary<string, long> { ["callBodies"] = 1, ["rejectBodies"] = 3, ["rejects"] = 1, ["attempts"] = 1, ["visits"] = 1, ["leads"] = 1, ["calls"] = 1, ["clients"] = 1, ["acts"] = 1 },
            due.Where(d => d.Key != "audit").ToDictionary());

        await TurnAsync(TimeSpan.Zero);
        // The next look on the same day does nothing: it is written down what went.
        await TurnAsync(TimeSpan.Zero);

        Assert.Equal(1, await api.CountAsync("select count(*) from retention_runs where project_id = @ProjectId and counts ->> 'visits' = '1'", new { project.ProjectId }));
        Assert.Equal("0 bytes", await SizeAsync("call_events", "call_id", old.Call));
        Assert.NotEqual("0 bytes", await SizeAsync("call_events", "call_id", young.Call));
        foreach (var (table, key, ids) in new[] { ("rejects", "id", (old.Reject, young.Reject)), ("delivery_attempts", "delivery_id", (old.Delivery, young.Delivery)), ("visits", "id", (old.Visit, young.Visit)), ("erasures", "id", (old.Visit, young.Visit)) })
        {
            Assert.Equal((table, 0), (table, await CountAsync(table, key, ids.Item1)));
            Assert.Equal((table, 1), (table, await CountAsync(table, key, ids.Item2)));
        }
        Assert.NotEqual("0 bytes", await SizeAsync("rejects", "id", open));
        Assert.Equal((null, "Яндекс.Директ"), (await LeadAsync<string>("phone", old.Lead), await LeadAsync<string>("source", old.Lead)));
        Assert.False(await LeadAsync<bool>("details ? 'ip'", old.Lead));
        Assert.Equal("+79161234567", await LeadAsync<string>("phone", young.Lead));
        Assert.Equal([], (await api.ReadAsync(project, $"/v1/clients/{old.Client}")).GetProperty("identities").EnumerateArray().Select(i => i.ToString()));
        Assert.NotEqual([], (await api.ReadAsync(project, $"/v1/clients/{young.Client}")).GetProperty("identities").EnumerateArray().Select(i => i.ToString()));

        Task<long> CountAsync(string table, string key, Guid id) => api.CountAsync($"select count(*) from {table} where project_id = @P and {key} = @Id", new { P = project.ProjectId, Id = id });
        Task<string?> SizeAsync(string table, string key, Guid id) => api.ScalarAsync<string>($"select octet_length(body) || ' bytes' from {table} where project_id = @P and {key} = @Id", new { P = project.ProjectId, Id = id });
        Task<T?> LeadAsync<T>(string what, Guid id) => api.ScalarAsync<T>($"select {what} from leads where project_id = @P and id = @Id", new { P = project.ProjectId, Id = id });
    }

    [Fact]
    public async Task With_the_clock_far_ahead_the_young_ones_go_too_and_without_a_term_nothing_goes_ever()
    {
        var project = await api.CreateProjectAsync();
        var rows = await PlantAsync(project, beyond: false);

        await TurnAsync(TimeSpan.FromDays(3_000));

        Assert.Equal(0, await api.CountAsync("select count(*) from rejects where project_id = @ProjectId", new { project.ProjectId }));
        Assert.Equal("+79161234567", await api.ScalarAsync<string>("select phone from leads where project_id = @P and id = @Lead", new { P = project.ProjectId, rows.Lead }));
        Assert.Equal(1, await api.CountAsync("select count(*) from visits where project_id = @P", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task Of_the_audit_log_only_what_is_over_its_term_goes()
    {
        var project = await api.CreateProjectAsync();
        var (old, young) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await api.ExecuteAsync("insert into audit (project_id, id, n, at, who, action, detail, before, hash) values (@P, @Old, 1, @Before, 'tests', 'ListLeads', '{}', '', ''), (@P, @Young, 2, @After, 'tests', 'ListLeads', '{}', '', '')",
            new { P = project.ProjectId, Old = old, Young = young, Before = Now.AddDays(-1095).AddHours(-1), After = Now.AddDays(-1095).AddHours(1) });
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => api.ExecuteAsync("delete from audit where project_id = @P", new { P = project.ProjectId }));

        await TurnAsync(TimeSpan.Zero);

        Assert.Equal(young, await api.ScalarAsync<Guid>("select id from audit where project_id = @P", new { P = project.ProjectId }));
    }

    private sealed record Planted(Guid Client, Guid Lead, Guid Call, Guid Visit, Guid Delivery, Guid Reject);

    /// <summary>One row of each kind an hour on this side of its term, or on the other.</summary>
    private async Task<Planted> PlantAsync(TestProject project, bool beyond)
    {
        DateTimeOffset At(int days) => Now.AddDays(-days).AddHours(beyond ? -1 : 1);
        var client = await api.ClientAsync(project, phone: beyond ? "+79161234567" : "+79161234568");
        var connection = await api.ConnectionAsync(project, host: $"{Guid.CreateVersion7():N}.amocrm.ru");
        var lead = await api.LeadAsync(project, client, receivedAt: At(200));
        var call = await api.CallRowAsync(project);
        var delivery = await api.DeliveryAsync(project, lead, connection, "delivered");
        var (closed, reject) = (await api.RejectAsync(project), await api.RejectAsync(project));
        var visit = Guid.CreateVersion7();
        await api.ExecuteAsync("""
            update calls set started_at = @Leads, first_seen_at = @Leads, sender_id = @Call where project_id = @P and id = @Call;
            update call_events set received_at = @Raw, body = @Body where project_id = @P and call_id = @Call;
            update rejects set received_at = @Raw, state = 'discarded' where project_id = @P and id = @Closed;
            update rejects set received_at = @Rejects, state = 'discarded' where project_id = @P and id = @Reject;
            insert into delivery_attempts (project_id, delivery_id, id, attempt, action, started_at, ended_at, outcome) values (@P, @Delivery, @Delivery, 1, 'send', @Attempts, @Attempts, 'delivered');
            insert into visits (project_id, id, site_id, visitor_id, started_at, last_seen_at, channel, passport) values (@P, @Visit, @SiteId, @Visit, @Visits, @Visits, 'direct', '{}');
            insert into erasures (project_id, id, client_id, client_ids, at, by_name, reason, counts, crm_objects) values (@P, @Visit, @Visit, '{}', @Acts, 'Ольга', 'давно', '{}', '[]')
            """, new
        {
            P = project.ProjectId,
            project.SiteId,
            Call = call,
            Closed = closed,
            Reject = reject,
            Delivery = delivery,
            Visit = visit,
            Body = Encoding.UTF8.GetBytes("from=1"),
            Raw = At(40),
            Rejects = At(60),
            Attempts = At(20),
            Visits = At(100),
            Leads = At(200),
            Acts = At(1095),
        });
        return new(client, lead, call, visit, delivery, reject);
    }

    private static object Terms(int raw = 90, int rejects = 90, int attempts = 30, int? visits = null, int? leads = null, int audit = 1095) => new
    {
        operatorName = "ООО «Окна»",
        operatorContact = (string?)null,
        processorName = (string?)null,
        purpose = (string?)null,
        legalBasis = (string?)null,
        rawBodiesDays = raw,
        rejectsDays = rejects,
        attemptsDays = attempts,
        visitsDays = visits,
        leadsDays = leads,
        auditDays = audit,
    };

    private Task TurnAsync(TimeSpan ahead) => new RetentionWorker(api.App.Services.GetRequiredService<Database>(), new Shifted(ahead), Options.Create(new RetentionOptions { Hour = 0 }), NullLogger<RetentionWorker>.Instance).TurnAsync(default);
}
