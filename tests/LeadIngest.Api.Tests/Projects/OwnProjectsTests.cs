using System.Text.Json;
using LeadIngest.Api.Tests.Access;
using LeadIngest.Api.Tests.Figures;

namespace LeadIngest.Api.Tests.Projects;

/// <summary>Projects of users, who may be members of several.</summary>
public class OwnProjectsTests(PageFixture api) : IClassFixture<PageFixture>
{
    [Fact]
    public async Task Who_makes_a_project_owns_it_and_sees_it_beside_the_others()
    {
        var (project, user) = (await api.CreateProjectAsync("Ядро"), Guid.CreateVersion7());
        await MemberAsync(project.ProjectId, user, "marketer");
        var made = await (await api.AsAsync(project, "marketer", user, HttpMethod.Post, "/v1/projects", new { name = " Агентство  Запад ", timeZone = "Asia/Yekaterinburg", currency = "KZT" })).JsonAsync();
        Assert.Equal(("Агентство Запад", "Asia/Yekaterinburg", "KZT", false),
            (made.GetProperty("name").GetString(), made.GetProperty("timeZone").GetString(), made.GetProperty("currency").GetString(), made.GetProperty("isDemo").GetBoolean()));
        Assert.Equal("owner", await api.ScalarAsync<string>("select role from memberships where project_id = @Id and user_id = @user and sees_contacts and disabled_at is null", new { Id = made.GetProperty("id").GetGuid(), user }));
        Assert.Equal(["Агентство Запад", "Ядро"], (await api.ReadAsAsync(project, "marketer", user, "/v1/projects")).GetProperty("items").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_membership_that_ended_shows_nothing()
    {
        var (project, other, user) = (await api.CreateProjectAsync(), await api.CreateProjectAsync("Чужой"), Guid.CreateVersion7());
        await MemberAsync(project.ProjectId, user, "owner");
        await MemberAsync(other.ProjectId, user, "owner", isDisabled: true);
        Assert.Equal([project.ProjectId], (await api.ReadAsAsync(project, "owner", user, "/v1/projects")).Ids());
        Assert.Equal([project.ProjectId], (await api.ReadAsAsync(project, "owner", user, "/v1/projects/overview")).Ids());
    }

    [Fact]
    public async Task A_key_makes_no_project_and_sees_its_own()
    {
        var (project, other) = (await api.CreateProjectAsync(), await api.CreateProjectAsync());
        await (await api.PostAsync(project, "/v1/projects", new { name = "Ещё" })).ProblemAsync(403);
        Assert.Equal([project.ProjectId], (await api.ReadAsync(project, "/v1/projects")).Ids());
        var own = Assert.Single((await api.ReadAsync(project, "/v1/projects/overview")).GetProperty("items").EnumerateArray());
        Assert.Equal((project.ProjectId, "owner"), (own.GetProperty("id").GetGuid(), own.GetProperty("role").GetString()));
        Assert.DoesNotContain(other.ProjectId.ToString(), own.GetRawText());
    }

    [Theory]
    [InlineData("name", """{"name":" "}""")]
    [InlineData("timeZone", """{"name":"x","timeZone":"Mars/Base"}""")]
    [InlineData("currency", """{"name":"x","currency":"XXX"}""")]
    public async Task A_wrong_project_is_refused_by_field(string field, string json)
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.PostAsync(project, "/v1/projects", new StringContent(json, null, "application/json"))).ProblemAsync(400);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task The_overview_shows_each_project_as_its_own_report_does_and_only_where_reports_may_be_seen()
    {
        var (first, second, closed, user) = (await api.CreateProjectAsync("А"), await api.CreateProjectAsync("Б"), await api.CreateProjectAsync("В"), Guid.CreateVersion7());
        await api.ExecuteAsync("update projects set currency = 'KZT', romi = 'net' where project_id = @P", new { P = second.ProjectId });
        await MemberAsync(first.ProjectId, user, "owner");
        await MemberAsync(second.ProjectId, user, "marketer");
        await MemberAsync(closed.ProjectId, user, "manager");
        var at = new DateTimeOffset(2026, 11, 10, 9, 0, 0, TimeSpan.Zero);
        var client = await api.ClientAsync(first);
        var connection = await api.ConnectionAsync(first, state: "needs_reauth");
        var lead = await api.LeadAsync(first, client, receivedAt: at);
        await api.LeadAsync(first, await api.ClientAsync(first), receivedAt: at.AddDays(1));
        await api.DealAsync(first, connection, 7, client, lead, state: "won", amount: 90_000, createdAt: at.AddHours(1));
        await api.ExecuteAsync("""
            insert into spend_manual (project_id, id, name, first_day, last_day, amount, currency, vat_included, source, medium)
            values (@P, gen_random_uuid(), 'Директ', '2026-11-10', '2026-11-10', 30000, 'RUB', true, 'yandex', 'cpc')
            """, new { P = first.ProjectId });
        foreach (var project in new[] { first, second }) await api.CatchUpAsync(project);

        var overview = await api.ReadAsAsync(first, "owner", user, "/v1/projects/overview?from=2026-11-01&to=2026-11-20");
        var report = (await api.ReadAsync(first, "/v1/reports/sources?from=2026-11-01&to=2026-11-20")).GetProperty("totals");

        Assert.Equal(("2026-11-01", "2026-11-20"), (overview.GetProperty("from").GetString(), overview.GetProperty("to").GetString()));
        var rows = overview.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal([("А", "owner", "RUB", "payback"), ("Б", "marketer", "KZT", "net")],
            rows.Select(r => (r.GetProperty("name").GetString(), r.GetProperty("role").GetString(), r.GetProperty("currency").GetString(), r.GetProperty("romi").GetString())));
        Assert.Equal((30_000m, 2, 1m, 90_000m, 15_000m, 3m, 2m), (Money(rows[0], "spend"), rows[0].GetProperty("leads").GetInt32(), Money(rows[0], "won"), Money(rows[0], "revenue"), Money(rows[0], "cpl"), Money(rows[0], "romiPayback"), Money(rows[0], "romiNet")));
        foreach (var same in new[] { "spend", "leads", "deals", "won", "revenue" }) Assert.Equal(report.GetProperty(same).GetDecimal(), Money(rows[0], same));
        Assert.Equal((1, 0), (rows[0].GetProperty("alerts").GetInt32(), rows[1].GetProperty("alerts").GetInt32()));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, 0), (rows[1].GetProperty("spend").ValueKind, rows[1].GetProperty("romiNet").ValueKind, rows[1].GetProperty("leads").GetInt32()));

        static decimal Money(JsonElement row, string name) => row.GetProperty(name).GetDecimal();
    }

    [Theory]
    [InlineData("from=2026-11-02&to=2026-11-01", "to")]
    [InlineData("from=1990-01-01", "from")]
    public async Task Wrong_days_are_refused_by_field(string query, string field)
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.GetAsync(project, "/v1/projects/overview?" + query)).ProblemAsync(400);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    private Task<int> MemberAsync(Guid project, Guid user, string role, bool isDisabled = false) =>
        api.ExecuteAsync("""
            insert into users (id, email, name, created_at) values (@user, @user || '@okna-plus.ru', 'Анна', now()) on conflict do nothing;
            insert into memberships (project_id, user_id, role, sees_contacts, crm_users, created_at, disabled_at) values (@project, @user, @role, true, '[]', now(), case when @isDisabled then now() end)
            """, new { project, user, role, isDisabled });
}
