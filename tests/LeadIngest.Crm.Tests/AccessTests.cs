using LeadIngest.Crm.OAuth;

namespace LeadIngest.Crm.Tests;

/// <summary>Calls with a token that may end, at an address that may change.</summary>
public sealed class AccessTests
{
    private static readonly Uri Old = new("https://okna.amocrm.ru/"), New = new("https://okna2.amocrm.ru/");
    private static readonly Func<HttpResponseMessage> Unauthorized = () => ScriptedCrm.Json(401, """{"title":"Unauthorized","status":401}""");

    [Fact]
    public async Task A_refused_token_is_renewed_once_and_the_call_repeated_once()
    {
        using var crm = new ScriptedCrm(Unauthorized, Unauthorized);
        var tokens = new Tokens(new AccessOutcome.Access(Old, "second-token"));
        await using var account = Account(crm, tokens);
        var outcome = Assert.IsType<DeliveryOutcome.CredentialsRefused>(Assert.Single(await account.SendAsync([Samples.Lead()], new OpenGuard(), default)));
        Assert.Equal((1, 2), (tokens.Refreshes, crm.Requests.Count));
        Assert.DoesNotContain("token", outcome.Why.Replace("The token", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_cannot_be_had_now_is_no_doubt_and_no_refusal()
    {
        using var crm = new ScriptedCrm(Unauthorized);
        await using var account = Account(crm, new Tokens(new AccessOutcome.Unavailable("The endpoint is down.", TimeSpan.FromSeconds(7))));
        var outcome = Assert.IsType<DeliveryOutcome.NotExecuted>(Assert.Single(await account.SendAsync([Samples.Lead()], new OpenGuard(), default)));
        Assert.Equal(TimeSpan.FromSeconds(7), outcome.After);
    }

    [Fact]
    public async Task A_moved_account_is_called_once_more_where_it_is()
    {
        using var crm = new ScriptedCrm(() => ScriptedCrm.Json(404, """{"status":404}"""), Unauthorized);
        var tokens = new Tokens(new AccessOutcome.Refused("Log in again.")) { NewAddress = New };
        await using var account = Account(crm, tokens);
        Assert.IsType<DeliveryOutcome.CredentialsRefused>(Assert.Single(await account.SendAsync([Samples.Lead()], new OpenGuard(), default)));
        Assert.Equal((1, 2), (tokens.Moves, crm.Requests.Count));
    }

    [Theory]
    [InlineData("not a token")]
    [InlineData("a.b.c")]
    [InlineData("a..c")]
    [InlineData("a.bm90IGpzb24.c")]
    [InlineData(null)]
    public void A_text_that_is_no_token_has_no_claims(string? text) => Assert.Null(AccessTokenClaims.Read(text));

    private static ICrmAccount Account(HttpMessageHandler crm, ICrmTokens tokens) => CrmAccounts.Create(
        new CrmConnection { Kind = "amocrm", BaseAddress = Old, Token = "first-token" }, new CrmTimings { RequestsPerSecond = 1000 }, new RequestBudgets(TimeProvider.System), crm,
        TimeProvider.System, tokens);

    private sealed class OpenGuard : ICallGuard
    {
        public bool MayCall => true;
    }

    private sealed class Tokens(AccessOutcome next) : ICrmTokens
    {
        public int Refreshes { get; private set; }
        public int Moves { get; private set; }
        public Uri? NewAddress { get; init; }

        public ValueTask<AccessOutcome> GetAsync(CancellationToken ct) => new(new AccessOutcome.Access(Old, "first-token"));

        public ValueTask<AccessOutcome> RefreshAsync(string? refused, CancellationToken ct)
        {
            Refreshes++;
            return new(next);
        }

        public ValueTask<AccessOutcome> MovedAsync(Uri from, Uri? location, CancellationToken ct)
        {
            Moves++;
            return new(NewAddress is null ? new AccessOutcome.Kept() : new AccessOutcome.Access(NewAddress, "first-token"));
        }
    }
}
