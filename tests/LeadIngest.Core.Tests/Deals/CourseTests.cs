using LeadIngest.Core.Deals;

namespace LeadIngest.Core.Tests.Deals;

public class CourseTests
{
    private static readonly DateTimeOffset Made = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_history_with_both_ends_begins_where_its_first_step_came_from()
    {
        var course = Of([Told(10, "b", "c", "2"), Told(5, "a", "b", "1")], Card(12, "c"));

        Assert.Equal(["0 a", "5 a>b", "10 b>c"], Text(course));
        Assert.All(course, s => Assert.Equal(StepOrigin.History, s.Origin));
    }

    [Fact]
    public void A_step_that_is_missing_between_two_is_inferred_and_marked()
    {
        var course = Of([Told(5, "a", "b", "1"), Told(9, "c", "d", "2")], Card(9, "d"));

        Assert.Equal(["0 a", "5 a>b", "9 b>c", "9 c>d"], Text(course));
        Assert.Equal(StepOrigin.Inferred, course[2].Origin);
    }

    [Fact]
    public void What_was_seen_gives_way_to_the_history_and_what_came_after_it_stands()
    {
        var first = Of([], Card(0, "a"));
        var second = Of(first, Card(7, "b", "31"));
        var third = Of(second, Card(9, "c", "32"));
        Assert.Equal(["0 a", "7 a>b", "9 b>c"], Text(third));

        var told = Of([.. third, Told(6, "a", "b", "1")], Card(9, "c", "32"));

        Assert.Equal(["0 a", "6 a>b", "9 b>c"], Text(told));
        Assert.Equal([StepOrigin.History, StepOrigin.History, StepOrigin.Seen], told.Select(s => s.Origin));
    }

    [Fact]
    public void A_card_that_was_read_before_the_historys_last_word_adds_nothing() =>
        Assert.Equal(["0 a", "5 a>b", "8 b>c"], Text(Of([Told(5, "a", "b", "1"), Told(8, "b", "c", "2")], Card(6, "b"))));

    [Fact]
    public void A_history_that_forgets_left_pipelines_does_not_make_us_forget_them()
    {
        var seen = Of(Of(Of([], Card(0, "a")), Card(5, "b")), Card(9, "x"));

        var told = Of([.. seen, Told(9, null, "x", "9")], Card(9, "x"));

        Assert.Equal(["0 a", "5 a>b", "9 b>x"], Text(told));
        Assert.Equal([StepOrigin.Seen, StepOrigin.Seen, StepOrigin.History], told.Select(s => s.Origin));
    }

    [Fact]
    public void Who_moved_a_deal_is_taken_from_the_card_where_the_history_names_nobody()
    {
        var course = Of([Told(0, null, "a", "1") with { IsCreation = true }, Told(5, null, "b", "2")], Card(5, "b", "31"));

        Assert.Equal(["0 a", "5 a>b"], Text(course));
        Assert.Equal("31", course[1].By);
    }

    [Fact]
    public void A_deal_first_seen_closed_is_not_said_to_have_been_made_so()
    {
        var course = Course.Of(Made, Made.AddMinutes(50), Array.Empty<Step<string>>(), Card(60, "won"));

        Assert.Equal(["50 won"], Text(course));
    }

    // The oracle is the true course: whatever part of the history is told, and whenever the card is looked at, no course has a gap, each ends where the card
    // stands, and once all is told all of them are the same.
    [Fact]
    public void However_it_is_learnt_the_course_has_no_gap_and_ends_at_the_card_and_the_whole_history_gives_the_truth()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var dice = new Random(seed);
            var hasFrom = dice.Next(2) == 0;
            var (stages, at, stage) = ("abcd", 0, 'a');
            List<Step<string>> history = hasFrom ? [] : [Told(0, null, "a", "000") with { IsCreation = true }];
            var (truth, stored) = (new List<string> { "0 a" }, (IReadOnlyList<Step<string>>)[]);
            var told = 0;
            stored = Of(stored, Card(0, "a"));
            for (var move = 0; move < dice.Next(1, 12); move++)
            {
                at += dice.Next(3, 9);
                var next = stages[dice.Next(stages.Length)];
                if (next != stage)
                {
                    history.Add(Told(at, hasFrom ? $"{stage}" : null, $"{next}", $"{history.Count:D3}"));
                    truth.Add($"{at} {stage}>{next}");
                    stage = next;
                }
                if (dice.Next(2) == 0) stored = Of(stored, Card(at, $"{stage}"));
                if (dice.Next(4) == 0)
                {
                    var until = dice.Next(told, history.Count + 1);
                    stored = Of([.. history[told..until], .. stored], Card(at, $"{stage}"));
                    told = until;
                }
                Assert.Null(stored[0].From);
                Assert.All(stored.Zip(stored.Skip(1)), p => Assert.Equal(p.First.To, p.Second.From));
                Assert.Equal(stored.OrderBy(s => s.At), stored);
            }
            stored = Of([.. history.OrderBy(_ => dice.Next()), .. stored], Card(at, $"{stage}"));

            Assert.Equal(truth, Text(stored));
            Assert.Equal(Text(stored), Text(Of(history, Card(at, $"{stage}"))));
        }
    }

    private static IReadOnlyList<Step<string>> Of(IEnumerable<Step<string>> known, Step<string> card) =>
        Course.Of(Made, Made, known, card);

    private static Step<string> Told(int minute, string? from, string to, string order) => new(Made.AddMinutes(minute), from, to, null, StepOrigin.History, order) { IsTold = from is not null };

    private static Step<string> Card(int minute, string to, string? by = null) => new(Made.AddMinutes(minute), null, to, by, StepOrigin.Seen);

    private static IEnumerable<string> Text(IEnumerable<Step<string>> course) => course.Select(s => $"{(s.At - Made).TotalMinutes:0} {(s.From is null ? "" : s.From + ">")}{s.To}");
}
