using System.Globalization;

namespace LeadIngest.Benchmarks;

/// <summary>
/// The visit that beacons are measured with: four messages (start, page, beat, leave) with the landing page of <see cref="TypicalLead"/>, of one of 180
/// visitors who come back again and again. All of them want a number of a pool of 200, so that each visit takes its visitor's number over and each
/// later message extends the hold. Neighbouring messages are of different visits: a batch of 64 holds 64 of them.
/// </summary>
internal static class TypicalVisit
{
    public const int Messages = 4, Visitors = 180, Pool = 200;

    public static readonly string[] Events = ["start", "page", "beat", "leave"];

    public static Guid VisitorId(long visitor) => Guid.ParseExact($"0190d3e1-0000-7000-8000-{visitor:x12}", "D");

    public static string Body(long n, long first)
    {
        var round = n / Visitors;
        var (visitor, step) = (n % Visitors, (int)(round % Messages));
        var visit = first + visitor + (round / Messages * Visitors);
        return Body(Events[step], visitor.ToString("x12", CultureInfo.InvariantCulture), visit.ToString("x12", CultureInfo.InvariantCulture),
            visit.ToString("D9", CultureInfo.InvariantCulture), (step * 20).ToString(CultureInfo.InvariantCulture), (step + 1).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The body as a format of Lua's string.format: event, visitor, three times the visit, seconds, views.</summary>
    public static string LuaFormat() => Body("@s", "@012x", "@012x", "@09d", "@d", "@d").Replace("%", "%%", StringComparison.Ordinal).Replace("@", "%", StringComparison.Ordinal);

    private static string Body(string happened, string visitor, string visit, string click, string seconds, string views)
    {
        var landing = TypicalLead.PageStart + click;
        return $$"""{"event":"{{happened}}","visitorId":"0190d3e1-0000-7000-8000-{{visitor}}","visitId":"0190d3e1-0000-7000-9000-{{visit}}","page":"{{landing}}","referrer":"https://yandex.ru/","landingPage":"{{landing}}","landingReferrer":"https://yandex.ru/","seconds":{{seconds}},"pages":[["/crm",1790000000],["/contacts",1790000020]],"pageViews":{{views}},"clientIds":{"ym":"1700000000000000000","ga":"1.2"},"wantsNumbers":true,"consent":"full"}""";
    }
}
