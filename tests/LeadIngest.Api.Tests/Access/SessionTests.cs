using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Access;

public class SessionTests(SessionTests.Fixture api) : IClassFixture<SessionTests.Fixture>
{
    /// <summary>Two nodes over one database.</summary>
    public sealed class Fixture : AccessFixture, IAsyncLifetime
    {
        private WebApplication _node = null!;

        /// <summary>Speaks to the other node.</summary>
        public HttpClient There { get; private set; } = null!;

        async Task IAsyncLifetime.InitializeAsync()
        {
            await base.InitializeAsync();
            _node = LeadIngestApp.Build(["--urls=http://127.0.0.1:0", "--environment=Testing", "--Logging:LogLevel:Default=Warning", "--Reconcile:Enabled=false", "--Access:HashIterations=1000"], Db,
                b => b.Services.AddSingleton<TimeProvider>(Clock));
            await _node.StartAsync();
            There = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = new Uri(_node.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
        }

        async Task IAsyncLifetime.DisposeAsync()
        {
            There.Dispose();
            await _node.DisposeAsync();
            await base.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("sign-out")]
    [InlineData("password")]
    [InlineData("role")]
    [InlineData("disabled")]
    [InlineData("removed")]
    [InlineData("reset")]
    [InlineData("ended")]
    public async Task What_ends_a_session_ends_it_on_every_node(string how)
    {
        var project = await api.CreateProjectAsync();
        var owner = await api.SignedInAsync(project);
        var (id, email) = await api.UserAsync("marketer", null, project);
        var (old, other) = (await api.SignInAsync(email), await api.SignInAsync(email));
        Assert.Equal(200, (int)(await api.SendAsync(old, HttpMethod.Get, "/v1/projects", at: api.There)).StatusCode);
        Assert.Equal(200, (int)(await api.GetAsync(old, "/v1/projects")).StatusCode);

        (await (how switch
        {
            "sign-out" => api.SendAsync(old, HttpMethod.Delete, "/v1/session"),
            "password" => api.PostAsync(other, "/v1/me/password", new { current = AccessFixture.Password, password = "four loud mountains" }),
            "role" => api.SendAsync(owner, HttpMethod.Patch, $"/v1/users/{id}", new { role = "operator" }),
            "disabled" => api.SendAsync(owner, HttpMethod.Patch, $"/v1/users/{id}", new { disabled = true }),
            "removed" => api.SendAsync(owner, HttpMethod.Delete, $"/v1/users/{id}"),
            "reset" => ResetAsync(id),
            _ => api.PostAsync(other, "/v1/me/sessions/end-others"),
        })).EnsureSuccessStatusCode();

        Assert.Equal("unauthorized", await (await api.GetAsync(old, "/v1/projects")).RefusedAsync(401));
        // The other node may remember it for as long as it says, which is less than a minute.
        Assert.InRange(Api.Access.Sessions.Remembered, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        api.Clock.Advance(Api.Access.Sessions.Remembered);
        Assert.Equal("unauthorized", await (await api.SendAsync(old, HttpMethod.Get, "/v1/projects", at: api.There)).RefusedAsync(401));
        if (how is "password" or "ended" or "sign-out") Assert.Equal(200, (int)(await api.GetAsync(other, "/v1/projects")).StatusCode);
        else Assert.Equal(401, (int)(await api.GetAsync(other, "/v1/projects")).StatusCode);
    }

    [Fact]
    public async Task A_revoked_key_fails_on_every_node()
    {
        var project = await api.CreateProjectAsync();
        var owner = await api.SignedInAsync(project);
        var made = await (await api.PostAsync(owner, "/v1/api-keys", new { name = "Агентство" })).JsonAsync();
        async Task<int> AskAsync(HttpClient node)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/leads");
            request.Headers.Authorization = new("Bearer", made.GetProperty("key").GetString());
            return (int)(await node.SendAsync(request)).StatusCode;
        }
        Assert.Equal((200, 200), (await AskAsync(api.Client), await AskAsync(api.There)));
        (await api.SendAsync(owner, HttpMethod.Delete, $"/v1/api-keys/{made.GetProperty("apiKey").GetProperty("id").GetGuid()}")).EnsureSuccessStatusCode();
        Assert.Equal(401, await AskAsync(api.Client));
        Assert.InRange(Api.Http.ApiKeyAuthentication.Remembered, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        api.Clock.Advance(Api.Http.ApiKeyAuthentication.Remembered);
        Assert.Equal(401, await AskAsync(api.There));
    }

    [Fact]
    public async Task A_new_sign_in_has_a_new_token_and_ends_the_one_that_the_browser_had()
    {
        var project = await api.CreateProjectAsync();
        var person = await api.SignedInAsync(project);
        var again = await AccessFixture.PersonAsync(await api.SendAsync(person, HttpMethod.Post, "/v1/session", new { email = person.Email, password = AccessFixture.Password }), person.Email);
        Assert.NotEqual(person.Cookie, again.Cookie);
        Assert.NotEqual(person.Csrf, again.Csrf);
        Assert.Equal(401, (int)(await api.GetAsync(person, "/v1/projects")).StatusCode);
        Assert.Equal(200, (int)(await api.GetAsync(again, "/v1/projects")).StatusCode);
    }

    [Fact]
    public async Task A_session_that_is_used_lasts_seven_days_and_one_that_is_not_eight_hours()
    {
        var project = await api.CreateProjectAsync();
        var (idle, busy) = (await api.SignedInAsync(project, "marketer"), await api.SignedInAsync(project, "marketer"));
        api.Clock.Advance(TimeSpan.FromHours(8) - TimeSpan.FromMinutes(1));
        Assert.Equal(200, (int)(await api.GetAsync(busy, "/v1/projects")).StatusCode);
        api.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(401, (int)(await api.GetAsync(idle, "/v1/projects")).StatusCode);
        for (var hours = 8; hours + 7 < 7 * 24; hours += 7)
        {
            Assert.Equal(200, (int)(await api.GetAsync(busy, "/v1/projects")).StatusCode);
            api.Clock.Advance(TimeSpan.FromHours(7));
        }
        Assert.Equal(200, (int)(await api.GetAsync(busy, "/v1/projects")).StatusCode);
        api.Clock.Advance(TimeSpan.FromHours(7));
        Assert.Equal(401, (int)(await api.GetAsync(busy, "/v1/projects")).StatusCode);
    }

    [Fact]
    public async Task Own_sessions_are_listed_and_ended_one_by_one_and_nobody_elses()
    {
        var project = await api.CreateProjectAsync();
        var (_, email) = await api.UserAsync("manager", null, project);
        var (here, there, foreign) = (await api.SignInAsync(email), await api.SignInAsync(email), await api.SignedInAsync(project));
        var list = (await api.ReadAsync(here, "/v1/me/sessions")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal([false, true], list.Select(s => s.GetProperty("isCurrent").GetBoolean()));
        var id = list[0].GetProperty("id").GetGuid();
        await (await api.SendAsync(foreign, HttpMethod.Delete, $"/v1/me/sessions/{id}")).ProblemAsync(404);
        Assert.Equal(204, (int)(await api.SendAsync(here, HttpMethod.Delete, $"/v1/me/sessions/{id}")).StatusCode);
        Assert.Equal(401, (int)(await api.GetAsync(there, "/v1/projects")).StatusCode);
    }

    [Fact]
    public async Task Which_project_is_meant_is_said_by_a_header_or_of_a_GET_by_the_query_and_others_are_not_there()
    {
        var (one, two, foreign) = (await api.CreateProjectAsync(), await api.CreateProjectAsync(), await api.CreateProjectAsync());
        var (id, email) = await api.UserAsync("owner", null, one, two);
        var person = await api.SignInAsync(email);
        Assert.Null(person.Project);
        Assert.Equal("project-needed", await (await api.GetAsync(person, "/v1/leads")).RefusedAsync(400));
        foreach (var project in new[] { one, two })
        {
            await api.LeadAsync(project);
            Assert.Single((await api.ReadAsync(person with { Project = project.ProjectId }, "/v1/leads")).GetProperty("items").EnumerateArray());
            Assert.Single((await api.ReadAsync(person, $"/v1/leads?project={project.ProjectId}")).GetProperty("items").EnumerateArray());
        }
        await (await api.GetAsync(person with { Project = foreign.ProjectId }, "/v1/leads")).ProblemAsync(404);
        await (await api.GetAsync(person, $"/v1/leads?project={Guid.CreateVersion7()}")).ProblemAsync(404);
        // The query does not choose for what changes something.
        Assert.Equal("project-needed", await (await api.PostAsync(person, $"/v1/deliveries/retry?project={one.ProjectId}", new { })).RefusedAsync(400));
        await api.ExecuteAsync("update memberships set disabled_at = now() where user_id = @id and project_id = @ProjectId", new { id, two.ProjectId });
        api.Clock.Advance(Api.Access.Sessions.Remembered);
        await (await api.GetAsync(person with { Project = two.ProjectId }, "/v1/leads")).ProblemAsync(404);
    }

    [Theory]
    [InlineData("owner", "reports leads workLeads spend operate settings people export forgotten names")]
    [InlineData("marketer", "reports leads spend export forgotten names")]
    [InlineData("manager", "leads workLeads forgotten names")]
    [InlineData("operator", "leads workLeads operate settings names")]
    public async Task The_page_is_told_what_the_role_may_do_in_each_project(string role, string rights)
    {
        var (here, there) = (await api.CreateProjectAsync(), await api.CreateProjectAsync());
        var (id, email) = await api.UserAsync(role, null, here);
        await api.JoinAsync(there, id, "manager");
        var person = await api.SignInAsync(email);
        var told = (await api.ReadAsync(person, "/v1/session")).GetProperty("projects").EnumerateArray()
            .ToDictionary(p => p.GetProperty("id").GetGuid(), p => string.Join(' ', p.GetProperty("rights").EnumerateArray().Select(r => r.GetString())));
        Assert.Equal((rights, "leads workLeads forgotten names"), (told[here.ProjectId], told[there.ProjectId]));
    }

    [Fact]
    public async Task A_request_that_brings_a_key_never_uses_the_cookie()
    {
        var project = await api.CreateProjectAsync();
        var person = await api.SignedInAsync(project);
        var answer = await api.SendAsync(person, HttpMethod.Get, "/v1/leads", change: r => r.Headers.Authorization = new("Bearer", "li_wrong"));
        await answer.ProblemAsync(401);
        await (await api.PostAsync(project, "/v1/me/totp")).ProblemAsync(403);
    }

    [Fact]
    public async Task Confirming_wants_the_password_and_makes_the_session_fresh_for_a_quarter_of_an_hour()
    {
        var project = await api.CreateProjectAsync();
        var person = await api.SignedInAsync(project);
        api.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal("confirm-needed", await (await api.PostAsync(person, "/v1/api-keys", new { name = "Агентство" })).RefusedAsync(403));
        Assert.Equal("confirm-needed", await (await api.GetAsync(person, "/v1/reports/sources?format=csv&by=source")).RefusedAsync(403));
        await (await api.PostAsync(person, "/v1/session/confirm", new { password = "not the password" })).ProblemAsync(400);
        Assert.Equal("confirm-needed", await (await api.PostAsync(person, "/v1/api-keys", new { name = "Агентство" })).RefusedAsync(403));
        Assert.Equal(204, (int)(await api.PostAsync(person, "/v1/session/confirm", new { password = AccessFixture.Password })).StatusCode);
        Assert.Equal(201, (int)(await api.PostAsync(person, "/v1/api-keys", new { name = "Агентство" })).StatusCode);
        api.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal("confirm-needed", await (await api.PostAsync(person, "/v1/api-keys", new { name = "Агентство" })).RefusedAsync(403));
    }

    private async Task<HttpResponseMessage> ResetAsync(Guid user)
    {
        var token = Api.Access.Secrets.NewToken();
        await api.ExecuteAsync("insert into password_resets (token_hash, user_id, created_at, expires_at) values (@Hash, @user, @At, @At + interval '30 minutes')", new { Hash = Api.Access.Secrets.Hash(token), user, At = api.Clock.GetUtcNow() });
        return await api.Client.PostAsJsonAsync("/v1/password/reset", new { token, password = "four loud mountains" });
    }
}
