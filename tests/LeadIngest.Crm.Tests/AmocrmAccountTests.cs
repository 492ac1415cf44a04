using System.Text.Json.Nodes;
using static LeadIngest.Crm.Tests.ScriptedCrm;

namespace LeadIngest.Crm.Tests;

/// <summary>What amoCRM refuses and how the lead gets in all the same, by scripted answers.</summary>
public class AmocrmAccountTests
{
    private const string Fields = """
        {"_embedded":{"custom_fields":[
          {"id":1,"code":"LEADINGEST_ID","name":"a"},{"id":2,"code":"LEADINGEST_SOURCE","name":"b"},{"id":3,"code":"LEADINGEST_CHANNEL","name":"c"},
          {"id":4,"code":"LEADINGEST_FORM","name":"d"},{"id":5,"code":"LEADINGEST_PAGE","name":"e"},{"id":6,"code":"LEADINGEST_COMMENT","name":"f"},
          {"id":7,"code":"UTM_SOURCE","name":"utm_source"},{"id":8,"code":"UTM_TERM","name":"utm_term"},{"id":"9","code":null,"name":"utm_campaign"}]}}
        """;

    [Fact]
    public async Task Exactly_the_refused_field_is_dropped_and_the_rest_is_sent_again()
    {
        var lead = Samples.Lead();
        var posts = 0;
        var crm = Crm(asked => ++posts == 1
            ? Refusal(lead, "custom_fields_values.6.values.0.value")
            : Json(200, $$"""[{"id":10,"contact_id":20,"request_id":["{{lead.LeadId}}"],"merged":false}]"""));

        var outcome = Assert.IsType<DeliveryOutcome.Delivered>(await SendOneAsync(crm, lead));

        Assert.Equal(("10", "20"), (outcome.Steps[Step.Deal], outcome.Steps[Step.Contact]));
        Assert.Contains(outcome.Warnings, w => w.Contains("UTM_SOURCE", StringComparison.Ordinal) && w.Contains("Яндекс.Директ", StringComparison.Ordinal));
        var sent = JsonNode.Parse(crm.Requests[^1].Body)![0]!["custom_fields_values"]!.AsArray().Select(f => (f!["field_code"] ?? f["field_id"])!.ToString()).ToArray();
        Assert.DoesNotContain("UTM_SOURCE", sent);
        Assert.Contains("UTM_TERM", sent);
        Assert.Contains("9", sent);
    }

