using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Walls;

/// <summary>Routes of a careless author: each asks for everything there is.</summary>
public sealed class CarelessFixture : ApiFixture
{
    private static readonly AuthorizationPolicy Anybody = new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build();

    private protected override void Map(WebApplication app)
    {
        app.MapGet("/careless", EverythingAsync).RequireAuthorization(LoggedIn.Policy).Needs(Right.Names);
        app.MapGet("/careless/report", async (Database db, CancellationToken ct) =>
        {
            await using var connection = await db.Reports.OpenConnectionAsync(ct);
            return await connection.QueryAsync<Guid>("select distinct project_id from lead_rows");
        }).RequireAuthorization(LoggedIn.Policy).Needs(Right.Names);
        app.MapGet("/careless/later", async (Database db, CancellationToken ct) =>
        {
            await Task.Yield();
            return await Task.Run(() => EverythingAsync(db, ct), ct);
        }).RequireAuthorization(LoggedIn.Policy).Needs(Right.Names);
        // Asks for a login and lets everybody in: nobody is known.
        app.MapGet("/careless/unknown", EverythingAsync).RequireAuthorization(Anybody);
        app.MapGet("/careless/public", EverythingAsync);
        app.MapGet("/careless/anonymous", EverythingAsync).RequireAuthorization(LoggedIn.Policy).AllowAnonymous();
    }

    private static async Task<IEnumerable<Guid>> EverythingAsync(Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return await connection.QueryAsync<Guid>("select distinct project_id from leads");
    }
}

public partial class WalledRequestsTests(CarelessFixture api) : IClassFixture<CarelessFixture>
{
    [Theory]
    [InlineData("/careless")]
    [InlineData("/careless/report")]
    [InlineData("/careless/later")]
    public async Task A_query_that_forgot_its_project_finds_that_of_the_caller_only(string path)
    {
        var projects = new[] { await WithLeadAsync(), await WithLeadAsync() };
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i => (projects[i % 2].ProjectId, await api.ReadAsync(projects[i % 2], path))));
        Assert.All(answers, a => Assert.Equal([a.ProjectId], Ids(a.Item2)));
    }

    [Fact]
    public async Task A_request_whose_caller_is_not_known_is_refused() =>
        await (await api.Client.GetAsync("/careless/unknown")).ProblemAsync(403);

    [Theory]
    [InlineData("/careless/public")]
    [InlineData("/careless/anonymous")]
    public async Task A_route_that_asks_for_no_login_works_for_all_projects(string path)
    {
        var (one, other) = (await WithLeadAsync(), await WithLeadAsync());
        // On a connection of the pool, too, that a logged-in request has just given back.
        for (var i = 0; i < 10; i++)
        {
            await api.ReadAsync(one, "/careless");
            Assert.Superset(new HashSet<Guid> { one.ProjectId, other.ProjectId }, Ids(await (await api.Client.GetAsync(path)).JsonAsync()).ToHashSet());
        }
    }

    [Fact]
    public async Task Work_without_a_request_serves_all_projects()
    {
        var (one, other) = (await WithLeadAsync(), await WithLeadAsync());
        await api.ReadAsync(one, "/careless");
        await using var connection = await api.App.Services.GetRequiredService<Database>().Reading.OpenConnectionAsync(CancellationToken.None);
        Assert.Superset(new HashSet<Guid> { one.ProjectId, other.ProjectId }, (await connection.QueryAsync<Guid>("select project_id from leads")).ToHashSet());
    }

    private const string People = "people belong to no project, and who may see them is asked by membership";

    /// <summary>Every way past the wall, and why. A new line here wants the same thought as a new public route.</summary>
    private static readonly Dictionary<string, string> Unwalled = new()
    {
        ["Data/KeyRing.cs"] = "the installation's keys belong to no project",
        ["Features/Imports/AcceptCrmEvent.cs"] = "a CRM's webhook: nobody is logged in",
        ["Features/Alerts/AlertBoard.cs"] = "one look for all who ask, which the first of them may leave; each by its project",
        ["Features/Leads/Feed/LeadFeed.cs"] = "one look for all who listen to a project",
        ["Features/Projects/CreateProject.cs"] = "a project that nobody is in yet",
        ["Features/Projects/GetProjectsOverview.cs"] = "all projects of a user, each by itself",
        ["Features/Projects/ListProjects.cs"] = "all projects of a user",
        ["Features/Operations/Readiness.cs"] = "of the installation: nobody is logged in",
        ["Features/Audit/ListAudit.cs"] = People,
        ["Features/Me/ChangePassword.cs"] = People,
        ["Features/Me/ConfirmTotp.cs"] = People,
        ["Features/Me/ListOwnSessions.cs"] = People,
        ["Features/Me/RemoveTotp.cs"] = People,
        ["Features/Me/StartTotp.cs"] = People,
        ["Features/Me/UpdateMe.cs"] = People,
        ["Features/Session/AcceptInvitation.cs"] = People,
        ["Features/Session/ShowInvitation.cs"] = People,
        ["Features/Session/ResetPassword.cs"] = People,
        ["Features/Session/SetUp.cs"] = People,
        ["Features/Users/InviteUser.cs"] = People,
        ["Features/Users/ListUsers.cs"] = People,
        ["Features/Users/RemoveUser.cs"] = People,
        ["Features/Users/UpdateUser.cs"] = People,
        ["Http/ApiKeyAuthentication.cs"] = "whose the key is, is what is being asked",
        ["Features/Connecting/NewLogin.cs"] = "a CRM account has one lease and one key in all projects that are connected to it",
        ["Features/Reconcile/RunReconcile.cs"] = "a deal may name a lead of another project with the same CRM account",
    };

    [Fact]
    public async Task Those_who_go_past_the_wall_are_these()
    {
        var sources = Path.Combine(Root(), "src", "LeadIngest.Api");
        var found = new List<string>();
        foreach (var file in Directory.GetFiles(sources, "*.cs", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(sources, file).Replace('\\', '/');
            if (name is "Data/ProjectPool.cs" || name.StartsWith("obj/", StringComparison.Ordinal)) continue;
            var text = await File.ReadAllTextAsync(file);
            // By name, or by a pool that knows no walls, in a place where requests are answered.
            var isOfRequests = name.StartsWith("Features/", StringComparison.Ordinal) || name.StartsWith("Http/", StringComparison.Ordinal);
            if (text.Contains("OpenUnwalled", StringComparison.Ordinal) || text.Contains("OutsideRequest.RunAsync", StringComparison.Ordinal) || (isOfRequests && OtherPool().IsMatch(text))) found.Add(name);
        }
        Assert.Equal(Unwalled.Keys.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\b[dD]b\.(?!Reading\b|Reports\b)[A-Z]\w+\.Open|NpgsqlConnection\(")]
    private static partial Regex OtherPool();

    private async Task<TestProject> WithLeadAsync()
    {
        var project = await api.CreateProjectAsync();
        await api.LeadAsync(project);
        return project;
    }

    private static Guid[] Ids(JsonElement answer) => [.. answer.EnumerateArray().Select(i => i.GetGuid())];

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LeadIngest.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("Not inside the repository.");
        return folder.FullName;
    }
}
