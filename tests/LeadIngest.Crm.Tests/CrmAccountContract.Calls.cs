using System.Text.Json.Nodes;
using LeadIngest.Core.Calls;

namespace LeadIngest.Crm.Tests;

/// <summary>Phone calls: a card each, and the call itself in it, once.</summary>
public abstract partial class CrmAccountContract
{
    /// <summary>The calls' entries that the CRM shows, and our id of the call in one of them.</summary>
    private protected abstract string CallsNoun { get; }

    private protected abstract string? CallIdOf(JsonNode entry);

    private protected abstract string? CardOf(JsonNode entry);

    [Fact]
    public async Task A_call_becomes_a_deal_with_the_call_in_its_card()
    {
        var lead = Samples.Call();
        var outcome = await DeliverAsync(lead);
        var deal = Text(await OneAsync("deals", outcome.Steps[Step.Deal]));
        Assert.Contains("\"Звонок: acme.example — " + lead.Phone, deal, StringComparison.Ordinal);
        foreach (var line in new[] { "Номер линии: +74951234567", "Ожидание: 12 с", "Разговор: 1 мин 5 с", "https://pbx.example/records/1.mp3", "Визит начат: 02.03.2026 09:23:00 UTC+03:00", "Просмотрено страниц: 4", "Время на сайте: 3 мин 10 с", "/ → /prices", "1700000000123456789", "1234567890.1700000000" })
        {
            Assert.Contains(line, deal, StringComparison.Ordinal);
        }

        var entry = Assert.Single(await Crm.HoldsAsync(CallsNoun));
        Assert.Equal((lead.Call!.CallId.ToString(), outcome.Steps[Step.Deal]), (CallIdOf(entry), CardOf(entry)));
        Assert.Contains(lead.Call.ClientPhone!, Text(entry), StringComparison.Ordinal);
        Assert.Contains("https://pbx.example/records/1.mp3", Text(entry), StringComparison.Ordinal);
        Assert.Equal((entry["id"] ?? entry["ID"])!.ToString(), outcome.Steps[Step.Call]);
        Assert.Empty(outcome.Warnings);
    }

