using System.Text.Json;
using LeadIngest.Api.Access;
using LeadIngest.Api.Tests.Http;

namespace LeadIngest.Api.Tests.Access;

public class AuditTests(AccessFixture api) : IClassFixture<AccessFixture>
{
    [Fact]
    public async Task A_look_at_a_person_is_written_with_who_what_and_how_many_and_never_with_what_stood_there()
    {
        var project = await api.CreateProjectAsync();
        var owner = await api.SignedInAsync(project);
        var client = await api.ClientAsync(project, phone: "+79161234567", email: "anna@example.ru");
        var lead = await api.LeadAsync(project, client);
        foreach (var path in new[] { $"/v1/leads/{lead}", "/v1/leads?status=new&phone=79161234567", $"/v1/clients/{client}", "/v1/clients?q=Анна", $"/v1/clients/{client}/journey" }) await api.ReadAsync(owner, path);

        var entries = await EntriesAsync(owner);

        Assert.Equal(["GetClientJourney", "ListClients", "GetClient", "ListLeads", "GetLead", "SignIn"], entries.Select(e => e.GetProperty("action").GetString()));
        var (list, one) = (entries[3], entries[4]);
        Assert.Equal(("leads", lead.ToString(), "Ольга", owner.Id, "127.0.0.1"), (one.GetProperty("entity").GetString(), one.GetProperty("entityId").GetString(), one.GetProperty("who").GetString(), one.GetProperty("userId").GetGuid(), one.GetProperty("address").GetString()));
        Assert.Equal(["phone", "status"], list.GetProperty("detail").GetProperty("filters").Strings());
        Assert.Equal(1, list.GetProperty("detail").GetProperty("count").GetInt32());
        var kept = await api.ScalarAsync<string>("select string_agg(a::text, '') from audit a where project_id = @ProjectId", new { project.ProjectId });
        Assert.DoesNotContain("9161234567", kept);
        Assert.DoesNotContain("Анна", kept);
    }

