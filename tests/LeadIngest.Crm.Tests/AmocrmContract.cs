using System.Text.Json.Nodes;

namespace LeadIngest.Crm.Tests;

public sealed class AmocrmContract : CrmAccountContract
{
    private protected override string Kind => "amocrm";

    private protected override string Secret => "demo-amocrm-token";

    private protected override string CallsNoun => "calls";

    private protected override ConnectionSettings Unfit => new() { StageId = "987654" };

    // The service allows itself 5 a second of amoCRM's 7; one more may fall into a calendar second by its edges.
    private protected override (int Calls, int InOneSecond) Flood => (14, 6);

    [Theory]
    [InlineData("status_before", 402, "AccountBlocked")]
    [InlineData("status_before", 403, "AccountBlocked")]
    public override Task Trouble_with_the_account_leaves_the_delivery_pending(string kind, int? status, string expected) =>
        base.Trouble_with_the_account_leaves_the_delivery_pending(kind, status, expected);

    private protected override string? CallIdOf(JsonNode entry) => entry["params"]!["uniq"]?.ToString();

    private protected override string? CardOf(JsonNode entry) => entry["entity_id"]!.ToString();

    private protected override CrmConnection Connection(Uri emulator) => new() { Kind = "amocrm", BaseAddress = new Uri(emulator, "amocrm"), Token = Secret };

    private protected override string? Utm(JsonNode deal, string name) =>
        deal["custom_fields_values"]!.AsArray().SingleOrDefault(f => f!["field_code"]?.ToString() == $"UTM_{name.ToUpperInvariant()}")?["values"]![0]!["value"]!.ToString();

    private protected override string? ContactOf(JsonNode deal) => deal["_embedded"]!["contacts"]!.AsArray().SingleOrDefault()?["id"]!.ToString();

    private protected override (int Pipeline, string Stage) SecondPipeline => (9200, "9203");

    private protected override async Task<string> MakeFieldAsync()
    {
        using var http = new HttpClient { BaseAddress = Crm.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Secret);
        using var answer = await http.PostAsync(new Uri("amocrm/api/v4/leads/custom_fields", UriKind.Relative), new StringContent("""[{"name":"Реклама","code":"MY_AD","type":"text"}]""", null, "application/json"));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["_embedded"]!["custom_fields"]![0]!["id"]!.ToString();
    }

    private protected override string? FieldOf(JsonNode deal, string field) =>
        deal["custom_fields_values"]!.AsArray().SingleOrDefault(f => f!["field_id"]!.ToString() == field)?["values"]![0]!["value"]!.ToString();

    private protected override (string Pipeline, string Stage, string User, string Title) PlaceOf(JsonNode deal) =>
        ($"{deal["pipeline_id"]}", $"{deal["status_id"]}", $"{deal["responsible_user_id"]}", $"{deal["name"]}");

    private protected override (string Deal, string Text, DateTimeOffset Due, string? User) TaskOf(JsonNode task) =>
        ($"{task["entity_id"]}", $"{task["text"]}", DateTimeOffset.FromUnixTimeSeconds((long)task["complete_till"]!), $"{task["responsible_user_id"]}");

    [Fact]
    public async Task A_user_who_is_gone_is_left_out_with_a_warning()
    {
        await using var account = CrmAccounts.Create(Connection(Crm.Address) with { Settings = Rules(new() { Responsible = new() { Users = [4711] }, Task = new() { Text = "Позвонить" }, Fields = new Dictionary<string, string> { ["123"] = "x" } }) },
            new CrmTimings { RequestsPerSecond = 1000 }, new RequestBudgets(TimeProvider.System), CrmAccounts.CreateHandler(), TimeProvider.System);
        var outcome = Assert.IsType<DeliveryOutcome.Delivered>(Assert.Single(await account.SendAsync([Samples.Lead()], new Guard(), default)));
        Assert.Equal("31", PlaceOf(await OneAsync("deals", outcome.Steps[Step.Deal])).User);
        Assert.Equal("31", TaskOf(await OneAsync("tasks", outcome.Steps[Step.Task])).User);
        Assert.Contains(outcome.Warnings, w => w.Contains("4711", StringComparison.Ordinal));
        Assert.Contains(outcome.Warnings, w => w.Contains("123", StringComparison.Ordinal));
    }
}
