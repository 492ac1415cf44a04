using System.Text.Json.Nodes;
using static LeadIngest.Crm.Tests.ScriptedCrm;

namespace LeadIngest.Crm.Tests;

/// <summary>What Bitrix24 refuses and how the lead gets in all the same, by scripted answers.</summary>
public class Bitrix24AccountTests
{
    [Fact]
    public async Task A_lead_alone_costs_one_call()
    {
        var crm = new ScriptedCrm(() => Answers(("c", Item(20)), ("d", Item(10))));
        var outcome = Assert.IsType<DeliveryOutcome.Delivered>(await SendOneAsync(crm, Samples.Lead()));
        Assert.Equal(("10", "20"), (outcome.Steps[Step.Deal], outcome.Steps[Step.Contact]));
        Assert.Contains("fields[contactId]=$result[c][item][id]", Commands(crm.Requests[0])["d"], StringComparison.Ordinal);
        Assert.Equal(1, (int)JsonNode.Parse(crm.Requests[0].Body)!["halt"]!);
    }

    [Fact]
    public async Task Several_leads_and_a_note_cost_three_calls()
    {
        var crm = new ScriptedCrm(
            () => Answers(("g0", Item(5))),
            () => Answers(("c0", Item(20)), ("c1", Item(21)), ("c2", Item(99))),
            () => Answers(("d0", Item(10)), ("d1", "31"), ("d2", Item(11)), ("d3", Item(12))));
        var outcomes = await SendAsync(crm, Samples.Lead(), Samples.Note("5"), Samples.Lead(), Samples.Lead() with { ContactId = "99" });
        Assert.All(outcomes, o => Assert.IsType<DeliveryOutcome.Delivered>(o));
        Assert.Equal(["20", "", "21", "99"], outcomes.Select(o => o.Steps.GetValueOrDefault(Step.Contact, "")));
        Assert.Equal("31", outcomes[1].Steps[Step.Note]);
    }

