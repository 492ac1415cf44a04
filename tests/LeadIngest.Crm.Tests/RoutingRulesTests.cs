using LeadIngest.Core.Calls;
using LeadIngest.Crm.Routing;

namespace LeadIngest.Crm.Tests;

/// <summary>Where a lead goes: conditions, fallbacks, templates, turns and working hours, without any CRM.</summary>
public sealed class RoutingRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 7, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Moscow = TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow");
    private static readonly Dictionary<string, string> Week = new() { ["mon"] = "09:00-13:00,14:00-18:00", ["tue"] = "09:00-18:00", ["fri"] = "09:00-18:00" };

    /// <summary>A form on Monday 2 March 2026, 9:30 in Moscow.</summary>
    private static OutgoingLead Lead() => Samples.Lead() with { Phone = "+74951234567", TimeZone = Moscow, SiteId = Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), FormId = "f1" };

    private static ConnectionSettings With(RuleConditions? when = null, RuleActions? then = null, RuleActions? always = null) => new()
    {
        PipelineId = 1,
        StageId = "11",
        ResponsibleUserId = 9,
        Routing = new() { Always = always, Rules = [new() { Name = "A", When = when, Then = then ?? new() { PipelineId = 2 } }], WorkingHours = Week },
    };

    public static TheoryData<string, RuleConditions, bool> Conditions() => new()
    {
        { "nothing asked", new(), true },
        { "empty list", new() { Sites = [] }, true },
        { "site by name", new() { Sites = ["ACME.example"] }, true },
        { "site by id", new() { Sites = ["0199AAAA-0000-7000-8000-000000000001"] }, true },
        { "another site", new() { Sites = ["other.example"] }, false },
        { "form by id", new() { Forms = ["x", "F1"] }, true },
        { "form by name", new() { Forms = ["обратный звонок"] }, true },
        { "another form", new() { Forms = ["x"] }, false },
        { "channel", new() { Channels = ["paid_search"] }, true },
        { "another channel", new() { Channels = ["organic_search"] }, false },
        { "source", new() { Sources = ["яндекс.директ"] }, true },
        { "part of a source", new() { Sources = ["Яндекс"] }, false },
        { "part of the campaign", new() { CampaignContains = ["москва"] }, true },
        { "another campaign", new() { CampaignContains = ["казань"] }, false },
        { "part of the keyword", new() { KeywordContains = ["ЦЕНА"] }, true },
        { "phone", new() { PhonePrefixes = ["+7812", "+7495"] }, true },
        { "another region", new() { PhonePrefixes = ["+7812"] }, false },
        { "kind", new() { Kinds = ["form"] }, true },
        { "another kind", new() { Kinds = ["call", "chat"] }, false },
        { "new client", new() { Client = "new" }, true },
        { "known client", new() { Client = "repeat" }, false },
        { "working hours", new() { Hours = "working" }, true },
        { "off hours", new() { Hours = "off" }, false },
        { "all hold", new() { Channels = ["paid_search"], Kinds = ["form"], Hours = "working" }, true },
        { "one of them fails", new() { Channels = ["paid_search"], Kinds = ["call"], Hours = "working" }, false },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Every_condition_holds_or_fails_by_itself(string name, RuleConditions when, bool holds)
    {
        var decision = RoutingRules.Decide(Lead(), With(when), Now);
        Assert.True(holds == (decision.Rule == "A"), name);
        Assert.Equal(holds ? 2 : 1, decision.PipelineId);
        Assert.Equal(holds, Assert.Single(decision.Trace).Matched);
        Assert.NotEmpty(decision.Trace[0].Why);
        Assert.DoesNotContain("4951234567", decision.Trace[0].Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CallOutcome.Missed, CallDirection.In, "missed_call", true)]
    [InlineData(CallOutcome.Missed, CallDirection.In, "call", true)]
    [InlineData(CallOutcome.Answered, CallDirection.In, "missed_call", false)]
    [InlineData(CallOutcome.Missed, CallDirection.Out, "missed_call", false)]
    [InlineData(CallOutcome.Missed, CallDirection.In, "form", false)]
    public void A_missed_call_is_one_that_came_in_and_was_not_answered(CallOutcome outcome, CallDirection direction, string kind, bool holds)
    {
        var call = Samples.Call(outcome);
        call = call with { Call = call.Call! with { Direction = direction } };
        Assert.Equal(holds, RoutingRules.Decide(call, With(new() { Kinds = [kind] }), Now).Rule == "A");
    }

    [Fact]
    public void The_first_rule_that_matches_decides_and_the_rest_is_not_looked_at()
    {
        var settings = new ConnectionSettings
        {
            Routing = new()
            {
                Rules =
                [
                    new() { Name = "calls", When = new() { Kinds = ["call"] }, Then = new() { PipelineId = 1 } },
                    new() { Name = "Moscow", When = new() { PhonePrefixes = ["+7495"] }, Then = new() { PipelineId = 2 } },
                    new() { Name = "all", Then = new() { PipelineId = 3 } },
                ],
            },
        };
        var decision = RoutingRules.Decide(Lead(), settings, Now);
        Assert.Equal(("Moscow", 2), (decision.Rule, decision.PipelineId));
        Assert.Equal([("calls", false), ("Moscow", true)], decision.Trace.Select(t => (t.Rule, t.Matched)));
        Assert.Equal("all", RoutingRules.Decide(Lead() with { Phone = "+78121234567" }, settings, Now).Rule);
    }

    [Fact]
    public void What_a_rule_leaves_out_comes_from_always_and_then_from_the_connection()
    {
        var always = new RuleActions { Title = "{name}", Tags = ["сайт", "{source}"], Fields = new Dictionary<string, string> { ["F1"] = "{keyword}", ["F2"] = "{campaign}" } };
        var decision = RoutingRules.Decide(Lead(), With(then: new() { Tags = ["Сайт"], Fields = new Dictionary<string, string> { ["F1"] = "x" } }, always: always), Now);
        Assert.Equal((1, "11", 9, "Ольга Петрова"), (decision.PipelineId, decision.StageId, decision.ResponsibleUserId, decision.Title));
        Assert.Equal(["Сайт", "Яндекс.Директ"], decision.Tags);
        Assert.Equal([new("F1", "x"), new("F2", "Поиск_CRM_Москва")], decision.Fields);
    }

    [Fact]
    public void A_rule_with_a_pipeline_takes_no_stage_of_another_one() =>
        Assert.Equal((2, null), RoutingRules.Decide(Lead(), With(), Now) is var d ? (d.PipelineId, d.StageId) : default);

    [Theory]
    [InlineData("{form}: {name} ({source})", "Обратный звонок: Ольга Петрова (Яндекс.Директ)")]
    [InlineData("{kind} — {line} — {name}", "Заявка — Ольга Петрова")]
    [InlineData("{name} ({line})", "Ольга Петрова")]
    [InlineData("{line}: {name}", "Ольга Петрова")]
    [InlineData("{line}", null)]
    [InlineData("{line} / {gclid}", null)]
    [InlineData("Заявка", "Заявка")]
    [InlineData("{NAME}", "Ольга Петрова")]
    public void A_title_is_filled_in_and_what_the_lead_lacks_leaves_no_trace(string template, string? title) =>
        Assert.Equal(title, RoutingRules.Decide(Lead(), With(then: new() { Title = template }), Now).Title);

    [Fact]
    public void Braces_in_a_visitors_words_are_words()
    {
        var lead = Lead() with { Name = "{phone} {x}" };
        Assert.Equal("{phone} {x}", RoutingRules.Decide(lead, With(then: new() { Title = "{name}" }), Now).Title);
    }

    [Fact]
    public void Users_take_turns_and_a_choice_that_was_made_stays()
    {
        var settings = With(then: new() { Responsible = new() { Users = [5, 6, 7] } });
        var open = RoutingRules.Decide(Lead(), settings, Now);
        Assert.Equal("A", open.Turn!.Counter);
        Assert.Equal([5, 6, 7, 5], Enumerable.Range(0, 4).Select(n => open.Turn.At(n)));
        var chosen = RoutingRules.Decide(Lead() with { Steps = new Dictionary<string, string> { [Step.Responsible] = "7" } }, settings, Now);
        Assert.Equal((7, null), (chosen.ResponsibleUserId, chosen.Turn));
        // Somebody who has left the list since: a new turn.
        Assert.NotNull(RoutingRules.Decide(Lead() with { Steps = new Dictionary<string, string> { [Step.Responsible] = "8" } }, settings, Now).Turn);
        // One user is always that user, and a known client who keeps his takes no turn.
        Assert.Equal((5, null), RoutingRules.Decide(Lead(), With(then: new() { Responsible = new() { Users = [5] } }), Now) is var one ? (one.ResponsibleUserId, one.Turn) : default);
        var kept = RoutingRules.Decide(Lead() with { ContactId = "31" }, With(then: new() { Responsible = new() { Previous = true, Users = [5, 6] } }), Now);
        Assert.True(kept is { KeepsPrevious: true, Turn: null, ResponsibleUserId: 5 or 6 });
    }

    [Theory]
    // Moscow times of 2026: 2 March is a Monday. Lunch 13–14, Wednesday and Thursday are days off, so is Friday 6 March by the list.
    [InlineData("2026-03-02 09:30", 15, "2026-03-02 09:45")]
    [InlineData("2026-03-02 07:00", 15, "2026-03-02 09:15")]
    [InlineData("2026-03-02 12:50", 15, "2026-03-02 14:05")]
    [InlineData("2026-03-02 12:45", 15, "2026-03-02 13:00")]
    [InlineData("2026-03-02 17:50", 15, "2026-03-03 09:05")]
    [InlineData("2026-03-03 20:00", 15, "2026-03-09 09:15")]
    [InlineData("2026-03-02 09:00", 960, "2026-03-03 17:00")]
    public void A_task_is_due_after_so_many_working_minutes(string came, int minutes, string due)
    {
        var settings = With(then: new() { Task = new() { Text = "Перезвонить: {phone}", DueMinutes = minutes } });
        settings = settings with { Routing = settings.Routing! with { DaysOff = ["2026-03-06"] } };
        var lead = Lead() with { ReceivedAt = DateTimeOffset.Parse(came + " +03:00", System.Globalization.CultureInfo.InvariantCulture) };
        var task = RoutingRules.Decide(lead, settings, lead.ReceivedAt).Task!;
        Assert.Equal((DateTimeOffset.Parse(due + " +03:00", System.Globalization.CultureInfo.InvariantCulture), "Перезвонить: +74951234567"), (task.Due, task.Text));
    }

    [Fact]
    public void A_task_that_would_be_born_overdue_counts_from_the_sending()
    {
        var settings = new ConnectionSettings { Routing = new() { Always = new() { Task = new() { Text = "Позвонить", DueMinutes = 15 } } } };
        var lead = Lead();
        Assert.Equal(lead.ReceivedAt.AddMinutes(15), RoutingRules.Decide(lead, settings, lead.ReceivedAt.AddMinutes(14)).Task!.Due);
        Assert.Equal(lead.ReceivedAt.AddHours(3).AddMinutes(15), RoutingRules.Decide(lead, settings, lead.ReceivedAt.AddHours(3)).Task!.Due);
    }

    [Fact]
    public void A_task_is_for_those_it_was_meant_for_and_a_note_gets_one_where_the_project_wants_it()
    {
        var settings = new ConnectionSettings { Routing = new() { Always = new() { Task = new() { Text = "Позвонить", For = ["new", "missed_call"] } } } };
        Assert.NotNull(RoutingRules.Decide(Lead(), settings, Now).Task);
        Assert.Null(RoutingRules.Decide(Lead() with { IsRepeat = true }, settings, Now).Task);
        Assert.NotNull(RoutingRules.Decide(Samples.Call(CallOutcome.Missed) with { IsRepeat = true }, settings, Now).Task);
        Assert.Null(RoutingRules.Decide(Samples.Note("1"), settings, Now).Task);
        Assert.Contains("Повторное обращение", RoutingRules.Decide(Samples.Note("1") with { IsRepeat = true, WantsTask = true }, settings, Now).Task!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_lead_and_any_sound_rules_decide_the_same_every_time_and_never_throw()
    {
        var random = new Random(11);
        for (var n = 0; n < 3000; n++)
        {
            var settings = Any(random);
            Assert.Empty(RoutingFaults.Of(settings.Routing!));
            var lead = AnyLead(random);
            var (first, second) = (RoutingRules.Decide(lead, settings, Now), RoutingRules.Decide(lead, settings, Now));
            Assert.Equal((first.Rule, first.PipelineId, first.StageId, first.ResponsibleUserId, first.Title, first.Task), (second.Rule, second.PipelineId, second.StageId, second.ResponsibleUserId, second.Title, second.Task));
            Assert.Equal(first.Tags, second.Tags);
            // Every rule before the one that matched was looked at and failed; all of them when none did.
            Assert.Equal(first.Rule is null ? settings.Routing!.Rules!.Count : settings.Routing!.Rules!.ToList().FindIndex(r => r.Name == first.Rule) + 1, first.Trace.Count);
            Assert.Equal(first.Rule is null ? 0 : 1, first.Trace.Count(t => t.Matched));
            Assert.True(first.Title is null or { Length: > 0 and <= 255 });
            Assert.True(first.Task is null || first.Task.Due > Now);
        }
    }

    private static ConnectionSettings Any(Random random)
    {
        T? Maybe<T>(params T[] values) where T : class => random.Next(3) == 0 ? values[random.Next(values.Length)] : null;
        RuleActions Actions() => new()
        {
            PipelineId = random.Next(2) == 0 ? random.Next(5) : null,
            StageId = Maybe("1", "2"),
            Title = Maybe("{name}", "{line} {gclid}", "x {comment}"),
            Tags = Maybe<string[]>(["{source}"], []),
            Responsible = Maybe(new ResponsibleChoice { Users = [1, 2, 3] }, new ResponsibleChoice { Previous = true }, new ResponsibleChoice { Previous = true, Users = [4, 5] }),
            Task = Maybe(new TaskTemplate { Text = "{name}", DueMinutes = random.Next(1, 43_200) }),
        };
        return new ConnectionSettings
        {
            Routing = new()
            {
                Always = Maybe(Actions()),
                WorkingHours = Week,
                DaysOff = ["2026-03-02"],
                Rules =
                [
                    .. Enumerable.Range(0, random.Next(6)).Select(i => new RoutingRule
                    {
                        Name = $"r{i}",
                        When = Maybe(new RuleConditions
                        {
                            Kinds = Maybe<string[]>(["form"], ["missed_call"], ["call", "chat"]),
                            Hours = Maybe("working", "off"),
                            Client = Maybe("new", "repeat"),
                            PhonePrefixes = Maybe<string[]>(["+7495"], ["+7"]),
                            KeywordContains = Maybe<string[]>(["crm"], ["окна"]),
                        }),
                        Then = Actions(),
                    }),
                ],
            },
        };
    }

    private static OutgoingLead AnyLead(Random random)
    {
        var lead = random.Next(3) switch { 0 => Lead(), 1 => Samples.Call((CallOutcome)random.Next(5)), _ => Samples.Note("1") with { WantsTask = random.Next(2) == 0 } };
        return lead with
        {
            IsRepeat = random.Next(2) == 0,
            Phone = random.Next(4) == 0 ? null : lead.Phone,
            PhoneIsValid = false,
            Comment = random.Next(2) == 0 ? null : "{\u0001}\n\ud83d\ude00",
            ContactId = random.Next(2) == 0 ? "7" : null,
            ReceivedAt = Now.AddMinutes(random.Next(100_000)),
            TimeZone = random.Next(2) == 0 ? Moscow : TimeZoneInfo.Utc,
        };
    }
}
