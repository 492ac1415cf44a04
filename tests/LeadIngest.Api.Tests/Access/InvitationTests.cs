using System.Net.Http.Json;
using LeadIngest.Api.Access;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Access;

public class InvitationTests(AccessFixture api) : IClassFixture<AccessFixture>
{
    [Fact]
    public async Task Somebody_new_is_asked_in_chooses_a_password_and_is_a_member_of_that_project_alone()
    {
        var (project, other) = (await api.CreateProjectAsync("Окна Плюс"), await api.CreateProjectAsync());
        var owner = await api.SignedInAsync(project);
        var email = $"{Guid.CreateVersion7():N}@okna-plus.ru";
        var connection = await api.ConnectionAsync(project);

        var (id, link) = await InviteAsync(owner, new { email, name = "Борис", role = "manager", crmUsers = new[] { new { connectionId = connection, userId = "32" } } });

        Assert.Equal("invited", (await api.ReadAsync(owner, $"/v1/users/{id}")).GetProperty("state").GetString());
        var shown = await (await ShowAsync(link)).JsonAsync();
        Assert.Equal((email, "Борис", "Окна Плюс", "manager", false), (shown.GetProperty("email").GetString(), shown.GetProperty("name").GetString(), shown.GetProperty("projectName").GetString(),
            shown.GetProperty("role").GetString(), shown.GetProperty("hasPassword").GetBoolean()));
        await (await api.Client.PostAsJsonAsync("/v1/invitations/accept", new { token = TokenOf(link), password = "short" })).ProblemAsync(400);
        var person = await AccessFixture.PersonAsync(await api.Client.PostAsJsonAsync("/v1/invitations/accept", new { token = TokenOf(link), name = "Борис Б.", password = AccessFixture.Password }), email);
        Assert.Equal(project.ProjectId, person.Project);
        await (await api.GetAsync(person with { Project = other.ProjectId }, "/v1/leads")).ProblemAsync(404);
        var user = await api.ReadAsync(owner, $"/v1/users/{id}");
        Assert.Equal(("active", "manager", "32"), (user.GetProperty("state").GetString(), user.GetProperty("role").GetString(), user.GetProperty("crmUsers")[0].GetProperty("userId").GetString()));
        await api.SignInAsync(email);
        // The link has done its work.
        Assert.Equal("link-gone", await (await ShowAsync(link)).RefusedAsync(404));
        Assert.Equal("link-gone", await (await api.Client.PostAsJsonAsync("/v1/invitations/accept", new { token = TokenOf(link), password = "four loud mountains" })).RefusedAsync(404));
        Assert.Equal("already-member", await (await api.PostAsync(owner, "/v1/users", new { email, name = "Борис", role = "owner" })).RefusedAsync(409));
        Assert.Equal(0, await api.CountAsync("select count(*) from invitations i where position(@Token in i::text) > 0", new { Token = TokenOf(link) }));
    }

    [Fact]
    public async Task Who_has_an_account_gives_its_password_and_keeps_it()
    {
        var (project, other) = (await api.CreateProjectAsync(), await api.CreateProjectAsync());
        var (_, email) = await api.UserAsync("marketer", null, other);
        var (_, link) = await InviteAsync(await api.SignedInAsync(project), new { email, name = "Кто-то", role = "operator" });
        Assert.True((await (await ShowAsync(link)).JsonAsync()).GetProperty("hasPassword").GetBoolean());
        Assert.Equal("sign-in-failed", await (await api.Client.PostAsJsonAsync("/v1/invitations/accept", new { token = TokenOf(link), password = "four loud mountains" })).RefusedAsync(401));
        var person = await AccessFixture.PersonAsync(await api.Client.PostAsJsonAsync("/v1/invitations/accept", new { token = TokenOf(link), password = AccessFixture.Password }), email);
        Assert.Null(person.Project);
        Assert.Equal("Ольга", await api.ScalarAsync<string>("select name from users where email = @email", new { email }));
    }

