using System.Text.Json.Nodes;
using LeadIngest.Core.Passports;
using LeadIngest.Crm.Preview;

namespace LeadIngest.Crm.Tests;

/// <summary>Notes and calls' entries whose deal a person has closed, deleted or merged since: no enquiry is lost, none becomes two deals.</summary>
public abstract partial class CrmAccountContract
{
    /// <summary>Fields of a deal that was lost.</summary>
    private protected abstract object Closed { get; }

    private protected abstract object Answering(int userId);

    /// <summary>What makes the CRM refuse a user who has left.</summary>
    private protected abstract object Dismissal(int userId);

    /// <summary>Fields of a deal that a person enters for a contact.</summary>
    private protected abstract object HandMade(string contact);

    /// <summary>Whether a call's entry stands in a contact's card.</summary>
    private protected abstract bool IsOfContact(JsonNode entry);

    [Fact]
    public async Task A_repeat_of_a_closed_deal_becomes_a_new_one_of_the_same_contact()
    {
        var (first, made) = await MadeAsync();
        await ChangeAsync(made.Steps[Step.Deal], Closed);

        var repeat = NoteOf(first, made) with { IsRepeat = true };
        var other = await RedirectedAsync(repeat, "deal.closed");

        Assert.Equal((OutgoingKind.Deal, null, null), (other.Kind, other.DealId, other.MergedFrom));
        Assert.Contains(made.Steps[Step.Deal], Assert.Single(other.Warnings), StringComparison.Ordinal);
        Assert.Equal((1, 0), (await _crm.CountAsync("deals"), await NotesAsync(repeat)));
        var outcome = await DeliverAsync(Again(repeat, other));
        Assert.Equal(made.Steps[Step.Contact], ContactOf(await OneAsync("deals", outcome.Steps[Step.Deal])));
        Assert.Equal((2, 1), (await _crm.CountAsync("deals"), await _crm.CountAsync("contacts")));
    }

    [Fact]
    public async Task A_repeat_goes_into_the_latest_open_deal_of_the_client_when_its_own_is_closed_or_deleted()
    {
        var (first, made) = await MadeAsync();
        var open = (await DeliverAsync(Samples.Lead() with { ContactId = made.Steps[Step.Contact] })).Steps[Step.Deal];
        var lost = (await DeliverAsync(Samples.Lead() with { ContactId = made.Steps[Step.Contact] })).Steps[Step.Deal];
        await ChangeAsync(lost, Closed);
        var repeat = NoteOf(first, made) with { IsRepeat = true, OtherDealIds = [lost, "99999999", open] };

        await ChangeAsync(made.Steps[Step.Deal], Closed);
        var other = await RedirectedAsync(repeat, "deal.closed");
        Assert.Equal((OutgoingKind.Note, open, null), (other.Kind, other.DealId, other.MergedFrom));

        await _crm.RemoveAsync("deal", made.Steps[Step.Deal]);
        other = await RedirectedAsync(repeat, "deal.deleted");
        Assert.Equal((OutgoingKind.Note, open), (other.Kind, other.DealId));
        await DeliverAsync(Again(repeat, other));
        Assert.Equal((2, 1), (await _crm.CountAsync("deals"), await NotesAsync(repeat)));
    }

