using System.Text;
using LeadIngest.Api.Access;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Access;

public class TotpTests(AccessFixture api) : IClassFixture<AccessFixture>
{
    /// <summary>RFC 6238, appendix B, SHA-1.</summary>
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        Assert.Equal(code, Totp.CodeOf(Encoding.ASCII.GetBytes("12345678901234567890"), Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds)), 8));

    /// <summary>RFC 4648, section 10.</summary>
    [Theory]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Secrets_are_spelled_as_the_standard_says(string bytes, string text) => Assert.Equal(text, Totp.Text(Encoding.ASCII.GetBytes(bytes)));

    [Theory]
    [InlineData(0, true)]
    [InlineData(29, true)]
    [InlineData(31, true)]
    [InlineData(-30, true)]
    [InlineData(61, false)]
    [InlineData(91, false)]
    [InlineData(-60, false)]
    public void A_clock_may_differ_by_one_step(int seconds, bool isTaken)
    {
        var (secret, made) = (Totp.NewSecret(), DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        var code = Totp.CodeOf(secret, Totp.StepAt(made));
        Assert.Equal(isTaken, Totp.StepOf(secret, code, made.AddSeconds(seconds)) is not null);
    }

    [Fact]
    public async Task A_code_is_asked_for_and_works_once_on_any_node()
    {
        var (person, secret, _) = await WithTotpAsync();
        Assert.Equal("code-needed", await (await api.TrySignInAsync(person.Email)).RefusedAsync(401));
        // Nobody who does not know the password hears of a second factor.
        Assert.Equal("sign-in-failed", await (await api.TrySignInAsync(person.Email, "not the password")).RefusedAsync(401));
        api.Clock.Advance(TimeSpan.FromSeconds(60));
        var code = Totp.CodeOf(secret, Totp.StepAt(api.Clock.GetUtcNow()));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => api.TrySignInAsync(person.Email, code: code)));
        Assert.Single(answers, a => a.IsSuccessStatusCode);
        Assert.NotEqual(200, (int)(await api.TrySignInAsync(person.Email, code: code)).StatusCode);
        Assert.True((await (await api.GetAsync(await AccessFixture.PersonAsync(answers.Single(a => a.IsSuccessStatusCode), person.Email), "/v1/session")).JsonAsync()).GetProperty("user").GetProperty("hasTotp").GetBoolean());
    }

    [Fact]
    public async Task Wrong_codes_count_as_failures_and_asking_for_the_code_does_not_clear_them()
    {
        var (person, _, _) = await WithTotpAsync();
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("code-needed", await (await api.TrySignInAsync(person.Email)).RefusedAsync(401));
            Assert.Equal("sign-in-failed", await (await api.TrySignInAsync(person.Email, code: "no-code")).RefusedAsync(401));
        }
        await api.TrySignInAsync(person.Email, code: "no-code");
        Assert.Equal("too-many-attempts", await (await api.TrySignInAsync(person.Email)).RefusedAsync(429));
    }

    [Fact]
    public async Task Each_of_ten_recovery_codes_stands_in_for_a_code_once()
    {
        var (person, _, codes) = await WithTotpAsync();
        Assert.Equal(10, codes.Distinct().Count());
        await api.SignInAsync(person.Email, code: codes[0].ToLowerInvariant());
        Assert.Equal(401, (int)(await api.TrySignInAsync(person.Email, code: codes[0])).StatusCode);
        await api.SignInAsync(person.Email, code: codes[9].Replace("-", "", StringComparison.Ordinal));
        Assert.Equal(8, await api.CountAsync("select cardinality(recovery_codes) from users where id = @Id", new { person.Id }));
    }

    [Fact]
    public async Task A_copy_of_the_database_holds_no_secret_that_makes_codes_and_it_opens_for_its_user_alone()
    {
        var (person, secret, codes) = await WithTotpAsync();
        var other = await WithTotpAsync();
        var row = (await api.ScalarAsync<string>("select u::text from users u where id = @Id", new { person.Id }))!;
        Assert.DoesNotContain(Convert.ToHexString(secret), row, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Totp.Text(secret), row);
        Assert.All(codes, c => Assert.DoesNotContain(c, row));
        var secrets = api.App.Services.GetRequiredService<TotpSecrets>();
        var stored = (await api.ScalarAsync<byte[]>("select totp from users where id = @Id", new { person.Id }))!;
        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => secrets.StepOf(other.Person.Id, stored, "000000"));
    }

    [Fact]
    public async Task It_is_switched_on_by_a_right_code_and_off_by_the_password()
    {
        var project = await api.CreateProjectAsync();
        var person = await api.SignedInAsync(project, "marketer");
        await (await api.PostAsync(person, "/v1/me/totp/confirm", new { code = "123456" })).ProblemAsync(409);
        var started = await (await api.PostAsync(person, "/v1/me/totp")).JsonAsync();
        Assert.StartsWith($"otpauth://totp/LeadIngest:{Uri.EscapeDataString(person.Email)}?secret={started.GetProperty("secret").GetString()}", started.GetProperty("uri").GetString(), StringComparison.Ordinal);
        await (await api.PostAsync(person, "/v1/me/totp/confirm", new { code = "no" })).ProblemAsync(400);
        // Until then it does not count.
        await api.SignInAsync(person.Email);
        var (with, _, _) = await WithTotpAsync();
        await (await api.PostAsync(with, "/v1/me/totp")).ProblemAsync(409);
        await (await api.PostAsync(with, "/v1/me/totp/remove", new { password = "not the password" })).ProblemAsync(400);
        Assert.Equal(204, (int)(await api.PostAsync(with, "/v1/me/totp/remove", new { password = AccessFixture.Password })).StatusCode);
        await api.SignInAsync(with.Email);
    }

    [Fact]
    public async Task Confirming_asks_for_the_code_too()
    {
        var (person, _, codes) = await WithTotpAsync();
        await (await api.PostAsync(person, "/v1/session/confirm", new { password = AccessFixture.Password })).ProblemAsync(400);
        Assert.Equal(204, (int)(await api.PostAsync(person, "/v1/session/confirm", new { password = AccessFixture.Password, code = codes[3] })).StatusCode);
    }

    private async Task<(Person Person, byte[] Secret, string[] Codes)> WithTotpAsync()
    {
        var person = await api.SignedInAsync(await api.CreateProjectAsync());
        var started = await (await api.PostAsync(person, "/v1/me/totp")).JsonAsync();
        var secret = Read(started.GetProperty("secret").GetString()!);
        var codes = (await (await api.PostAsync(person, "/v1/me/totp/confirm", new { code = Totp.CodeOf(secret, Totp.StepAt(api.Clock.GetUtcNow())) })).JsonAsync()).GetProperty("recoveryCodes").Strings().ToArray();
        return (person, secret, codes);
    }

    // An authenticator's side of it.
    internal static byte[] Read(string base32)
    {
        var bits = string.Concat(base32.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }
}