    [Fact]
    public async Task A_link_ends_after_72_hours_or_with_the_next_one_or_when_it_is_taken_back()
    {
        var project = await api.CreateProjectAsync();
        var owner = await api.SignedInAsync(project);
        var email = $"{Guid.CreateVersion7():N}@okna-plus.ru";
        var (id, first) = await InviteAsync(owner, new { email, name = "Борис", role = "manager" });
        var second = (await (await api.PostAsync(owner, $"/v1/users/{id}/invitation")).JsonAsync()).GetProperty("link").GetString()!;
        await (await ShowAsync(first)).ProblemAsync(404);
        Assert.Equal(200, (int)(await ShowAsync(second)).StatusCode);
        api.Clock.Advance(TimeSpan.FromHours(72));
        await (await api.Client.PostAsJsonAsync("/v1/invitations/accept", new { token = TokenOf(second), password = AccessFixture.Password })).ProblemAsync(404);
        owner = await api.SignInAsync(owner.Email);
        var (_, third) = await InviteAsync(owner, new { email, name = "Борис", role = "manager" });
        Assert.Equal(204, (int)(await api.SendAsync(owner, HttpMethod.Delete, $"/v1/users/{id}")).StatusCode);
        await (await ShowAsync(third)).ProblemAsync(404);
        Assert.Equal(0, await api.CountAsync("select count(*) from users where email = @email", new { email }));
    }

