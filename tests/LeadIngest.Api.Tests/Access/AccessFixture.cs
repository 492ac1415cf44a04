using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Tests.Access;

/// <summary>The right time, or so much later.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private long _ahead;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _ahead));
}

/// <summary>Somebody who is signed in, in a browser of their own.</summary>
public sealed record Person(Guid Id, string Email, string Cookie, string Csrf, Guid? Project);

/// <summary>The service with quick passwords and a clock that can be moved.</summary>
public class AccessFixture : ApiFixture
{
    public const string Password = "three quiet rivers";

    public ShiftedClock Clock { get; } = new();

    protected override string[] Args => ["--Access:HashIterations=1000", "--Access:AddressFailures=100000"];

    protected override void Configure(WebApplicationBuilder builder) => builder.Services.AddSingleton<TimeProvider>(Clock);

    public static string Hash(string password, int iterations = 1000) =>
        new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = iterations })).HashPassword(new object(), password);

    private static readonly string Known = Hash(Password);

    /// <summary>Somebody with an account, a member of the projects in one role.</summary>
    public async Task<(Guid Id, string Email)> UserAsync(string role = "owner", string? hash = null, params TestProject[] projects)
    {
        var id = Guid.CreateVersion7();
        var email = $"{id:N}@okna-plus.ru";
        await ExecuteAsync("insert into users (id, email, name, password_hash, created_at) values (@id, @email, 'Ольга', @Hash, now())", new { id, email, Hash = hash ?? Known });
        foreach (var project in projects) await JoinAsync(project, id, role);
        return (id, email);
    }

    public Task<int> JoinAsync(TestProject project, Guid user, string role, string crmUsers = "[]") => ExecuteAsync(
        "insert into memberships (project_id, user_id, role, sees_contacts, crm_users, created_at) values (@ProjectId, @user, @role, @role <> 'marketer', @crmUsers::jsonb, now())", new { project.ProjectId, user, role, crmUsers });

    /// <summary>A member of the project who has just signed in.</summary>
    public async Task<Person> SignedInAsync(TestProject project, string role = "owner") => await SignInAsync((await UserAsync(role, null, project)).Email);

    public async Task<Person> SignInAsync(string email, string password = Password, string? code = null) => await PersonAsync(await TrySignInAsync(email, password, code), email);

    public Task<HttpResponseMessage> TrySignInAsync(string email, string password = Password, string? code = null) => Client.PostAsJsonAsync("/v1/session", new { email, password, code });

    /// <summary>Whoever an answer has signed in.</summary>
    public static async Task<Person> PersonAsync(HttpResponseMessage answer, string email)
    {
        var session = await answer.JsonAsync();
        Assert.Equal("signedIn", session.GetProperty("state").GetString());
        var projects = session.GetProperty("projects").EnumerateArray().Select(p => p.GetProperty("id").GetGuid()).ToArray();
        return new(session.GetProperty("user").GetProperty("id").GetGuid(), email, CookieOf(answer), session.GetProperty("csrfToken").GetString()!, projects is [var only] ? only : null);
    }

    public static string CookieOf(HttpResponseMessage answer) => answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0].Split('=', 2)[1];
}

/// <summary>Calls of a person's browser.</summary>
public static class PersonCalls
{
    /// <summary>One call as the page makes it; <c>change</c> has the last word on the request.</summary>
    public static async Task<HttpResponseMessage> SendAsync(this ApiFixture api, Person person, HttpMethod method, string path, object? body = null, Action<HttpRequestMessage>? change = null, HttpClient? at = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Cookie", $"__Host-leadingest={person.Cookie}");
        request.Headers.Add("X-CSRF", person.Csrf);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        if (person.Project is { } project) request.Headers.Add("X-Project", project.ToString());
        request.Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body));
        change?.Invoke(request);
        // A stream of events has no end to wait for.
        return await (at ?? api.Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public static Task<HttpResponseMessage> GetAsync(this ApiFixture api, Person person, string path) => api.SendAsync(person, HttpMethod.Get, path);

    public static Task<HttpResponseMessage> PostAsync(this ApiFixture api, Person person, string path, object? body = null) => api.SendAsync(person, HttpMethod.Post, path, body);

    public static async Task<JsonElement> ReadAsync(this ApiFixture api, Person person, string path) => await (await api.GetAsync(person, path)).JsonAsync();

    /// <summary>The last word of a problem's type, when the answer has this status.</summary>
    public static async Task<string> RefusedAsync(this HttpResponseMessage answer, int status) => (await answer.ProblemAsync(status)).GetProperty("type").GetString()!.Split('/')[^1];
}