    [Theory]
    [InlineData(CallOutcome.Missed, CallDirection.In, "Пропущенный звонок: ")]
    [InlineData(CallOutcome.Answered, CallDirection.Out, "Исходящий звонок: ")]
    [InlineData(CallOutcome.Rejected, CallDirection.In, "Отклонённый звонок: ")]
    public async Task The_title_says_what_became_of_the_call(CallOutcome outcome, CallDirection direction, string title)
    {
        var lead = Samples.Call(outcome);
        var done = await DeliverAsync(lead with { Call = lead.Call! with { Direction = direction } });
        Assert.Contains(title, Text(await OneAsync("deals", done.Steps[Step.Deal])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_from_a_hidden_number_makes_a_deal_all_the_same()
    {
        var lead = Samples.Call(CallOutcome.Missed);
        var done = await DeliverAsync(lead with { Phone = null, PhoneIsValid = false, Call = lead.Call! with { ClientPhone = null } });
        Assert.Contains("Скрытый номер", Text(await OneAsync("deals", done.Steps[Step.Deal])), StringComparison.Ordinal);
        Assert.Single(await Crm.HoldsAsync(CallsNoun));
    }

    [Fact]
    public async Task A_call_that_still_goes_on_is_entered_when_it_is_over_and_its_recording_when_that_is_there()
    {
        var ringing = Samples.Call(CallOutcome.Unknown);
        var deal = await DeliverAsync(ringing);
        Assert.False(deal.Steps.ContainsKey(Step.Call));
        Assert.Empty(await Crm.HoldsAsync(CallsNoun));

        var over = ringing with { Call = ringing.Call! with { Outcome = CallOutcome.Answered, TalkSeconds = 65 } };
        var entered = await DeliverAsync(Samples.Entry(over, deal.Steps[Step.Deal]));
        var again = await DeliverAsync(Samples.Entry(over, deal.Steps[Step.Deal], entered.Steps[Step.Call]));
        Assert.Equal(entered.Steps[Step.Call], again.Steps[Step.Call]);
        Assert.DoesNotContain(await Crm.HoldsAsync("notes"), n => Text(n).Contains("Запись звонка", StringComparison.Ordinal));

        var recorded = Samples.Entry(over with { Call = over.Call! with { RecordingUrl = "https://pbx.example/records/2.mp3" } }, deal.Steps[Step.Deal], entered.Steps[Step.Call]);
        Assert.IsType<LookupOutcome.Absent>(await FindAsync(recorded));
        var added = await DeliverAsync(recorded);
        Assert.Equal(added.Steps[Step.Call], Assert.IsType<LookupOutcome.Found>(await FindAsync(recorded)).Steps[Step.Call]);
        Assert.Single(await Crm.HoldsAsync(CallsNoun));
        Assert.Single(await Crm.HoldsAsync("notes"), n => Text(n).Contains("https://pbx.example/records/2.mp3", StringComparison.Ordinal));
        Assert.Single(await Crm.HoldsAsync("deals"));
    }

    [Fact]
    public async Task A_repeated_call_is_a_note_and_a_call_in_the_clients_deal()
    {
        var first = await DeliverAsync(Samples.Call());
        var repeat = Samples.Call(CallOutcome.Missed) with { Kind = OutgoingKind.Note, DealId = first.Steps[Step.Deal], ContactId = first.Steps[Step.Contact] };
        var outcome = await DeliverAsync(repeat);
        Assert.NotNull(outcome.Steps[Step.Note]);
        var entry = Assert.Single(await Crm.HoldsAsync(CallsNoun), e => CallIdOf(e) == repeat.Call!.CallId.ToString());
        Assert.Equal(first.Steps[Step.Deal], CardOf(entry));
        Assert.Single(await Crm.HoldsAsync("notes"), n => Text(n).Contains(repeat.LeadId.ToString(), StringComparison.Ordinal));
        Assert.Equal(outcome.Steps[Step.Call], Assert.IsType<LookupOutcome.Found>(await FindAsync(repeat)).Steps[Step.Call]);
    }

    [Theory]
    [InlineData("drop_after", null, true)]
    [InlineData("status_after", 504, true)]
    [InlineData("drop_before", null, false)]
    [InlineData("status_before", 500, false)]
    public async Task A_lost_answer_to_the_entry_enters_no_call_twice_and_makes_no_second_deal(string kind, int? status, bool isDone)
    {
        var ringing = Samples.Call(CallOutcome.Unknown);
        var card = await DeliverAsync(ringing);
        var lead = ringing with { Steps = card.Steps, Call = Samples.Call().Call! with { CallId = ringing.Call!.CallId } };
        await Crm.FailAsync(kind, status);
        var lost = Assert.IsType<DeliveryOutcome.Unknown>(await SendAsync(lead));
        Assert.Equal(card.Steps[Step.Deal], lost.Steps[Step.Deal]);
        Assert.IsType<LookupOutcome.Failed>(await FindAsync(lead));
        await Crm.HealAsync();

        var found = await FindAsync(lead);
        Assert.Equal(card.Steps[Step.Deal], found.Steps[Step.Deal]);
        if (isDone)
        {
            Assert.NotNull(Assert.IsType<LookupOutcome.Found>(found).Steps[Step.Call]);
        }
        else
        {
            Assert.IsType<LookupOutcome.Absent>(found);
            await DeliverAsync(lead with { Steps = found.Steps });
        }

        Assert.Single(await Crm.HoldsAsync(CallsNoun));
        Assert.Single(await Crm.HoldsAsync("deals"));
    }

    [Fact]
    public async Task A_deal_that_arrived_without_its_call_is_found_and_only_the_call_is_sent()
    {
        await DeliverAsync(Samples.Lead());
        var lead = Samples.Call();
        await Crm.FailAsync("drop_after");
        Assert.IsType<DeliveryOutcome.Unknown>(await SendAsync(lead));
        await Crm.HealAsync();
        var found = Assert.IsType<LookupOutcome.Absent>(await FindAsync(lead));
        Assert.True(found.Steps.ContainsKey(Step.Deal));
        await DeliverAsync(lead with { Steps = found.Steps });
        Assert.Equal(2, await Crm.CountAsync("deals"));
        Assert.Equal(lead.Call!.CallId.ToString(), CallIdOf(Assert.Single(await Crm.HoldsAsync(CallsNoun))));
        Assert.IsType<LookupOutcome.Found>(await FindAsync(lead));
    }

    [Fact]
    public async Task A_batch_of_calls_costs_one_request_more_than_a_batch_of_forms()
    {
        var known = await DeliverAsync(Samples.Lead());
        var batch = Enumerable.Range(0, 20).Select(_ => Samples.Call() with { ContactId = known.Steps[Step.Contact] }).ToArray();
        var before = await Crm.CallsAsync();
        var outcomes = await _account.SendAsync(batch, _guard, default);
        Assert.InRange(await Crm.CallsAsync() - before, 2, 3);
        Assert.All(outcomes, o => Assert.IsType<DeliveryOutcome.Delivered>(o));
        var entries = await Crm.HoldsAsync(CallsNoun);
        Assert.Equal(batch.Zip(outcomes).Select(b => (b.First.Call!.CallId.ToString(), b.Second.Steps[Step.Deal])).Order(), entries.Select(e => (CallIdOf(e)!, CardOf(e)!)).Order());

        before = await Crm.CallsAsync();
        var found = await _account.FindAsync(batch, _guard, default);
        Assert.InRange(await Crm.CallsAsync() - before, 1, 3);
        Assert.Equal(outcomes.Select(o => o.Steps[Step.Call]), found.Select(f => Assert.IsType<LookupOutcome.Found>(f).Steps[Step.Call]));
    }

    [Fact]
    public async Task An_entry_that_has_no_deal_to_go_to_harms_no_neighbour()
    {
        var call = Samples.Call();
        var outcomes = await _account.SendAsync([Samples.Entry(Samples.Call(), "99999999"), Samples.Entry(Samples.Call(), "no number"), call, Samples.Entry(call with { Call = null }, "1")], _guard, default);
        Assert.Equal([typeof(DeliveryOutcome.Dropped), typeof(DeliveryOutcome.Refused), typeof(DeliveryOutcome.Delivered), typeof(DeliveryOutcome.Refused)], outcomes.Select(o => o.GetType()));
        Assert.Single(await Crm.HoldsAsync(CallsNoun));
    }
}
