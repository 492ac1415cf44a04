using System.Text.Json.Nodes;
using LeadIngest.Core.Calls;

namespace LeadIngest.Crm.Tests;

/// <summary>Calls of an application, through the emulated portal's telephony.</summary>
public sealed class Bitrix24TelephonyTests : IAsyncLifetime
{
    private static readonly SocketsHttpHandler Handler = CrmAccounts.CreateHandler();
    private static readonly ConnectionSettings WithUser = new() { ResponsibleUserId = 14 };

    private readonly Guard _guard = new();
    private EmulatedCrm _crm = null!;
    private ICrmAccount _account = null!;

    public async Task InitializeAsync()
    {
        _crm = await EmulatedCrm.StartAsync("bitrix24");
        _account = Account(WithUser);
    }

    public async Task DisposeAsync()
    {
        await _account.DisposeAsync();
        await _crm.DisposeAsync();
    }

    [Fact]
    public async Task A_call_is_registered_finished_and_given_its_record_once()
    {
        var lead = Samples.Call();
        var outcome = await DeliverAsync(lead);
        var call = Assert.Single(await _crm.HoldsAsync("calls"));
        Assert.Equal((lead.Call!.CallId.ToString(), "65", "200", "14", "CONTACT", outcome.Steps[Step.Contact], "https://pbx.example/records/1.mp3"),
            (Of("EXTERNAL_CALL_ID"), Of("CALL_DURATION"), Of("CALL_FAILED_CODE"), Of("PORTAL_USER_ID"), Of("CRM_ENTITY_TYPE"), Of("CRM_ENTITY_ID"), Of("CALL_RECORD_URL")));
        Assert.Equal(Of("CALL_ID"), outcome.Steps[Step.Call]);
        Assert.Equal("VOXIMPLANT_CALL", Assert.Single(await _crm.HoldsAsync("activities"))["PROVIDER_ID"]!.ToString());
        Assert.Empty(outcome.Warnings);
        Assert.IsType<LookupOutcome.Found>(await FindAsync(lead with { Steps = outcome.Steps }));

        string? Of(string name) => call[name]?.ToString();
    }

    [Fact]
    public async Task A_missed_call_of_leads_hangs_on_the_lead()
    {
        await using var account = Account(WithUser with { Entity = "lead" });
        var outcome = Assert.Single(await account.SendAsync([Samples.Call(CallOutcome.Missed)], _guard, default));
        var call = Assert.Single(await _crm.HoldsAsync("calls"));
        Assert.Equal(("304", "LEAD", outcome.Steps[Step.Deal]), (call["CALL_FAILED_CODE"]!.ToString(), call["CRM_ENTITY_TYPE"]!.ToString(), call["CRM_ENTITY_ID"]!.ToString()));
    }

