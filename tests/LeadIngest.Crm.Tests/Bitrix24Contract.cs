using System.Text.Json.Nodes;

namespace LeadIngest.Crm.Tests;

public sealed class Bitrix24Contract : CrmAccountContract
{
    private protected override string Kind => "bitrix24";

    private protected override string Secret => "demo-bitrix-secret";

    private protected override string CallsNoun => "activities";

    private protected override ConnectionSettings Unfit => new() { StageId = "NO_SUCH_STAGE" };

    // A burst of 45, then 1.8 a second.
    private protected override (int Calls, int InOneSecond) Flood => (52, 50);

    [Fact]
    public async Task An_address_that_the_portal_does_not_take_goes_to_the_comments()
    {
        var outcome = await DeliverAsync(Samples.Lead() with { Email = "olga@localhost" });
        Assert.Single(outcome.Warnings);
        Assert.Contains("olga@localhost", Text(await OneAsync("deals", outcome.Steps[Step.Deal])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_may_ask_for_leads_instead_of_deals()
    {
        await using var account = CrmAccounts.Create(
            Connection(Crm.Address) with { Settings = new ConnectionSettings { Entity = "lead" } }, new CrmTimings(), new RequestBudgets(TimeProvider.System), CrmAccounts.CreateHandler(), TimeProvider.System);
        var lead = Samples.Lead();
        var outcome = Assert.IsType<DeliveryOutcome.Delivered>(Assert.Single(await account.SendAsync([lead], new Guard(), default)));
        var held = await OneAsync("leads", outcome.Steps[Step.Deal]);
        Assert.Contains(lead.Phone!, Text(held), StringComparison.Ordinal);
        Assert.Equal(outcome.Steps[Step.Contact], ContactOf(held));
        Assert.IsType<LookupOutcome.Found>(Assert.Single(await account.FindAsync([lead], new Guard(), default)));
        var note = Samples.Note(outcome.Steps[Step.Deal]);
        Assert.IsType<DeliveryOutcome.Delivered>(Assert.Single(await account.SendAsync([note], new Guard(), default)));
        Assert.IsType<LookupOutcome.Found>(Assert.Single(await account.FindAsync([note], new Guard(), default)));
    }

    [Fact]
    public async Task A_contact_left_by_a_broken_attempt_is_used_again()
    {
        var lead = Samples.Lead();
        var first = await DeliverAsync(lead);
        await Crm.RemoveAsync("deal", first.Steps[Step.Deal]);
        var absent = Assert.IsType<LookupOutcome.Absent>(await FindAsync(lead));
        var second = await DeliverAsync(lead with { Steps = absent.Steps });
        Assert.Equal(first.Steps[Step.Contact], second.Steps[Step.Contact]);
        Assert.Single(await Crm.HoldsAsync("contacts"));
    }

    private protected override object Closed => new { STAGE_ID = "APOLOGY" };

    private protected override object Answering(int userId) => new { ASSIGNED_BY_ID = userId };

    // Nobody there has that id.
    private protected override object Dismissal(int userId) => new { check_users = true };

    private protected override object HandMade(string contact) => new { TITLE = "Завёл менеджер", CONTACT_ID = contact };

    private protected override bool IsOfContact(JsonNode entry) => $"{entry["OWNER_TYPE_ID"]}" == "3";

    private protected override string? CallIdOf(JsonNode entry) => entry["FIELDS"]!["ORIGIN_ID"]?.ToString();

    private protected override string? CardOf(JsonNode entry) => entry["OWNER_ID"]!.ToString();

    private protected override CrmConnection Connection(Uri emulator) => new() { Kind = "bitrix24", BaseAddress = new Uri(emulator, $"bitrix24/rest/1/{Secret}/") };

    private protected override string? Utm(JsonNode deal, string name) =>
        (deal[$"utm{char.ToUpperInvariant(name[0])}{name[1..]}"] ?? deal[$"UTM_{name.ToUpperInvariant()}"])?.ToString();

    private protected override string? ContactOf(JsonNode deal) => (deal["contactId"] ?? deal["CONTACT_ID"])?.ToString();

    private protected override (int Pipeline, string Stage) SecondPipeline => (4, "C4:EXECUTING");

    private protected override async Task<string> MakeFieldAsync()
    {
        await Crm.PostAsync($"bitrix24/rest/1/{Secret}/crm.deal.userfield.add", new { fields = new { FIELD_NAME = "UF_CRM_1747309879", USER_TYPE_ID = "string" } });
        return "UF_CRM_1747309879";
    }

    private protected override string? FieldOf(JsonNode deal, string field) => deal[field]?.ToString();

    private protected override (string Pipeline, string Stage, string User, string Title) PlaceOf(JsonNode deal) =>
        ($"{deal["CATEGORY_ID"]}", $"{deal["STAGE_ID"]}", $"{deal["ASSIGNED_BY_ID"]}", $"{deal["TITLE"]}");

    private protected override (string Deal, string Text, DateTimeOffset Due, string? User) TaskOf(JsonNode task) =>
        ($"{task["OWNER_ID"]}", $"{task["SUBJECT"]}", DateTimeOffset.Parse($"{task["FIELDS"]!["deadline"]}", System.Globalization.CultureInfo.InvariantCulture), $"{task["FIELDS"]!["responsibleId"]}");

    // The portal tells nobody of merges, and the surviving card keeps its own id: the deal counts as deleted.
    [Fact]
    public async Task Of_two_merged_deals_of_ours_a_repeat_finds_the_open_one_and_a_duplicate_is_not_lost()
    {
        var first = Samples.Lead();
        var made = await DeliverAsync(first);
        var survivor = (await DeliverAsync(Samples.Lead() with { ContactId = made.Steps[Step.Contact] })).Steps[Step.Deal];
        await MergeAsync(survivor, made.Steps[Step.Deal]);
        var note = NoteOf(first, made) with { OtherDealIds = [survivor] };
        Assert.Equal((OutgoingKind.Deal, null), await RedirectedAsync(note, "deal.deleted") is { } duplicate ? (duplicate.Kind, duplicate.DealId) : default);
        Assert.Equal((OutgoingKind.Note, survivor), await RedirectedAsync(note with { IsRepeat = true }, "deal.deleted") is { } repeat ? (repeat.Kind, repeat.DealId) : default);
    }

    [Fact]
    public async Task A_deal_that_the_webhooks_user_may_not_see_is_not_taken_for_deleted()
    {
        var first = Samples.Lead();
        var made = await DeliverAsync(first);
        await ChangeAsync(made.Steps[Step.Deal], Answering(33));
        await Crm.PostAsync("_account/bitrix24", new { own_only = new[] { 1 } });
        Assert.Equal(made.Steps[Step.Deal], (await DeliverAsync(NoteOf(first, made))).Steps[Step.Deal]);
    }
}
