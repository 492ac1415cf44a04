using LeadIngest.Api.Access;
using LeadIngest.Api.Demo;
using LeadIngest.Api.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Tests.Access;

public class ClockWatchTests(AccessFixture api) : IClassFixture<AccessFixture>
{
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
