using System.Net.Http.Headers;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Access;

/// <summary>Generated over the routes themselves: a new route is tested from the moment it is mapped.</summary>
public class RightsTests(AccessFixture api) : IClassFixture<AccessFixture>
{
    /// <summary>Who may call what, by path: said here once more, on purpose. The longest beginning counts; reading and changing apart where they differ.</summary>
    private static readonly (string Path, string Readers, string Changers)[] Expected =
    [
        ("v1/leads", "owner marketer manager operator", "owner manager operator"),
        ("v1/clients", "owner marketer manager operator", "owner manager operator"),
        ("v1/calls", "owner marketer manager operator", ""),
        ("v1/deals", "owner marketer manager operator", ""),
        ("v1/visits", "owner marketer manager operator", ""),
        ("v1/reports", "owner marketer", "owner marketer"),
        ("v1/reports/forgotten", "owner marketer manager", ""),
        ("v1/spend", "owner marketer", "owner marketer"),
        ("v1/promotions", "owner marketer", "owner marketer"),
        ("v1/sources", "owner marketer", "owner marketer"),
        ("v1/rebuilds", "owner marketer operator", "owner marketer operator"),
        ("v1/deliveries", "owner operator", "owner operator"),
        ("v1/rejects", "owner operator", "owner operator"),
        ("v1/reconcile", "owner operator", "owner operator"),
        ("v1/stop-list", "owner operator", "owner operator"),
        ("v1/connections", "owner operator", "owner operator"),
        ("v1/connections/", "owner marketer manager operator", "owner operator"),
        ("v1/connections/{", "owner operator", "owner operator"),
        ("v1/sites", "owner operator", "owner operator"),
        ("v1/sites/", "owner marketer manager operator", "owner operator"),
        ("v1/sites/{", "owner operator", "owner operator"),
        ("v1/numbers", "owner marketer operator", "owner operator"),
        ("v1/numbers/{", "owner operator", "owner operator"),
        ("v1/senders", "owner operator", "owner operator"),
        ("v1/projects", "owner marketer manager operator", "owner marketer manager operator"),
        ("v1/projects/{", "owner marketer manager operator", "owner operator"),
        ("v1/clients/{id:guid}/export", "owner marketer", ""),
        ("v1/clients/{id:guid}/erase", "", "owner"),
        ("v1/privacy", "owner", "owner"),
        ("v1/alerts", "owner marketer manager operator", ""),
        ("v1/views", "owner marketer manager operator", "owner marketer manager operator"),
        ("v1/api-keys", "owner", "owner"),
        ("v1/users", "owner", "owner"),
        ("v1/audit", "owner", "owner"),
    ];

