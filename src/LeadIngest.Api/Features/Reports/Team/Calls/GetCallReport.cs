using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Team.Calls;

/// <summary>Who answers the phone: answer rate and waiting by employee, missed calls by weekday and hour, how soon they are called back and by whom, how long people talk.</summary>
/// <remarks>Counted on the days on which calls began. Internal calls, own lines, numbers of the stop list, spam and tests are left out.</remarks>
internal sealed class GetCallReport : IEndpoint
{
    private const int MostGroups = 1_000;

    internal sealed record Query : TeamQuery, ITakesCalls
    {
        /// <summary><c>employee</c> (when absent), <c>number</c> (the line that was dialled), <c>site</c>, <c>channel</c>, <c>source</c>, <c>medium</c>, <c>campaign</c>, <c>content</c>, <c>keyword</c>, <c>weekday</c> (1 is Monday), <c>hour</c>, <c>day</c>, <c>week</c> or <c>month</c>.</summary>
        public string? GroupBy { get; init; }

        /// <summary>Only this employee, as the PBX names people.</summary>
        public string? Employee { get; init; }

        /// <summary>Only this line, E.164.</summary>
        public string? Number { get; init; }

        /// <summary>Missed calls that ended before so many seconds are no missed calls: people who hung up in the voice menu. 0 to 60; none when absent.</summary>
        public int? ShorterThan { get; init; }
    }