    [Fact]
    public async Task Twenty_who_accept_one_link_at_once_make_one_member()
    {
        var project = await api.CreateProjectAsync();
        var email = $"{Guid.CreateVersion7():N}@okna-plus.ru";
        var (id, link) = await InviteAsync(await api.SignedInAsync(project), new { email, name = "Борис", role = "marketer" });
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => api.Client.PostAsJsonAsync("/v1/invitations/accept", new { token = TokenOf(link), password = $"a long password {i}" })));
        Assert.Single(answers, a => a.IsSuccessStatusCode);
        Assert.Equal(1, await api.CountAsync("select count(*) from memberships where user_id = @id", new { id }));
    }

    [Fact]
    public async Task The_last_owner_stays_one_even_when_two_take_each_others_place_away_at_once()
    {
        var project = await api.CreateProjectAsync();
        var owner = await api.SignedInAsync(project);
        Assert.Equal("last-owner", await (await api.SendAsync(owner, HttpMethod.Patch, $"/v1/users/{owner.Id}", new { role = "marketer" })).RefusedAsync(409));
        Assert.Equal("last-owner", await (await api.SendAsync(owner, HttpMethod.Patch, $"/v1/users/{owner.Id}", new { disabled = true })).RefusedAsync(409));
        Assert.Equal("last-owner", await (await api.SendAsync(owner, HttpMethod.Delete, $"/v1/users/{owner.Id}")).RefusedAsync(409));
        var second = await api.SignedInAsync(project);
        await Task.WhenAll(api.SendAsync(owner, HttpMethod.Delete, $"/v1/users/{second.Id}"), api.SendAsync(second, HttpMethod.Delete, $"/v1/users/{owner.Id}"));
        Assert.Equal(1, await api.CountAsync("select count(*) from memberships where project_id = @ProjectId and role = 'owner' and disabled_at is null", new { project.ProjectId }));
    }

    [Fact]
    public async Task A_manager_is_of_the_own_CRMs_users_alone()
    {
        var (project, other) = (await api.CreateProjectAsync(), await api.CreateProjectAsync());
        var owner = await api.SignedInAsync(project);
        var (own, foreign) = (await api.ConnectionAsync(project), await api.ConnectionAsync(other));
        await api.ExecuteAsync("insert into crm_users (project_id, connection_id, id, name, is_active) values (@A, @own, '32', 'Борис Менеджер', true), (@B, @foreign, '33', 'Вера Чужая', true)",
            new { A = project.ProjectId, own, B = other.ProjectId, foreign });
        Assert.Equal("Борис Менеджер", (await api.ReadAsync(owner, "/v1/users/crm")).GetProperty("items").EnumerateArray().Single().GetProperty("name").GetString());
        var refused = await api.PostAsync(owner, "/v1/users", new { email = "x@okna-plus.ru", name = "Вера", role = "manager", crmUsers = new[] { new { connectionId = foreign, userId = "33" } } });
        Assert.True((await refused.ProblemAsync(400)).GetProperty("errors").TryGetProperty("crmUsers", out _));
    }

    [Fact]
    public async Task Marketers_see_no_contacts_unless_the_owner_says_so()
    {
        var project = await api.CreateProjectAsync();
        var owner = await api.SignedInAsync(project);
        foreach (var (role, said, sees) in new (string, bool?, bool)[] { ("marketer", null, false), ("marketer", true, true), ("manager", null, true), ("manager", false, false), ("operator", null, true), ("owner", null, true) })
        {
            var answer = await (await api.PostAsync(owner, "/v1/users", new { email = $"{Guid.CreateVersion7():N}@okna-plus.ru", name = "Х", role, seesContacts = said })).JsonAsync();
            Assert.Equal(sees, answer.GetProperty("user").GetProperty("seesContacts").GetBoolean());
        }
        await (await api.PostAsync(owner, "/v1/users", new { email = "not an address", name = "Х", role = "marketer" })).ProblemAsync(400);
        await (await api.PostAsync(owner, "/v1/users", new { email = "a@okna-plus.ru", name = "Х", role = "admin" })).ProblemAsync(400);
    }

    [Fact]
    public async Task A_link_to_a_new_password_works_once_for_half_an_hour()
    {
        var project = await api.CreateProjectAsync();
        var (id, email) = await api.UserAsync("owner", null, project);
        async Task<string> NewAsync()
        {
            await using var connection = new Npgsql.NpgsqlConnection(api.Db);
            await connection.OpenAsync();
            return await api.App.Services.GetRequiredService<PasswordResets>().NewAsync(connection, id, CancellationToken.None);
        }
        Task<HttpResponseMessage> UseAsync(string token, string password = "four loud mountains") => api.Client.PostAsJsonAsync("/v1/password/reset", new { token, password });

        var (first, second) = (await NewAsync(), await NewAsync());
        await (await UseAsync(first, $"{email.Split('@')[0]}1")).ProblemAsync(400);
        Assert.Equal("link-gone", await (await UseAsync("something else")).RefusedAsync(404));
        Assert.Equal(204, (int)(await UseAsync(first)).StatusCode);
        // Both links are void: the one that was used and the one that was not.
        await (await UseAsync(first)).ProblemAsync(404);
        await (await UseAsync(second)).ProblemAsync(404);
        Assert.Equal(401, (int)(await api.TrySignInAsync(email)).StatusCode);
        await api.SignInAsync(email, "four loud mountains");
        var late = await NewAsync();
        api.Clock.Advance(TimeSpan.FromMinutes(30));
        await (await UseAsync(late)).ProblemAsync(404);
        Assert.Equal(0, await api.CountAsync("select count(*) from password_resets r where position(@late in r::text) > 0", new { late }));
    }

    private async Task<(Guid Id, string Link)> InviteAsync(Person owner, object request)
    {
        var answer = await api.PostAsync(owner, "/v1/users", request);
        Assert.Equal(201, (int)answer.StatusCode);
        var made = await answer.JsonAsync();
        return (made.GetProperty("user").GetProperty("id").GetGuid(), made.GetProperty("link").GetString()!);
    }

    // The page's address and the API's differ in the beginning only.
    private Task<HttpResponseMessage> ShowAsync(string link) => api.Client.PostAsJsonAsync("/v1/invitations/show", new { token = TokenOf(link) });

    /// <summary>What a browser sends to nobody: the part of an address behind the <c>#</c>.</summary>
    private static string TokenOf(string link)
    {
        var uri = new Uri(link);
        Assert.DoesNotContain(uri.Fragment[1..], uri.PathAndQuery);
        Assert.Equal("/invitation", uri.PathAndQuery);
        return uri.Fragment[1..];
    }
}