    [Fact]
    public async Task A_refused_email_goes_to_the_comments()
    {
        var crm = new ScriptedCrm(
            () => Errors([], ("c", "ERROR_CORE", "Поле \"E-mail\" содержит некорректный адрес")),
            () => Answers(("c", Item(20)), ("d", Item(10))));
        var outcome = Assert.IsType<DeliveryOutcome.Delivered>(await SendOneAsync(crm, Samples.Lead()));
        Assert.Single(outcome.Warnings);
        var commands = Commands(crm.Requests[1]);
        Assert.DoesNotContain("EMAIL", commands["c"], StringComparison.Ordinal);
        Assert.Contains("olga@example.org", Uri.UnescapeDataString(commands["d"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_contact_that_is_there_is_not_made_again_when_the_deal_was_put_off()
    {
        var crm = new ScriptedCrm(() => Errors([("c", Item(20))], ("d", "OPERATION_TIME_LIMIT", "Method is blocked")));
        var outcome = Assert.IsType<DeliveryOutcome.NotExecuted>(await SendOneAsync(crm, Samples.Lead()));
        Assert.Equal("20", outcome.Steps[Step.Contact]);
        Assert.Equal(TimeSpan.FromMinutes(1), outcome.After);
    }

    [Fact]
    public async Task A_removed_contact_is_replaced_by_a_new_one()
    {
        var crm = new ScriptedCrm(
            () => Errors([], ("c", "NOT_FOUND", "Элемент не найден")),
            () => Answers(("c", Item(20)), ("d", Item(10))));
        var outcome = Assert.IsType<DeliveryOutcome.Delivered>(await SendOneAsync(crm, Samples.Lead() with { ContactId = "77" }));
        Assert.Equal("20", outcome.Steps[Step.Contact]);
        Assert.Contains(outcome.Warnings, w => w.Contains("77", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_contact_that_may_not_be_looked_at_is_linked_all_the_same()
    {
        var crm = new ScriptedCrm(
            () => Errors([], ("c", "ACCESS_DENIED", "Доступ запрещен")),
            () => Answers(("d0", Item(10))));
        var outcome = Assert.IsType<DeliveryOutcome.Delivered>(await SendOneAsync(crm, Samples.Lead() with { ContactId = "77" }));
        Assert.Equal("77", outcome.Steps[Step.Contact]);
        Assert.Contains("fields[contactId]=77", Commands(crm.Requests[1])["d0"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_stage_is_left_out_once()
    {
        var crm = new ScriptedCrm(
            () => Errors([("c", Item(20))], ("d", "CRM_FIELD_ERROR_VALUE_NOT_VALID", "Неверное значение поля")),
            () => Answers(("d0", Item(10))));
        var outcome = Assert.IsType<DeliveryOutcome.Delivered>(await SendOneAsync(crm, Samples.Lead(), new ConnectionSettings { StageId = "GONE" }));
        Assert.Single(outcome.Warnings);
        Assert.DoesNotContain("stageId", Commands(crm.Requests[1])["d0"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_required_field_is_a_refusal_in_the_portals_words()
    {
        var crm = new ScriptedCrm(() => Errors([], ("c", "CRM_FIELD_ERROR_REQUIRED", "Поле ИНН обязательно")));
        Assert.Contains("Поле ИНН обязательно", Assert.IsType<DeliveryOutcome.Refused>(await SendOneAsync(crm, Samples.Lead())).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_item_does_no_harm_to_its_neighbours()
    {
        var crm = new ScriptedCrm(
            () => Errors([("c0", Item(20)), ("c2", Item(22))], ("c1", "CRM_FIELD_ERROR_REQUIRED", "x")),
            () => Errors([("d0", Item(10))], ("d1", "", "disk quota")));
        var outcomes = await SendAsync(crm, Samples.Lead(), Samples.Lead(), Samples.Lead());
        Assert.IsType<DeliveryOutcome.Delivered>(outcomes[0]);
        Assert.IsType<DeliveryOutcome.Refused>(outcomes[1]);
        Assert.Equal("22", Assert.IsType<DeliveryOutcome.Refused>(outcomes[2]).Steps[Step.Contact]);
    }

    [Fact]
    public async Task A_command_that_the_answer_passes_over_is_a_doubt()
    {
        var crm = new ScriptedCrm(() => Answers(("c", Item(20))));
        var outcome = Assert.IsType<DeliveryOutcome.Unknown>(await SendOneAsync(crm, Samples.Lead()));
        Assert.Equal("20", outcome.Steps[Step.Contact]);
    }

    [Fact]
    public async Task A_contact_alone_is_found_and_told()
    {
        var lead = Samples.Lead();
        var crm = new ScriptedCrm(() => Answers(
            ("c0", $$"""{"items":[{"id":21,"originId":"{{lead.ClientId}}"},{"id":20,"originId":"{{lead.ClientId}}"},{"id":5,"originId":"other"}]}"""),
            ("d0", "{\"items\":[]}")));
        await using var account = Account(crm);
        var absent = Assert.IsType<LookupOutcome.Absent>(Assert.Single(await account.FindAsync([lead], new Guard(), default)));
        Assert.Equal("20", absent.Steps[Step.Contact]);
    }

    [Fact]
    public async Task The_secret_of_the_address_is_in_no_words()
    {
        var crm = new ScriptedCrm(
            () => Errors([], ("c", "CRM_FIELD_ERROR_REQUIRED", "rest/1/webhook-secret/batch")),
            () => Json(401, """{"error":"INVALID_CREDENTIALS","error_description":"webhook-secret is wrong"}"""));
        await using var account = Account(crm);
        var refused = Assert.IsType<DeliveryOutcome.Refused>(Assert.Single(await account.SendAsync([Samples.Lead()], new Guard(), default)));
        var credentials = Assert.IsType<DeliveryOutcome.CredentialsRefused>(Assert.Single(await account.SendAsync([Samples.Lead()], new Guard(), default)));
        foreach (var text in new[] { refused.Why, credentials.Why, account.Health.LastError! })
        {
            Assert.DoesNotContain("webhook-secret", text, StringComparison.Ordinal);
            Assert.Contains("***", text, StringComparison.Ordinal);
        }
    }

    private static string Item(int id) => $$"""{"item":{"id":{{id}} } }""";

    private static HttpResponseMessage Answers(params (string Key, string Result)[] results) => Errors(results);

    private static HttpResponseMessage Errors((string Key, string Result)[] results, params (string Key, string Code, string Words)[] errors)
    {
        JsonNode result = results.Length == 0 ? new JsonArray() : new JsonObject(results.Select(r => KeyValuePair.Create(r.Key, JsonNode.Parse(r.Result))));
        JsonNode error = errors.Length == 0
            ? new JsonArray()
            : new JsonObject(errors.Select(e => KeyValuePair.Create<string, JsonNode?>(e.Key, new JsonObject { ["error"] = e.Code, ["error_description"] = e.Words })));
        return Json(200, new JsonObject { ["result"] = new JsonObject { ["result"] = result, ["result_error"] = error } }.ToJsonString());
    }

    private static Dictionary<string, string> Commands(Asked asked) =>
        JsonNode.Parse(asked.Body)!["cmd"]!.AsObject().ToDictionary(c => c.Key, c => c.Value!.ToString());

    private static ICrmAccount Account(HttpMessageHandler crm, ConnectionSettings? settings = null) => CrmAccounts.Create(
        new CrmConnection { Kind = "bitrix24", BaseAddress = new Uri("https://acme.bitrix24.ru/rest/1/webhook-secret/"), Settings = settings ?? new() },
        new CrmTimings { RequestsPerSecond = 1000 }, new RequestBudgets(TimeProvider.System), crm, TimeProvider.System);

    private static async Task<IReadOnlyList<DeliveryOutcome>> SendAsync(ScriptedCrm crm, params OutgoingLead[] leads)
    {
        await using var account = Account(crm);
        return await account.SendAsync(leads, new Guard(), default);
    }

    private static async Task<DeliveryOutcome> SendOneAsync(ScriptedCrm crm, OutgoingLead lead, ConnectionSettings? settings = null)
    {
        await using var account = Account(crm, settings);
        return Assert.Single(await account.SendAsync([lead], new Guard(), default));
    }
}