    [Fact]
    public async Task A_field_that_the_account_lacks_is_left_out_with_a_warning()
    {
        var lead = Samples.Lead();
        var crm = Crm(_ => Json(200, $$"""[{"id":"10","contact_id":"20","request_id":"{{lead.LeadId}}"}]"""));
        var outcome = Assert.IsType<DeliveryOutcome.Delivered>(await SendOneAsync(crm, lead));
        Assert.Contains(outcome.Warnings, w => w.Contains("UTM_MEDIUM", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_right_to_make_fields_the_id_goes_into_a_tag_and_the_comment_into_a_note()
    {
        var lead = Samples.Lead();
        var crm = new ScriptedCrm(asked => asked switch
        {
            { Method.Method: "GET" } => Json(204, ""),
            { PathAndQuery: "/api/v4/leads/custom_fields" } => Json(403, "{}"),
            { PathAndQuery: "/api/v4/leads/notes" } => Json(200, "{}"),
            _ => Json(200, $$"""[{"id":10,"contact_id":20,"request_id":["{{lead.LeadId}}"]}]"""),
        });
        Assert.IsType<DeliveryOutcome.Delivered>(await SendOneAsync(crm, lead));
        Assert.Equal($"LI-{lead.LeadId}", JsonNode.Parse(crm.Requests[^2].Body)![0]!["_embedded"]!["tags"]![0]!["name"]!.ToString());
        Assert.Contains(lead.Comment!, JsonNode.Parse(crm.Requests[^1].Body)![0]!["params"]!["text"]!.ToString(), StringComparison.Ordinal);
    }

    // A gateway's failure was once taken for the refusal above, and the account's cards went without source and channel for an hour.
    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    public async Task Fields_that_could_not_be_made_for_the_moment_are_waited_for(int status)
    {
        var lead = Samples.Lead();
        var isWell = false;
        var made = false;
        var crm = new ScriptedCrm(asked =>
        {
            switch (asked)
            {
                case { Method.Method: "GET" }:
                    return made ? Json(200, """{"_embedded":{"custom_fields":[{"id":7,"code":"LEADINGEST_ID"},{"id":8,"code":"LEADINGEST_SOURCE"}]}}""") : Json(204, "");
                case { PathAndQuery: "/api/v4/leads/custom_fields" } when !isWell:
                    return Json(status, "{}");
                case { PathAndQuery: "/api/v4/leads/custom_fields" }:
                    made = true;
                    return Json(200, "{}");
                default:
                    return Json(200, $$"""[{"id":10,"contact_id":20,"request_id":["{{lead.LeadId}}"]}]""");
            }
        });
        await using var account = Account(crm);
        Assert.IsType<DeliveryOutcome.NotExecuted>((await account.SendAsync([lead], new Guard(), default))[0]);
        Assert.DoesNotContain(crm.Requests, r => r.PathAndQuery.EndsWith("/complex", StringComparison.Ordinal));
        isWell = true;
        Assert.IsType<DeliveryOutcome.Delivered>((await account.SendAsync([lead], new Guard(), default))[0]);
        Assert.Contains("LEADINGEST_ID", crm.Requests.Single(r => r.PathAndQuery.EndsWith("/complex", StringComparison.Ordinal)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_contact_is_replaced_by_a_new_one()
    {
        var lead = Samples.Lead() with { ContactId = "77" };
        var crm = Crm(asked => asked.PathAndQuery.EndsWith("/complex", StringComparison.Ordinal)
            ? Json(200, $$"""[{"id":10,"contact_id":20,"request_id":["{{lead.LeadId}}"]}]""")
            : Refusal(lead, "_embedded.contacts.0.id"));
        var outcome = Assert.IsType<DeliveryOutcome.Delivered>(await SendOneAsync(crm, lead));
        Assert.Equal("20", outcome.Steps[Step.Contact]);
        Assert.Contains(outcome.Warnings, w => w.Contains("77", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bad_item_that_the_answer_does_not_name_is_found_by_halves()
    {
        var leads = Enumerable.Range(0, 5).Select(_ => Samples.Lead()).ToArray();
        var poison = leads[3].LeadId.ToString();
        var crm = Crm(asked => asked.Body.Contains(poison, StringComparison.Ordinal)
            ? Json(400, "{\"title\":\"Bad Request\",\"detail\":\"Something is wrong\"}")
            : Json(200, new JsonArray([.. JsonNode.Parse(asked.Body)!.AsArray().Select((i, n) =>
                (JsonNode)new JsonObject { ["id"] = n + 1, ["contact_id"] = n + 100, ["request_id"] = new JsonArray(i!["request_id"]!.ToString()) })]).ToJsonString()));
        var outcomes = await SendAsync(crm, leads);
        Assert.Contains("Something is wrong", Assert.IsType<DeliveryOutcome.Refused>(outcomes[3]).Why, StringComparison.Ordinal);
        Assert.All(outcomes.Where((_, i) => i != 3), o => Assert.IsType<DeliveryOutcome.Delivered>(o));
    }

    [Fact]
    public async Task What_cannot_be_mended_is_refused_in_the_CRMs_words()
    {
        var lead = Samples.Note("5");
        // The deal is there all the same.
        var crm = new ScriptedCrm(asked => asked.Method == HttpMethod.Get ? Json(200, """{"id":5,"status_id":9101}""") : Refusal(lead, "entity_id"));
        Assert.Contains("NotSupportedChoice at entity_id", Assert.IsType<DeliveryOutcome.Refused>(await SendOneAsync(crm, lead)).Why, StringComparison.Ordinal);
        Assert.Equal(["GET", "POST", "GET"], crm.Requests.Select(r => r.Method.Method));
    }

    [Fact]
    public async Task A_yes_without_an_id_is_a_doubt_for_that_item_alone()
    {
        var (first, second) = (Samples.Lead(), Samples.Lead());
        var crm = Crm(_ => Json(200, $$"""{"_embedded":{"leads":[{"id":10,"contact_id":20,"request_id":["{{second.LeadId}}"]}]} }"""));
        var outcomes = await SendAsync(crm, first, second);
        Assert.IsType<DeliveryOutcome.Unknown>(outcomes[0]);
        Assert.IsType<DeliveryOutcome.Delivered>(outcomes[1]);
    }

    [Fact]
    public async Task Finished_steps_are_not_repeated()
    {
        var crm = new ScriptedCrm();
        var lead = Samples.Lead() with { Steps = new Dictionary<string, string> { [Step.Deal] = "10", [Step.Contact] = "20" } };
        Assert.Equal("10", Assert.IsType<DeliveryOutcome.Delivered>(await SendOneAsync(crm, lead)).Steps[Step.Deal]);
        Assert.Empty(crm.Requests);
    }

    [Fact]
    public async Task An_account_that_cannot_be_reached_is_not_tried_kind_by_kind()
    {
        var crm = Crm(_ => Json(502, "{}"));
        var outcomes = await SendAsync(crm, Samples.Lead() with { ContactId = "7" }, Samples.Lead(), Samples.Note("5"));
        Assert.IsType<DeliveryOutcome.Unknown>(outcomes[0]);
        Assert.All(outcomes.Skip(1), o => Assert.IsType<DeliveryOutcome.NotExecuted>(o));
        Assert.Single(crm.Requests, r => r.Method == HttpMethod.Post);
    }

    [Fact]
    public async Task The_lowest_of_several_deals_is_adopted_and_strangers_in_the_search_are_not()
    {
        var lead = Samples.Lead();
        string Deal(int id, Guid ours) => $$"""
            {"id":{{id}},"custom_fields_values":[{"field_id":1,"field_code":"LEADINGEST_ID","values":[{"value":"{{ours}}"}]}],"_embedded":{"contacts":[{"id":8,"is_main":false},{"id":9,"is_main":true}]} }
            """;
        var crm = new ScriptedCrm(_ => Json(200, $$"""{"_embedded":{"leads":[{{Deal(3, Guid.CreateVersion7())}},{{Deal(12, lead.LeadId)}},{{Deal(11, lead.LeadId)}},{"id":1,"custom_fields_values":null}]} }"""));
        await using var account = Account(crm);
        var found = Assert.IsType<LookupOutcome.Found>(Assert.Single(await account.FindAsync([lead], new Guard(), default)));
        Assert.Equal(("11", "9"), (found.Steps[Step.Deal], found.Steps[Step.Contact]));
        Assert.Single(found.Warnings);
    }

    private static HttpResponseMessage Refusal(OutgoingLead lead, string path) => Json(400, $$"""
        {"validation-errors":[{"request_id":"{{lead.LeadId}}","errors":[{"code":"NotSupportedChoice","path":"{{path}}","detail":"No such choice."}]}],"status":400}
        """);

    /// <summary>Answers about fields, and leaves the rest to the test.</summary>
    private static ScriptedCrm Crm(Func<Asked, HttpResponseMessage> answer) =>
        new(asked => asked.PathAndQuery.Contains("custom_fields", StringComparison.Ordinal) ? Json(200, Fields) : answer(asked));

    private static ICrmAccount Account(HttpMessageHandler crm) => CrmAccounts.Create(
        new CrmConnection { Kind = "amocrm", BaseAddress = new Uri("https://acme.amocrm.ru"), Token = "very-secret-token" },
        new CrmTimings { RequestsPerSecond = 1000 }, new RequestBudgets(TimeProvider.System), crm, TimeProvider.System);

    private static async Task<IReadOnlyList<DeliveryOutcome>> SendAsync(ScriptedCrm crm, params OutgoingLead[] leads)
    {
        await using var account = Account(crm);
        return await account.SendAsync(leads, new Guard(), default);
    }

    private static async Task<DeliveryOutcome> SendOneAsync(ScriptedCrm crm, OutgoingLead lead) => Assert.Single(await SendAsync(crm, lead));
}
