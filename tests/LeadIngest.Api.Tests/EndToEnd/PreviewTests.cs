using System.Text.Json;

namespace LeadIngest.Api.Tests.EndToEnd;

/// <summary>An integrator tries a connection's rules on a lead before any lead is sent by them.</summary>
public sealed partial class PreviewTests(EmulatedCrms api) : IClassFixture<EmulatedCrms>
{
    private static readonly object Lead = LeadOf("8 (916) 123-45-67");

    private static object LeadOf(string phone) => new
    {
        name = "Иван",
        phone,
        page = "https://example.ru/?utm_source=yandex&utm_medium=cpc&utm_campaign=okna&utm_term=%D0%BE%D0%BA%D0%BD%D0%B0",
        formName = "Замер",
    };

    private async Task<(TestProject Project, Dictionary<string, Guid> Connections)> CreateAsync()
    {
        var project = await api.CreateConnectedProjectAsync();
        var connections = (await api.ReadAsync(project, "/v1/connections")).GetProperty("items").EnumerateArray()
            .ToDictionary(c => c.GetProperty("crm").GetString()!, c => c.GetProperty("id").GetGuid());
        foreach (var id in connections.Values)
            await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/connections/{id}", JsonSerializer.Deserialize<JsonElement>("""
                {"settings":{"plan":"enterprise","routing":{"rules":[
                  {"name":"Звонки","when":{"kinds":["call"]}},
                  {"name":"Яндекс","when":{"sources":["Яндекс.Директ"]},"then":{"title":"{form}: {name}","responsible":{"users":[32]},"task":{"text":"Перезвонить: {name}"}}}]}}}
                """))).JsonAsync();
        return (project, connections);
    }

    [Theory]
    [InlineData("amocrm", "+79161234567")]
    [InlineData("bitrix24", "+79161234568")]
    public async Task A_lead_is_shown_with_its_passport_its_rule_and_the_requests_and_nothing_happens(string crm, string phone)
    {
        // Nobody in the CRM has this phone yet.
        var form = LeadOf(phone);
        var (project, connections) = await CreateAsync();
        // Reading the CRMs' people makes clients too: over before anything is counted.
        foreach (var id in connections.Values) await api.UntilAsync(project, $"/v1/connections/{id}/import", p => p.GetProperty("state").GetString() == "done");
        Task<int> ClientsAsync() => api.ScalarAsync<int>("select count(*)::int from clients where project_id = @P", new { P = project.ProjectId });
        var (before, clients) = ((await api.StateAsync(crm + "/deals")).Length, await ClientsAsync());

        var preview = await (await api.PostAsync(project, $"/v1/connections/{connections[crm]}/preview", form)).JsonAsync();

        Assert.Equal(("new", "deal", "Яндекс", "Delivered"), (preview.GetProperty("status").GetString(), preview.GetProperty("kind").GetString(),
            preview.GetProperty("rule").GetString(), preview.GetProperty("outcome").GetString()));
        Assert.Equal(("Яндекс.Директ", "okna", "окна"), (preview.GetProperty("passport").GetProperty("source").GetString(),
            preview.GetProperty("passport").GetProperty("campaign").GetString(), preview.GetProperty("passport").GetProperty("keyword").GetString()));
        Assert.Equal([false, true], preview.GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("matched").GetBoolean()));
        var requests = preview.GetProperty("requests").EnumerateArray().ToList();
        var text = System.Text.RegularExpressions.Regex.Unescape(string.Join('\n', requests.Select(r => Uri.UnescapeDataString(r.GetRawText()))));
        Assert.Contains("Замер: Иван", text);
        Assert.Contains("Перезвонить: Иван", text);
        Assert.Contains(phone, text);
        Assert.DoesNotContain("demo-", text);
        Assert.Equal(before, (await api.StateAsync(crm + "/deals")).Length);
        Assert.Equal(0, await api.ScalarAsync<int>("select count(*)::int from leads where project_id = @P", new { P = project.ProjectId }));
        Assert.Equal(clients, await ClientsAsync());

        // What comes then is what was shown.
        var lead = await api.DeliveredAsync(project, await api.PostLeadAsync(project, form));
        var remote = lead.GetProperty("deliveries").EnumerateArray().Single(d => d.GetProperty("connectionId").GetGuid() == connections[crm]).GetProperty("remoteLeadId").GetString();
        var deal = (await api.StateAsync(crm + "/deals")).Single(d => (d.TryGetProperty("id", out var id) ? id : d.GetProperty("ID")).ToString() == remote);
        Assert.Contains("Замер: Иван", System.Text.RegularExpressions.Regex.Unescape(deal.GetRawText()));

        // Once it is stored, the same by its id; and the next one from the same form would be a note.
        var stored = await (await api.PostAsync(project, $"/v1/connections/{connections[crm]}/preview", new { leadId = lead.GetProperty("id").GetGuid() })).JsonAsync();
        Assert.Equal(("new", "deal", "Яндекс"), (stored.GetProperty("status").GetString(), stored.GetProperty("kind").GetString(), stored.GetProperty("rule").GetString()));
        var again = await (await api.PostAsync(project, $"/v1/connections/{connections[crm]}/preview", form)).JsonAsync();
        Assert.Equal(("duplicate", "note"), (again.GetProperty("status").GetString(), again.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task What_cannot_be_previewed_is_refused_by_name()
    {
        var (project, connections) = await CreateAsync();
        var route = $"/v1/connections/{connections["amocrm"]}/preview";
        await (await api.PostAsync(project, route, new { name = "Иван" })).ProblemAsync(400);
        await (await api.PostAsync(project, route, new { leadId = Guid.CreateVersion7() })).ProblemAsync(404);
        await (await api.PostAsync(project, $"{route}?siteId={Guid.CreateVersion7()}", Lead)).ProblemAsync(400);
        var problem = await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/connections/{connections["amocrm"]}", JsonSerializer.Deserialize<JsonElement>(
            """{"settings":{"routing":{"rules":[{"name":"a","then":{"title":"{nobody}"}}]}}}"""))).ProblemAsync(400);
        // A misspelt condition would be none, and the rule match every lead.
        var misspelt = await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/connections/{connections["amocrm"]}", JsonSerializer.Deserialize<JsonElement>(
            """{"settings":{"routing":{"rules":[{"name":"a","when":{"fonePrefixes":["+7495"]}}]}}}"""))).ProblemAsync(400);
        Assert.Contains("$.settings.routing.rules[0].when.fonePrefixes", misspelt.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(["settings.routing.rules[0].then.title"], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Theory]
    [InlineData("amocrm", "+79161234571")]
    [InlineData("bitrix24", "+79161234572")]
    public async Task Settings_are_tried_on_a_lead_before_they_are_saved(string crm, string phone)
    {
        var (project, connections) = await CreateAsync();
        var route = $"/v1/connections/{connections[crm]}";
        var saved = (await api.ReadAsync(project, route)).GetProperty("settings").GetRawText();
        var lead = JsonSerializer.SerializeToNode(LeadOf(phone))!.AsObject();
        lead["settings"] = JsonSerializer.SerializeToNode(new
        {
            stageId = crm == "amocrm" ? "9103" : "EXECUTING",
            plan = "standard",
            routing = new { rules = new[] { new { name = "Новое", when = new { sources = new[] { "Яндекс.Директ" } }, then = new { title = "Проба: {name}", tags = new[] { "{campaign}" } } } } },
        });

        var tried = await (await api.PostAsync(project, route + "/preview", lead)).JsonAsync();

        Assert.Equal(("Новое", "Delivered"), (tried.GetProperty("rule").GetString(), tried.GetProperty("outcome").GetString()));
        Assert.Equal(("Проба: Иван", crm == "amocrm" ? "9103" : "EXECUTING"), (tried.GetProperty("decision").GetProperty("title").GetString(), tried.GetProperty("decision").GetProperty("stageId").GetString()));
        var text = System.Text.RegularExpressions.Regex.Unescape(string.Join('\n', tried.GetProperty("requests").EnumerateArray().Select(r => Uri.UnescapeDataString(r.GetRawText()))));
        Assert.Contains("Проба: Иван", text);
        // The settings are no part of what the form sent.
        Assert.DoesNotContain("routing", text);
        Assert.Equal(saved, (await api.ReadAsync(project, route)).GetProperty("settings").GetRawText());
        lead.Remove("settings");
        Assert.Equal("Яндекс", (await (await api.PostAsync(project, route + "/preview", lead)).JsonAsync()).GetProperty("rule").GetString());
    }

    [Theory]
    [InlineData("""{"stageId":"x y","routing":{"rules":[{"name":"a","then":{"title":"{nobody}"}}]}}""", "settings.routing.rules[0].then.title")]
    [InlineData("""{"routing":{"rules":[{"name":"a","then":{"stageId":"C2:NEW"}}]}}""", "settings.routing.rules[0].then.stageId")]
    [InlineData("""{"routing":{"rules":[{"name":"a","when":{"fonePrefixes":["+7495"]}}]}}""", "settings.routing.rules[0].when.fonePrefixes")]
    [InlineData("""{"pipelineId":-1}""", "settings.pipelineId")]
    [InlineData("""{"entity":null}""", "settings.entity")]
    [InlineData("""{"pipelineId":"first"}""", "settings.pipelineId")]
    [InlineData("\"all\"", "settings")]
    public async Task Settings_that_could_not_be_saved_cannot_be_tried_and_the_fault_is_told_by_its_place(string settings, string place)
    {
        var (project, connections) = await CreateAsync();
        var lead = JsonSerializer.SerializeToNode(Lead)!.AsObject();
        lead["settings"] = System.Text.Json.Nodes.JsonNode.Parse(settings);
        var problem = await (await api.PostAsync(project, $"/v1/connections/{connections["amocrm"]}/preview", lead)).ProblemAsync(400);
        Assert.Equal([place], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }
}
