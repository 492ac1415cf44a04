using System.Text.Json;
using LeadIngest.Api.Data;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadIngest.Api.Tests.Connections;

public class ConnectionsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Secret = "s3cretWebhook42";
    private const string Token = "amo-long-lived-token-77";

    private Task<HttpResponseMessage> CreateAsync(TestProject project, string crm = "amocrm") => api.PostAsync(project, "/v1/connections", crm == "amocrm"
        ? new { crm, name = "Отдел продаж", baseAddress = "https://okna.amocrm.ru", token = Token, settings = new { pipelineId = 31 } }
        : (object)new { crm, name = "Битрикс", baseAddress = $"https://okna.bitrix24.ru/rest/1/{Secret}/" });

    private async Task<Guid> CreatedAsync(TestProject project, string crm = "amocrm") => (await (await CreateAsync(project, crm)).JsonAsync()).GetProperty("id").GetGuid();

    private async Task<Credentials> StoredAsync(TestProject project, Guid id) => Credentials.FromBytes(api.App.Services.GetRequiredService<CredentialsCipher>()
        .Decrypt(project.ProjectId, id, (await api.ScalarAsync<byte[]>("select credentials from connections where id = @id", new { id }))!));

    [Theory]
    [InlineData("amocrm", "okna.amocrm.ru", "https://okna.amocrm.ru/")]
    [InlineData("bitrix24", "okna.bitrix24.ru", "https://okna.bitrix24.ru/rest/1/***/")]
    public async Task Secrets_are_stored_encrypted_and_never_come_back(string crm, string host, string address)
    {
        var project = await api.CreateProjectAsync();
        var created = await CreateAsync(project, crm);
        Assert.Equal(201, (int)created.StatusCode);
        var shown = await created.JsonAsync();
        var id = shown.GetProperty("id").GetGuid();
        Assert.Equal((host, address, crm == "amocrm"), (shown.GetProperty("host").GetString(), shown.GetProperty("address").GetString(), shown.GetProperty("hasToken").GetBoolean()));
        var everything = shown.GetRawText() + (await api.ReadAsync(project, $"/v1/connections/{id}")).GetRawText() + (await api.ReadAsync(project, "/v1/connections")).GetRawText()
            + (await api.ReadAsync(project, $"/v1/connections/{id}/status")).GetRawText() + await api.ScalarAsync<string>("select string_agg(k::text, '') from connections k");
        Assert.DoesNotContain(Secret, everything);
        Assert.DoesNotContain(Token, everything);
        Assert.Contains(crm == "amocrm" ? "okna.amocrm.ru" : Secret, (await StoredAsync(project, id)).BaseAddress);
        Assert.Equal($"{crm}/{host}", await api.ScalarAsync<string>("select account_key from connections where id = @id", new { id }));
    }

    [Theory]
    [InlineData("""{"crm":"hubspot","name":"x","baseAddress":"https://a.amocrm.ru","token":"t"}""", "crm")]
    [InlineData("""{"crm":"amocrm","name":"","baseAddress":"https://a.amocrm.ru","token":"t"}""", "name")]
    [InlineData("""{"crm":"amocrm","name":"x","baseAddress":"https://a.amocrm.ru"}""", "token")]
    [InlineData("""{"crm":"amocrm","name":"x","baseAddress":"https://169.254.169.254/","token":"t"}""", "baseAddress")]
    [InlineData("""{"crm":"bitrix24","name":"x","baseAddress":"https://a.bitrix24.ru/rest/1/s/","token":"t"}""", "token")]
    [InlineData("""{"crm":"bitrix24","name":"x","baseAddress":"https://a.bitrix24.ru/rest/1/s/","settings":{"entity":"task"}}""", "settings.entity")]
    [InlineData("""{"crm":"bitrix24","name":"x","baseAddress":"https://a.bitrix24.ru/rest/1/s/","settings":{"plan":null}}""", "settings.plan")]
    public async Task A_wrong_connection_is_refused_by_field(string json, string field)
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.PostAsync(project, "/v1/connections", JsonSerializer.Deserialize<JsonElement>(json))).ProblemAsync(400);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task New_credentials_of_the_same_account_wake_a_connection_that_the_crm_had_refused()
    {
        var project = await api.CreateProjectAsync();
        var id = await CreatedAsync(project);
        await api.ExecuteAsync("update connections set state = 'needs_reauth', state_reason = 'Unauthorized' where id = @id", new { id });
        var changed = await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/connections/{id}", new { token = "fresh-token" })).JsonAsync();
        Assert.Equal(("active", JsonValueKind.Null), (changed.GetProperty("state").GetString(), changed.GetProperty("stateReason").ValueKind));
        Assert.Equal(31, changed.GetProperty("settings").GetProperty("pipelineId").GetInt32());
        Assert.Equal(new Credentials("https://okna.amocrm.ru/", "fresh-token"), await StoredAsync(project, id));
    }

    [Fact]
    public async Task A_connection_cannot_move_to_another_account()
    {
        var project = await api.CreateProjectAsync();
        var id = await CreatedAsync(project);
        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/connections/{id}", new { baseAddress = "https://other.amocrm.ru" })).ProblemAsync(409);
        Assert.Equal("https://okna.amocrm.ru/", (await StoredAsync(project, id)).BaseAddress);
    }

    [Fact]
    public async Task A_connection_whose_credentials_cannot_be_read_is_still_shown_and_can_be_mended()
    {
        var project = await api.CreateProjectAsync();
        var id = await api.ConnectionAsync(project);
        Assert.Equal(JsonValueKind.Null, (await api.ReadAsync(project, $"/v1/connections/{id}")).GetProperty("address").ValueKind);
        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/connections/{id}", new { token = "t" })).ProblemAsync(400);
        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/connections/{id}", new { baseAddress = "https://okna.amocrm.ru", token = "t" })).JsonAsync();
        Assert.Equal("t", (await StoredAsync(project, id)).Token);
    }

    [Fact]
    public async Task Changes_are_told_to_every_node()
    {
        var project = await api.CreateProjectAsync();
        var id = await CreatedAsync(project);
        await using var listener = new NpgsqlConnection(api.Db);
        await listener.OpenAsync();
        var heard = new List<string>();
        listener.Notification += (_, n) => heard.Add(n.Payload);
        await using (var listen = new NpgsqlCommand("listen connections", listener)) await listen.ExecuteNonQueryAsync();
        foreach (var act in new[] { "pause", "resume" })
        {
            Assert.Equal(act == "pause" ? "paused" : "active", (await (await api.PostAsync(project, $"/v1/connections/{id}/{act}")).JsonAsync()).GetProperty("state").GetString());
            Assert.True(await listener.WaitAsync(TimeSpan.FromSeconds(5)));
        }
        Assert.Equal([project.ProjectId.ToString(), project.ProjectId.ToString()], heard.Where(p => p == project.ProjectId.ToString()));
    }

    [Theory]
    [InlineData("pending", false)]
    [InlineData("sending", false)]
    [InlineData("in_doubt", false)]
    [InlineData("delivered", true)]
    [InlineData("dead", true)]
    public async Task A_connection_goes_only_when_nothing_is_on_its_way(string state, bool goes)
    {
        var project = await api.CreateProjectAsync();
        var id = await api.ConnectionAsync(project);
        await api.DeliveryAsync(project, await api.LeadAsync(project), id, state);
        var answer = await api.SendAsync(project, HttpMethod.Delete, $"/v1/connections/{id}");
        Assert.Equal(goes ? 204 : 409, (int)answer.StatusCode);
        Assert.Equal(goes ? 0 : 1, await api.CountAsync("select count(*) from connections where id = @id", new { id }));
    }

    [Theory]
    [InlineData("incoming", 201)]
    [InlineData("lead", 201)]
    [InlineData("deal", 400)]
    public async Task What_calls_become_is_one_of_two(string calls, int expected)
    {
        var project = await api.CreateProjectAsync();
        var answer = await api.PostAsync(project, "/v1/connections",
            new { crm = "amocrm", name = "Отдел продаж", baseAddress = $"https://a{project.ProjectId:N}.amocrm.ru", token = "t", settings = new { calls } });
        Assert.Equal(expected, (int)answer.StatusCode);
        Assert.Contains(expected == 201 ? $"\"calls\":\"{calls}\"" : "settings.calls", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_tells_what_waits_and_why()
    {
        var project = await api.CreateProjectAsync();
        var host = $"a{project.ProjectId:N}.amocrm.ru";
        var id = await api.ConnectionAsync(project, host: host);
        var idle = await api.ReadAsync(project, $"/v1/connections/{id}/status");
        Assert.Equal((0, JsonValueKind.Null, false), (idle.GetProperty("queue").GetInt32(), idle.GetProperty("oldestDueSeconds").ValueKind, idle.GetProperty("breakerOpen").GetBoolean()));

        // Leased for good: this process's own worker leaves the account alone.
        await api.ExecuteAsync("""
            insert into crm_accounts (account_key, lease_until, breaker_open, retry_at, last_error) values (@Key, 'infinity', true, clock_timestamp() + interval '1 minute', '502 Bad Gateway')
            """, new { Key = "amocrm/" + host });
        var pending = await api.DeliveryAsync(project, await api.LeadAsync(project), id, "pending", lastError: "timeout");
        await api.ExecuteAsync("update deliveries set next_attempt_at = clock_timestamp() - interval '90 seconds' where id = @pending", new { pending });
        await api.DeliveryAsync(project, await api.LeadAsync(project), id, "in_doubt", lastError: null);
        await api.DeliveryAsync(project, await api.LeadAsync(project), id);
        var status = await api.ReadAsync(project, $"/v1/connections/{id}/status");
        Assert.Equal((2, 1, 1), (status.GetProperty("queue").GetInt32(), status.GetProperty("inDoubt").GetInt32(), status.GetProperty("dead").GetInt32()));
        Assert.InRange(status.GetProperty("oldestDueSeconds").GetDouble(), 90, 120);
        Assert.Equal((true, "502 Bad Gateway"), (status.GetProperty("breakerOpen").GetBoolean(), status.GetProperty("lastError").GetString()));
        Assert.NotEqual(JsonValueKind.Null, status.GetProperty("breakerRetryAt").ValueKind);
    }

    [Fact]
    public async Task A_pause_says_who_and_why_until_it_is_lifted()
    {
        var project = await api.CreateProjectAsync();
        var id = await CreatedAsync(project);
        await (await api.PostAsync(project, $"/v1/connections/{id}/pause", new { reason = "Перенастраиваем воронки" })).JsonAsync();
        var paused = await api.ReadAsync(project, $"/v1/connections/{id}/status");
        Assert.Equal(("paused", "Перенастраиваем воронки", false), (paused.GetProperty("state").GetString(), paused.GetProperty("reason").GetString(), paused.GetProperty("needsReauth").GetBoolean()));
        Assert.StartsWith("API key ", paused.GetProperty("stoppedBy").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(JsonValueKind.Null, paused.GetProperty("since").ValueKind);
        await (await api.PostAsync(project, $"/v1/connections/{id}/pause")).JsonAsync();
        await (await api.PostAsync(project, $"/v1/connections/{id}/resume")).JsonAsync();
        var active = await api.ReadAsync(project, $"/v1/connections/{id}/status");
        Assert.Equal(("active", JsonValueKind.Null, JsonValueKind.Null), (active.GetProperty("state").GetString(), active.GetProperty("reason").ValueKind, active.GetProperty("stoppedBy").ValueKind));
    }

    [Fact]
    public async Task After_a_restore_all_connections_are_released_at_once_but_not_those_that_a_person_paused()
    {
        var project = await api.CreateProjectAsync();
        var (first, second) = (await CreatedAsync(project), await CreatedAsync(project, "bitrix24"));
        await api.ExecuteAsync("update connections set state = 'paused', state_by = 'restored' where id = @first", new { first });
        await (await api.PostAsync(project, $"/v1/connections/{second}/pause")).JsonAsync();
        var released = await (await api.PostAsync(project, "/v1/connections/resume")).JsonAsync();
        Assert.Equal(1, released.GetProperty("connections").GetInt32());
        Assert.Equal("active", (await api.ReadAsync(project, $"/v1/connections/{first}")).GetProperty("state").GetString());
        Assert.Equal("paused", (await api.ReadAsync(project, $"/v1/connections/{second}")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_status_tells_the_rate_and_the_last_delivery()
    {
        var project = await api.CreateProjectAsync();
        var host = $"r{project.ProjectId:N}.amocrm.ru";
        var id = await api.ConnectionAsync(project, host: host);
        var delivered = await api.DeliveryAsync(project, await api.LeadAsync(project), id, "delivered");
        await api.ExecuteAsync("""
            update deliveries set delivered_at = clock_timestamp() where id = @delivered;
            insert into crm_accounts (account_key, rate_level, rate_at, rate_per_second, rate_burst, rate_last_second, rate_last_minute) values (@Key, 1, clock_timestamp(), 5, 1, 4, 120)
            """, new { Key = "amocrm/" + host, delivered });
        var status = await api.ReadAsync(project, $"/v1/connections/{id}/status");
        Assert.Equal((4, 120, 5), (status.GetProperty("requestsLastSecond").GetInt32(), status.GetProperty("requestsLastMinute").GetInt32(), status.GetProperty("requestsPerSecondAllowed").GetInt32()));
        Assert.NotEqual(JsonValueKind.Null, status.GetProperty("lastDeliveredAt").ValueKind);
    }
}
