using System.Text.Json;

namespace LeadIngest.Api.Tests.EndToEnd;

/// <summary>What an integrator chooses from instead of typing ids.</summary>
public sealed partial class PreviewTests
{
    private static string NewHost(string crm) => $"d{Guid.CreateVersion7():N}.{crm}.ru";

    private async Task<(TestProject Project, Guid Id, string Host)> ConnectedAsync(string crm)
    {
        var (project, host) = (await api.CreateProjectAsync(), NewHost(crm));
        return (project, await api.ConnectAtAsync(project, crm, host), host);
    }

    private Task<JsonElement> ReadAsync(TestProject project, Guid id, string query = "") => api.ReadAsync(project, $"/v1/connections/{id}/directories{query}");

    [Fact]
    public async Task Pipelines_people_and_fields_of_amoCRM_are_told_with_what_settings_need_to_know()
    {
        var (project, id, host) = await ConnectedAsync("amocrm");
        await api.CrmAsync($"/amocrm@{host}/api/v4/leads/custom_fields", new object[]
        {
            new { name = "Город", type = "select", enums = new[] { new { value = "Москва" }, new { value = "Тверь" } } },
            new { name = "Бюджет", type = "numeric", code = "BUDGET" },
        });
        await api.CrmAsync($"/_account/amocrm?account={host}", new { dismiss_user = 33 });

        var told = await ReadAsync(project, id);

        Assert.Equal("amocrm", told.GetProperty("crm").GetString());
        var pipeline = told.GetProperty("pipelines")[0];
        Assert.Equal(("9100", "deal", "Воронка", true), (pipeline.GetProperty("id").GetString(), pipeline.GetProperty("of").GetString(), pipeline.GetProperty("name").GetString(), pipeline.GetProperty("isMain").GetBoolean()));
        Assert.False(told.GetProperty("pipelines")[1].GetProperty("isMain").GetBoolean());
        var stages = pipeline.GetProperty("stages").EnumerateArray().ToArray();
        Assert.Equal(["9101", "9102", "9103", "9104", "9105", "142", "143"], stages.Select(s => s.GetProperty("id").GetString()));
        Assert.Equal((true, "open", "won", "lost"), (stages[0].GetProperty("isIncoming").GetBoolean(), stages[1].GetProperty("state").GetString(), stages[5].GetProperty("state").GetString(), stages[6].GetProperty("state").GetString()));
        Assert.Equal("#CCFF66", stages[5].GetProperty("color").GetString());
        Assert.Equal([("31", true), ("32", true), ("33", false)], told.GetProperty("users").EnumerateArray().Select(u => (u.GetProperty("id").GetString()!, u.GetProperty("isActive").GetBoolean())));
        var fields = told.GetProperty("fields").EnumerateArray().ToArray();
        var city = fields.Single(f => f.GetProperty("name").GetString() == "Город");
        Assert.Equal(("deal", "choice", "select"), (city.GetProperty("of").GetString(), city.GetProperty("type").GetString(), city.GetProperty("crmType").GetString()));
        // Without a code it goes by its id; the words are what amoCRM takes.
        Assert.Equal(city.GetProperty("id").GetString(), city.GetProperty("key").GetString());
        Assert.Equal([("Москва", "Москва"), ("Тверь", "Тверь")], city.GetProperty("choices").EnumerateArray().Select(c => (c.GetProperty("value").GetString()!, c.GetProperty("name").GetString()!)));
        Assert.Equal("number", fields.Single(f => f.GetProperty("key").GetString() == "BUDGET").GetProperty("type").GetString());
        Assert.Equal("text", fields.Single(f => f.GetProperty("key").GetString() == "UTM_SOURCE").GetProperty("type").GetString());
        Assert.Equal("contact", fields.Single(f => f.GetProperty("key").GetString() == "PHONE").GetProperty("of").GetString());
        Assert.Empty(told.GetProperty("unread").EnumerateArray());
    }

