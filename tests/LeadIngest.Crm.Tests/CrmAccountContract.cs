using System.Text.Json.Nodes;

namespace LeadIngest.Crm.Tests;

/// <summary>What delivery relies on, whichever CRM stands behind the port. A subclass only says how to reach its CRM and how to read it.</summary>
public abstract partial class CrmAccountContract : IAsyncLifetime
{
    private static readonly SocketsHttpHandler Handler = CrmAccounts.CreateHandler();

    private readonly Guard _guard = new();
    private EmulatedCrm _crm = null!;
    private ICrmAccount _account = null!;

    private protected EmulatedCrm Crm => _crm;

    private protected abstract string Kind { get; }

    /// <summary>The credential that must be in no text.</summary>
    private protected abstract string Secret { get; }

    private protected abstract CrmConnection Connection(Uri emulator);

    private protected abstract string? Utm(JsonNode deal, string name);

    private protected abstract string? ContactOf(JsonNode deal);

    /// <summary>Settings that this CRM refuses: a stage that does not exist.</summary>
    private protected abstract ConnectionSettings Unfit { get; }

    /// <summary>A limiter that works as in production: how many calls go out and how many a second the CRM allows for long.</summary>
    private protected abstract (int Calls, int InOneSecond) Flood { get; }

    public async Task InitializeAsync()
    {
        _crm = await EmulatedCrm.StartAsync(Kind);
        _account = Account(_crm);
    }

    public async Task DisposeAsync()
    {
        await _account.DisposeAsync();
        await _crm.DisposeAsync();
    }

    [Fact]
    public async Task A_whole_batch_in_doubt_is_found_with_a_call_or_two()
    {
        var batch = Enumerable.Range(0, 20).Select(_ => Samples.Lead()).ToArray();
        await _account.SendAsync(batch, _guard, default);
        var before = await _crm.CallsAsync();

        var found = await _account.FindAsync(batch, _guard, default);

        Assert.All(found, f => Assert.IsType<LookupOutcome.Found>(f));
        Assert.Equal(batch.Length, found.Select(f => f.Steps[Step.Deal]).Distinct().Count());
        Assert.InRange(await _crm.CallsAsync() - before, 1, 2);
    }

    [Fact]
    public async Task A_new_lead_arrives_with_its_passport_and_a_contact_with_the_phone()
    {
        var lead = Samples.Lead();
        var outcome = await DeliverAsync(lead);
        var deal = await OneAsync("deals", outcome.Steps[Step.Deal]);
        Assert.Equal(
            ("Яндекс.Директ", "cpc", "Поиск_CRM_Москва", "b1", "внедрение crm цена"),
            (Utm(deal, "source"), Utm(deal, "medium"), Utm(deal, "campaign"), Utm(deal, "content"), Utm(deal, "term")));
        Assert.Equal(outcome.Steps[Step.Contact], ContactOf(deal));
        Assert.Contains(lead.Comment!, Text(deal), StringComparison.Ordinal);
        Assert.Contains("Город: Москва", Text(deal), StringComparison.Ordinal);
        Assert.Contains("https://acme.example/crm", Text(deal), StringComparison.Ordinal);
        var contact = await OneAsync("contacts", outcome.Steps[Step.Contact]);
        Assert.Contains(lead.Phone!, Text(contact), StringComparison.Ordinal);
        Assert.Contains("olga@example.org", Text(contact), StringComparison.Ordinal);
        Assert.Empty(outcome.Warnings);
    }

    [Fact]
    public async Task The_raw_tag_can_be_asked_for()
    {
        await using var account = Account(_crm, settings: new ConnectionSettings { UtmSource = "raw" });
        var outcome = Assert.Single(await account.SendAsync([Samples.Lead()], _guard, default));
        Assert.Equal("yandex", Utm(await OneAsync("deals", outcome.Steps[Step.Deal]), "source"));
    }

