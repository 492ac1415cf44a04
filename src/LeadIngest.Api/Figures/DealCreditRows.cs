using LeadIngest.Core.Attribution;

namespace LeadIngest.Api.Figures;

/// <summary>What a touch gets of a deal, under the models of <see cref="DealShares.Models"/> and, at the last place, by the client's first source.</summary>
/// <param name="N">As in <c>deal_credits</c>.</param>
internal sealed record CreditRow(Guid Deal, int N, Guid Origin, Guid? Site, DateOnly MadeDay, DateOnly? WonDay, bool IsFirst, bool IsMoved, int[] Shares, long[] Amounts);

/// <summary>What came in or went out on a day.</summary>
internal sealed record MoveRow(Guid Deal, int N, DateOnly Day, Guid Origin, Guid? Site, bool IsFirst, int[] Shares, long[] Amounts);

/// <summary>Worth of a deal from a day on: the last of that day. Kopecks.</summary>
internal readonly record struct DayWorth(DateOnly Day, long Amount, bool IsWon);

/// <summary>Makes the rows of <c>deal_credits</c> and <c>deal_moves</c>. Pure.</summary>
internal static class DealCreditRows
{
    public const int NoTouch = -1, FirstTouch = -2;

    /// <summary>A deal's parts.</summary>
    public const int Whole = 1_000_000;

    /// <summary>Places in a row.</summary>
    public static readonly int Places = DealShares.Models.Count + 1;

    public static void Add(CountedDeal deal, IReadOnlyList<DayWorth> worths, bool isFirst, OriginIds origins, AttributionSettings settings,
        IReadOnlyDictionary<AttributionModel, SourceWeights<TouchSource>> learnt, List<CreditRow> credits, List<MoveRow> moves)
    {
        var priced = deal.Priced;
        var touches = Touches(deal, origins);
        var shares = Split(Whole);
        var amounts = Split(priced.Outcome.WonAt is null ? 0 : priced.Amount ?? 0);
        // As plain as most: it was won once and has not changed since. Its cash view is its deal view.
        var isMoved = priced.WonDay is { } wonDay ? worths is not [{ IsWon: true } only] || only.Day != wonDay || only.Amount != (priced.Amount ?? 0) : worths.Count > 0;
        for (var i = 0; i < touches.Count; i++)
            credits.Add(new(priced.Deal.Id, touches[i].N, touches[i].Origin, deal.Site, priced.MadeDay, priced.WonDay, isFirst, isMoved, [.. shares.Select(s => (int)s[i])], [.. amounts.Select(a => a[i])]));
        if (!isMoved) return;
        var (wasWon, was) = (false, Split(0));
        foreach (var worth in worths)
        {
            var now = Split(worth.Amount);
            var deals = (worth.IsWon ? 1 : 0) - (wasWon ? 1 : 0);
            for (var i = 0; i < touches.Count; i++)
            {
                var row = new MoveRow(priced.Deal.Id, touches[i].N, worth.Day, touches[i].Origin, deal.Site, isFirst, [.. shares.Select(s => (int)s[i] * deals)], [.. now.Zip(was, (n, w) => n[i] - w[i])]);
                if (row.Shares.Any(s => s != 0) || row.Amounts.Any(a => a != 0)) moves.Add(row);
            }
            (wasWon, was) = (worth.IsWon, now);
        }

        // One row a place, one part a touch; each adds up to the whole.
        IReadOnlyList<long[]> Split(long whole)
        {
            var own = touches.Count - 1;
            var models = deal.IsForNobody
                ? DealShares.Models.Select(_ => (IReadOnlyList<long>)[whole])
                : DealShares.Of(deal.Path, whole, settings, learnt);
            return [.. models.Select(m => (long[])[.. m, 0]), [.. Enumerable.Repeat(0L, own), whole]];
        }
    }

    /// <summary>Of the path, or the one row of nobody's; and the client's first touch.</summary>
    private static List<(int N, Guid Origin)> Touches(CountedDeal deal, OriginIds origins)
    {
        List<(int N, Guid Origin)> touches = deal.IsForNobody
            ? [(NoTouch, deal.IsRepeat ? origins.Repeat : origins.None)]
            : [.. deal.Steps.Select((s, i) => (i, s.Origin))];
        touches.Add((FirstTouch, deal.First?.Origin ?? origins.None));
        return touches;
    }
}

/// <summary>Rows of <c>origins</c> that stand for no touch: a client who came back by nothing, and a deal of which nobody knows whence.</summary>
internal sealed record OriginIds(Guid Repeat, Guid None)
{
    public const string RepeatChannel = "repeat", NoneChannel = "none";
}
