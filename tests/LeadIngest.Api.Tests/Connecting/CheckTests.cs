using System.Text.Json;

namespace LeadIngest.Api.Tests.Connecting;

/// <summary>The self-test of a connection, and what it mends.</summary>
public sealed class CheckTests(ConnectingFixture api) : IClassFixture<ConnectingFixture>
{
    [Theory]
    [InlineData("amocrm", "LEADINGEST_KEYWORD")]
    [InlineData("bitrix24", "UF_CRM_LI_KEYWORD")]
    public async Task A_repair_makes_our_fields_once_and_a_look_makes_none(string crm, string keyword)
    {
        var (project, id, _) = await ConnectedAsync(crm);
        var look = await api.CheckAsync(project, id);
        Assert.True(look.GetProperty("ok").GetBoolean(), look.GetRawText());
        Assert.Equal(("warning", false), State(look, "fields"));
        Assert.Empty(look.GetProperty("fields").EnumerateObject());
        Assert.Equal(("warning", false), State(await api.CheckAsync(project, id), "fields"));

        var repair = await api.CheckAsync(project, id, repair: true);
        Assert.Equal(("ok", true), State(repair, "fields"));
        Assert.Equal(keyword, repair.GetProperty("fields").GetProperty("keyword").GetString());
        Assert.Equal(["campaign", "channel", "keyword", "landingPage", "leadId", "source"], repair.GetProperty("fields").EnumerateObject().Select(f => f.Name).Order());
        Assert.Equal(keyword, await api.ScalarAsync<string>("select own_fields->>'keyword' from connections where id = @id", new { id }));
        Assert.Equal(("ok", false), State(await api.CheckAsync(project, id, repair: true), "fields"));
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task Missing_rights_are_told_and_a_repair_without_them_breaks_nothing(string crm)
    {
        var (project, id, host) = await ConnectedAsync(crm);
        await api.ChangeAccountAsync(crm, new { account = host, admin = false });
        var check = await api.CheckAsync(project, id, repair: true);
        Assert.Equal(("warning", false), State(check, "fields"));
        if (crm == "amocrm") Assert.Equal("warning", State(check, "rights").State);
    }

    [Theory]
    [InlineData("amocrm", "paid")]
    [InlineData("bitrix24", "account")]
    public async Task An_account_that_is_not_paid_is_told(string crm, string item)
    {
        var (project, id, host) = await ConnectedAsync(crm);
        await api.ChangeAccountAsync(crm, new { account = host, paid = false });
        var check = await api.CheckAsync(project, id);
        Assert.False(check.GetProperty("ok").GetBoolean());
        Assert.Equal(("failed", false), State(check, item));
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task A_pipeline_a_stage_and_a_user_that_are_not_there_are_told(string crm)
    {
        var (project, id, _) = await ConnectedAsync(crm);
        async Task<JsonElement> With(object settings)
        {
            await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/connections/{id}", new { settings })).JsonAsync();
            return await api.CheckAsync(project, id);
        }

        Assert.Equal("failed", State(await With(new { pipelineId = 987_654 }), "pipeline").State);
        Assert.Equal("failed", State(await With(new { stageId = "987654" }), "stage").State);
        Assert.Equal("failed", State(await With(new { responsibleUserId = 987_654 }), "responsible").State);
        Assert.True((await With(new { })).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_filter_that_is_off_a_webhook_that_is_missing_and_a_pause_are_told_in_words()
    {
        var (project, id, host) = await ConnectedAsync("amocrm");
        // The login has set one up; somebody takes it away.
        await api.UntilAsync(async () => (await api.ReadAsync(project, $"/v1/connections/{id}/webhook")).GetProperty("state").GetString() == "on");
        await (await api.PostAsync(project, $"/v1/connections/{id}/pause")).JsonAsync();
        using (var removal = new HttpRequestMessage(HttpMethod.Delete, "/api/v4/webhooks"))
        {
            removal.Headers.Host = host;
            removal.Headers.Authorization = new("Bearer", (await api.StoredAsync(project, id)).Token);
            removal.Content = System.Net.Http.Json.JsonContent.Create(new { destination = (await api.ReadAsync(project, $"/v1/connections/{id}/webhook")).GetProperty("address").GetString() });
            Assert.Equal(204, (int)(await api.Crm.SendAsync(removal)).StatusCode);
        }
        var check = await api.CheckAsync(project, id);
        Assert.Contains("off", Message(check, "filter"), StringComparison.Ordinal);
        Assert.Equal("warning", State(check, "webhooks").State);
        Assert.Contains("paused", Message(check, "connection"), StringComparison.Ordinal);
        Assert.Equal(("paused", false), (check.GetProperty("state").GetString(), check.GetProperty("ok").GetBoolean()));
        Assert.Equal("ok", State(check, "scopes").State);
    }

    [Fact]
    public async Task Credentials_that_cannot_be_read_are_an_answer_and_no_fault()
    {
        var project = await api.CreateProjectAsync();
        var check = await api.CheckAsync(project, await api.ConnectionAsync(project));
        Assert.Equal(("failed", false), State(check, "credentials"));
    }

    private async Task<(TestProject Project, Guid Id, string Host)> ConnectedAsync(string crm)
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost(crm));
        return (project, crm == "amocrm" ? await api.ConnectAsync(project, host) : await api.InstallAsync(project, host), host);
    }

    private static JsonElement Item(JsonElement check, string name) => Assert.Single(check.GetProperty("items").EnumerateArray(), i => i.GetProperty("name").GetString() == name);

    private static (string? State, bool Repaired) State(JsonElement check, string name) => (Item(check, name).GetProperty("state").GetString(), Item(check, name).GetProperty("repaired").GetBoolean());

    private static string? Message(JsonElement check, string name) => Item(check, name).GetProperty("message").GetString();
}