    [Fact]
    public async Task A_known_contact_is_linked_and_not_made_again()
    {
        var first = await DeliverAsync(Samples.Lead());
        var second = await DeliverAsync(Samples.Lead() with { ContactId = first.Steps[Step.Contact], IsRepeat = true });
        Assert.Equal(first.Steps[Step.Contact], second.Steps[Step.Contact]);
        Assert.Equal(first.Steps[Step.Contact], ContactOf(await OneAsync("deals", second.Steps[Step.Deal])));
        Assert.Single(await _crm.HoldsAsync("contacts"));
    }

    [Fact]
    public async Task A_contact_that_a_person_removed_is_replaced()
    {
        var first = await DeliverAsync(Samples.Lead());
        await _crm.RemoveAsync("contact", first.Steps[Step.Contact]);
        var second = await DeliverAsync(Samples.Lead() with { ContactId = first.Steps[Step.Contact] });
        Assert.NotEqual(first.Steps[Step.Contact], second.Steps[Step.Contact]);
        Assert.NotEmpty(second.Warnings);
        Assert.Equal(2, (await _crm.HoldsAsync("deals")).Count);
    }

    [Fact]
    public async Task A_note_lands_in_the_card_and_is_found_there()
    {
        var deal = (await DeliverAsync(Samples.Lead())).Steps[Step.Deal];
        var note = Samples.Note(deal);
        Assert.IsType<LookupOutcome.Absent>(await FindAsync(note));
        var outcome = await DeliverAsync(note);
        var held = Assert.Single(await _crm.HoldsAsync("notes"), n => Text(n).Contains(note.LeadId.ToString(), StringComparison.Ordinal));
        Assert.Contains("Перезвоните", Text(held), StringComparison.Ordinal);
        Assert.Equal(outcome.Steps[Step.Note], Assert.IsType<LookupOutcome.Found>(await FindAsync(note)).Steps[Step.Note]);
        Assert.Single(await _crm.HoldsAsync("deals"));
    }

