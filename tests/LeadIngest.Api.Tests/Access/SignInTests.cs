using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using LeadIngest.Api.Access;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Tests.Access;

public class SignInTests(AccessFixture api) : IClassFixture<AccessFixture>
{
    [Fact]
    public async Task The_right_password_opens_the_project_and_sets_a_cookie_that_scripts_and_other_hosts_never_get()
    {
        var project = await api.CreateProjectAsync();
        var (_, email) = await api.UserAsync("marketer", null, project);

        var answer = await api.TrySignInAsync(" " + email.ToUpperInvariant());

        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("__Host-leadingest=", cookie, StringComparison.Ordinal);
        foreach (var part in new[] { "secure", "httponly", "samesite=lax", "path=/" }) Assert.Contains(part, cookie.Split("; "));
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
        var session = await answer.JsonAsync();
        var shown = session.GetProperty("projects").EnumerateArray().Single();
        Assert.Equal((project.ProjectId, "marketer", false), (shown.GetProperty("id").GetGuid(), shown.GetProperty("role").GetString(), shown.GetProperty("seesContacts").GetBoolean()));
        var person = await AccessFixture.PersonAsync(answer, email);
        Assert.Equal([project.ProjectId], (await api.ReadAsync(person, "/v1/projects")).Ids());
        Assert.Equal(0, await api.CountAsync("select count(*) from sessions where position(@Cookie in sessions::text) > 0", new { person.Cookie }));
    }

    [Fact]
    public async Task Without_a_cookie_the_session_is_signed_out_or_to_be_set_up()
    {
        await api.UserAsync();
        var session = await (await api.SendAsync((TestProject?)null, HttpMethod.Get, "/v1/session")).JsonAsync();
        Assert.Equal("signedOut", session.GetProperty("state").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, session.GetProperty("csrfToken").ValueKind);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_are_one_answer()
    {
        var (_, email) = await api.UserAsync();
        var (wrong, unknown) = (await api.TrySignInAsync(email, "not the password"), await api.TrySignInAsync("nobody-" + email, "not the password"));
        Assert.Equal("sign-in-failed", await wrong.RefusedAsync(401));
        Assert.Equal((await wrong.ProblemAsync(401)).GetProperty("detail").GetString(), (await unknown.ProblemAsync(401)).GetProperty("detail").GetString());
        Assert.False(wrong.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_tries_at_once_get_five_looks_and_then_the_account_waits_longer_each_time_but_never_for_good(bool isKnown)
    {
        var email = isKnown ? (await api.UserAsync()).Email : $"{Guid.CreateVersion7():N}@nobody.ru";

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => api.TrySignInAsync(email, $"a wrong password {i}")));

        // Those that nobody had time to look at are given back; no more than five are ever counted.
        Assert.True(answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized) <= 5);
        while ((int)(await api.TrySignInAsync(email, "a wrong password")).StatusCode != 429) { }
        Assert.Equal(5, await api.CountAsync("select failures from sign_in_failures where email_hash = @Hash", new { Hash = Secrets.Hash(email) }));
        Assert.Equal("too-many-attempts", await (await api.TrySignInAsync(email)).RefusedAsync(429));
        foreach (var minutes in new[] { 5, 10, 20, 40, 60, 60, 60 })
        {
            var waits = (await api.TrySignInAsync(email, "a wrong password")).Headers.RetryAfter!.Delta!.Value;
            Assert.InRange(waits.TotalMinutes, minutes - 1, minutes);
            api.Clock.Advance(TimeSpan.FromMinutes(minutes));
            Assert.Equal(401, (int)(await api.TrySignInAsync(email, "a wrong password")).StatusCode);
        }
        api.Clock.Advance(TimeSpan.FromHours(1));
        if (isKnown) await api.SignInAsync(email);
        Assert.Equal(isKnown ? 0 : 1, await api.CountAsync("select count(*) from sign_in_failures where email_hash = @Hash", new { Hash = Secrets.Hash(email) }));
    }

    [Fact]
    public async Task A_hash_of_fewer_rounds_is_made_anew_at_the_next_sign_in()
    {
        var (id, email) = await api.UserAsync("owner", AccessFixture.Hash(AccessFixture.Password, 500));
        await api.SignInAsync(email);
        Assert.Equal(1000, Iterations((await api.ScalarAsync<string>("select password_hash from users where id = @id", new { id }))!));
    }

