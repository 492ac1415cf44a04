using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Calls;

namespace LeadIngest.Core.Tests.Calls;

/// <summary>What holds for the messages of any call: their order and their number do not matter.</summary>
public sealed class CallRulesProperties
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<string?> Phones = Gen.Elements<string?>("+79161234567", "8 916 123-45-67", "79161234568", "sip:79161234567@pbx.example", "anonymous", "105", "", null);
    private static readonly Gen<string?> Words = Gen.Elements<string?>("a", "B", "б", " ", null, null, "https://rec.example/1.mp3", "\0x", "\uD83D");
    private static readonly Gen<int?> Seconds = Gen.Elements<int?>(null, null, 0, 1, 64, -1);
    private static readonly Gen<DateTimeOffset?> Times = Gen.Elements<DateTimeOffset?>(null, Noon, Noon.AddSeconds(5), Noon.AddMinutes(1), Noon.AddHours(-3));

    private static readonly Gen<KeyValuePair<string, string>[]> Pairs =
        (from name in Gen.Elements("utm_source", "UTM_Source", "yclid", "utm_term", "") from value in Gen.Elements("yandex", "Yandex", "vk", "", " ") select KeyValuePair.Create(name, value))
        .ListOf().Select(l => l.ToArray());

    private static readonly Gen<CallEvent> Events =
        from sequence in Gen.Elements<long?>(null, 1, 2, 3)
        from direction in Gen.Elements(Enum.GetValues<CallDirection>())
        from phase in Gen.Elements(Enum.GetValues<CallPhase>())
        from outcome in Gen.Elements(Enum.GetValues<CallOutcome>())
        from client in Phones
        from line in Phones
        from words in Words.ArrayOf(8)
        from times in Times.ArrayOf(3)
        from seconds in Seconds.ArrayOf(2)
        from tags in Pairs
        from fields in Pairs
        from warnings in Gen.SubListOf("clock_far_off", "time_unreadable", "source_not_accurate")
        select new CallEvent
        {
            ExternalId = "c-1",
            Sequence = sequence,
            Direction = direction,
            Phase = phase,
            Outcome = outcome,
            ClientPhone = client,
            LinePhone = line,
            Employee = words[0],
            RecordingUrl = words[1],
            RecordingId = words[2],
            VisitId = words[3],
            VisitorId = words[4],
            Page = words[5],
            Referrer = words[6],
            ClientName = words[7],
            StartedAt = times[0],
            AnsweredAt = times[1],
            EndedAt = times[2],
            WaitSeconds = seconds[0],
            TalkSeconds = seconds[1],
            Tags = tags,
            Fields = fields,
            Warnings = [.. warnings],
        };

    private static readonly Gen<(CallEvent[] Calls, int Seed)> Calls =
        from events in Events.NonEmptyListOf()
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select (events.Take(8).ToArray(), seed);

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);

    [Fact]
    public void Any_order_and_any_repetition_of_the_messages_gives_the_same_call() => Check.One(Many, Prop.ForAll(Calls.ToArbitrary(), call =>
    {
        var random = new Random(call.Seed);
        var again = call.Calls.Concat(call.Calls.Where(_ => random.Next(2) == 0)).ToArray();
        random.Shuffle(again);
        return Fold(call.Calls) == Fold(again);
    }));

    [Fact]
    public void More_messages_never_take_a_phase_back() => Check.One(Many, Prop.ForAll(Calls.ToArbitrary(), call =>
    {
        var (some, all) = (CallRules.Fold(call.Calls.Take(1), "RU"), CallRules.Fold(call.Calls, "RU"));
        // A contradicted end is set aside with a warning.
        return all.Phase >= some.Phase || all.Warnings.Contains("ended_before_start");
    }));

    [Fact]
    public void A_call_is_missed_only_if_no_leg_talked() => Check.One(Many, Prop.ForAll(Calls.ToArbitrary(), call =>
        CallRules.Fold(call.Calls, "RU").Outcome is not (CallOutcome.Missed or CallOutcome.Unanswered or CallOutcome.Rejected) || call.Calls.All(e => e.TalkSeconds is not > 0)));

    [Fact]
    public void A_hidden_number_never_becomes_a_phone() => Check.One(Many, Prop.ForAll(Calls.ToArbitrary(), call =>
        CallRules.Fold(call.Calls, "RU") is var facts && (!facts.IsHidden || facts.ClientPhone is null) && facts.ClientPhone is null or ['+', .. { Length: >= 7 }]));

    private static string Fold(IEnumerable<CallEvent> events) => JsonSerializer.Serialize(CallRules.Fold(events, "RU"));
}