    [Fact]
    public async Task Every_role_may_call_what_the_table_says_and_is_refused_the_rest()
    {
        var project = await api.CreateProjectAsync();
        var wrong = new List<string>();
        foreach (var role in Roles.OfUsers)
        {
            var person = await api.SignedInAsync(project, role);
            foreach (var route in EveryRoute.Of(api).Where(r => r is { LoggedIn: true, IsOfPerson: false }))
            {
                var template = route.Template.TrimStart('/');
                var found = Expected.Where(e => template.StartsWith(e.Path, StringComparison.Ordinal)).OrderByDescending(e => e.Path.Length).FirstOrDefault();
                if (found.Path is null)
                {
                    wrong.Add($"{route.Name}: say in the table who may call {template}");
                    continue;
                }
                var isAllowed = (route.Method == HttpMethod.Get ? found.Readers : found.Changers).Split(' ').Contains(role);
                using var answer = await api.SendAsync(person, route.Method, route.Path(Guid.CreateVersion7()), route.Body());
                // A stream has no end to wait for.
                if (answer.IsStream())
                {
                    if (!isAllowed) wrong.Add($"{role} {route.Name}: a stream");
                    continue;
                }
                var isForbidden = (int)answer.StatusCode == 403 && (await answer.Content.ReadAsStringAsync()).Contains("problems/forbidden", StringComparison.Ordinal);
                if (isAllowed == isForbidden) wrong.Add($"{role} {route.Name}: {(int)answer.StatusCode}");
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_logged_in_route_names_its_right() =>
        Assert.Empty(EveryRoute.Of(api).Where(r => r is { LoggedIn: true, IsOfPerson: false } && r.Metadata.GetMetadata<NeededRight>() is not { Right: not Right.None }).Select(r => r.Name));

    [Fact]
    public async Task Without_the_proof_of_our_page_nothing_can_be_changed()
    {
        var project = await api.CreateProjectAsync();
        var person = await api.SignedInAsync(project);
        var other = await api.SignedInAsync(project);
        foreach (var route in EveryRoute.Of(api).Where(r => r.LoggedIn && r.Method != HttpMethod.Get))
            foreach (var (what, change) in new (string, Action<HttpRequestMessage>)[]
            {
                ("no token", r => r.Headers.Remove("X-CSRF")),
                ("another session's token", r => { r.Headers.Remove("X-CSRF"); r.Headers.Add("X-CSRF", other.Csrf); }),
                ("another site", r => { r.Headers.Remove("Sec-Fetch-Site"); r.Headers.Add("Sec-Fetch-Site", "cross-site"); }),
                ("a neighbour of the site", r => { r.Headers.Remove("Sec-Fetch-Site"); r.Headers.Add("Sec-Fetch-Site", "same-site"); }),
                ("another origin", r => { r.Headers.Remove("Sec-Fetch-Site"); r.Headers.Add("Origin", "https://evil.example"); }),
                ("a form", r => r.Content = new StringContent("a=b", MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded"))),
                ("plain text", r => r.Content = new StringContent("{}", MediaTypeHeaderValue.Parse("text/plain"))),
            })
            {
                using var answer = await api.SendAsync(person, route.Method, route.Path(Guid.CreateVersion7()), route.Body(), change);
                // A route that does not read such a body is not even found for it.
                if (what is "a form" or "plain text" && (int)answer.StatusCode == 415) continue;
                Assert.True((int)answer.StatusCode == 403 && (await answer.Content.ReadAsStringAsync()).Contains("problems/csrf", StringComparison.Ordinal), $"{route.Name} with {what}: {(int)answer.StatusCode}");
            }
    }

    [Fact]
    public async Task The_doors_that_need_no_session_let_no_other_site_in()
    {
        foreach (var path in new[] { "/v1/session", "/v1/setup", "/v1/password/forgot", "/v1/password/reset", "/v1/invitations/show", "/v1/invitations/accept" })
            foreach (var (name, value) in new[] { ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.example"), ("Origin", "null") })
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("""{"email":"a@b.ru","password":"x","token":"x","code":"x","name":"x","projectName":"x"}""", null, "application/json") };
                request.Headers.Add(name, value);
                Assert.Equal("csrf", await (await api.Client.SendAsync(request)).RefusedAsync(403));
            }
    }

    [Fact]
    public async Task A_role_takes_effect_with_the_next_request_and_more_than_is_asked_for_is_not_taken()
    {
        var project = await api.CreateProjectAsync();
        var (owner, marketer) = (await api.SignedInAsync(project), await api.SignedInAsync(project, "marketer"));
        Assert.Equal("forbidden", await (await api.SendAsync(marketer, HttpMethod.Patch, $"/v1/users/{marketer.Id}", new { role = "owner" })).RefusedAsync(403));
        // Names that a request does not have change nothing.
        var me = await (await api.SendAsync(marketer, HttpMethod.Patch, "/v1/me", new { name = "Мария", role = "owner", seesContacts = true, hasTotp = true })).JsonAsync();
        Assert.Equal("Мария", me.GetProperty("name").GetString());
        Assert.Equal(1, await api.CountAsync("select count(*) from memberships where user_id = @Id and role = 'marketer' and not sees_contacts", new { marketer.Id }));
        (await api.SendAsync(owner, HttpMethod.Patch, $"/v1/users/{marketer.Id}", new { role = "owner" })).EnsureSuccessStatusCode();
        var again = await api.SignInAsync(marketer.Email);
        Assert.Equal(200, (int)(await api.GetAsync(again, "/v1/users")).StatusCode);
    }

    [Fact]
    public async Task A_file_needs_the_right_to_export_besides()
    {
        var project = await api.CreateProjectAsync();
        var (manager, marketer) = (await api.SignedInAsync(project, "manager"), await api.SignedInAsync(project, "marketer"));
        Assert.Equal(200, (int)(await api.GetAsync(manager, "/v1/reports/forgotten")).StatusCode);
        Assert.Equal("forbidden", await (await api.GetAsync(manager, "/v1/reports/forgotten?format=csv")).RefusedAsync(403));
        Assert.Equal("forbidden", await (await api.GetAsync(manager, "/v1/reports/forgotten?format=xlsx")).RefusedAsync(403));
        Assert.Equal(200, (int)(await api.GetAsync(marketer, "/v1/reports/forgotten?format=csv")).StatusCode);
    }
}

/// <summary>A route that somebody forgot to say anything of.</summary>
public class UnnamedRouteTests(UnnamedRouteTests.Fixture api) : IClassFixture<UnnamedRouteTests.Fixture>
{
    public sealed class Fixture : AccessFixture
    {
        protected override void Configure(WebApplicationBuilder builder)
        {
            base.Configure(builder);
            builder.Services.AddSingleton<Microsoft.AspNetCore.Hosting.IStartupFilter, Forgotten>();
        }
    }

    private sealed class Forgotten : Microsoft.AspNetCore.Hosting.IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            if (app.Properties.TryGetValue("__EndpointRouteBuilder", out var routes) && routes is IEndpointRouteBuilder builder)
                builder.MapGet("/v1/forgotten-route", () => Results.Ok()).RequireAuthorization(LoggedIn.Policy).WithName("ForgottenRoute");
        };
    }

    [Fact]
    public async Task Is_refused_to_everybody()
    {
        var project = await api.CreateProjectAsync();
        Assert.Equal("forbidden", await (await api.GetAsync(await api.SignedInAsync(project), "/v1/forgotten-route")).RefusedAsync(403));
        Assert.Equal("forbidden", await (await api.GetAsync(project, "/v1/forgotten-route")).RefusedAsync(403));
    }
}