    [Fact]
    public async Task Passwords_are_hashed_by_220_000_rounds_of_PBKDF2_with_SHA_512_unless_said_otherwise()
    {
        using var passwords = new Passwords(Options.Create(new AccessOptions()));
        var hash = await passwords.HashAsync(AccessFixture.Password, CancellationToken.None);
        var header = Convert.FromBase64String(hash);
        Assert.Equal((1, 2u, 220_000), (header[0], BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1)), Iterations(hash)));
        Assert.Equal((true, null), await passwords.CheckAsync(hash, AccessFixture.Password, CancellationToken.None));
    }

    [Fact]
    public async Task An_account_that_is_not_there_takes_as_long_as_one_that_is()
    {
        using var passwords = new Passwords(Options.Create(new AccessOptions { HashIterations = 60_000 }));
        var hash = await passwords.HashAsync(AccessFixture.Password, CancellationToken.None);
        await passwords.CheckAsync(null, "warm", CancellationToken.None);
        async Task<double> TimeAsync(string? of)
        {
            var times = new List<double>();
            for (var i = 0; i < 9; i++)
            {
                var began = Stopwatch.GetTimestamp();
                Assert.False((await passwords.CheckAsync(of, "not the password", CancellationToken.None)).IsRight);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            return times.Min();
        }
        // Wide, for a busy machine: without the hash it would be a thousandth.
        Assert.InRange(await TimeAsync(null) / await TimeAsync(hash), 0.5, 2);
    }

    [Fact]
    public async Task More_passwords_than_there_is_time_for_are_refused_not_queued()
    {
        using var passwords = new Passwords(Options.Create(new AccessOptions { HashIterations = 100_000 }));
        var looks = await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ =>
        {
            try
            {
                await passwords.HashAsync("whatever it is", CancellationToken.None);
                return true;
            }
            catch (TooBusyException)
            {
                return false;
            }
        }));
        Assert.InRange(looks.Count(l => l), 1, 59);
    }

    [Fact]
    public async Task While_nobody_gets_a_turn_at_hashing_twenty_wait_the_rest_is_refused_and_leads_come_in()
    {
        var project = await api.CreateProjectAsync();
        var places = api.App.Services.GetRequiredService<Passwords>().Places;
        var taken = await places.AcquireAsync((int)places.GetStatistics()!.CurrentAvailablePermits);
        const int Refused = 25;
        var tries = Enumerable.Range(0, Passwords.MostWaiting + Refused).Select(_ => api.TrySignInAsync($"{Guid.CreateVersion7():N}@nobody.ru")).ToList();
        for (var i = 0; i < Refused; i++)
        {
            var answered = await Task.WhenAny(tries);
            tries.Remove(answered);
            var refused = await answered;
            Assert.Equal("too-many-attempts", await refused.RefusedAsync(429));
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        var lead = await api.Client.PostAsJsonAsync($"/v1/sites/{project.SiteKey}/leads", new { phone = "+79161234567" });

        Assert.Equal(HttpStatusCode.Accepted, lead.StatusCode);
        // Each of them is still in the queue, and gets its turn; those who were refused have had no look at a password and no failure.
        Assert.Equal(Passwords.MostWaiting, places.GetStatistics()!.CurrentQueuedCount);
        taken.Dispose();
        foreach (var answer in await Task.WhenAll(tries)) Assert.Equal("sign-in-failed", await answer.RefusedAsync(401));
    }

    [Theory]
    [InlineData("short1234", "At least 12")]
    [InlineData("123456789012", "most used")]
    [InlineData("345678901234", "run")]
    [InlineData("йцукенгшщзхъ", "most used")]
    [InlineData("Password1234", "most used")]
    [InlineData("abababababab", "repetition")]
    [InlineData("qwertyuiop[]", "most used")]
    [InlineData("lkjhgfdsapoiuytrewq", "run")]
    [InlineData("olga.petrova1", "your own")]
    [InlineData("Ольга-Петрова", "your own")]
    [InlineData("leadingest-12", "your own")]
    [InlineData("three quiet rivers", null)]
    [InlineData("correct horse staple battery", null)]
    [InlineData("59072658130495", null)]
    public void A_password_is_refused_for_being_guessable_and_for_nothing_else(string password, string? reason)
    {
        var fault = PasswordRules.FaultOf(password, "olga.petrova@okna-plus.ru", "Ольга Петрова");
        if (reason is null) Assert.Null(fault);
        else Assert.Contains(reason, fault);
        Assert.NotNull(PasswordRules.FaultOf(new string('x', 64) + new string('y', 65), null, null));
    }

    private static int Iterations(string hash) => (int)BinaryPrimitives.ReadUInt32BigEndian(Convert.FromBase64String(hash).AsSpan(5));
}

/// <summary>Apart, because the addresses of all tests here are one.</summary>
public class AddressLimitTests(AddressLimitTests.Fixture api) : IClassFixture<AddressLimitTests.Fixture>
{
    public sealed class Fixture : AccessFixture
    {
        protected override string[] Args => ["--Access:HashIterations=1000"];
    }

    [Fact]
    public async Task An_address_fails_twenty_times_in_ten_minutes_and_right_passwords_do_not_count()
    {
        var (_, email) = await api.UserAsync();
        for (var i = 0; i < 25; i++) await api.SignInAsync(email);
        for (var i = 0; i < 20; i++) Assert.Equal(401, (int)(await api.TrySignInAsync($"nobody{i}@okna-plus.ru")).StatusCode);
        var refused = await api.TrySignInAsync(email);
        Assert.Equal("too-many-attempts", await refused.RefusedAsync(429));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 600);
        api.Clock.Advance(TimeSpan.FromMinutes(10));
        await api.SignInAsync(email);
    }

    [Fact]
    public void Any_number_of_addresses_takes_a_bounded_memory()
    {
        var limits = new AddressLimits(api.Clock, Options.Create(new AccessOptions()));
        for (var i = 0; i < 3 * AddressLimits.MostAddresses; i++) limits.Take(new IPAddress(i));
        Assert.InRange(limits.Known, 1, AddressLimits.MostAddresses);
    }
}