/// <summary>Where owners must have a second factor, as in Production.</summary>
public class RequiredTotpTests(RequiredTotpTests.Fixture api) : IClassFixture<RequiredTotpTests.Fixture>
{
    public sealed class Fixture : AccessFixture
    {
        protected override string[] Args => [.. base.Args, "--Access:RequireTotp=true"];
    }

    [Fact]
    public async Task An_owner_without_one_reaches_nothing_but_the_own_account()
    {
        var project = await api.CreateProjectAsync();
        var (owner, marketer) = (await api.SignedInAsync(project), await api.SignedInAsync(project, "marketer"));
        Assert.True((await api.ReadAsync(owner, "/v1/session")).GetProperty("user").GetProperty("needsTotp").GetBoolean());
        Assert.Equal("totp-needed", await (await api.GetAsync(owner, "/v1/leads")).RefusedAsync(403));
        Assert.Equal("totp-needed", await (await api.PostAsync(owner, "/v1/api-keys", new { name = "x" })).RefusedAsync(403));
        Assert.Equal(200, (int)(await api.GetAsync(marketer, "/v1/leads")).StatusCode);
        Assert.False((await api.ReadAsync(marketer, "/v1/session")).GetProperty("user").GetProperty("needsTotp").GetBoolean());
        Assert.Equal(200, (int)(await api.GetAsync(project, "/v1/leads")).StatusCode);
        var secret = TotpTests.Read((await (await api.PostAsync(owner, "/v1/me/totp")).JsonAsync()).GetProperty("secret").GetString()!);
        (await api.PostAsync(owner, "/v1/me/totp/confirm", new { code = Totp.CodeOf(secret, Totp.StepAt(api.Clock.GetUtcNow())) })).EnsureSuccessStatusCode();
        Assert.Equal(200, (int)(await api.GetAsync(owner, "/v1/leads")).StatusCode);
    }
}