    [Fact]
    public async Task A_duplicate_stays_with_its_deal_even_when_that_is_closed()
    {
        var (first, made) = await MadeAsync();
        await ChangeAsync(made.Steps[Step.Deal], Closed);
        var note = NoteOf(first, made);
        Assert.Equal(made.Steps[Step.Deal], (await DeliverAsync(note)).Steps[Step.Deal]);
        Assert.Equal((1, 1), (await _crm.CountAsync("deals"), await NotesAsync(note)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_enquiry_whose_deal_was_deleted_becomes_a_deal(bool isRepeat)
    {
        var (first, made) = await MadeAsync();
        await _crm.RemoveAsync("deal", made.Steps[Step.Deal]);
        var note = NoteOf(first, made) with { IsRepeat = isRepeat };

        var other = await RedirectedAsync(note, "deal.deleted");

        Assert.Equal((OutgoingKind.Deal, null), (other.Kind, other.DealId));
        Assert.Contains("deleted", Assert.Single(other.Warnings), StringComparison.Ordinal);
        var outcome = await DeliverAsync(Again(note, other));
        Assert.Equal(made.Steps[Step.Contact], outcome.Steps[Step.Contact]);
        Assert.Equal(outcome.Steps[Step.Deal], Assert.IsType<LookupOutcome.Found>(await FindAsync(Again(note, other))).Steps[Step.Deal]);
        Assert.Equal((1, 1), (await _crm.CountAsync("deals"), await _crm.CountAsync("contacts")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_note_follows_its_deal_into_the_one_it_was_merged_with(bool isRepeat)
    {
        var (first, made) = await MadeAsync();
        var survivor = await MergeAsync(made);
        var note = NoteOf(first, made) with { IsRepeat = isRepeat };

        var other = await RedirectedAsync(note, "deal.merged");

        Assert.Equal((OutgoingKind.Note, survivor, made.Steps[Step.Deal]), (other.Kind, other.DealId, other.MergedFrom));
        Assert.Equal(survivor, (await DeliverAsync(Again(note, other))).Steps[Step.Deal]);
        Assert.IsType<LookupOutcome.Found>(await FindAsync(Again(note, other)));
        Assert.Equal((1, 1), (await _crm.CountAsync("deals"), await NotesAsync(note)));
    }

    [Fact]
    public async Task A_repeat_does_not_follow_into_a_deal_that_is_closed()
    {
        var (first, made) = await MadeAsync();
        await ChangeAsync(await MergeAsync(made), Closed);
        var other = await RedirectedAsync(NoteOf(first, made) with { IsRepeat = true }, "deal.closed");
        Assert.Equal((OutgoingKind.Deal, null), (other.Kind, other.DealId));
    }

    [Fact]
    public async Task A_calls_entry_follows_a_merged_deal()
    {
        var (first, made) = await MadeAsync();
        var survivor = await MergeAsync(made);
        var entry = Entry(first, made);
        var other = await RedirectedAsync(entry, "deal.merged");
        Assert.Equal((OutgoingKind.Call, survivor, made.Steps[Step.Deal]), (other.Kind, other.DealId, other.MergedFrom));
        await DeliverAsync(Again(entry, other));
        Assert.Equal(survivor, CardOf(Assert.Single(await _crm.HoldsAsync(CallsNoun))));
    }

    [Fact]
    public async Task A_call_whose_deal_was_deleted_is_entered_at_the_contact_once_with_its_recording()
    {
        var (first, made) = await MadeAsync();
        await _crm.RemoveAsync("deal", made.Steps[Step.Deal]);
        var entry = Entry(first, made);
        var other = await RedirectedAsync(entry, "deal.deleted");
        Assert.Equal((OutgoingKind.Call, made.Steps[Step.Contact]), (other.Kind, other.Steps[Step.EntryContact]));
        entry = Again(entry, other);

        await _crm.FailAsync("drop_after");
        Assert.IsType<DeliveryOutcome.Unknown>(await SendAsync(entry));
        await _crm.HealAsync();
        var found = Assert.IsType<LookupOutcome.Found>(await FindAsync(entry));
        var held = Assert.Single(await _crm.HoldsAsync(CallsNoun));
        Assert.Equal((true, made.Steps[Step.Contact], entry.Call!.CallId.ToString()), (IsOfContact(held), CardOf(held), CallIdOf(held)));

        var recorded = entry with { CallEntryId = found.Steps[Step.Call], Call = entry.Call with { RecordingUrl = "https://pbx.example/records/9.mp3" } };
        Assert.IsType<LookupOutcome.Absent>(await FindAsync(recorded));
        await DeliverAsync(recorded);
        Assert.IsType<LookupOutcome.Found>(await FindAsync(recorded));
        Assert.Single(await _crm.HoldsAsync("notes"), n => Text(n).Contains("https://pbx.example/records/9.mp3", StringComparison.Ordinal));
        Assert.Equal(0, await _crm.CountAsync("deals"));

        await _crm.RemoveAsync("contact", made.Steps[Step.Contact]);
        var late = Samples.Entry(Samples.Call(), made.Steps[Step.Deal]) with { ContactId = made.Steps[Step.Contact], Steps = other.Steps };
        Assert.Equal("deal.deleted", Assert.IsType<DeliveryOutcome.Dropped>(await SendAsync(late)).Failure);
        var unknown = Assert.IsType<DeliveryOutcome.Dropped>(await SendAsync(Samples.Entry(Samples.Call(), made.Steps[Step.Deal])));
        Assert.Contains("no contact", unknown.Why, StringComparison.Ordinal);
        Assert.Equal((0, 0), (await _crm.CountAsync("deals"), await _crm.CountAsync("contacts")));
    }

    [Fact]
    public async Task A_deal_that_is_removed_between_the_look_and_the_note_costs_no_enquiry()
    {
        var (first, made) = await MadeAsync();
        var (note, entry) = (NoteOf(first, made), Entry(first, made));
        var person = new BusyGuard(1, () => _crm.RemoveAsync("deal", made.Steps[Step.Deal]));
        Assert.Equal(OutgoingKind.Deal, Assert.IsType<DeliveryOutcome.Redirected>(Assert.Single(await _account.SendAsync([note], person, default))).Kind);
        Assert.True(person.HasActed);

        (first, made) = await MadeAsync();
        person = new BusyGuard(1, () => _crm.RemoveAsync("deal", made.Steps[Step.Deal]));
        Assert.Equal(OutgoingKind.Call, Assert.IsType<DeliveryOutcome.Redirected>(Assert.Single(await _account.SendAsync([Entry(first, made)], person, default))).Kind);
        Assert.True(person.HasActed);
    }

    [Fact]
    public async Task A_note_or_a_call_in_doubt_whose_deal_is_gone_is_absent()
    {
        var (first, made) = await MadeAsync();
        await _crm.RemoveAsync("deal", made.Steps[Step.Deal]);
        Assert.All(await _account.FindAsync([NoteOf(first, made), Entry(first, made)], _guard, default), f => Assert.IsType<LookupOutcome.Absent>(f));
    }

    [Fact]
    public async Task Deals_that_cannot_be_read_leave_notes_pending_and_write_nothing()
    {
        var (first, made) = await MadeAsync();
        var note = NoteOf(first, made);
        await _crm.FailAsync("status_before", 500);
        Assert.IsType<DeliveryOutcome.NotExecuted>(await SendAsync(note));
        await _crm.HealAsync();
        Assert.Equal(0, await NotesAsync(note));
        await DeliverAsync(note);
    }

    [Fact]
    public async Task A_repeats_task_is_the_deals_users_also_when_the_note_went_before_it()
    {
        var (first, made) = await MadeAsync();
        await ChangeAsync(made.Steps[Step.Deal], Answering(33));
        var repeat = NoteOf(first, made) with { IsRepeat = true, WantsTask = true };
        var outcome = await DeliverAsync(repeat);
        Assert.Equal("33", TaskOf(await OneAsync("tasks", outcome.Steps[Step.Task])).User);

        var late = Samples.Note(made.Steps[Step.Deal]) with { IsRepeat = true, WantsTask = true, Steps = new Dictionary<string, string> { [Step.Note] = outcome.Steps[Step.Note] } };
        Assert.Equal("33", TaskOf(await OneAsync("tasks", (await DeliverAsync(late)).Steps[Step.Task])).User);
        Assert.Equal(1, await NotesAsync(repeat));
    }

    [Fact]
    public async Task A_task_for_a_user_who_has_left_is_set_without_one()
    {
        var (first, made) = await MadeAsync();
        await ChangeAsync(made.Steps[Step.Deal], Answering(33));
        await _crm.PostAsync($"_account/{Kind}", Dismissal(33));
        var outcome = await DeliverAsync(NoteOf(first, made) with { IsRepeat = true, WantsTask = true });
        Assert.NotEqual("33", TaskOf(Assert.Single(await _crm.HoldsAsync("tasks"))).User);
        Assert.Contains(outcome.Warnings, w => w.Contains("33", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_note_tells_the_new_passport_in_full_and_what_differs_from_the_first()
    {
        var (first, made) = await MadeAsync();
        var passport = Samples.Passport() with
        {
            Channel = Channel.PaidSocial,
            Source = "VK Реклама",
            Campaign = null,
            Utm = new Dictionary<string, string> { ["utm_source"] = "vk", ["utm_id"] = "77" },
            ClickIds = new Dictionary<string, string> { ["rb_clickid"] = "c-1" },
            LandingPage = "https://acme.example/landing",
            Referrer = "https://vk.com/",
        };
        var note = NoteOf(first, made) with { Passport = passport, FirstPassport = first.Passport };
        await DeliverAsync(note);
        var text = Text(Assert.Single(await _crm.HoldsAsync("notes"), n => Text(n).Contains(note.LeadId.ToString(), StringComparison.Ordinal)));
        foreach (var line in new[]
        {
            "⚠ Не так, как в первый раз: канал, источник, кампания", "Канал: paid_social (было: paid_search)", "Источник: VK Реклама (было: Яндекс.Директ)",
            "Кампания: — (было: Поиск_CRM_Москва)", "Ключевая фраза: внедрение crm цена", "Метки: utm_source=vk, utm_id=77", "Номера кликов: rb_clickid=c-1",
            "Страница: https://acme.example/crm", "Страница входа: https://acme.example/landing", "Переход с: https://vk.com/",
        })
        {
            Assert.Contains(line, text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("внедрение crm цена (было", text, StringComparison.Ordinal);
        var same = NoteOf(first, made) with { FirstPassport = first.Passport };
        await DeliverAsync(same);
        text = Text(Assert.Single(await _crm.HoldsAsync("notes"), n => Text(n).Contains(same.LeadId.ToString(), StringComparison.Ordinal)));
        Assert.Contains("Источник тот же, что у первого обращения", text, StringComparison.Ordinal);
        Assert.DoesNotContain("было", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notes_into_many_deals_cost_one_request_for_all_of_them()
    {
        var leads = Enumerable.Range(0, 20).Select(_ => Samples.Lead()).ToArray();
        var deals = (await _account.SendAsync(leads, _guard, default)).Select(o => o.Steps[Step.Deal]).ToArray();
        var before = await _crm.CallsAsync();
        Assert.All(await _account.SendAsync([.. deals.Select(Samples.Note)], _guard, default), o => Assert.IsType<DeliveryOutcome.Delivered>(o));
        Assert.Equal(2, await _crm.CallsAsync() - before);
    }

    [Fact]
    public async Task A_preview_goes_the_other_way_too()
    {
        var (first, made) = await MadeAsync();
        await ChangeAsync(made.Steps[Step.Deal], Closed);
        var preview = await DeliveryPreview.RunAsync(NoteOf(first, made) with { IsRepeat = true }, Connection(_crm.Address), new CrmTimings { RequestsPerSecond = 1000 },
            new RequestBudgets(TimeProvider.System), Handler, TimeProvider.System, null, default);
        Assert.Equal("Delivered", preview.Outcome);
        Assert.Contains(preview.Warnings, w => w.Contains("closed", StringComparison.Ordinal));
        Assert.Equal(1, await _crm.CountAsync("deals"));
    }

    private async Task<(OutgoingLead Lead, DeliveryOutcome Outcome)> MadeAsync()
    {
        var lead = Samples.Lead();
        return (lead, await DeliverAsync(lead));
    }

    private protected static OutgoingLead NoteOf(OutgoingLead first, DeliveryOutcome made) =>
        Samples.Note(made.Steps[Step.Deal]) with { ClientId = first.ClientId, ContactId = made.Steps[Step.Contact], DealLeadId = first.LeadId, Phone = first.Phone };

    private static OutgoingLead Entry(OutgoingLead first, DeliveryOutcome made) =>
        Samples.Entry(Samples.Call(), made.Steps[Step.Deal]) with { ClientId = first.ClientId, ContactId = made.Steps[Step.Contact], DealLeadId = first.LeadId };

    /// <summary>The lead as delivery sends it after that outcome.</summary>
    private protected static OutgoingLead Again(OutgoingLead lead, DeliveryOutcome.Redirected other) => lead with { Kind = other.Kind, DealId = other.DealId, Steps = other.Steps };

    private protected async Task<DeliveryOutcome.Redirected> RedirectedAsync(OutgoingLead lead, string failure)
    {
        var other = Assert.IsType<DeliveryOutcome.Redirected>(await SendAsync(lead));
        Assert.Equal(failure, other.Failure);
        return other;
    }

    private protected async Task ChangeAsync(string deal, object set) => await _crm.ActAsync(new { entity = "deal", id = long.Parse(deal, System.Globalization.CultureInfo.InvariantCulture), set });

    /// <summary>A person enters a deal of the same contact and merges ours into it.</summary>
    private async Task<string> MergeAsync(DeliveryOutcome made)
    {
        var survivor = (await _crm.ActAsync(new { entity = "deal", create = HandMade(made.Steps[Step.Contact]) }))["id"]!.ToString();
        await MergeAsync(survivor, made.Steps[Step.Deal]);
        return survivor;
    }

    private protected Task MergeAsync(string stays, string goes) =>
        _crm.ActAsync(new { entity = "deal", merge = new[] { stays, goes }.Select(d => long.Parse(d, System.Globalization.CultureInfo.InvariantCulture)) });

    private protected async Task<int> NotesAsync(OutgoingLead lead) => (await _crm.HoldsAsync("notes")).Count(n => Text(n).Contains(lead.LeadId.ToString(), StringComparison.Ordinal));

    /// <summary>A person works in the CRM after so many of our calls.</summary>
    private sealed class BusyGuard(int after, Func<Task> act) : ICallGuard
    {
        private int _asked;

        public bool HasActed { get; private set; }

        public bool MayCall
        {
            get
            {
                // Asked when the call is decided on and again when its bytes go out.
                if (++_asked > 2 * after && !HasActed)
                {
                    HasActed = true;
                    act().GetAwaiter().GetResult();
                }

                return true;
            }
        }
    }
}
