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

    private protected override object Closed => new { status_id = 143 };

    private protected override object Answering(int userId) => new { responsible_user_id = userId };

    private protected override object Dismissal(int userId) => new { remove_user = userId };

    private protected override object HandMade(string contact) => new { name = "Завёл менеджер", _embedded = new { contacts = new[] { new { id = long.Parse(contact, System.Globalization.CultureInfo.InvariantCulture) } } } };

    private protected override bool IsOfContact(JsonNode entry) => $"{entry["entity_type"]}" == "contacts";

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

    [Theory]
    [InlineData("keep", false)]
    [InlineData("keep", true)]
    [InlineData("gone", false)]
    [InlineData("gone", true)]
    [InlineData("both", false)]
    public async Task A_merge_of_two_of_our_deals_is_found_in_the_events_whichever_they_name(string named, bool tellsOfDeletion)
    {
        await Crm.PostAsync("_account/amocrm", new { merge_event = named, merge_deletes = tellsOfDeletion });
        var first = Samples.Lead();
        var made = await DeliverAsync(first);
        var contact = made.Steps[Step.Contact];
        var survivor = (await DeliverAsync(Samples.Lead() with { ContactId = contact })).Steps[Step.Deal];
        await DeliverAsync(Samples.Lead() with { ContactId = contact });
        // Events count in seconds, and a deal that was only made at that moment could be the one as well.
        await Crm.PostAsync("_clock", new { seconds = 60 });
        await MergeAsync(survivor, made.Steps[Step.Deal]);

        var other = await RedirectedAsync(NoteOf(first, made), "deal.merged");

        Assert.Equal((OutgoingKind.Note, survivor, made.Steps[Step.Deal]), (other.Kind, other.DealId, other.MergedFrom));
    }

    [Fact]
    public async Task A_deleted_deal_is_not_taken_for_merged_because_another_one_was_once()
    {
        var first = Samples.Lead();
        var made = await DeliverAsync(first);
        var contact = made.Steps[Step.Contact];
        var (stays, goes) = ((await DeliverAsync(Samples.Lead() with { ContactId = contact })).Steps[Step.Deal], (await DeliverAsync(Samples.Lead() with { ContactId = contact })).Steps[Step.Deal]);
        await MergeAsync(stays, goes);
        await Crm.PostAsync("_clock", new { seconds = 60 });
        await Crm.RemoveAsync("deal", made.Steps[Step.Deal]);
        Assert.Equal(OutgoingKind.Deal, (await RedirectedAsync(NoteOf(first, made), "deal.deleted")).Kind);
    }

    [Fact]
    public async Task Deals_are_read_one_by_one_where_filters_are_not_paid_for_and_the_list_is_asked_for_once()
    {
        await Crm.PostAsync("_account/amocrm", new { api_filter = false });
        await using var account = CrmAccounts.Create(Connection(Crm.Address), new CrmTimings { RequestsPerSecond = 1000 }, new RequestBudgets(TimeProvider.System), CrmAccounts.CreateHandler(), TimeProvider.System);
        var deals = (await account.SendAsync([.. Enumerable.Range(0, 5).Select(_ => Samples.Lead())], new Guard(), default)).Select(o => o.Steps[Step.Deal]).ToArray();
        // The last ones of the account: a list that ignores the filter brings others first.
        foreach (var calls in new[] { 1 + 3 + 1, 3 + 1 })
        {
            var before = await Crm.CallsAsync();
            await ChangeAsync(deals[4], Closed);
            var outcomes = await account.SendAsync([Samples.Note(deals[2]), Samples.Note(deals[3]), Samples.Note(deals[4]) with { IsRepeat = true }], new Guard(), default);
            Assert.Equal(["Delivered", "Delivered", "Redirected"], outcomes.Select(o => o.GetType().Name));
            Assert.True(await Crm.CallsAsync() - before <= calls);
        }
    }
}