    [Fact]
    public async Task Every_change_is_written_with_the_names_of_its_fields()
    {
        var project = await api.CreateProjectAsync();
        var owner = await api.SignedInAsync(project);
        (await api.SendAsync(owner, HttpMethod.Patch, $"/v1/projects/{project.ProjectId}", new { name = "Тайное имя", romi = "net" })).EnsureSuccessStatusCode();
        (await api.PostAsync(project, "/v1/api-keys", new { name = "Агентство" })).EnsureSuccessStatusCode();
        await (await api.SendAsync(owner, HttpMethod.Delete, $"/v1/api-keys/{Guid.CreateVersion7()}")).ProblemAsync(404);
        var entries = await EntriesAsync(owner);
        Assert.Equal(["RevokeApiKey", "CreateApiKey", "UpdateProject", "SignIn"], entries.Select(e => e.GetProperty("action").GetString()));
        Assert.Equal(404, entries[0].GetProperty("detail").GetProperty("outcome").GetInt32());
        // A program is named by its key, and what it made by its id.
        Assert.Equal((JsonValueKind.Null, "tests"), (entries[1].GetProperty("userId").ValueKind, entries[1].GetProperty("who").GetString()));
        Assert.True(Guid.TryParse(entries[1].GetProperty("entityId").GetString(), out _));
        Assert.Equal(["name", "romi"], entries[2].GetProperty("detail").GetProperty("fields").Strings());
        Assert.DoesNotContain("Тайное", await api.ScalarAsync<string>("select string_agg(a::text, '') from audit a where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Fact]
    public async Task Sign_ins_failures_and_what_was_refused_are_written_in_every_project_of_theirs()
    {
        var (one, two) = (await api.CreateProjectAsync(), await api.CreateProjectAsync());
        var (id, email) = await api.UserAsync("manager", null, one, two);
        await api.TrySignInAsync(email, "not the password");
        var person = await api.SignInAsync(email);
        await (await api.GetAsync(person with { Project = one.ProjectId }, "/v1/audit")).ProblemAsync(403);
        await api.SendAsync(person, HttpMethod.Delete, "/v1/session");
        foreach (var (project, expected) in new (TestProject, string[])[] { (one, ["SignOut", "ListAudit", "SignIn", "SignInFailed"]), (two, ["SignOut", "SignIn", "SignInFailed"]) })
            Assert.Equal(expected, (await api.ReadAsync(project, $"/v1/audit?userId={id}")).GetProperty("items").EnumerateArray().Select(e => e.GetProperty("action").GetString()));
    }

    [Fact]
    public async Task A_program_that_polls_is_written_of_once_an_hour_and_its_changes_always()
    {
        var project = await api.CreateProjectAsync();
        for (var i = 0; i < 5; i++) await api.ReadAsync(project, "/v1/leads");
        Assert.Equal(1, await CountAsync(project, "ListLeads"));
        api.Clock.Advance(TimeSpan.FromHours(1));
        await api.ReadAsync(project, "/v1/leads");
        Assert.Equal(2, await CountAsync(project, "ListLeads"));
    }

    [Fact]
    public async Task An_export_carries_the_number_of_its_entry()
    {
        var project = await api.CreateProjectAsync();
        var owner = await api.SignedInAsync(project);
        var answer = await api.GetAsync(owner, "/v1/reports/forgotten?format=csv&minDeals=2");
        var entry = Assert.Single(await EntriesAsync(owner), e => e.GetProperty("id").GetString() == answer.Headers.GetValues("X-Export-Id").Single());
        Assert.Equal(("ListForgottenClients", "csv"), (entry.GetProperty("action").GetString(), entry.GetProperty("detail").GetProperty("format").GetString()));
    }

    [Fact]
    public async Task A_file_is_written_of_with_the_number_of_rows_that_leave_with_it_and_a_masked_reader_no_less()
    {
        var project = await api.CreateProjectAsync();
        var (owner, marketer) = (await api.SignedInAsync(project), await api.SignedInAsync(project, "marketer"));
        for (var i = 0; i < 3; i++) await api.LeadAsync(project, await api.ClientAsync(project));
        await api.LeadAsync(project, status: "spam");
        foreach (var (path, rows, filters, isOfPeople) in new (string, int?, string[], bool)[]
        {
            ("/v1/leads?format=csv&status=new", 3, ["status"], true), ("/v1/leads?format=xlsx", 4, [], true), ("/v1/clients?format=csv", 3, [], true), ("/v1/reports/forgotten?format=csv&kind=stoppedBuying", null, ["kind"], true),
            ("/v1/reports/sources?format=csv&by=source", null, ["by"], false),
        })
        {
            var answer = await api.GetAsync(owner, path);
            var file = await answer.Content.ReadAsStringAsync();
            var entry = (await EntriesAsync(owner))[0];
            Assert.Equal(answer.Headers.GetValues("X-Export-Id").Single(), entry.GetProperty("id").GetString());
            var detail = entry.GetProperty("detail");
            // What the file holds is what the log says: its lines without the heading.
            if (path.Contains("csv", StringComparison.Ordinal)) Assert.Equal(file.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length - 1, detail.GetProperty("count").GetInt32());
            if (rows is not null) Assert.Equal(rows, detail.GetProperty("count").GetInt32());
            Assert.Equal(filters, detail.TryGetProperty("filters", out var named) ? named.Strings() : []);
            Assert.Equal(isOfPeople, detail.TryGetProperty("people", out _));
        }
        await api.ReadAsync(marketer, "/v1/leads?status=new");
        var made = await (await api.PostAsync(marketer, "/v1/sources", new { source = "blogger", name = "Блогер", channel = "referral" })).JsonAsync();
        var entries = await EntriesAsync(owner);
        Assert.Equal(("CreateSource", 201, made.GetProperty("id").GetString()), (entries[0].GetProperty("action").GetString(), entries[0].GetProperty("detail").GetProperty("outcome").GetInt32(), entries[0].GetProperty("entityId").GetString()));
        Assert.Equal(("ListLeads", 3), (entries[1].GetProperty("action").GetString(), entries[1].GetProperty("detail").GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task Entries_cannot_be_changed_or_taken_away_but_by_retention()
    {
        var project = await api.CreateProjectAsync();
        for (var i = 0; i < 3; i++) await api.SignedInAsync(project);
        foreach (var sql in new[] { "update audit set who = 'somebody else'", "delete from audit where project_id = @ProjectId", "truncate audit" })
            Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => api.ExecuteAsync(sql, new { project.ProjectId }))).SqlState);
        Assert.Null(await FaultAsync(project));
        await api.ExecuteAsync("begin; select set_config('app.audit_retention', 'on', true); delete from audit where project_id = @ProjectId and n = 1; commit", new { project.ProjectId });
        Assert.Null(await FaultAsync(project));
    }

    [Theory]
    [InlineData("update audit set who = 'somebody else' where project_id = @ProjectId and n = 3", 3)]
    [InlineData("update audit set detail = detail || '{\"count\":0}' where project_id = @ProjectId and n = 4", 4)]
    [InlineData("delete from audit where project_id = @ProjectId and n = 3", 4)]
    [InlineData("delete from audit where project_id = @ProjectId and n = 6", 6)]
    [InlineData("update audit set hash = sha256(hash), before = sha256(before) where project_id = @ProjectId and n = 5", 5)]
    public async Task What_somebody_changes_who_owns_the_database_is_found_in_the_chain(string sql, long at)
    {
        var project = await api.CreateProjectAsync();
        for (var i = 0; i < 6; i++) await api.SignedInAsync(project);
        await api.ExecuteAsync($"begin; set local session_replication_role = replica; {sql}; commit", new { project.ProjectId });
        Assert.Equal(at, await FaultAsync(project));
        using var console = new StringWriter();
        Assert.Equal(3, await AccessCommands.CheckAsync(api.Db, console));
        Assert.Contains($"Project {project.ProjectId}: the audit log was changed at entry {at}", console.ToString());
    }

    [Fact]
    public async Task Twenty_who_write_at_once_make_one_chain()
    {
        var project = await api.CreateProjectAsync();
        var owner = await api.SignedInAsync(project);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.ReadAsync(owner, "/v1/leads")));
        Assert.Equal(21, await api.CountAsync("select max(n) from audit where project_id = @ProjectId", new { project.ProjectId }));
        Assert.Null(await FaultAsync(project));
    }

    private Task<long?> FaultAsync(TestProject project) => api.ScalarAsync<long?>("select audit_fault(@ProjectId)", new { project.ProjectId });

    private Task<long> CountAsync(TestProject project, string action) => api.CountAsync("select count(*) from audit where project_id = @ProjectId and action = @action", new { project.ProjectId, action });

    private async Task<JsonElement[]> EntriesAsync(Person owner) => [.. (await api.ReadAsync(owner, "/v1/audit")).GetProperty("items").EnumerateArray()];
}

/// <summary>Apart, because it breaks its database.</summary>
public class AccessFailureTests(AccessFixture api) : IClassFixture<AccessFixture>
{
    [Fact]
    public async Task Who_cannot_be_written_of_sees_nothing_and_who_cannot_be_checked_is_nobody()
    {
        var project = await api.CreateProjectAsync();
        var owner = await api.SignedInAsync(project);
        var lead = await api.LeadAsync(project);
        await api.ExecuteAsync("alter table audit rename to audit_elsewhere");
        var refused = await api.GetAsync(owner, $"/v1/leads/{lead}");
        Assert.DoesNotContain("Анна", await refused.Content.ReadAsStringAsync());
        await refused.ProblemAsync(500);
        await api.ExecuteAsync("alter table audit_elsewhere rename to audit");
        Assert.Equal(200, (int)(await api.GetAsync(owner, $"/v1/leads/{lead}")).StatusCode);

        foreach (var table in new[] { "sign_in_failures", "users", "sessions" })
        {
            await api.ExecuteAsync($"alter table {table} rename to elsewhere");
            var answer = await api.TrySignInAsync(owner.Email);
            await answer.ProblemAsync(500);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
            await api.ExecuteAsync($"alter table elsewhere rename to {table}");
        }
        // A second factor that cannot be read is no reason to do without it.
        await api.ExecuteAsync("update users set totp = '\\x0102' where id = @Id", new { owner.Id });
        var locked = await api.TrySignInAsync(owner.Email, code: "123456");
        await locked.ProblemAsync(500);
        Assert.False(locked.Headers.Contains("Set-Cookie"));
        await api.ExecuteAsync("alter table memberships rename to elsewhere");
        api.Clock.Advance(Sessions.Remembered);
        await (await api.GetAsync(owner, "/v1/leads")).ProblemAsync(500);
        await api.ExecuteAsync("alter table elsewhere rename to memberships");
    }
}

public class HeaderTests(AccessFixture api) : IClassFixture<AccessFixture>
{
    [Fact]
    public async Task Every_answer_of_the_API_is_for_our_own_page_and_no_frame()
    {
        var project = await api.CreateProjectAsync();
        var person = await api.SignedInAsync(project);
        foreach (var route in EveryRoute.Of(api).Where(r => r.Template.TrimStart('/').StartsWith("v1/", StringComparison.Ordinal)))
        {
            using var answer = await api.SendAsync(person, route.Method, route.Path(Guid.CreateVersion7()), route.Body());
            var isPublic = route.Template.Contains("{siteKey}", StringComparison.Ordinal);
            Assert.Equal([isPublic ? "cross-origin" : "same-origin"], answer.Headers.GetValues("Cross-Origin-Resource-Policy"));
            Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
            Assert.Equal(["same-origin"], answer.Headers.GetValues("Cross-Origin-Opener-Policy"));
            Assert.Equal(["no-referrer"], answer.Headers.GetValues("Referrer-Policy"));
            Assert.Contains("geolocation=()", answer.Headers.GetValues("Permissions-Policy").Single());
            // Here nothing comes by https: a browser that was told so by mistake would not reach the service for a year.
            Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
            Assert.True(answer.Headers.CacheControl?.NoStore, route.Name);
            if (!route.Template.Contains("v1/crm", StringComparison.Ordinal)) Assert.Equal(["default-src 'none'; frame-ancestors 'none'"], answer.Headers.GetValues("Content-Security-Policy"));
            if (route.Name == "SignOut") person = await api.SignInAsync(person.Email) with { Project = project.ProjectId };
            if ((int)answer.StatusCode == 401 && route.LoggedIn) person = await api.SignInAsync(person.Email) with { Project = project.ProjectId };
        }
    }
}