/// <summary>Apart, because a command goes by the clock of its machine.</summary>
public class OperatorCommandsTests(AccessFixture api) : IClassFixture<AccessFixture>
{
    [Fact]
    public async Task Operators_print_links_to_a_new_password_and_into_a_project()
    {
        var project = await api.CreateProjectAsync();
        var (_, email) = await api.UserAsync("owner", null, project);
        using var console = new StringWriter();
        Assert.Equal(0, await AccessCommands.ResetAsync(api.Db, email.ToUpperInvariant(), "https://leads.okna-plus.ru", console));
        Assert.Contains("https://leads.okna-plus.ru/password#", console.ToString());
        Assert.Equal(204, (int)(await api.Client.PostAsJsonAsync("/v1/password/reset", new { token = console.ToString().Trim().Split('#')[^1], password = "four loud mountains" })).StatusCode);
        Assert.Equal(1, await AccessCommands.ResetAsync(api.Db, "nobody@okna-plus.ru", "", console));
        var added = $"{Guid.CreateVersion7():N}@okna-plus.ru";
        using var more = new StringWriter();
        Assert.Equal(0, await AccessCommands.AddAsync(api.Db, added, project.ProjectId.ToString(), "operator", "", more));
        await AccessFixture.PersonAsync(await api.Client.PostAsJsonAsync("/v1/invitations/accept", new { token = more.ToString().Trim().Split('#')[^1], name = "Олег", password = AccessFixture.Password }), added);
        foreach (var (who, where, role) in new[] { ("not an address", project.ProjectId.ToString(), "owner"), ("a@b.ru", Guid.CreateVersion7().ToString(), "owner"), ("a@b.ru", project.ProjectId.ToString(), "admin"), (added, project.ProjectId.ToString(), "owner") })
            Assert.Equal(1, await AccessCommands.AddAsync(api.Db, who, where, role, "", more));
    }
}

/// <summary>Apart, because it needs an installation without anybody.</summary>
public class SetUpTests(AccessFixture api) : IClassFixture<AccessFixture>
{
    [Fact]
    public async Task The_first_person_comes_in_by_the_code_on_the_console_and_nobody_by_it_again()
    {
        var kept = await api.CreateProjectAsync("Был раньше");
        Assert.Equal("setup", (await (await api.Client.GetAsync("/v1/session")).JsonAsync()).GetProperty("state").GetString());
        var (old, code) = (await CodeAsync(), await CodeAsync());
        Task<HttpResponseMessage> SetUpAsync(string with, string email = "olga@okna-plus.ru") => api.Client.PostAsJsonAsync("/v1/setup", new { code = with, email, name = "Ольга", password = AccessFixture.Password, projectName = "Окна Плюс", timeZone = "Asia/Omsk" });
        Assert.Matches("^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$", code);
        Assert.Equal("setup-code", await (await SetUpAsync("0000-0000-0000-0000")).RefusedAsync(403));
        Assert.Equal("setup-code", await (await SetUpAsync(old)).RefusedAsync(403));
        Assert.Equal(0, await api.CountAsync("select count(*) from setup_codes s where position(@code in s::text) > 0", new { code }));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => SetUpAsync(code.ToLowerInvariant().Replace('-', ' '), $"olga{i}@okna-plus.ru")));

        var won = Assert.Single(answers, a => a.IsSuccessStatusCode);
        var session = await won.JsonAsync();
        Assert.Equal("signedIn", session.GetProperty("state").GetString());
        Assert.Equal(["Был раньше", "Окна Плюс"], session.GetProperty("projects").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        Assert.All(session.GetProperty("projects").EnumerateArray(), p => Assert.Equal("owner", p.GetProperty("role").GetString()));
        Assert.Equal("Asia/Omsk", await api.ScalarAsync<string>("select time_zone from projects where name = 'Окна Плюс'"));
        Assert.Equal("signedOut", (await (await api.Client.GetAsync("/v1/session")).JsonAsync()).GetProperty("state").GetString());
        using var console = new StringWriter();
        await api.App.Services.GetRequiredService<FirstStart>().AnnounceAsync(console, "http://127.0.0.1:8080", CancellationToken.None);
        Assert.Empty(console.ToString());
        Assert.Equal("setup-code", await (await SetUpAsync(code)).RefusedAsync(403));
        Assert.NotEqual(default, kept.ProjectId);
    }

    private async Task<string> CodeAsync()
    {
        using var console = new StringWriter();
        await api.App.Services.GetRequiredService<FirstStart>().AnnounceAsync(console, "http://127.0.0.1:8080", CancellationToken.None);
        Assert.Contains("http://127.0.0.1:8080/", console.ToString());
        return console.ToString().Trim().Split(' ')[^1];
    }
}