    [Fact]
    public async Task A_full_batch_of_all_kinds_arrives_item_by_item()
    {
        var known = await DeliverAsync(Samples.Lead());
        var batch = Enumerable.Range(0, _account.MaxBatch).Select(i => (i % 3) switch
        {
            0 => Samples.Lead(),
            1 => Samples.Lead() with { ContactId = known.Steps[Step.Contact] },
            _ => Samples.Note(known.Steps[Step.Deal]),
        }).ToArray();
        var before = await _crm.CallsAsync();
        var outcomes = await _account.SendAsync(batch, _guard, default);
        // One of them reads the deal that the notes go to.
        Assert.True(await _crm.CallsAsync() - before <= 4);
        Assert.Equal(batch.Length, outcomes.Count);
        foreach (var (lead, outcome) in batch.Zip(outcomes))
        {
            Assert.IsType<DeliveryOutcome.Delivered>(outcome);
            var (noun, step) = lead.Kind == OutgoingKind.Note ? ("notes", Step.Note) : ("deals", Step.Deal);
            Assert.Contains(lead.LeadId.ToString(), Text(await OneAsync(noun, outcome.Steps[step])), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_poisoned_item_does_no_harm_to_its_neighbours()
    {
        var deal = (await DeliverAsync(Samples.Lead())).Steps[Step.Deal];
        var outcomes = await _account.SendAsync([Samples.Note(deal), Samples.Note("99999999"), Samples.Lead(), Samples.Note(deal)], _guard, default);
        Assert.Equal((OutgoingKind.Deal, null), Assert.IsType<DeliveryOutcome.Redirected>(outcomes[1]) is { } other ? (other.Kind, other.DealId) : default);
        Assert.All(outcomes.Where((_, i) => i != 1), o => Assert.IsType<DeliveryOutcome.Delivered>(o));
    }

    [Fact]
    public async Task An_unknown_stage_is_left_out_with_a_warning()
    {
        await using var account = Account(_crm, settings: Unfit);
        var outcome = Assert.IsType<DeliveryOutcome.Delivered>(Assert.Single(await account.SendAsync([Samples.Lead()], _guard, default)));
        Assert.NotEmpty(outcome.Warnings);
        Assert.Single(await _crm.HoldsAsync("deals"));
        Assert.Single(await _crm.HoldsAsync("contacts"));
    }

    [Fact]
    public async Task The_CRMs_limit_is_kept_under_a_flood()
    {
        await using var crm = await EmulatedCrm.StartAsync(Kind, options => options.RateLimits = true);
        // At amoCRM's default pace of 6.2 a delay of an eighth of a second, as busy machines make, is one call too many for its 7; `make bench` counts those.
        await using var account = Account(crm, new CrmTimings { RequestsPerSecond = Kind == "amocrm" ? 5 : null });
        for (var i = 0; i < Flood.Calls; i++)
        {
            Assert.IsType<DeliveryOutcome.Delivered>(Assert.Single(await account.SendAsync([Samples.Lead()], _guard, default)));
        }

        var requests = await crm.RequestsAsync();
        Assert.All(requests["perSecond"]!.AsArray(), s => Assert.Equal(0, (int)s!["refused"]!));
        Assert.True(requests["perSecond"]!.AsArray().Max(s => (int)s!["count"]!) <= Flood.InOneSecond);
    }

    [Fact]
    public async Task A_limit_that_was_overrun_all_the_same_costs_no_lead_and_makes_no_doubt()
    {
        await using var crm = await EmulatedCrm.StartAsync(Kind, options => options.RateLimits = true);
        await using var account = Account(crm);
        var outcomes = new List<DeliveryOutcome>();
        for (var i = 0; i < Flood.Calls; i++)
        {
            outcomes.AddRange(await account.SendAsync([Samples.Lead()], _guard, default));
        }

        Assert.All(outcomes, o => Assert.True(o is DeliveryOutcome.Delivered or DeliveryOutcome.NotExecuted));
        Assert.Contains((await crm.RequestsAsync())["perSecond"]!.AsArray(), s => (int)s!["refused"]! > 0);
        Assert.Equal(outcomes.Count(o => o is DeliveryOutcome.Delivered), await crm.CountAsync("deals"));
    }

    [Fact]
    public async Task A_sound_account_passes_the_check()
    {
        var check = await _account.CheckAsync(new CheckRequest(), _guard, default);
        Assert.True(check.Ok, string.Join(" ", check.Findings));
        Assert.DoesNotContain(Secret, string.Join(" ", check.Findings), StringComparison.Ordinal);
    }

    private protected async Task<JsonNode> OneAsync(string noun, string id) =>
        Assert.Single(await _crm.HoldsAsync(noun), n => (n["id"] ?? n["ID"])!.ToString() == id);

    private protected static string Text(JsonNode node) =>
        System.Text.RegularExpressions.Regex.Unescape(node.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    private protected async Task<DeliveryOutcome> SendAsync(OutgoingLead lead) => Assert.Single(await _account.SendAsync([lead], _guard, default));

    private protected async Task<LookupOutcome> FindAsync(OutgoingLead lead) => Assert.Single(await _account.FindAsync([lead], _guard, default));

    private protected async Task<DeliveryOutcome.Delivered> DeliverAsync(OutgoingLead lead) => Assert.IsType<DeliveryOutcome.Delivered>(await SendAsync(lead));

    private ICrmAccount Account(EmulatedCrm crm, CrmTimings? timings = null, ConnectionSettings? settings = null) => CrmAccounts.Create(
        Connection(crm.Address) with { Settings = settings ?? new() }, timings ?? new CrmTimings { RequestsPerSecond = 1000 }, new RequestBudgets(TimeProvider.System), Handler, TimeProvider.System);
}
