using System.Text.RegularExpressions;
using LeadIngest.Api.Data;
using LeadIngest.Api.Demo;
using LeadIngest.Api.Demo.History;
using LeadIngest.Api.Tests.EndToEnd;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LeadIngest.Api.Tests.Demo;

/// <summary>The made-up past of a demo project, written beside a running service and read back out of the emulated CRM by it.</summary>
public sealed partial class DemoHistoryTests
{
    private static readonly DateTimeOffset Today = new(2026, 10, 20, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_history_comes_in_by_the_ways_of_life_is_read_back_whole_and_written_once()
    {
        await using var demo = await Demo.StartAsync();
        var (api, p) = (demo.Api, new { P = demo.Project.ProjectId });
        var told = new List<double>();

        var outcome = Assert.IsType<HistoryOutcome.Written>(await demo.WriteAsync(months: 2, progress: told.Add));

        Assert.True(outcome.IsReadBack);
        Assert.Equal(told.Order(), told);
        Assert.Equal(1, told[^1]);
        // The service found out by itself what each lead is.
        foreach (var status in new[] { "new", "repeat", "duplicate", "spam", "test" })
            Assert.True(await api.CountAsync("select count(*) from leads where project_id = @P and status = @Status", new { p.P, Status = status }) > 0, status);
        Assert.Equal(outcome.Visits, await api.CountAsync("select count(*) from visits where project_id = @P", p));
        Assert.Equal(outcome.Forms, await api.CountAsync("select count(*) from leads where project_id = @P and kind = 'form'", p));
        Assert.Equal(outcome.Calls, await api.CountAsync("select count(*) from calls where project_id = @P and fold_at is null", p));
        Assert.True(await api.CountAsync("select count(*) from calls where project_id = @P and outcome = 'missed' and lead_id is not null", p) > 5);
        Assert.True(await api.CountAsync("select count(*) from calls where project_id = @P and direction = 'out' and lead_id is null and client_id is not null", p) > 5);
        // In its own time: received when it is said to have come, ids and clients included.
        Assert.Equal(0, await api.CountAsync("select count(*) from leads where project_id = @P and (received_at > @Today or received_at < @Today - interval '70 days')", new { p.P, Today }));
        Assert.Equal(0, await api.CountAsync("select count(*) from clients c where project_id = @P and created_at <> (select min(received_at) from leads l where l.project_id = c.project_id and l.client_id = c.id)", p));
        Assert.True(await api.CountAsync("select count(distinct received_at::date) from leads where project_id = @P", p) > 45);

        // Passports are the rules' work: no tags and no referrer, no source; an unfilled macro is no keyword; a banner's number names the banner.
        Assert.Equal(0, await api.CountAsync("select count(*) from visits where project_id = @P and channel <> 'direct' and passport->>'referrer' is null and passport->>'landingPage' not like '%?%'", p));
        Assert.Equal(0, await api.CountAsync("select count(*) from leads where project_id = @P and keyword like '%{%'", p));
        Assert.True(await api.CountAsync("select count(*) from visits where project_id = @P and jsonb_array_length(passport->'warnings') > 0", p) > 0);
        Assert.True(await api.CountAsync("select count(*) from leads where project_id = @P and source = 'Яндекс.Директ' and campaign = 'Поиск_Полиграфия_Москва' and keyword is not null", p) > 0);
        Assert.True(await api.CountAsync("select count(*) from leads where project_id = @P and kind = 'call' and source = 'Наружная реклама'", p) > 0);

        // Who comes again is the client who came first.
        Assert.Equal(0, await api.CountAsync("select count(*) from leads l where project_id = @P and status = 'repeat' and not exists (select 1 from leads e where e.project_id = l.project_id and e.client_id = l.client_id and e.id <> l.id)", p));
        Assert.Equal(0, await api.CountAsync("select count(*) from deals where project_id = @P and client_id is null and contact_id is not null", p));
        Assert.True(await api.CountAsync("select count(*) from deals d where project_id = @P and lead_id is null and client_id is not null and pipeline_id = '9200'", p) > 0);

        // Nothing was sent again: every delivery is done, and the CRM holds what it was given.
        Assert.Equal(0, await api.CountAsync("select count(*) from deliveries where project_id = @P and state <> 'delivered'", p));
        Assert.DoesNotContain(await api.RequestsAsync("amocrm"), r => r.StartsWith("POST /api/v4/leads", StringComparison.Ordinal));
        await new Deals.Sales(api, "amocrm").PolledAsync(demo.Amocrm);
        var cards = await api.StateAsync("amocrm/deals");
        Assert.Equal(cards.Length, await api.CountAsync("select count(*) from deals where project_id = @P and deleted_at is null", p));
        Assert.Equal(cards.Sum(c => c.GetProperty("price").GetDecimal()), await api.ScalarAsync<decimal>("select sum(amount) from deals where project_id = @P and deleted_at is null", p));
        Assert.True(await api.CountAsync("select count(*) from deals where project_id = @P and deleted_at is not null", p) >= 4);
        foreach (var sql in new[]
        {
            "select count(*) from deals where project_id = @P and state = 'won'", "select count(*) from deals where project_id = @P and state = 'lost' and lost_reason_id = '61'",
            "select count(*) from deals where project_id = @P and state = 'lost' and lost_reason_id is null", "select count(*) from deal_changes where project_id = @P and n > 0",
            "select count(*) from deal_products where project_id = @P and name is not null", "select count(*) from crm_tasks where project_id = @P and not is_done and due_at < @Today",
            "select count(*) from crm_touches where project_id = @P and kind = 'message'", "select count(distinct responsible_id) - 3 from deals where project_id = @P",
            "select count(*) from spend_money where project_id = @P and manual_id is not null and money > 0",
            "select count(*) from spend_money s where project_id = @P and account_id is not null and campaign_name = 'РСЯ_Охват'",
        }) Assert.True(await api.CountAsync(sql, new { p.P, Today }) > 0, sql);
        Assert.Equal(0, await api.CountAsync("select count(*) from leads where project_id = @P and campaign = 'РСЯ_Охват'", p));
        Assert.True(await api.CountAsync("select count(*) from leads l join spend s on s.project_id = l.project_id and s.campaign_key = lead_campaign_key(l.project_id, l.campaign, l.passport) where l.project_id = @P", p) > 0);

        var before = await CountsAsync(api);
        Assert.IsType<HistoryOutcome.AlreadyThere>(await demo.WriteAsync(months: 2));
        Assert.Equal((0, "demo history: there already, nothing was written."), await CommandAsync(demo, "--months", "2", "--project", p.P.ToString()));
        Assert.Equal(before, await CountsAsync(api));
    }

    [Fact]
    public async Task A_history_that_broke_off_is_written_anew_from_its_beginning()
    {
        await using var whole = await Demo.StartAsync();
        await whole.WriteAsync();
        await using var demo = await Demo.StartAsync();
        using var stop = new CancellationTokenSource();
        var live = await demo.Api.PostLeadAsync(demo.Project, new { name = "Анна", phone = "+79161234567" });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => demo.WriteAsync(progress: done => { if (done > 0.3) stop.Cancel(); }, ct: stop.Token));
        Assert.True(await demo.Api.CountAsync("select count(*) from leads where project_id = @P", new { P = demo.Project.ProjectId }) > 10);

        Assert.IsType<HistoryOutcome.Written>(await demo.WriteAsync());

        Assert.Equal(1, await demo.Api.CountAsync("select count(*) from leads where id = @Live and client_id is not null", new { Live = live }));
        await demo.Api.ExecuteAsync("delete from deliveries where lead_id = @Live; with gone as (delete from leads where id = @Live returning client_id) delete from clients using gone where id = client_id", new { Live = live });
        Assert.Equal(await whole.Api.ScalarAsync<string>(Sums, new { P = whole.Project.ProjectId }), await demo.Api.ScalarAsync<string>(Sums, new { P = demo.Project.ProjectId }));
    }