    [Theory]
    [InlineData("drop_after")]
    [InlineData("drop_before")]
    public async Task A_registration_of_unknown_outcome_is_made_again_and_is_the_same_call(string kind)
    {
        var ringing = Samples.Call(CallOutcome.Unknown);
        var card = await DeliverAsync(ringing);
        var lead = ringing with { Steps = card.Steps, Call = Samples.Call().Call! with { CallId = ringing.Call!.CallId } };
        await _crm.FailAsync(kind);
        Assert.IsType<DeliveryOutcome.Unknown>(await SendAsync(lead));
        await _crm.HealAsync();
        var absent = Assert.IsType<LookupOutcome.Absent>(await FindAsync(lead));
        await DeliverAsync(lead with { Steps = absent.Steps });
        Assert.Single(await _crm.HoldsAsync("calls"));
        Assert.Single(await _crm.HoldsAsync("activities"));
        Assert.Single(await _crm.HoldsAsync("deals"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_finish_of_unknown_outcome_is_looked_up_in_the_call_history(bool isDone)
    {
        var (lead, registered) = await RegisteredAsync(recording: null);
        if (isDone)
        {
            await PortalAsync("telephony.externalCall.finish", new { CALL_ID = registered, USER_ID = 14, DURATION = 65 });
        }

        var found = await FindAsync(lead);
        Assert.Equal(isDone, found is LookupOutcome.Found);
        Assert.Equal(isDone ? registered : null, found.Steps.GetValueOrDefault(Step.Call));

        // Even when nobody looked, or the history lags: a second finish is refused, the history asked, no second entry made.
        var outcome = await DeliverAsync(lead);
        Assert.Equal(registered, outcome.Steps[Step.Call]);
        Assert.Empty(outcome.Warnings);
        Assert.Single(await _crm.HoldsAsync("activities"));
    }

    [Fact]
    public async Task A_record_that_is_missing_is_attached_and_nothing_else_done_again()
    {
        var (lead, registered) = await RegisteredAsync("https://pbx.example/records/1.mp3");
        await PortalAsync("telephony.externalCall.finish", new { CALL_ID = registered, USER_ID = 14, DURATION = 65 });
        var found = Assert.IsType<LookupOutcome.Absent>(await FindAsync(lead));
        Assert.Equal(registered, found.Steps[Step.Call]);
        var done = await DeliverAsync(lead with { Steps = found.Steps });
        Assert.Equal("https://pbx.example/records/1.mp3", Assert.Single(await _crm.HoldsAsync("calls"))["CALL_RECORD_URL"]!.ToString());
        Assert.Single(await _crm.HoldsAsync("activities"));
        Assert.IsType<LookupOutcome.Found>(await FindAsync(lead with { Steps = done.Steps }));
    }

    [Fact]
    public async Task A_recording_that_comes_later_is_attached_to_the_call()
    {
        var lead = Samples.Call(recording: null);
        var first = await DeliverAsync(lead);
        var late = Samples.Entry(lead with { Call = lead.Call! with { RecordingUrl = "https://pbx.example/records/2.mp3" } }, first.Steps[Step.Deal], first.Steps[Step.Call]);
        Assert.Equal(first.Steps[Step.Call], (await DeliverAsync(late)).Steps[Step.Call]);
        Assert.Equal("https://pbx.example/records/2.mp3", Assert.Single(await _crm.HoldsAsync("calls"))["CALL_RECORD_URL"]!.ToString());
        Assert.Empty(await _crm.HoldsAsync("notes"));
    }

    [Fact]
    public async Task What_the_telephony_does_not_take_becomes_an_activity()
    {
        var call = Samples.Call();
        var outcomes = await _account.SendAsync([call with { Call = call.Call! with { ClientPhone = "+7" } }, Samples.Call()], _guard, default);
        Assert.All(outcomes, o => Assert.IsType<DeliveryOutcome.Delivered>(o));
        Assert.Contains(outcomes[0].Warnings, w => w.Contains("Unsupported phone number format", StringComparison.Ordinal));
        Assert.Empty(outcomes[1].Warnings);
        Assert.Equal(["CALL", "VOXIMPLANT_CALL"], (await _crm.HoldsAsync("activities")).Select(a => a["PROVIDER_ID"]!.ToString()).Order());
    }

    [Fact]
    public async Task Without_a_person_to_name_a_call_is_an_activity()
    {
        await using var account = Account(new ConnectionSettings());
        var outcome = Assert.Single(await account.SendAsync([Samples.Call()], _guard, default));
        Assert.Empty(outcome.Warnings);
        Assert.Empty(await _crm.HoldsAsync("calls"));
        Assert.Single(await _crm.HoldsAsync("activities"));
    }

    [Fact]
    public async Task A_batch_of_calls_costs_two_requests_for_all_of_them()
    {
        var known = await DeliverAsync(Samples.Lead());
        var before = await _crm.CallsAsync();
        var outcomes = await _account.SendAsync([.. Enumerable.Range(0, 20).Select(_ => Samples.Call() with { ContactId = known.Steps[Step.Contact] })], _guard, default);
        Assert.All(outcomes, o => Assert.IsType<DeliveryOutcome.Delivered>(o));
        Assert.Equal(20, await _crm.CountAsync("calls"));

        // Contacts looked at, cards made, calls registered, finished, given their records.
        Assert.InRange(await _crm.CallsAsync() - before, 1, 5);
    }

    [Fact]
    public async Task An_applications_token_is_in_no_text()
    {
        await using var account = Account(WithUser, token: "a-token-that-is-wrong");
        var outcome = Assert.IsType<DeliveryOutcome.CredentialsRefused>(Assert.Single(await account.SendAsync([Samples.Call()], _guard, default)));
        Assert.DoesNotContain("a-token-that-is-wrong", outcome.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Account(WithUser, token: ""));
    }

    /// <summary>A lead that is in the portal, its call registered and no more: the worker died before the finish.</summary>
    private async Task<(OutgoingLead Lead, string Registered)> RegisteredAsync(string? recording)
    {
        var ringing = Samples.Call(CallOutcome.Unknown);
        var card = await DeliverAsync(ringing);
        var call = Samples.Call(recording: recording).Call! with { CallId = ringing.Call!.CallId, ClientPhone = ringing.Phone };
        var answer = await PortalAsync("telephony.externalCall.register", new
        {
            USER_ID = 14,
            PHONE_NUMBER = call.ClientPhone,
            TYPE = 2,
            LINE_NUMBER = call.LinePhone,
            EXTERNAL_CALL_ID = call.CallId.ToString(),
        });
        var id = answer["result"]!["CALL_ID"]!.ToString();
        return (ringing with { Call = call, Steps = new Dictionary<string, string>(card.Steps) { [Step.Registered] = id } }, id);
    }

    private Task<JsonNode> PortalAsync(string method, object parameters) => _crm.PostAsync($"bitrix24/rest/{method}?auth=demo-bitrix-app-token", parameters);

    private ICrmAccount Account(ConnectionSettings settings, string token = "demo-bitrix-app-token") => CrmAccounts.Create(
        new CrmConnection { Kind = "bitrix24", BaseAddress = new Uri(_crm.Address, "bitrix24/rest/"), Token = token, IsApplication = true, Settings = settings },
        new CrmTimings { RequestsPerSecond = 1000 }, new RequestBudgets(TimeProvider.System), Handler, TimeProvider.System);

    private async Task<DeliveryOutcome> SendAsync(OutgoingLead lead) => Assert.Single(await _account.SendAsync([lead], _guard, default));

    private async Task<LookupOutcome> FindAsync(OutgoingLead lead) => Assert.Single(await _account.FindAsync([lead], _guard, default));

    private async Task<DeliveryOutcome.Delivered> DeliverAsync(OutgoingLead lead) => Assert.IsType<DeliveryOutcome.Delivered>(await SendAsync(lead));
}
