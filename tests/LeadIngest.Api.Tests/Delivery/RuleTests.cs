using System.ComponentModel.DataAnnotations;
using LeadIngest.Api.Delivery;
using LeadIngest.Core;
using LeadIngest.Crm;

namespace LeadIngest.Api.Tests.Delivery;

/// <summary>The rules of delivery that need no database.</summary>
public sealed class RuleTests
{
    private static readonly Claim Claim = new(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), OutgoingKind.Deal, null, null, 1, 1);
    private static readonly TimeSpan[] Delays = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(120)];

    [Fact]
    public void The_schedule_is_that_of_the_guide_and_ends_after_72_hours()
    {
        var pauses = Enumerable.Range(1, 100).Select(RetrySchedule.After).TakeWhile(p => p is not null).Select(p => p!.Value).ToList();
        Assert.Equal([5, 30, 120, 600, 1800, 3600, 7200, 14400, 14400], pauses.Take(9).Select(p => (int)p.TotalSeconds));
        Assert.InRange(pauses.Aggregate(TimeSpan.Zero, (a, b) => a + b).TotalHours, 68, 72);
        for (var i = 0; i < 1000; i++) Assert.InRange(RetrySchedule.Jitter(TimeSpan.FromSeconds(10)).TotalSeconds, 8, 12);
    }

    [Theory]
    [InlineData(null, 4, 6)]
    [InlineData(-5, 4, 6)]
    [InlineData(100, 100, 120)]
    [InlineData(1_000_000, 6 * 3600, 6 * 3600 * 1.2)]
    public void What_the_CRM_told_is_obeyed_within_reason(int? told, double least, double most)
    {
        for (var i = 0; i < 100; i++) Assert.InRange(RetrySchedule.Told(told is { } s ? TimeSpan.FromSeconds(s) : null).TotalSeconds, least, most);
    }

    [Fact]
    public void Delivered_without_the_expected_id_is_a_doubt()
    {
        Assert.Equal("in_doubt", Ending.Of(new DeliveryOutcome.Delivered { Steps = Steps(Step.Contact) }, Claim, Delays[0]).State);
        Assert.Equal("in_doubt", Ending.Of(new DeliveryOutcome.Delivered { Steps = Steps(Step.Deal) }, Claim with { Kind = OutgoingKind.Note }, Delays[0]).State);
        Assert.Equal("delivered", Ending.Of(new DeliveryOutcome.Delivered { Steps = Steps(Step.Deal) }, Claim, Delays[0]).State);
        Assert.NotEqual("delivered", Ending.Of(new LookupOutcome.Found { Steps = Steps(Step.Contact) }, Claim, Delays[0], 0, Delays).State);
    }

    [Theory]
    [InlineData(6, 0, "in_doubt", 24)]
    [InlineData(31, 1, "in_doubt", 89)]
    [InlineData(121, 2, "pending", 0)]
    [InlineData(70, 0, "in_doubt", 50)] // taken over late: the second look-up is not waited for
    [InlineData(3600, 0, "pending", 0)]
    public void Look_ups_follow_the_pauses_counted_from_the_doubt(int doubt, int lookups, string state, int next)
    {
        var ending = Ending.Of(new LookupOutcome.Absent(), Claim, TimeSpan.FromSeconds(doubt), lookups, Delays);
        Assert.Equal((state, next), (ending.State, (int)ending.Delay!.Value.TotalSeconds));
    }

    [Fact]
    public void A_lead_never_answered_for_is_tried_later_and_later_and_given_up()
    {
        var later = Ending.Of(new LookupOutcome.Absent(), Claim with { Attempt = 5 }, TimeSpan.FromSeconds(120), 2, Delays);
        Assert.InRange(later.Delay!.Value.TotalMinutes, 28 * 0.8, 28 * 1.2);
        Assert.Equal("dead", Ending.Of(new LookupOutcome.Absent(), Claim with { Attempt = 30 }, TimeSpan.FromSeconds(120), 2, Delays).State);

        // The card is there, only its call's entry never was: no lead to give up.
        var card = new LookupOutcome.Absent { Steps = new Dictionary<string, string> { [Step.Deal] = "55" } };
        var done = Ending.Of(card, Claim with { Attempt = 30 }, TimeSpan.FromSeconds(120), 2, Delays);
        Assert.Equal(("delivered", 1), (done.State, done.Warnings.Count));
        Assert.Equal("in_doubt", Ending.Of(card, Claim, TimeSpan.FromSeconds(5), 0, Delays).State);
    }

    [Fact]
    public void A_suspected_lead_goes_alone()
    {
        var rows = new[] { Due(crashClaims: 1), Due(crashClaims: 2), Due() };
        Assert.Equal([rows[0].Id], Choice.Of(rows, 10, new DeliveryOptions()).Send.Select(r => r.Id));
        Assert.Equal([rows[2].Id], Choice.Of([rows[2], Due(crashClaims: 1)], 10, new DeliveryOptions()).Send.Select(r => r.Id)); // and spoils no batch
    }

    [Fact]
    public void A_row_left_out_of_the_batch_holds_the_later_ones_of_its_client()
    {
        var (client, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var rows = new[] { Due(client), Due(client), Due(client, contact: "1"), Due(other, contact: "2"), Due(other, contact: "2") };
        Assert.Equal([rows[0].Id, rows[3].Id, rows[4].Id], Choice.Of(rows, 10, new DeliveryOptions()).Send.Select(r => r.Id));
        Assert.Equal([rows[0].Id, rows[3].Id], Choice.Of(rows, 2, new DeliveryOptions()).Send.Select(r => r.Id));
    }

    // Within a batch all cards go before all notes: when the cards' request was lost and the notes' one not made, the client's deal stood in the CRM
    // and the note before it did not.
    [Fact]
    public void A_card_shares_no_batch_with_a_note_of_its_client_before_it()
    {
        var client = Guid.CreateVersion7();
        var rows = new[]
        {
            Due(client, contact: "1"), Due(client, contact: "1") with { Kind = "note", DealId = "7" }, Due(client, contact: "1") with { Kind = "note", DealId = "7" },
            Due(client, contact: "1"), Due(client, contact: "1") with { Kind = "note", DealId = "7" }, Due(contact: "2"),
        };
        Assert.Equal([rows[0].Id, rows[1].Id, rows[2].Id, rows[5].Id], Choice.Of(rows, 10, new DeliveryOptions()).Send.Select(r => r.Id));
        Assert.Equal([rows[3].Id, rows[4].Id], Choice.Of(rows[3..5], 10, new DeliveryOptions()).Send.Select(r => r.Id));
    }

    [Fact]
    public void Several_calls_are_filled_one_after_the_other_and_no_client_is_in_two_of_them()
    {
        var client = Guid.CreateVersion7();
        var rows = new[] { Due(), Due(client, contact: "1"), Due(client, contact: "1"), Due(), Due(), Due() };
        var options = new DeliveryOptions();
        Assert.Equal([0, 1, 3, 4], Sent(new Room(2, 2)));
        Assert.Equal([0, 1, 2, 3, 4, 5], Sent(new Room(3, 2)));
        // Beside calls that are in the air only full ones begin.
        Assert.Equal([0, 1, 2, 3], Sent(new Room(4, 2, IsAlone: false)));
        Assert.Empty(Sent(new Room(10, 1, IsAlone: false)));

        int[] Sent(Room room) => [.. Choice.Of(rows, room, options).Send.Select(r => Array.IndexOf(rows, r))];
    }

    [Fact]
    public void A_suspected_lead_waits_until_nothing_is_in_the_air()
    {
        var rows = new[] { Due(crashClaims: 1), Due(), Due() };
        Assert.Empty(Choice.Of(rows, new Room(1, 3, IsAlone: false), new DeliveryOptions()).Send);
        var choice = Choice.Of(rows, new Room(1, 3), new DeliveryOptions());
        Assert.True(choice is { IsSuspect: true, Send: [var alone] } && alone == rows[0]);
    }

    [Fact]
    public void The_lease_leaves_room_for_a_whole_call()
    {
        var (options, timings) = (new DeliveryOptions(), new CrmTimings());
        Assert.Equal(60, options.LeaseFor("amocrm", timings).TotalSeconds);
        Assert.True(options.LeaseFor("bitrix24", timings) >= options.CallBudget("bitrix24", timings) + options.RenewEvery * 3);
    }

    [Fact]
    public void Options_that_cannot_work_are_refused()
    {
        var bad = new DeliveryOptions { Lease = TimeSpan.FromSeconds(10), PollEvery = TimeSpan.Zero };
        Assert.Equal(2, bad.Validate(new ValidationContext(bad)).Count());
        Assert.Empty(new DeliveryOptions().Validate(new ValidationContext(bad)));
    }

    private static Dictionary<string, string> Steps(string step) => new() { [step] = "1" };

    private static readonly OrderedIds Ids = new(TimeProvider.System);

    private static Guid Ordered()
    {
        lock (Ids) return Ids.Next();
    }

    [Fact]
    public void Only_a_lead_whose_card_depends_on_no_other_goes_past_a_call_that_is_going_on()
    {
        var options = new DeliveryOptions();
        var known = Due(contact: "c1") with { BehindCall = true };
        Assert.Equal([known], Choice.Of([known], 10, options).Send);
        foreach (var row in (DueDelivery[])[Due() with { BehindCall = true }, known with { Kind = DueDelivery.Note }, known with { Kind = DueDelivery.Call }, known with { Blocked = true }])
            Assert.Equal([row], Choice.Of([row], 10, options).Park);
    }

    private static DueDelivery Due(Guid? client = null, string? contact = null, int crashClaims = 0) => new()
    {
        Id = Ordered(),
        LeadId = Guid.CreateVersion7(),
        ClientId = client ?? Guid.CreateVersion7(),
        Kind = "deal",
        CrashClaims = crashClaims,
        Attempts = 0,
        RecentSends = 0,
        ContactId = contact,
        Blocked = false,
        BehindCall = false,
    };
}