    [Fact]
    public async Task The_command_says_what_it_takes_and_why_it_wrote_nothing()
    {
        await using var demo = await Demo.StartAsync();
        foreach (var args in new string[][] { ["--months"], ["--months", "many"], ["--again", "1"], ["--project", "demo"] })
        {
            var (code, said) = await CommandAsync(demo, args);
            Assert.Equal(2, code);
            Assert.Contains("demo-history [--months 18] [--seed 1]", said, StringComparison.Ordinal);
        }
        Assert.Equal(1, (await CommandAsync(demo, "--months", "99", "--project", demo.Project.ProjectId.ToString())).Code);
    }

    [Fact]
    public async Task A_new_demo_gets_its_history_after_the_start_and_an_old_one_does_not()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var crms = new EmulatedCrms();
        long? first = null;
        for (var start = 1; start <= 2; start++)
        {
            await using var service = LeadIngestApp.Build(["--urls=http://127.0.0.1:0", "--environment=Testing", "--Logging:LogLevel:Default=Warning", "--Demo:Enabled=true", "--Demo:HistoryMonths=1",
                $"--Demo:EmulatorUrl={crms.CrmAddress}", $"--Crm:AllowedHosts:0={crms.CrmAddress.Authority}"], database.ConnectionString);
            await service.Services.GetRequiredService<DemoProject>().EnsureAsync(CancellationToken.None);
            await service.StartAsync();
            var history = service.Services.GetServices<IHostedService>().OfType<HistoryInBackground>().Single();
            await history.ExecuteTask!.WaitAsync(TimeSpan.FromMinutes(3));
            await service.StopAsync();
            await using var db = service.Services.GetRequiredService<Database>();
            await using var rows = db.Delivery.CreateCommand("select count(*), count(*) filter (where received_at < now() - interval '20 days') from leads where project_id = $1");
            rows.Parameters.Add(new() { Value = DemoProject.ProjectId });
            await using var row = await rows.ExecuteReaderAsync();
            Assert.True(await row.ReadAsync());
            var (leads, old) = (row.GetInt64(0), row.GetInt64(1));
            Assert.True(old > 20, $"{old} of {leads}");
            Assert.Equal(first ??= leads, leads);
        }
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_history()
    {
        var written = new List<(string Rows, string Cards)>();
        for (var i = 0; i < 2; i++)
        {
            await using var demo = await Demo.StartAsync();
            var file = Path.GetTempFileName();
            Assert.IsType<HistoryOutcome.Written>(await demo.WriteAsync(months: 1, pastFile: file));
            // The id of a call's lead is the service's own choice.
            written.Add(((await demo.Api.ScalarAsync<string>(Sums, new { P = demo.Project.ProjectId }))!, Ours().Replace(await File.ReadAllTextAsync(file), "")));
            File.Delete(file);
        }
        Assert.Equal(written[0], written[1]);
        Assert.NotEqual(HistoryPlanner.Plan(1, 1, Today).Visits.Count, HistoryPlanner.Plan(1, 2, Today).Visits.Count);
    }

