using System.Text.Json;
using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Cabinets;

public class CabinetAccountsTests(CabinetsFixture api) : IClassFixture<CabinetsFixture>
{
    private static readonly DateOnly Yesterday = CabinetsFixture.Today.AddDays(-1);

    [Theory]
    [InlineData("yandex_direct", """{"token":"demo-direct-token","baseAddress":"http://api.direct.yandex.com"}""", "cabinet.baseAddress")]
    [InlineData("yandex_direct", """{"token":"demo-direct-token","baseAddress":"https://api.direct.yandex.com:8443"}""", "cabinet.baseAddress")]
    [InlineData("yandex_direct", """{"token":"demo-direct-token","baseAddress":"https://api.direct.yandex.com.evil.example"}""", "cabinet.baseAddress")]
    [InlineData("yandex_direct", """{"token":"demo-direct-token","baseAddress":"https://user@api.direct.yandex.com"}""", "cabinet.baseAddress")]
    [InlineData("yandex_direct", """{"token":"demo-direct-token","baseAddress":"http://169.254.169.254/"}""", "cabinet.baseAddress")]
    [InlineData("yandex_direct", """{"token":"demo-direct-token","baseAddress":"https://ads.vk.com/"}""", "cabinet.baseAddress")]
    [InlineData("yandex_direct", """{"token":"demo\r\nX-Header: 1"}""", "cabinet.token")]
    [InlineData("yandex_direct", """{"clientId":"abcd","clientSecret":"efgh"}""", "cabinet.clientId")]
    [InlineData("yandex_direct", """{"token":"demo-direct-token","level":"banner"}""", "cabinet.level")]
    [InlineData("yandex_direct", """{"token":"demo-direct-token","hour":24}""", "cabinet.hour")]
    [InlineData("yandex_direct", """{"token":"demo-direct-token","restateDays":3}""", "cabinet.restateDays")]
    [InlineData("yandex_direct", """{"token":"demo-direct-token","timeZone":"Moscow"}""", "cabinet.timeZone")]
    [InlineData("yandex_direct", """{}""", "cabinet")]
    [InlineData("yandex_direct", "null", "cabinet")]
    [InlineData("vk_ads", """{"clientId":"abcd"}""", "cabinet.clientSecret")]
    [InlineData("vk_ads", """{"clientId":"abcd","clientSecret":"efgh","level":"keyword"}""", "cabinet.level")]
    [InlineData("file", """{"token":"demo-direct-token"}""", "cabinet")]
    [InlineData("google", """{}""", "kind")]
    public async Task What_cannot_be_asked_is_refused_by_its_field(string kind, string cabinet, string field)
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.PostAsync(project, "/v1/spend/accounts", new { name = "Кабинет", kind, cabinet = JsonSerializer.Deserialize<JsonElement>(cabinet) })).ProblemAsync(400);
        Assert.Contains(field, problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        Assert.Equal(0, await api.CountAsync("select count(*) from spend_accounts where project_id = @P", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task A_login_is_not_sent_to_another_address_than_it_was_given_for()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        var id = await api.ConnectAsync(project, "yandex_direct", login, Yesterday);
        var path = $"/v1/spend/accounts/{id}";
        var moved = await (await api.SendAsync(project, HttpMethod.Put, path, new { name = "Кабинет", cabinet = new { clientLogin = login } })).ProblemAsync(400);
        Assert.Contains("cabinet.baseAddress", moved.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        // Other settings do not need it again.
        var kept = await (await api.SendAsync(project, HttpMethod.Put, path, new { name = "Кабинет", cabinet = new { clientLogin = login, baseAddress = api.Vendor.BaseAddress + "yandex-direct", level = "campaign", hour = 4, isPaused = true } })).JsonAsync();
        Assert.Equal((true, "campaign", 4, "paused"), (kept.GetProperty("cabinet").GetProperty("hasCredentials").GetBoolean(), kept.GetProperty("cabinet").Text("level"), kept.GetProperty("cabinet").GetProperty("hour").GetInt32(), kept.GetProperty("cabinet").Text("state")));
        Assert.Equal("cabinet-paused", (await (await api.PostAsync(project, path + "/load", new { })).ProblemAsync(409)).Text("type")!.Split('/')[^1]);
    }

    [Fact]
    public async Task The_kind_of_an_account_never_changes()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        var id = await api.ConnectAsync(project, "yandex_direct", login, Yesterday, name: "Один");
        await (await api.SendAsync(project, HttpMethod.Put, $"/v1/spend/accounts/{id}", new { name = "Один", kind = "file" })).ProblemAsync(400);
        await (await api.PostAsync(project, "/v1/spend/accounts", new { name = "один" })).ProblemAsync(409);
        // Without `cabinet` how it is asked stays as it was.
        var renamed = await (await api.SendAsync(project, HttpMethod.Put, $"/v1/spend/accounts/{id}", new { name = "Другое", vatIncluded = false })).JsonAsync();
        Assert.Equal(("Другое", "yandex", login), (renamed.Text("name"), renamed.Text("source"), renamed.GetProperty("cabinet").Text("clientLogin")));
    }

    [Fact]
    public async Task Only_a_cabinet_can_be_loaded_and_only_days_that_there_are()
    {
        var project = await api.CreateProjectAsync();
        var file = (await (await api.PostAsync(project, "/v1/spend/accounts", new { name = "Файл" })).JsonAsync()).GetProperty("id").GetGuid();
        foreach (var act in new[] { "load", "check" }) await (await api.PostAsync(project, $"/v1/spend/accounts/{file}/{act}", new { })).ProblemAsync(409);
        var id = await api.ConnectAsync(project, "yandex_direct", CabinetsFixture.NewLogin(), Yesterday);
        foreach (var (from, to) in new[] { (Yesterday, Yesterday.AddDays(-1)), (Yesterday, CabinetsFixture.Today.AddDays(1)), (Yesterday.AddYears(-4), Yesterday) })
            await (await api.PostAsync(project, $"/v1/spend/accounts/{id}/load", new { from = CabinetsFixture.Day(from), to = CabinetsFixture.Day(to) })).ProblemAsync(400);
    }

    [Fact]
    public async Task The_same_spend_in_two_accounts_is_shown_and_still_counts()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.SpendAsync("yandex-direct", login, "all", CabinetsFixture.Row(Yesterday, 81234567, 100m, name: "Поиск_CRM"), CabinetsFixture.Row(Yesterday.AddDays(-1), 81234567, 60m, name: "Поиск_CRM"), CabinetsFixture.Row(Yesterday, 81234568, 30m));
        var cabinet = await api.ConnectAsync(project, "yandex_direct", login, Yesterday.AddDays(-1), name: "Директ по API");
        await api.LoadedAsync(project, cabinet);
        Assert.Empty((await api.ReadAsync(project, "/v1/spend/doubles")).GetProperty("items").EnumerateArray());

        // The file of the same cabinet, which knows the campaign by its name alone; and a campaign that nobody else has.
        var text = $"Дата;Кампания;Клики;Расход\n{Yesterday:dd.MM.yyyy};поиск_crm;9;99,50\n{Yesterday.AddDays(-1):dd.MM.yyyy};Поиск_CRM;5;60\n{Yesterday:dd.MM.yyyy};Другая;1;5\n";
        await (await api.PostAsync(project, "/v1/spend/imports", new { account = "Директ файлом", text })).JsonAsync();

        var answer = await api.ReadAsync(project, "/v1/spend/doubles");
        var found = Assert.Single(answer.GetProperty("items").EnumerateArray());
        Assert.Equal(("id:81234567", CabinetsFixture.Day(Yesterday.AddDays(-1)), CabinetsFixture.Day(Yesterday), 2, 159.5m), (found.Text("key"), found.Text("firstDay"), found.Text("lastDay"), found.GetProperty("days").GetInt32(), found.GetProperty("money").GetDecimal()));
        Assert.Equal([("file", 159.5m), ("yandex_direct", 160m)], found.GetProperty("accounts").EnumerateArray().Select(s => (s.Text("kind")!, s.GetProperty("money").GetDecimal())).Order());
        Assert.Equal(159.5m, answer.GetProperty("money").GetDecimal());
        Assert.Equal(354.5m, (await api.ReadAsync(project, "/v1/spend/summary")).GetProperty("total").GetProperty("money").GetDecimal());
    }

    [Fact]
    public async Task A_table_sent_into_the_cabinets_own_account_replaces_and_is_replaced()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.SpendAsync("yandex-direct", login, "all", CabinetsFixture.Row(Yesterday, 81234567, 100m));
        var id = await api.ConnectAsync(project, "yandex_direct", login, Yesterday);
        await api.LoadedAsync(project, id);
        var import = await (await api.PostAsync(project, "/v1/spend/imports", new { accountId = id, text = $"Дата;№ Кампании;Расход\n{Yesterday:dd.MM.yyyy};81234567;70\n" })).JsonAsync();
        Assert.Equal([$"{Yesterday:yyyy-MM-dd} 81234567 70"], await api.CountingAsync(project));
        await api.LoadAsync(project, id, Yesterday, Yesterday);
        Assert.Equal([$"{Yesterday:yyyy-MM-dd} 81234567 100"], await api.CountingAsync(project));
        // The file's rows are kept, and taking it back leaves what the cabinet says.
        Assert.Equal(204, (int)(await api.SendAsync(project, HttpMethod.Delete, $"/v1/spend/imports/{import.Text("id")}")).StatusCode);
        Assert.Equal([$"{Yesterday:yyyy-MM-dd} 81234567 100"], await api.CountingAsync(project));
    }

    [Fact]
    public async Task An_amount_by_hand_beside_the_cabinets_own_is_a_double_too()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.SpendAsync("yandex-direct", login, "all", CabinetsFixture.Row(Yesterday, 81234567, 100m));
        await api.LoadedAsync(project, await api.ConnectAsync(project, "yandex_direct", login, Yesterday));
        await (await api.PostAsync(project, "/v1/spend/manual", new
        {
            name = "Директ, вручную",
            from = CabinetsFixture.Day(Yesterday.AddDays(-1)),
            to = CabinetsFixture.Day(Yesterday),
            amount = 50m,
            currency = "RUB",
            vatIncluded = true,
            campaignId = "81234567",
        })).JsonAsync();
        var found = Assert.Single((await api.ReadAsync(project, "/v1/spend/doubles")).GetProperty("items").EnumerateArray());
        Assert.Equal((1, 25m), (found.GetProperty("days").GetInt32(), found.GetProperty("money").GetDecimal()));
        Assert.Contains(found.GetProperty("accounts").EnumerateArray(), a => (a.Text("kind"), a.Text("name")) == ("manual", "Директ, вручную"));
        Assert.Empty((await api.ReadAsync(project, $"/v1/spend/doubles?from={Yesterday.AddDays(-9):yyyy-MM-dd}&to={Yesterday.AddDays(-1):yyyy-MM-dd}")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_was_asked_by_settings_that_have_changed_meanwhile_is_not_written()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.SpendAsync("yandex-direct", login, "all", CabinetsFixture.Row(Yesterday, 81234567, 122m, group: 5001, keyword: "crm"));
        await api.FaultAsync("yandex-direct", new { kind = "latency", account = login, ms = 2000, times = 1 });
        var id = await api.ConnectAsync(project, "yandex_direct", login, Yesterday);
        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30)))
            while (await api.CountAsync("select count(*) from spend_cabinets where account_id = @id and lease_owner is not null", new { id }) == 0) await Task.Delay(20, limit.Token);
        await (await api.SendAsync(project, HttpMethod.Put, $"/v1/spend/accounts/{id}", api.Body("yandex_direct", login, Yesterday, level: "campaign"))).JsonAsync();
        await api.LoadedAsync(project, id);
        // The old question's answer arrives last, or is not waited for: it changes nothing either way.
        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30)))
            while ((await api.AskedAsync("yandex-direct", login)).Length < 2) await Task.Delay(50, limit.Token);
        await api.LoadAsync(project, id, CabinetsFixture.Today, CabinetsFixture.Today);
        Assert.Equal([$"{Yesterday:yyyy-MM-dd} 81234567 122"], await api.CountingAsync(project));
        Assert.Equal(1, await api.CountAsync("select count(*) from spend_imports where account_id = @id and taken > 0", new { id }));
    }

    [Fact]
    public async Task A_cabinet_that_was_connected_by_mistake_goes_with_its_spend_when_that_is_said()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.SpendAsync("yandex-direct", login, "all", CabinetsFixture.Row(Yesterday, 81234567, 100m));
        var id = await api.ConnectAsync(project, "yandex_direct", login, Yesterday);
        await api.LoadedAsync(project, id);
        await (await api.SendAsync(project, HttpMethod.Delete, $"/v1/spend/accounts/{id}")).ProblemAsync(409);
        Assert.Equal(204, (int)(await api.SendAsync(project, HttpMethod.Delete, $"/v1/spend/accounts/{id}?withSpend=true")).StatusCode);
        foreach (var table in new[] { "spend", "spend_imports", "spend_import_days", "spend_cabinets", "spend_loads", "spend_accounts" })
            Assert.Equal(0, await api.CountAsync($"select count(*) from {table} where project_id = @P", new { P = project.ProjectId }));
    }
}
