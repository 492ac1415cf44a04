namespace LeadIngest.Api.Demo.History;

/// <summary>The demo's office: nine to eight on weekdays, ten to four on Saturdays, Moscow time, which has no summer.</summary>
internal static class WorkingTime
{
    private static readonly TimeSpan Moscow = TimeSpan.FromHours(3);

    public static DateTimeOffset Local(DateTimeOffset at) => at.ToOffset(Moscow);

    public static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), Moscow);

    public static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime);

    public static bool IsOpen(DateTimeOffset at)
    {
        var (open, close) = Hours(Local(at).DayOfWeek);
        return Local(at).Hour >= open && Local(at).Hour < close;
    }

    /// <summary>So much working time later.</summary>
    public static DateTimeOffset After(DateTimeOffset at, TimeSpan work)
    {
        for (var now = Local(at); ; now = Midnight(Day(now).AddDays(1)))
        {
            var (open, close) = Hours(now.DayOfWeek);
            var (from, until) = (Midnight(Day(now)).AddHours(open), Midnight(Day(now)).AddHours(close));
            if (now < from) now = from;
            if (now >= until) continue;
            if (now + work < until) return now + work;
            work -= until - now;
        }
    }

    private static (int Open, int Close) Hours(DayOfWeek day) => day switch
    {
        DayOfWeek.Sunday => (0, 0),
        DayOfWeek.Saturday => (10, 16),
        _ => (9, 20),
    };
}