    [Fact]
    public async Task A_history_is_refused_where_it_has_no_place_and_nothing_is_written()
    {
        await using var demo = await Demo.StartAsync();
        var before = await CountsAsync(demo.Api);
        Assert.Contains("does not answer", Refused(await demo.WriteAsync(emulator: new Uri("http://127.0.0.1:9"))), StringComparison.Ordinal);
        Assert.Contains("Production", Refused(await demo.WriteAsync(environment: "Production")), StringComparison.Ordinal);
        Assert.Contains("1 to 36", Refused(await demo.WriteAsync(months: 37)), StringComparison.Ordinal);
        Assert.Contains("no project", Refused(await demo.WriteAsync(project: Guid.CreateVersion7())), StringComparison.Ordinal);
        Assert.Contains("no demo", Refused(await demo.WriteAsync(project: (await demo.Api.CreateConnectedProjectAsync()).ProjectId)), StringComparison.Ordinal);
        Assert.Equal(before, await CountsAsync(demo.Api));

        await demo.Api.LeadAsync(demo.Project, receivedAt: Today.AddDays(-20));
        Assert.Contains("empty database", Refused(await demo.WriteAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public void Eighteen_months_tell_the_stories_that_reports_are_to_find()
    {
        var plan = HistoryPlanner.Plan(18, 1, Today);
        Assert.InRange(plan.Visits.Count, 50_000, 70_000);
        Assert.InRange(plan.Steps.Count, 3_500, 7_000);
        Assert.InRange(plan.Deals.Count, 1_500, 5_000);
        // VK: lost at the price.
        var vk = plan.Deals.Where(d => d.Person?.Way.Name == "vk_konkurs_skidki" && d.Ends == Story.Lost).ToList();
        Assert.InRange(vk.Count(d => d.LostReason == Story.TooDear) / (double)vk.Count, 0.65, 0.9);
        // A loss on first orders, a gain with those that came after.
        var catalogues = plan.Deals.Where(d => d.Person?.Way.Name == "РСЯ_Каталоги" && d.Ends == Story.Won && d.Prices.Count > 0).ToList();
        var spent = plan.Spend.Where(s => s.Campaign == "РСЯ_Каталоги").Sum(s => s.Amount);
        var first = catalogues.GroupBy(d => d.Person).Sum(g => g.First().Prices[^1].Price);
        Assert.True(first < spent, $"{first} of first orders, {spent} spent");
        Assert.True(catalogues.Sum(d => d.Prices[^1].Price) > 2 * spent);
        // Growth, days off, phones of nobody.
        Assert.True(plan.Visits.Count(v => v.At > Today.AddMonths(-3)) > 1.3 * plan.Visits.Count(v => v.At < Today.AddMonths(-15)));
        Assert.All(plan.People, person => Assert.Matches(@"^\+7900000\d{4}$", person.Phone));
        Assert.All(plan.People, person => Assert.True(person.Email?.EndsWith(".example", StringComparison.Ordinal) ?? true));
        Assert.Equal(plan.Deals.Count, plan.Deals.DistinctBy(d => d.Id).Count());
    }

    private static async Task<(int Code, string Said)> CommandAsync(Demo demo, params string[] args)
    {
        using var said = new StringWriter();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Demo:EmulatorUrl", demo.Api.CrmAddress.ToString())]).Build();
        var code = await HistoryCommand.RunAsync(demo.Api.Db, args, "Testing", configuration, said, CancellationToken.None);
        return (code, said.ToString().TrimEnd());
    }

    private static string Refused(HistoryOutcome outcome) => Assert.IsType<HistoryOutcome.Refused>(outcome).Why;

    private static async Task<string?> CountsAsync(EmulatedCrms api) => await api.ScalarAsync<string>("""
        select concat_ws(' ', (select count(*) from visits), (select count(*) from leads), (select count(*) from calls), (select count(*) from deliveries), (select count(*) from spend), (select count(*) from spend_manual), (select count(*) from senders))
        """);

    private const string Sums = """
        select concat_ws(E'\n',
            (select string_agg(concat_ws(' ', kind, status, source, campaign, keyword, n), E'\n' order by kind, status, source, campaign, keyword)
             from (select kind, status, source, campaign, keyword, count(*) as n from leads where project_id = @P group by 1, 2, 3, 4, 5) l),
            (select concat_ws(' ', count(*), sum(seconds), sum(page_views)) from visits where project_id = @P),
            (select concat_ws(' ', count(*), sum(talk_seconds), sum(wait_seconds), count(lead_id)) from calls where project_id = @P),
            (select concat_ws(' ', count(*), sum(lead_count)) from clients where project_id = @P),
            (select concat_ws(' ', count(*), sum(money)) from spend_money where project_id = @P),
            (select concat_ws(' ', count(*), count(distinct remote_lead_id)) from deliveries where project_id = @P))
        """;

    [GeneratedRegex("""\{"LEADINGEST_ID":"[0-9a-f-]+"\}""")]
    private static partial Regex Ours();

    /// <summary>A service with emulated CRMs of its own, and a demo project as <c>make run</c> has it.</summary>
    private sealed class Demo(EmulatedCrms api, TestProject project, Guid amocrm) : IAsyncDisposable
    {
        public EmulatedCrms Api => api;
        public TestProject Project => project;
        public Guid Amocrm => amocrm;

        public static async Task<Demo> StartAsync()
        {
            var api = new EmulatedCrms();
            await api.InitializeAsync();
            var (project, amocrm) = await api.ConnectOneAsync("amocrm");
            await api.ExecuteAsync("""
                update projects set is_demo = true where project_id = @ProjectId;
                update connections set is_demo = true where project_id = @ProjectId;
                insert into tracking_numbers (project_id, id, site_id, number, kind, name, passport, free_at)
                values (@ProjectId, @Id, @SiteId, '+74951230090', 'static', 'Баннер', '{"channel":"offline","source":"Наружная реклама","medium":"banner","campaign":"Баннер на дороге"}', clock_timestamp())
                """, new { project.ProjectId, project.SiteId, Id = Guid.CreateVersion7() });
            return new Demo(api, project, amocrm);
        }

        public Task<HistoryOutcome> WriteAsync(int months = 1, string environment = "Testing", Uri? emulator = null, Guid? project = null, string? pastFile = null, Action<double>? progress = null, CancellationToken ct = default) =>
            new DemoHistory(Api.Db, environment, new Stopped()).RunAsync(
                new HistoryRequest { Project = project ?? Project.ProjectId, Months = months, Emulator = emulator ?? Api.CrmAddress, PastFile = pastFile }, progress ?? (_ => { }), ct);

        public async ValueTask DisposeAsync()
        {
            await ((IAsyncLifetime)api).DisposeAsync();
            api.Dispose();
        }
    }

    private sealed class Stopped : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Today;
    }
}
