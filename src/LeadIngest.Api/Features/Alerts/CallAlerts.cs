using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Calls;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;
using Npgsql;

namespace LeadIngest.Api.Features.Alerts;

/// <summary>Who called, was not answered, and was not spoken to since.</summary>
internal static class CallAlerts
{
    private const int Days = 3, Named = 10;

    public static async Task<IEnumerable<Alert>> FindAsync(NpgsqlConnection connection, ReportProject project, DateTimeOffset now)
    {
        var today = Periods.Of(now, PeriodUnit.Day, project.Zone);
        var range = new DayRange(today.AddDays(1 - Days), today);
        var open = new List<MissedOne>();
        await CallReading.ReadAsync(connection, project, new ListMissedCalls.Query { From = range.From, To = range.To }, null, range, now, (_, _) => { }, missed =>
        {
            if (missed.Contact.ClosedAt is null) open.Add(missed);
        }, default);
        if (open.Count == 0) return [];
        // In working hours somebody should have been there; of these, who has waited longest.
        var ordered = open.Select(m => (Missed: m, AtWork: project.Working?.IsWorking(m.Contact.FirstMiss, project.Zone) ?? true)).OrderByDescending(m => m.AtWork).ThenBy(m => m.Missed.Contact.FirstMiss).ToList();
        var atWork = ordered.Count(m => m.AtWork);
        return
        [
            new("missedCalls", atWork > 0 ? "error" : "warning", open.Min(m => m.Contact.FirstMiss), open.Count, null, null, new Dictionary<string, object?>
            {
                ["days"] = Days,
                ["inWorkingHours"] = atWork,
                ["lost"] = open.Count(m => m.Contact.State == MissedState.Lost),
                ["calls"] = ordered.Take(Named).Select(m => new { m.Missed.First.Id, At = m.Missed.Contact.FirstMiss, m.Missed.Contact.Calls, InWorkingHours = m.AtWork, m.Missed.First.Source }).ToArray(),
            }),
        ];
    }
}
