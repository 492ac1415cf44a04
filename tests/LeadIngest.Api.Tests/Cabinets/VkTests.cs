using System.Text.Json;
using LeadIngest.Api.Data;
using LeadIngest.Api.Spend.Cabinets;
using LeadIngest.Api.Tests.Ingest;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Cabinets;

public class VkTests(CabinetsFixture api) : IClassFixture<CabinetsFixture>
{
    private static readonly DateOnly Yesterday = CabinetsFixture.Today.AddDays(-1);

    [Theory]
    [InlineData("campaign", "20865519 57.7")]
    [InlineData("group", "20865519/137881410 57.7")]
    [InlineData("ad", "20865519/137881410/901001 50.2", "20865519/137881410/901002 7.5")]
    public async Task Spend_comes_at_the_level_that_is_wanted_with_the_names_above_it(string level, params string[] expected)
    {
        var (project, client) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.SpendAsync("vk-ads", client, "all", CabinetsFixture.Row(Yesterday, 20865519, 50.20m, group: 137881410, ad: 901001), CabinetsFixture.Row(Yesterday, 20865519, 7.5m, group: 137881410, ad: 901002));
        await api.LoadedAsync(project, await api.ConnectAsync(project, "vk_ads", client, Yesterday, level));
        Assert.Equal(expected.Select(e => $"{Yesterday:yyyy-MM-dd} {e}"), (await api.CountingAsync(project)).Order());
        var row = (await api.ReadAsync(project, "/v1/spend")).GetProperty("items")[0];
        Assert.Equal(("Кампания 20865519", "vk_ads", "cpc"), (row.Text("campaignName"), row.Text("source"), row.Text("medium")));
        if (level != "campaign") Assert.Equal("Группа 137881410", row.Text("groupName"));
    }

    [Fact]
    public async Task A_lead_that_names_the_group_belongs_to_its_campaign()
    {
        var (project, client) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.SpendAsync("vk-ads", client, "all", CabinetsFixture.Row(Yesterday, 20865519, 10m, group: 137881410));
        await api.LoadedAsync(project, await api.ConnectAsync(project, "vk_ads", client, Yesterday));
        Assert.Equal("id:20865519", await api.ScalarAsync<string>("""select lead_campaign_key(@P, null, '{"utm":{"utm_source":"vk_ads","utm_campaign":"137881410"}}')""", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task Hundreds_of_groups_over_months_are_asked_for_in_lots_and_nothing_is_lost()
    {
        var (project, client) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        var first = Yesterday.AddDays(-119);
        await api.SpendAsync("vk-ads", client, "all", [.. Enumerable.Range(0, 450).Select(i => CabinetsFixture.Row(i % 2 == 0 ? first : Yesterday, 20865519, 1.01m, group: 137881000 + i))]);
        await api.LoadedAsync(project, await api.ConnectAsync(project, "vk_ads", client, first));
        Assert.Equal(454.5m, (await api.ReadAsync(project, "/v1/spend/summary?groupBy=campaign")).GetProperty("total").GetProperty("money").GetDecimal());
        var asked = (await api.AskedAsync("vk-ads", client)).Where(a => a.Contains("/statistics/", StringComparison.Ordinal)).ToArray();
        // 450 groups are three lots, 120 days two ranges.
        Assert.Equal(6, asked.Length);
        Assert.All(asked, a => Assert.StartsWith("200", a, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_token_serves_every_load_is_stored_encrypted_and_is_renewed_when_it_dies()
    {
        var (project, client) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        var id = await api.ConnectAsync(project, "vk_ads", client, Yesterday);
        await api.LoadedAsync(project, id);
        await api.LoadAsync(project, id, Yesterday, Yesterday);
        Assert.True((await (await api.PostAsync(project, $"/v1/spend/accounts/{id}/check")).JsonAsync()).GetProperty("ok").GetBoolean());
        string[] Tokens(string[] asked) => [.. asked.Where(a => a.Contains("token.json", StringComparison.Ordinal))];
        Assert.Single(Tokens(await api.AskedAsync("vk-ads", client)));

        var sealed_credentials = (await api.ScalarAsync<byte[]>("select credentials from spend_cabinets where account_id = @id", new { id }))!;
        var stored = CabinetCredentials.FromBytes(api.App.Services.GetRequiredService<CredentialsCipher>().Decrypt(project.ProjectId, id, sealed_credentials));
        Assert.NotNull(stored.Live);
        Assert.DoesNotContain(stored.Live.AccessToken, System.Text.Encoding.UTF8.GetString(sealed_credentials), StringComparison.Ordinal);

        // The vendor forgets all tokens: the refresh token is dead too, the client's own way is left.
        await api.FaultAsync("vk-ads", new { kind = "expire_tokens", account = client });
        await api.SpendAsync("vk-ads", client, "all", CabinetsFixture.Row(Yesterday, 20865519, 3m, group: 137881410));
        await api.LoadAsync(project, id, Yesterday, Yesterday);
        Assert.Equal([$"{Yesterday:yyyy-MM-dd} 20865519/137881410 3"], await api.CountingAsync(project));
        Assert.Equal(["200", "401", "200"], Tokens(await api.AskedAsync("vk-ads", client)).Select(a => a[..3]));
        Assert.Equal(1, JsonSerializer.Deserialize<JsonElement>(await api.Vendor.GetStringAsync($"/_state/vk-ads/tokens?account={client}")).GetProperty("live").GetInt32());
    }

    [Fact]
    public async Task Saving_the_same_keys_again_keeps_the_token_of_the_day()
    {
        var (project, client) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        var id = await api.ConnectAsync(project, "vk_ads", client, Yesterday);
        await api.LoadedAsync(project, id);
        await (await api.SendAsync(project, HttpMethod.Put, $"/v1/spend/accounts/{id}", api.Body("vk_ads", client, Yesterday))).JsonAsync();
        await api.LoadAsync(project, id, Yesterday, Yesterday);
        Assert.Single(await api.AskedAsync("vk-ads", client), a => a.Contains("token.json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_is_not_known_stops_the_cabinet_in_words()
    {
        var (project, client) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.FaultAsync("vk-ads", new { kind = "bad_token", account = client });
        var id = await api.ConnectAsync(project, "vk_ads", client, Yesterday);
        var cabinet = (await api.UntilAsync(project, id, a => a.GetProperty("cabinet").Text("state") == "needs_reauth")).GetProperty("cabinet");
        Assert.Contains("invalid_client", cabinet.Text("lastError"), StringComparison.Ordinal);
        Assert.DoesNotContain("demo-vk-secret", cabinet.ToString(), StringComparison.Ordinal);
    }
}
