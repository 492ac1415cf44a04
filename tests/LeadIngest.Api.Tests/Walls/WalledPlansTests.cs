using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Clients;
using LeadIngest.Api.Features.Deals;
using LeadIngest.Api.Http.Access;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Walls;

/// <summary>Behind row-level security an index takes only what cannot leak: a query that casts one column to look another one up would read a whole project instead.</summary>
public class WalledPlansTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_journey_finds_its_visits_by_visitor()
    {
        var project = await api.CreateProjectAsync();
        var client = await api.ClientAsync(project);
        await api.ExecuteAsync("""
            insert into visits (project_id, id, site_id, visitor_id, started_at, last_seen_at, channel, passport)
            select @P, gen_random_uuid(), @Site, gen_random_uuid(), now(), now(), 'direct', '{}' from generate_series(1, 5000) i;
            analyze visits
            """, new { P = project.ProjectId, Site = project.SiteId });
        var plan = await PlanAsync(project, GetClientJourney.Steps, new { project.ProjectId, ClientId = client, After = DateTimeOffset.MinValue, Key = "", Rows = 51 });
        Assert.Contains("visits_visitor", plan, StringComparison.Ordinal);
        Assert.Matches(@"Index Cond: \(.*visitor_id = ", plan);
    }

    [Fact]
    public async Task A_deal_finds_the_contacts_at_its_cards_by_card()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        await api.ExecuteAsync("""
            insert into crm_touches (project_id, connection_id, id, owner_kind, owner_id, at, kind, direction)
            select @P, @Connection, 't' || i, 'contact', i, now(), 'call', 'out' from generate_series(1, 5000) i;
            analyze crm_touches
            """, new { P = project.ProjectId, Connection = connection });
        var plan = await PlanAsync(project, GetDeal.Touches, new { project.ProjectId, Id = await api.DealAsync(project, connection, 77), Most = 500 });
        Assert.Matches(@"Index Cond: \(.*owner_id = ", plan);
    }

    [Theory]
    [InlineData("select count(*) from lead_rows where project_id = @ProjectId and at >= @From", "leads_at")]
    [InlineData($"select count(*) from calls c where c.project_id = @ProjectId and {Features.Reports.Team.Calls.CallReading.At} >= @From", "calls_at")]
    public async Task Leads_and_calls_of_some_days_are_found_by_time(string sql, string index)
    {
        var project = await api.CreateProjectAsync();
        await api.ExecuteAsync("""
            insert into leads (project_id, id, site_id, kind, status, received_at, channel, passport, details)
            select @P, gen_random_uuid(), @Site, 'form', 'new', now() - i * interval '1 hour', 'direct', '{}', '{}' from generate_series(1, 5000) i;
            insert into calls (project_id, id, sender_id, site_id, provider, external_id, first_seen_at, last_seen_at)
            select @P, gen_random_uuid(), @Site, @Site, 'generic', i::text, now() - i * interval '1 hour', now() from generate_series(1, 5000) i;
            analyze leads, calls
            """, new { P = project.ProjectId, Site = project.SiteId });
        var plan = await PlanAsync(project, sql, new { project.ProjectId, From = TimeProvider.System.GetUtcNow().AddDays(-1) });
        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("phone", "any(array['+79161234567'])", "leads_phone")]
    [InlineData("email", "'olga@okna.ru'", "leads_email")]
    public async Task Leads_of_one_contact_are_found_by_it(string column, string value, string index)
    {
        var project = await api.CreateProjectAsync();
        await api.ExecuteAsync("""
            insert into leads (project_id, id, site_id, kind, status, received_at, phone, email, channel, passport, details)
            select @P, gen_random_uuid(), @Site, 'form', 'new', now(), '+7916' || (1000000 + i), i || '@okna.ru', 'direct', '{}', '{}' from generate_series(1, 5000) i;
            analyze leads
            """, new { P = project.ProjectId, Site = project.SiteId });
        var plan = await PlanAsync(project, $"select l.id from leads l where l.project_id = @ProjectId and l.id < @Before and l.{column} = {value} order by l.id desc limit 51", new { project.ProjectId, Before = Guid.AllBitsSet });
        Assert.Matches($@"{index}[\s\S]*Index Cond: \(.*{column} = ", plan);
    }

    [Fact]
    public async Task What_is_own_is_found_by_the_deals_of_the_user_and_their_cards()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        await api.ExecuteAsync("""
            insert into deals (project_id, id, connection_id, kind, remote_id, stage_id, state, responsible_id, lead_id, client_id)
            select @P, gen_random_uuid(), @Connection, 'deal', i, '1', 'open', (i % 200)::text, gen_random_uuid(), gen_random_uuid() from generate_series(1, 10000) i;
            insert into deliveries (project_id, id, lead_id, connection_id, client_id, kind, state, remote_lead_id)
            select @P, gen_random_uuid(), gen_random_uuid(), @Connection, gen_random_uuid(), case when i % 4 = 0 then 'note' else 'deal' end, 'delivered', i::text from generate_series(1, 20000) i;
            insert into leads (project_id, id, site_id, kind, status, received_at, channel, passport, details)
            select @P, gen_random_uuid(), @Site, 'form', 'new', now(), 'direct', '{}', '{}' from generate_series(1, 5000);
            analyze deals, deliveries, leads
            """, new { P = project.ProjectId, Connection = connection, Site = project.SiteId });
        var plan = await PlanAsync(project, $"select l.id from leads l where l.project_id = @ProjectId and l.id = any(array({OwnRows.Leads})) order by l.id desc limit 51",
            new { project.ProjectId, OwnConnections = new[] { connection }, OwnUsers = new[] { "7" } });
        foreach (var index in new[] { "deals_responsible", "deliveries_card", "deliveries_added", "deliveries_lead", "leads_pkey" }) Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }

    private async Task<string> PlanAsync(TestProject project, string sql, object args)
    {
        await using var connection = await api.App.Services.GetRequiredService<Database>().Reading.OpenForAsync(project.ProjectId, CancellationToken.None);
        return string.Join('\n', await connection.QueryAsync<string>("explain (costs off) " + sql, args));
    }
}
