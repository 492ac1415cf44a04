using System.Text;
using LeadIngest.Api.Spend.Cabinets;
using LeadIngest.Core.Spend;

namespace LeadIngest.Api.Tests.Cabinets;

public class DirectRulesTests
{
    private static readonly DateOnly Day = new(2026, 8, 1);
    private static readonly SpendLevel Common = new() { Currency = "RUB", VatIncluded = true };

    [Theory]
    [InlineData(52, "later")]
    [InlineData(1000, "later")]
    [InlineData(1001, "later")]
    [InlineData(1002, "later")]
    [InlineData(56, "slower")]
    [InlineData(506, "slower")]
    [InlineData(9000, "slower")]
    [InlineData(152, "slower")]
    [InlineData(53, "person")]
    [InlineData(54, "person")]
    [InlineData(58, "person")]
    [InlineData(513, "person")]
    [InlineData(3000, "person")]
    [InlineData(8800, "person")]
    [InlineData(8000, "later")]
    public void Every_error_code_has_its_cure(int code, string cure)
    {
        var end = DirectError.Read(Reply(400, $$$"""{"error":{"error_code":"{{{code}}}","error_string":"Слова Яндекса","error_detail":"подробно","request_id":"1"}}"""));
        Assert.Equal(cure, end switch { CabinetEnd.Refused => "person", CabinetEnd.TryLater { After: null } => "later", CabinetEnd.TryLater => "slower", _ => end.ToString() });
        var words = end is CabinetEnd.Refused refused ? refused.Why : ((CabinetEnd.TryLater)end).Why;
        Assert.Contains("Слова Яндекса: подробно", words, StringComparison.Ordinal);
        Assert.Contains(code.ToString(), words, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_come_back_after_minutes() => Assert.Equal(TimeSpan.FromMinutes(5), ((CabinetEnd.TryLater)DirectError.Read(Reply(400, """{"error":{"error_code":152}}"""))).After);

    [Theory]
    [InlineData(401, "", "Refused")]
    [InlineData(502, "<html>", "TooMuch")]
    [InlineData(500, "", "TryLater")]
    [InlineData(400, "not json", "TryLater")]
    [InlineData(400, """{"error":"text"}""", "TryLater")]
    [InlineData(400, """{"error":{"error_code":{}}}""", "TryLater")]
    public void An_answer_without_a_code_is_judged_by_its_status(int status, string body, string expected) => Assert.Equal(expected, DirectError.Read(Reply(status, body)).GetType().Name);

    [Theory]
    [InlineData("внедрение crm -бесплатно", "внедрение crm")]
    [InlineData("внедрение crm -бесплатно -своими -руками", "внедрение crm")]
    [InlineData("---autotargeting", "---autotargeting")]
    [InlineData("купить 3-х дверный шкаф", "купить 3-х дверный шкаф")]
    [InlineData("!окна +на заказ", "!окна +на заказ")]
    public void Minus_words_are_not_part_of_a_keyword(string criterion, string keyword) => Assert.Equal(keyword, DirectReport.WithoutMinusWords(criterion));

    [Fact]
    public void Title_and_total_may_stand_around_the_rows_and_absent_values_are_absent()
    {
        var end = Read("\"отчёт (2026-08-01 - 2026-08-01)\"\nDate\tCampaignId\tCampaignName\tAdGroupId\tCost\tClicks\tImpressions\n2026-08-01\t81234567\tПоиск\t--\t12.50\t3\t40\n2026-08-01\t81234567\tПоиск\t7\t--\t0\t1\nTotal rows: 2\n");
        var loaded = Assert.IsType<CabinetEnd.Loaded>(end);
        Assert.Equal([(null, 12.5m, 3L, 40L), ("7", 0m, 0L, 1L)], loaded.Lines.Select(l => (l.Level.GroupId, l.Amount, l.Clicks, l.Impressions)));
    }

    [Theory]
    [InlineData("Date\tCampaignId\tCost\n2026-08-01\t1\n", "values for")]
    [InlineData("Date\tCampaignId\tCost\n2026-08-02\t1\t1.00\n", "no day that was asked for")]
    [InlineData("Date\tCampaignId\tCost\n2026-08-01\t1\t1,00\n", "not a number")]
    [InlineData("Date\tCampaignId\tCost\n2026-08-01\t1\t1.00\nTotal rows: 2\n", "1 rows came of 2")]
    [InlineData("", "no columns")]
    [InlineData("<html><body>502</body></html>", "no columns")]
    public void A_report_that_cannot_be_read_to_its_last_row_is_not_taken_at_all(string text, string why) => Assert.Contains(why, Assert.IsType<CabinetEnd.TryLater>(Read(text)).Why, StringComparison.Ordinal);

    [Theory]
    [InlineData("10000000", "5250000", 10, 5.25)]
    [InlineData("10.00", "5.25", 10, 5.25)]
    [InlineData("1000000.00", "0.00", 1_000_000, 0)]
    [InlineData("-2500000", "0", -2.5, 0)]
    public void Roubles_have_two_digits_and_millionths_none(string one, string other, double first, double second)
    {
        var loaded = Assert.IsType<CabinetEnd.Loaded>(Read($"Date\tCampaignId\tClicks\tCost\n2026-08-01\t1\t1\t{one}\n2026-08-01\t2\t1\t{other}\n"));
        Assert.Equal([(decimal)first, (decimal)second], loaded.Lines.Select(l => l.Amount));
    }

    [Theory]
    [InlineData("Europe/Moscow", 6, "2026-11-22T02:59:00Z", "2026-11-22T03:00:00Z")]
    [InlineData("Europe/Moscow", 6, "2026-11-22T03:00:00Z", "2026-11-23T03:00:00Z")]
    [InlineData("Asia/Vladivostok", 6, "2026-11-21T21:00:00Z", "2026-11-22T20:00:00Z")]
    // The hour that the change of the clock leaves out.
    [InlineData("Europe/Berlin", 2, "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z")]
    public void The_hour_is_struck_by_the_cabinets_clock(string zone, int hour, string now, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next), new CabinetClock(zone).Next(hour, DateTimeOffset.Parse(now)));

    [Fact]
    public async Task No_more_calls_than_the_pace_begin_within_its_time()
    {
        var (clock, window) = (TimeProvider.System, TimeSpan.FromMilliseconds(300));
        using var pace = new Pace(3, window, clock);
        var begun = new System.Collections.Concurrent.ConcurrentBag<long>();
        var start = clock.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await pace.WaitAsync(CancellationToken.None);
            begun.Add(clock.GetTimestamp());
        }));
        var order = begun.Order().ToArray();
        // What is noted here was begun a little earlier, on a busy machine much earlier: only the distance from the start is sure.
        for (var i = 3; i < order.Length; i++) Assert.True(clock.GetElapsedTime(start, order[i]) > (window * (i / 3)) - TimeSpan.FromMilliseconds(20), $"call {i}");
    }

    private static CabinetEnd Read(string text) => DirectReport.Read(Encoding.UTF8.GetBytes(text), Day, Day, Common);

    private static CabinetReply Reply(int status, string body) => new(status, Encoding.UTF8.GetBytes(body), null);
}
