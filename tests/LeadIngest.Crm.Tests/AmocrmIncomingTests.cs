using LeadIngest.Core.Calls;

namespace LeadIngest.Crm.Tests;

/// <summary>Calls as incoming leads (Неразобранное), against the emulated amoCRM.</summary>
public sealed class AmocrmIncomingTests : IAsyncLifetime
{
    private static readonly SocketsHttpHandler Handler = CrmAccounts.CreateHandler();

    private readonly Guard _guard = new();
    private EmulatedCrm _crm = null!;
    private ICrmAccount _account = null!;

    public async Task InitializeAsync()
    {
        _crm = await EmulatedCrm.StartAsync("amocrm");
        _account = Account();
    }

    public async Task DisposeAsync()
    {
        await _account.DisposeAsync();
        await _crm.DisposeAsync();
    }

    [Fact]
    public async Task A_call_waits_for_a_person_with_its_passport_and_the_call_in_it()
    {
        var lead = Samples.Call();
        var outcome = await DeliverAsync(lead);
        var incoming = Assert.Single(await _crm.HoldsAsync("unsorted"));
        Assert.Equal((lead.Call!.CallId.ToString(), lead.Phone, 65, "mango"), (incoming["metadata"]!["uniq"]!.ToString(), incoming["metadata"]!["phone"]!.ToString(), (int)incoming["metadata"]!["duration"]!, incoming["metadata"]!["service_code"]!.ToString()));
        Assert.Equal((incoming["_embedded"]!["leads"]![0]!["id"]!.ToString(), incoming["_embedded"]!["contacts"]![0]!["id"]!.ToString(), incoming["uid"]!.ToString()),
            (outcome.Steps[Step.Deal], outcome.Steps[Step.Contact], outcome.Steps[Step.Call]));
        var card = Assert.Single(await _crm.HoldsAsync("deals"))!.ToJsonString();
        Assert.Contains(lead.LeadId.ToString(), card, StringComparison.Ordinal);
        Assert.Contains("UTM_SOURCE", card, StringComparison.Ordinal);
        Assert.Single(await _crm.HoldsAsync("calls"));
        Assert.Empty(outcome.Warnings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lost_answer_is_found_by_the_calls_id_whether_or_not_somebody_has_accepted_it(bool isAccepted)
    {
        await DeliverAsync(Samples.Lead());
        var lead = Samples.Call();
        await _crm.FailAsync("drop_after");
        Assert.IsType<DeliveryOutcome.Unknown>(await SendAsync(lead));
        await _crm.HealAsync();
        var incoming = Assert.Single(await _crm.HoldsAsync("unsorted"));
        if (isAccepted)
        {
            await _crm.ActAsync(new { entity = "unsorted", accept = incoming["uid"]!.ToString() });
        }

        var found = Assert.IsType<LookupOutcome.Found>(Assert.Single(await _account.FindAsync([lead], _guard, default)));
        Assert.Equal(incoming["_embedded"]!["leads"]![0]!["id"]!.ToString(), found.Steps[Step.Deal]);
        Assert.Equal(incoming["_embedded"]!["contacts"]![0]!["id"]!.ToString(), found.Steps[Step.Contact]);
        Assert.True(found.Steps.ContainsKey(Step.Call));
    }

    [Fact]
    public async Task A_repeat_that_amoCRM_refuses_is_the_one_that_is_there()
    {
        var lead = Samples.Call();
        var first = await DeliverAsync(lead);
        var again = await DeliverAsync(lead);
        Assert.Equal(first.Steps[Step.Deal], again.Steps[Step.Deal]);
        Assert.Single(await _crm.HoldsAsync("unsorted"));
        Assert.Single(await _crm.HoldsAsync("calls"));
    }

    [Fact]
    public async Task A_known_client_is_linked_and_triaged_all_the_same()
    {
        var known = await DeliverAsync(Samples.Lead());
        var outcome = await DeliverAsync(Samples.Call(CallOutcome.Missed) with { ContactId = known.Steps[Step.Contact] });
        Assert.Equal(known.Steps[Step.Contact], outcome.Steps[Step.Contact]);
        var incoming = Assert.Single(await _crm.HoldsAsync("unsorted"));
        Assert.Equal(outcome.Steps[Step.Deal], incoming["_embedded"]!["leads"]![0]!["id"]!.ToString());
        Assert.Equal(outcome.Steps[Step.Deal], Assert.Single(await _crm.HoldsAsync("calls"))["entity_id"]!.ToString());
        Assert.Single(await _crm.HoldsAsync("contacts"));
    }

    [Fact]
    public async Task Forms_and_calls_that_the_business_made_stay_leads()
    {
        var call = Samples.Call();
        await DeliverAsync(Samples.Lead());
        await DeliverAsync(call with { Call = call.Call! with { Direction = CallDirection.Out } });
        Assert.Empty(await _crm.HoldsAsync("unsorted"));
        Assert.Equal("call_out", Assert.Single(await _crm.HoldsAsync("calls"))["note_type"]!.ToString());
    }

    [Fact]
    public async Task A_batch_of_calls_is_one_request_and_a_bad_setting_is_left_out()
    {
        await using var account = Account(new ConnectionSettings { Calls = "incoming", ResponsibleUserId = 987654 });
        await account.SendAsync([Samples.Lead()], _guard, default);
        var before = await _crm.CallsAsync();
        var outcomes = await account.SendAsync([.. Enumerable.Range(0, 10).Select(_ => Samples.Call())], _guard, default);
        Assert.All(outcomes, o => Assert.IsType<DeliveryOutcome.Delivered>(o));
        Assert.All(outcomes, o => Assert.Contains(o.Warnings, w => w.Contains("responsible_user_id", StringComparison.Ordinal)));
        Assert.Equal(2, await _crm.CallsAsync() - before);
        Assert.Equal(10, await _crm.CountAsync("unsorted"));
    }

    [Fact]
    public async Task A_call_that_amoCRM_refuses_costs_a_warning_and_not_the_deal()
    {
        await using var account = Account(new ConnectionSettings());
        var call = Samples.Call();
        var outcomes = await account.SendAsync([call with { Call = call.Call! with { TalkSeconds = -5 } }, Samples.Call()], _guard, default);
        Assert.All(outcomes, o => Assert.IsType<DeliveryOutcome.Delivered>(o));
        Assert.Contains(outcomes[0].Warnings, w => w.Contains("duration", StringComparison.Ordinal));
        Assert.Empty(outcomes[1].Warnings);
        Assert.Single(await _crm.HoldsAsync("calls"));
        Assert.Equal(2, await _crm.CountAsync("deals"));
    }

    private ICrmAccount Account(ConnectionSettings? settings = null) => CrmAccounts.Create(
        new CrmConnection { Kind = "amocrm", BaseAddress = new Uri(_crm.Address, "amocrm"), Token = "demo-amocrm-token", Settings = settings ?? new ConnectionSettings { Calls = "incoming" } },
        new CrmTimings { RequestsPerSecond = 1000 }, new RequestBudgets(TimeProvider.System), Handler, TimeProvider.System);

    private async Task<DeliveryOutcome> SendAsync(OutgoingLead lead) => Assert.Single(await _account.SendAsync([lead], _guard, default));

    private async Task<DeliveryOutcome.Delivered> DeliverAsync(OutgoingLead lead) => Assert.IsType<DeliveryOutcome.Delivered>(await SendAsync(lead));
}