    private sealed class Validator : TeamValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.GroupBy).OneOf([.. CallReading.Dimensions.Keys]);
            Text(q => q.Employee);
            Text(q => q.Number);
            RuleFor(q => q.ShorterThan).InclusiveBetween(0, 60).WithMessage("From 0 to 60 seconds.");
            Refuse(q => q.Manager, q => q.Pipeline);
            RefuseConnection();
        }
    }

    /// <param name="WorkingHours">Null: the project says nothing of them, people always work.</param>
    /// <param name="Total">Equals the sum of the items.</param>
    /// <param name="Items">Most incoming calls first; weekdays, hours and days in order. A missed contact stands with its first call. At most 1,000.</param>
    /// <param name="Heat">168 cells: every hour of the week.</param>
    /// <param name="Callbacks">Who spoke to those whose call was missed, most first.</param>
    internal sealed record Response(ReportDays Days, bool WorkingHours, CallFigures Total, IReadOnlyList<CallGroup> Items, bool HasMore, IReadOnlyList<HeatCell> Heat, IReadOnlyList<CallbackGroup> Callbacks);

    /// <param name="UserId">The CRM's user of the same name as the employee; null: none, or several.</param>
    internal sealed record CallGroup(Group Group, string? UserId, CallFigures Figures);

    /// <param name="Weekday">1 is Monday.</param>
    /// <param name="Hour">0 to 23, by the project's time zone.</param>
    internal sealed record HeatCell(int Weekday, int Hour, long Incoming, long Missed, Share MissedRate);

    /// <param name="Employee">Null: the provider did not say.</param>
    /// <param name="Callbacks">Missed contacts that this employee called back.</param>
    /// <param name="ClientsCalledAgain">Missed contacts that called again themselves and were answered by this employee.</param>
    /// <param name="Within15Minutes">Of both, within 15 minutes of the first miss.</param>
    internal sealed record CallbackGroup(string? Employee, long Callbacks, long ClientsCalledAgain, Share Within15Minutes, long? MedianCallbackSeconds);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/calls", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var names = await CrmNames.ReadAsync(connection, scope.ProjectId, ct);
        var range = project.Range(query, clock);
        var compared = query.Compared(range);
        var (by, dimension) = (query.GroupBy ?? "employee", CallReading.Dimensions[query.GroupBy ?? "employee"]);
        var now = await CountAsync(connection, project, query, dimension, range, clock, ct);
        var before = compared is { } other ? await CountAsync(connection, project, query, dimension, other, clock, ct) : null;

        var empty = new CallTally();
        var keys = now.Groups.Keys.Concat(before?.Groups.Keys ?? Enumerable.Empty<string>()).Distinct(StringComparer.Ordinal);
        var groups = keys.Select(key =>
        {
            var group = Group.Of(by, key == ReportQuery.None ? null : key, null, names);
            return new CallGroup(group, by == "employee" ? names.UserNamed(group.Name) : null,
                now.Groups.GetValueOrDefault(key, empty).Figures(project.Zone, before?.Groups.GetValueOrDefault(key, empty).Figures(project.Zone, null)));
        });
        CallGroup[] items = [.. dimension.IsPeriod ? groups.OrderBy(g => g.Group.Key, StringComparer.Ordinal) : groups.OrderByDescending(g => g.Figures.Incoming).ThenBy(g => g.Group.Key, StringComparer.Ordinal)];
        var response = new Response(ReportDays.Of(project, range, compared), project.Working is not null, now.Total.Figures(project.Zone, before?.Total.Figures(project.Zone, null)), [.. items.Take(MostGroups)],
            items.Length > MostGroups, [.. Enumerable.Range(0, 7 * 24).Select(i => new HeatCell((i / 24) + 1, i % 24, now.Heat[i].Incoming, now.Heat[i].Missed, Share.Of(now.Heat[i].Missed, now.Heat[i].Incoming)))],
            [.. now.Closed.GroupBy(m => m.Closing?.Employee).Select(Callbacks).OrderByDescending(c => c.Callbacks + c.ClientsCalledAgain).ThenBy(c => c.Employee, StringComparer.Ordinal)]);
        return ReportAnswer.Of(query, response, () => Table(response, query, project));
    }

    private static CallbackGroup Callbacks(IGrouping<string?, MissedOne> closed)
    {
        List<long> ticks = [.. closed.Select(m => m.Contact.Callback!.Value.Ticks).Order()];
        return new(closed.Key, closed.Count(m => m.Contact.By == ClosedBy.Us), closed.Count(m => m.Contact.By == ClosedBy.Client),
            Share.Of(closed.Count(m => m.Contact.Callback <= TimeSpan.FromMinutes(15)), ticks.Count), Seconds.Of(TimeSpan.FromTicks((long)Quantiles.Of(ticks, 0.5m))));
    }

    private sealed record Counted(CallTally Total, Dictionary<string, CallTally> Groups, (long Incoming, long Missed)[] Heat, List<MissedOne> Closed);

    private static async Task<Counted> CountAsync(NpgsqlConnection connection, ReportProject project, Query query, Dimension dimension, DayRange range, TimeProvider clock, CancellationToken ct)
    {
        var counted = new Counted(new(), new(StringComparer.Ordinal), new (long, long)[7 * 24], []);
        await CallReading.ReadAsync(connection, project, query, dimension, range, clock.GetUtcNow(), (call, dropped) =>
        {
            var isOff = project.Working?.IsWorking(call.At, project.Zone) == false;
            counted.Total.Add(call, dropped, isOff);
            Of(call).Add(call, dropped, isOff);
            if (dropped || !call.IsIncoming) return;
            var local = TimeZoneInfo.ConvertTime(call.At, project.Zone);
            ref var cell = ref counted.Heat[(((int)local.DayOfWeek + 6) % 7 * 24) + local.Hour];
            cell = (cell.Incoming + 1, cell.Missed + (call.IsMissed ? 1 : 0));
        }, missed =>
        {
            counted.Total.Add(missed.Contact);
            Of(missed.First).Add(missed.Contact);
            if (missed.Contact.ClosedAt is not null) counted.Closed.Add(missed);
        }, ct);
        return counted;

        CallTally Of(Heard call)
        {
            if (!counted.Groups.TryGetValue(call.Key ?? ReportQuery.None, out var tally)) counted.Groups[call.Key ?? ReportQuery.None] = tally = new();
            return tally;
        }
    }

    private static ReportTable Table(Response response, Query query, ReportProject project)
    {
        ReportColumn[] compared = query.Compare is null ? [] : [new("Входящих раньше", "Incoming before", ColumnKind.Count), new("Доля пропущенных раньше", "Missed rate before", ColumnKind.Share)];
        return new("calls",
            [
                new("Строка", "Row"), new("Входящих", "Incoming", ColumnKind.Count), new("Отвечено", "Answered", ColumnKind.Count), new("Пропущено", "Missed", ColumnKind.Count),
                new("Доля отвеченных", "Answer rate", ColumnKind.Share), new("Доля пропущенных", "Missed rate", ColumnKind.Share), new("В нерабочее время", "Off hours", ColumnKind.Share),
                new("Первых", "First callers", ColumnKind.Count), new("Повторных", "Repeat callers", ColumnKind.Count), new("Ожидание, медиана", "Waiting, median", ColumnKind.Span),
                new("Разговор, медиана", "Talk, median", ColumnKind.Span), new("Исходящих", "Outgoing", ColumnKind.Count), new("Пропущенных обращений", "Missed contacts", ColumnKind.Count),
                new("Перезвонили за 15 мин", "Called back in 15 min", ColumnKind.Share), new("В тот же день", "Same day", ColumnKind.Share), new("Потеряно", "Lost", ColumnKind.Share),
                new("До перезвона, медиана", "Callback, median", ColumnKind.Span), .. compared,
            ],
            response.Items.Select(i => (IReadOnlyList<object?>)
            [
                i.Group.Cell(query.Lang), i.Figures.Incoming, i.Figures.Answered, i.Figures.MissedCalls, i.Figures.AnswerRate.Value, i.Figures.MissedRate.Value, i.Figures.OffHours.Value, i.Figures.FirstCallers,
                i.Figures.RepeatCallers, Seconds.Cell(i.Figures.MedianWaitSeconds), Seconds.Cell(i.Figures.MedianTalkSeconds), i.Figures.Outgoing, i.Figures.Missed.Contacts, i.Figures.Missed.Within15Minutes.Value,
                i.Figures.Missed.SameDay.Value, i.Figures.Missed.Lost.Value, Seconds.Cell(i.Figures.Missed.MedianCallbackSeconds),
                .. query.Compare is null ? [] : (object?[])[i.Figures.Previous?.Incoming, i.Figures.Previous?.MissedRate.Value],
            ]), project.Zone)
        { About = response.Days.About() };
    }
}
