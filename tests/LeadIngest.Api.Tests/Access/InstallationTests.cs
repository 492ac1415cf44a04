using LeadIngest.Api.Access;
using LeadIngest.Api.Demo;
using LeadIngest.Api.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Tests.Access;

public class InstallationTests(AccessFixture api) : IClassFixture<AccessFixture>
{
    [Fact]
    public async Task Who_belongs_to_no_project_makes_one_where_nobody_is_left_to_invite_them_and_else_is_told_to_wait()
    {
        // It has no people: whoever owned it is gone.
        await api.CreateProjectAsync();
        var first = await api.SignInAsync((await api.UserAsync()).Email);
        var second = await api.SignInAsync((await api.UserAsync()).Email);
        Assert.Equal((0, true), await SessionAsync(first));
        Assert.Equal("no-project", await (await api.GetAsync(first, "/v1/leads")).RefusedAsync(403));

        var made = (await (await api.PostAsync(first, "/v1/projects", new { name = "Окна Плюс" })).JsonAsync()).GetProperty("id").GetGuid();

        var project = Assert.Single((await api.ReadAsync(first, "/v1/session")).GetProperty("projects").EnumerateArray());
        Assert.Equal((made, "owner"), (project.GetProperty("id").GetGuid(), project.GetProperty("role").GetString()));
        Assert.Equal(1, await api.CountAsync("select count(*) from audit where project_id = @made and user_id = @Id and action = 'CreateProject'", new { made, first.Id }));
        // Now there is somebody who can ask them in.
        Assert.Equal((0, false), await SessionAsync(second));
        Assert.Equal("no-project", await (await api.PostAsync(second, "/v1/projects", new { name = "Ещё" })).RefusedAsync(403));
        Assert.Equal("no-project", await (await api.GetAsync(second, "/v1/projects")).RefusedAsync(403));

        await api.ExecuteAsync("update memberships set disabled_at = now() where project_id = @made", new { made });
        Assert.Equal((0, true), await SessionAsync(second));

        async Task<(int Projects, bool CanMake)> SessionAsync(Person person)
        {
            var session = await api.ReadAsync(person, "/v1/session");
            Assert.Equal("signedIn", session.GetProperty("state").GetString());
            return (session.GetProperty("projects").GetArrayLength(), session.GetProperty("canMakeProject").GetBoolean());
        }
    }

    [Fact]
    public async Task A_clock_that_is_wrong_is_told_of()
    {
        var watch = api.App.Services.GetRequiredService<ClockWatch>();
        Assert.InRange((await watch.LookAsync(CancellationToken.None)).Duration(), TimeSpan.Zero, ClockWatch.Most);
        api.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.InRange((await watch.LookAsync(CancellationToken.None)).TotalSeconds, 25, 35);
    }
}

/// <summary>What strangers find where the service is run for real.</summary>
public class ProductionTests(ProductionTests.Fixture api) : IClassFixture<ProductionTests.Fixture>
{
    public sealed class Fixture : ApiFixture
    {
        protected override string[] Args => ["--environment=Production", "--Operations:MetricsToken=a-token-of-the-operator"];
    }

    [Theory]
    [InlineData("/swagger/index.html", 404)]
    [InlineData("/swagger/v1/swagger.json", 404)]
    [InlineData("/playground/", 404)]
    [InlineData("/metrics", 401)]
    public async Task Neither_the_description_nor_the_demo_nor_the_figures_are_open(string path, int status) => Assert.Equal(status, (int)(await api.Client.GetAsync(path)).StatusCode);

    [Fact]
    public async Task Owners_need_a_second_factor_and_nothing_but_the_known_doors_answers_without_a_login()
    {
        Assert.Null(api.App.Services.GetRequiredService<IOptions<AccessOptions>>().Value.RequireTotp);
        foreach (var route in EveryRoute.Of(api).Where(r => r.LoggedIn))
            Assert.Equal(401, (int)(await api.SendAsync((TestProject?)null, route.Method, route.Path(Guid.CreateVersion7()), route.Body())).StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/account")]
    [InlineData("/p/0190d3e0-0000-7000-8000-000000000001/leads")]
    [InlineData("/invitation")]
    [InlineData("/password")]
    public async Task The_page_runs_its_own_files_alone_and_nobody_frames_it(string path)
    {
        var (one, two) = (await api.Client.GetAsync(path), await api.Client.GetAsync(path));
        var policy = one.Headers.GetValues("Content-Security-Policy").Single();
        foreach (var rule in new[] { "default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'" }) Assert.Contains(rule, policy.Split("; "));
        Assert.DoesNotContain("unsafe-", policy);
        Assert.DoesNotContain("*", policy);
        Assert.NotEqual(policy, two.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal(["no-referrer"], one.Headers.GetValues("Referrer-Policy"));
        Assert.Equal(["same-origin"], one.Headers.GetValues("Cross-Origin-Opener-Policy"));
    }

    [Fact]
    public void Quick_hashes_stop_the_start()
    {
        var app = LeadIngestApp.Build(["--environment=Production", "--Access:HashIterations=1000"], api.Db);
        var fault = Assert.Throws<OptionsValidationException>(() => app.Services.GetRequiredService<IOptions<AccessOptions>>().Value);
        Assert.Contains("too few for Production", fault.Message);
    }
}

public class DemoPeopleTests(DemoPeopleTests.Fixture api) : IClassFixture<DemoPeopleTests.Fixture>
{
    public sealed class Fixture : AccessFixture
    {
        protected override string[] Args => [.. base.Args, "--Demo:Enabled=true", "--Demo:AdminPassword=a password of the demo", "--Demo:EmulatorUrl=http://127.0.0.1:1", "--Crm:AllowedHosts:0=127.0.0.1:1", "--Delivery:Enabled=false"];
    }

    [Fact]
    public async Task A_demo_has_one_of_each_role_and_is_not_set_up_by_strangers()
    {
        await api.App.Services.GetRequiredService<DemoProject>().EnsureAsync(CancellationToken.None);
        await api.App.Services.GetRequiredService<DemoProject>().EnsureAsync(CancellationToken.None);
        var session = await (await api.Client.GetAsync("/v1/session")).JsonAsync();
        Assert.Equal(("signedOut", true), (session.GetProperty("state").GetString(), session.GetProperty("isDemo").GetBoolean()));
        foreach (var (email, role) in new[] { (DemoPeople.Admin, "owner"), ("marketer@demo.local", "marketer"), ("manager@demo.local", "manager"), ("operator@demo.local", "operator") })
        {
            var answer = await (await api.TrySignInAsync(email, "a password of the demo")).JsonAsync();
            Assert.Equal(role, answer.GetProperty("projects").EnumerateArray().Single().GetProperty("role").GetString());
        }
        Assert.Equal(2, await api.CountAsync("select jsonb_array_length(crm_users) from memberships where role = 'manager'"));
        using var console = new StringWriter();
        await api.App.Services.GetRequiredService<FirstStart>().AnnounceAsync(console, null, CancellationToken.None);
        Assert.Empty(console.ToString());
    }
}