    [Fact]
    public async Task Pipelines_people_and_fields_of_Bitrix24_are_told_under_the_names_that_people_gave_them()
    {
        var (project, id, host) = await ConnectedAsync("bitrix24");
        async Task MakeAsync(string card, object fields) => await api.CrmAsync($"/bitrix24@{host}/rest/1/demo-bitrix-secret/crm.{card}.userfield.add", new { fields });
        await MakeAsync("deal", new { FIELD_NAME = "CITY", USER_TYPE_ID = "enumeration", EDIT_FORM_LABEL = "Город", LIST = new[] { new { VALUE = "Москва" }, new { VALUE = "Тверь" } } });
        await MakeAsync("lead", new { FIELD_NAME = "VISIT", USER_TYPE_ID = "datetime", EDIT_FORM_LABEL = "Когда приедет" });
        await MakeAsync("contact", new { FIELD_NAME = "BOSS", USER_TYPE_ID = "employee", EDIT_FORM_LABEL = "Куратор" });

        var told = await ReadAsync(project, id);

        var pipelines = told.GetProperty("pipelines").EnumerateArray().ToArray();
        Assert.Equal([("0", "deal"), ("4", "deal"), ("", "lead")], pipelines.Select(p => (p.GetProperty("id").GetString()!, p.GetProperty("of").GetString()!)));
        Assert.Equal([true, false, false], pipelines.Select(p => p.GetProperty("isMain").GetBoolean()));
        Assert.Equal(["C4:NEW", "C4:EXECUTING", "C4:WON", "C4:LOSE"], pipelines[1].GetProperty("stages").EnumerateArray().Select(s => s.GetProperty("id").GetString()));
        Assert.Equal("#7BD500", pipelines[1].GetProperty("stages")[2].GetProperty("color").GetString());
        Assert.Contains(told.GetProperty("users").EnumerateArray(), u => u.GetProperty("id").GetString() == "16" && !u.GetProperty("isActive").GetBoolean());
        // What the portal itself has is none of the business's fields.
        var fields = told.GetProperty("fields").EnumerateArray().ToDictionary(f => f.GetProperty("key").GetString()!);
        Assert.Equal(["UF_CRM_BOSS", "UF_CRM_CITY", "UF_CRM_VISIT"], fields.Keys.Order());
        Assert.Equal([("deal", "Город", "choice"), ("lead", "Когда приедет", "moment"), ("contact", "Куратор", "other")], new[] { "CITY", "VISIT", "BOSS" }.Select(k => fields["UF_CRM_" + k])
            .Select(f => (f.GetProperty("of").GetString()!, f.GetProperty("name").GetString()!, f.GetProperty("type").GetString()!)));
        // Bitrix24 takes the id of a choice, people know its words.
        var choice = fields["UF_CRM_CITY"].GetProperty("choices")[0];
        Assert.Equal("Москва", choice.GetProperty("name").GetString());
        Assert.True(long.TryParse(choice.GetProperty("value").GetString(), out _));
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task The_crm_is_asked_once_by_any_number_of_pages_and_again_when_that_is_wanted(string crm)
    {
        var (project, id, host) = await ConnectedAsync(crm);
        // Of all that is read, only fields of contacts are read for nobody else; Bitrix24 hides its questions in batches.
        async Task AskedAsync(int times)
        {
            if (crm == "amocrm") Assert.Equal(times, (await api.RequestsAsync(crm, host)).Count(r => r.Contains("contacts/custom_fields", StringComparison.Ordinal)));
        }

        var told = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadAsync(project, id)));

        var at = Assert.Single(told.Select(t => t.GetProperty("readAt").GetDateTimeOffset()).Distinct());
        Assert.Equal(at, (await ReadAsync(project, id)).GetProperty("readAt").GetDateTimeOffset());
        await AskedAsync(1);
        Assert.True((await ReadAsync(project, id, "?fresh=true")).GetProperty("readAt").GetDateTimeOffset() > at);
        await AskedAsync(2);
    }

    [Fact]
    public async Task A_login_that_may_not_see_people_still_tells_the_rest_and_says_what_is_missing()
    {
        var (project, id, host) = await ConnectedAsync("amocrm");
        await api.CrmAsync($"/_account/amocrm?account={host}", new { admin = false });
        var told = await ReadAsync(project, id);
        Assert.Equal(JsonValueKind.Null, told.GetProperty("users").ValueKind);
        Assert.NotEmpty(told.GetProperty("fields").EnumerateArray());
        Assert.Equal("users", Assert.Single(told.GetProperty("unread").EnumerateArray()).GetProperty("list").GetString());
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task A_crm_that_fails_is_a_503_and_one_that_refuses_a_422_in_its_own_words(string crm)
    {
        var (project, id, host) = await ConnectedAsync(crm);
        var route = $"/v1/connections/{id}/directories";
        await api.CrmAsync($"/_account/{crm}?account={host}", new { paid = false });
        var refused = await (await api.SendAsync(project, HttpMethod.Get, route)).ProblemAsync(422);
        Assert.EndsWith("/crm-refused", refused.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.NotEqual("", refused.GetProperty("detail").GetString());
        await api.CrmAsync($"/_account/{crm}?account={host}", new { paid = true });

        // Remembered for a moment, unless somebody asks anew.
        await (await api.SendAsync(project, HttpMethod.Get, route)).ProblemAsync(422);
        await (await api.SendAsync(project, HttpMethod.Get, route + "?fresh=true")).JsonAsync();

        await api.CrmAsync("/_faults", new { crm, kind = "down", account = host });
        try
        {
            var failed = await (await api.SendAsync(project, HttpMethod.Get, route + "?fresh=true")).ProblemAsync(503);
            Assert.EndsWith("/crm-unavailable", failed.GetProperty("type").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            await api.HealAsync();
        }
    }

    [Fact]
    public async Task Another_projects_connection_is_not_there_and_unreadable_credentials_are_told()
    {
        var (_, id, _) = await ConnectedAsync("amocrm");
        var stranger = await api.CreateProjectAsync();
        await (await api.SendAsync(stranger, HttpMethod.Get, $"/v1/connections/{id}/directories")).ProblemAsync(404);
        var problem = await (await api.SendAsync(stranger, HttpMethod.Get, $"/v1/connections/{await api.ConnectionAsync(stranger)}/directories")).ProblemAsync(409);
        Assert.EndsWith("/credentials-unreadable", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
    }
}
