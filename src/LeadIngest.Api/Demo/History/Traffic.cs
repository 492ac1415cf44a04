using System.Globalization;

namespace LeadIngest.Api.Demo.History;

/// <summary>Who comes to the site, when and by what way: growth over the months, fewer on days off, less in summer, busy before the new year.</summary>
internal sealed class Traffic(Dice dice, DateOnly first, DateOnly last)
{
    /// <summary>Of a day in the middle of the history, in an ordinary season.</summary>
    private const double Visits = 122;

    private const int MostRemembered = 4_000;

    private static readonly string[] Pages = ["/", "/catalog", "/vizitki", "/listovki", "/buklety", "/katalogi", "/ceny", "/kontakty", "/dostavka"];
    private static readonly double[] Seasons = [0.8, 0.95, 1.05, 1.05, 0.95, 0.9, 0.8, 0.85, 1.05, 1.15, 1.25, 1.2];
    private static readonly double[] Hours = [0.6, 0.3, 0.2, 0.2, 0.2, 0.4, 0.8, 1.5, 3, 5, 6.5, 7, 6.5, 6.5, 7, 6.5, 6, 5.5, 5, 4.5, 4, 3.5, 2.5, 1.3];

    private readonly List<(Guid Visitor, StoryWay Way)> _seen = [];

    /// <summary>The day's visits, in the order of time.</summary>
    public List<PlannedVisit> Of(DateOnly day)
    {
        var grown = 0.7 + (0.6 * (day.DayNumber - first.DayNumber) / Math.Max(1, last.DayNumber - first.DayNumber));
        var weekday = day.DayOfWeek switch { DayOfWeek.Saturday => 0.65, DayOfWeek.Sunday => 0.6, DayOfWeek.Monday => 1.15, DayOfWeek.Friday => 0.95, _ => 1.08 };
        var count = dice.Count(Visits * grown * weekday * Seasons[day.Month - 1]);
        return [.. Enumerable.Range(0, count).Select(_ => Moment(day)).Order().Select(Visit)];
    }

    /// <summary>Somebody who is known comes again, by the address that they remember.</summary>
    public PlannedVisit Return(PlannedPerson person, DateTimeOffset at) => Visit(at, Story.Ways[^1], person.Visitor);

    public DateTimeOffset Moment(DateOnly day) =>
        WorkingTime.Midnight(day).AddHours(dice.One(Enumerable.Range(0, 24).ToArray(), h => Hours[h])).AddSeconds(dice.Between(0, 3599));

    private PlannedVisit Visit(DateTimeOffset at)
    {
        if (_seen.Count > 50 && dice.Falls(0.27))
        {
            var (visitor, way) = dice.One(_seen);
            return Visit(at, dice.Falls(0.6) ? Story.Ways[^1] : way, visitor);
        }
        var fresh = (dice.Id(at), dice.One(Story.Ways, w => w.Months.Length == 0 || w.Months.Contains(WorkingTime.Local(at).Month) ? w.Share : 0));
        if (_seen.Count >= MostRemembered) _seen.RemoveRange(0, MostRemembered / 2);
        _seen.Add(fresh);
        return Visit(at, fresh.Item2, fresh.Item1);
    }

    private PlannedVisit Visit(DateTimeOffset at, StoryWay way, Guid visitor)
    {
        var path = way.Query.Length > 0 && dice.Falls(0.8) ? Pages[dice.Between(2, 5)] : dice.One(Pages);
        var query = way.Query.Replace("%k", way.Keywords.Length == 0 ? "" : Keyword(dice.One(way.Keywords)), StringComparison.Ordinal)
            .Replace("%n", dice.Between(100_000_000, 999_999_999).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var (pages, seconds) = (new List<(string, long)> { (path, at.ToUnixTimeSeconds()) }, dice.Between(3, 40));
        for (var views = dice.Falls(0.45) ? 0 : dice.Between(1, 5); views > 0; views--)
        {
            seconds += dice.Between(8, 90);
            pages.Add((dice.One(Pages), at.ToUnixTimeSeconds() + seconds));
        }
        return new PlannedVisit(dice.Id(at), visitor, at, way, $"{Story.Site}{path}{query}", way.Referrer, pages, seconds, dice.Falls(0.015));
    }

    /// <summary>An unfilled macro goes as it was typed.</summary>
    private static string Keyword(string keyword) => keyword[0] == '{' ? keyword : Uri.EscapeDataString(keyword);
}
