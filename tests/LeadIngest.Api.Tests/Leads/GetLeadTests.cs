using System.Text.Json;

namespace LeadIngest.Api.Tests.Leads;

public class GetLeadTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_lead_is_shown_with_passport_fields_and_deliveries()
    {
        var project = await api.CreateProjectAsync();
        var client = await api.ClientAsync(project);
        var connection = await api.ConnectionAsync(project);
        var id = await api.LeadAsync(project, client, details: """
            {"fields":[["Площадь","54 м²"],["Опции","балкон"],["Опции","откосы"]],"consent":{"text":"Согласен","given":true},"ip":"192.0.2.10","userAgent":"x","warnings":["date_ignored"]}
            """);
        await api.DeliveryAsync(project, id, connection);

        var lead = await api.ReadAsync(project, $"/v1/leads/{id}");

        Assert.Equal(
            ["id", "kind", "status", "receivedAt", "occurredAt", "siteId", "siteName", "name", "phone", "phoneTyped", "email", "emailTyped", "messenger", "comment", "formId", "formName",
                "page", "fields", "consent", "passport", "clientId", "duplicateOf", "callId", "visitId", "warnings", "reasons", "deliveries"], lead.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("form", "new", "+79161234567"), (lead.GetProperty("kind").GetString(), lead.GetProperty("status").GetString(), lead.GetProperty("phone").GetString()));
        Assert.Equal("54 м²", lead.GetProperty("fields").GetProperty("Площадь").GetString());
        Assert.Equal(["балкон", "откосы"], lead.GetProperty("fields").GetProperty("Опции").Strings());
        Assert.Equal(["date_ignored"], lead.GetProperty("warnings").Strings());
        Assert.True(lead.GetProperty("consent").GetProperty("given").GetBoolean());
        var passport = lead.GetProperty("passport");
        Assert.Equal(
            ["channel", "source", "medium", "campaign", "content", "keyword", "utm", "clickIds", "landingPage", "referrer", "origin", "confidence", "evidence", "warnings"],
            passport.EnumerateObject().Select(p => p.Name));
        Assert.Equal("внедрение crm цена", passport.GetProperty("keyword").GetString());
        Assert.Equal("17893022", passport.GetProperty("clickIds").GetProperty("yclid").GetString());
        var delivery = Assert.Single(lead.GetProperty("deliveries").EnumerateArray());
        Assert.Equal((connection, "amocrm", "dead", 3), (delivery.GetProperty("connectionId").GetGuid(), delivery.GetProperty("crm").GetString(),
            delivery.GetProperty("state").GetString(), delivery.GetProperty("attempts").GetInt32()));
        Assert.Equal(await NameAsync("connections", connection), delivery.GetProperty("connectionName").GetString());
        Assert.Equal(await NameAsync("sites", project.SiteId), lead.GetProperty("siteName").GetString());
        Assert.Equal(JsonValueKind.Null, delivery.GetProperty("nextAttemptAt").ValueKind);
        Assert.Contains("price", delivery.GetProperty("lastError").GetString());
        // Who sent it and from where is proof of consent, not something to show beside the lead.
        Assert.DoesNotContain("192.0.2.10", lead.GetRawText());

        Task<string?> NameAsync(string table, Guid row) => api.ScalarAsync<string>($"select name from {table} where project_id = @ProjectId and id = @row", new { project.ProjectId, row });
    }

    [Fact]
    public async Task A_lead_names_its_visit_and_a_calls_lead_that_of_its_call()
    {
        var project = await api.CreateProjectAsync();
        var (form, call, odd, visit, heard) = (await api.LeadAsync(project), await api.LeadAsync(project, kind: "call"), await api.LeadAsync(project), Guid.CreateVersion7(), Guid.CreateVersion7());
        await api.ExecuteAsync("""
            insert into calls (project_id, id, sender_id, site_id, provider, external_id, first_seen_at, last_seen_at, visit_id)
            values (@ProjectId, @heard, @SiteId, @SiteId, 'generic', 'c1', now(), now(), @visit);
            update leads set visit_id = upper(@visit::text) where project_id = @ProjectId and id = @form;
            update leads set visit_id = 'of the PBX', call_id = @heard where project_id = @ProjectId and id = @call;
            update leads set visit_id = 'no id' where project_id = @ProjectId and id = @odd
            """, new { project.ProjectId, project.SiteId, form, call, odd, visit, heard });
        Assert.Equal(visit, (await api.ReadAsync(project, $"/v1/leads/{form}")).GetProperty("visitId").GetGuid());
        Assert.Equal(visit, (await api.ReadAsync(project, $"/v1/leads/{call}")).GetProperty("visitId").GetGuid());
        Assert.Equal(JsonValueKind.Null, (await api.ReadAsync(project, $"/v1/leads/{odd}")).GetProperty("visitId").ValueKind);
    }

    [Fact]
    public async Task A_phone_that_could_not_be_read_is_shown_as_typed()
    {
        var project = await api.CreateProjectAsync();
        var id = await api.LeadAsync(project, phone: null, phoneTyped: "звоните после шести");
        var lead = await api.ReadAsync(project, $"/v1/leads/{id}");
        Assert.Equal(JsonValueKind.Null, lead.GetProperty("phone").ValueKind);
        Assert.Equal("звоните после шести", lead.GetProperty("phoneTyped").GetString());
    }

    [Fact]
    public async Task A_lead_of_a_merged_client_names_the_client_that_was_kept()
    {
        var project = await api.CreateProjectAsync();
        var kept = await api.ClientAsync(project);
        var merged = await api.ClientAsync(project, mergedInto: kept);
        var id = await api.LeadAsync(project, merged);
        Assert.Equal(kept, (await api.ReadAsync(project, $"/v1/leads/{id}")).GetProperty("clientId").GetGuid());
    }

    [Fact]
    public async Task A_foreign_lead_and_a_missing_one_get_the_same_404()
    {
        var (project, other) = (await api.CreateProjectAsync(), await api.CreateProjectAsync());
        var foreign = await (await api.GetAsync(project, $"/v1/leads/{await api.LeadAsync(other)}")).ProblemAsync(404);
        var missing = await (await api.GetAsync(project, $"/v1/leads/{Guid.CreateVersion7()}")).ProblemAsync(404);
        foreach (var member in new[] { "type", "title", "detail", "status" })
            Assert.Equal(missing.GetProperty(member).ToString(), foreign.GetProperty(member).ToString());
    }
}
